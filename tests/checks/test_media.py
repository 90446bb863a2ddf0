"""Rules about files and their descriptions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smmflow.model.capabilities import MediaLimits
from smmflow.model.media import MediaFault, MediaFile, MediaKind
from smmflow.model.post import Card, Post
from tests.checks.builders import BLUESKY, MASTODON, facts, find, post


def showing(
    *files: str,
    alt: str | None = "A graph",
    channels: tuple[str, ...] = ("mastodon",),
    card: Card | None = None,
) -> Post:
    media = tuple(MediaFile(each, alt) for each in files)
    return post(media=media, channels=channels, card=card)


def test_a_file_without_a_description() -> None:
    [found] = find("alt-text-missing", showing("a.png", alt=None))
    assert found.place.keys == ("media", 0)


def test_decoration_may_have_an_empty_description() -> None:
    assert not find("alt-text-missing", showing("a.png", alt=""))


def test_a_description_over_the_limit_is_placed_at_its_key() -> None:
    [found] = find("alt-text-too-long", showing("a.png", alt="x" * 1503))
    assert found.place.keys == ("media", 0, "alt")
    assert found.hint == "shorten it by 3"


def test_a_description_within_the_limit_is_fine() -> None:
    assert not find("alt-text-too-long", showing("a.png", alt="ن" * 1500))


def test_a_network_without_descriptions_limits_none() -> None:
    bare = {"mastodon": replace(MASTODON, alt_text=None)}
    one = showing("a.png", alt="x" * 9999)
    assert not find("alt-text-too-long", one, capabilities=bare)


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("media-missing", MediaFault.MISSING),
        ("media-outside-workspace", MediaFault.OUTSIDE),
        ("media-unreadable", MediaFault.UNREADABLE),
        ("media-unreadable", MediaFault.NOT_A_FILE),
    ],
)
def test_a_file_that_cannot_be_used(rule: str, fault: MediaFault) -> None:
    one = showing("../x.png", card=Card("https://e.org", image="../x.png"))
    found = find(rule, one, media={"../x.png": fault})
    assert [each.place.keys for each in found] == [
        ("media", 0, "file"),
        ("card", "image"),
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "media-missing",
        "media-outside-workspace",
        "media-unreadable",
        "media-too-big",
        "media-too-many-pixels",
        "media-type-unsupported",
        "media-too-many",
        "media-mixed",
        "media-name-mismatch",
    ],
)
def test_an_ordinary_picture_is_fine(rule: str) -> None:
    one = showing("a.png", channels=("mastodon", "bluesky"))
    assert not find(rule, one, media={"a.png": facts("a.png")})


def test_a_file_with_too_many_bytes() -> None:
    media = {"a.png": facts("a.png", size=20_000_000)}
    [found] = find("media-too-big", showing("a.png"), media=media)
    assert "16,777,216 bytes" in found.message


def test_a_big_picture_that_we_make_smaller_ourselves_is_fine() -> None:
    limits = replace(BLUESKY.media[0], recode=True)
    capabilities = {"bluesky": replace(BLUESKY, media=(limits,))}
    one = showing("a.png", channels=("bluesky",))
    media = {"a.png": facts("a.png", size=20_000_000)}
    assert not find("media-too-big", one, media=media, capabilities=capabilities)


def test_a_picture_with_too_many_pixels() -> None:
    media = {"a.png": facts("a.png", width=20_000, height=20_000)}
    [found] = find("media-too-many-pixels", showing("a.png"), media=media)
    assert "20,000 × 20,000" in found.message


def test_a_type_the_network_does_not_take() -> None:
    media = {"a.jpg": facts("a.jpg", media_type="image/jpeg")}
    one = showing("a.jpg", channels=("mastodon", "bluesky"))
    [found] = find("media-type-unsupported", one, media=media)
    assert (found.channel, found.hint) == (
        "mastodon",
        "convert it to one of: image/png, video/mp4",
    )


def test_more_files_than_a_part_may_show() -> None:
    names = [f"{number}.png" for number in range(5)]
    media = {each: facts(each) for each in names}
    [found] = find("media-too-many", showing(*names), media=media)
    assert found.message == "mastodon takes 4 files in a part, part 1 has 5"


def test_a_network_without_files_says_so_once() -> None:
    bare = {"mastodon": replace(MASTODON, media=(), max_media=0)}
    kwargs = {"media": {"a.png": facts("a.png")}, "capabilities": bare}
    [found] = find("media-too-many", showing("a.png"), **kwargs)
    assert "takes no files" in found.message
    assert not find("media-type-unsupported", showing("a.png"), **kwargs)


def test_a_video_beside_a_picture() -> None:
    media = {
        "a.png": facts("a.png"),
        "b.mp4": facts("b.mp4", kind=MediaKind.VIDEO, media_type="video/mp4"),
    }
    [found] = find("media-mixed", showing(*media), media=media)
    assert "part 1 has 2 files" in found.message
    mixing = {"mastodon": replace(MASTODON, mixed_media=True)}
    one = showing(*media)
    assert not find("media-mixed", one, media=media, capabilities=mixing)


def test_a_name_that_says_another_type() -> None:
    media = {"a.png": facts("a.png", media_type="image/jpeg")}
    [found] = find("media-name-mismatch", showing("a.png"), media=media)
    assert found.hint == "rename it to end in .jpg"


def test_a_name_without_a_type_misleads_nobody() -> None:
    media = {"a": facts("a")}
    assert not find("media-name-mismatch", showing("a"), media=media)
    lost = {"a.jpg": MediaFault.MISSING}
    assert not find("media-name-mismatch", showing("a.jpg"), media=lost)


def test_a_photo_that_tells_its_place_warns_unless_it_is_made_anew() -> None:
    limits = MediaLimits(MediaKind.IMAGE, frozenset({"image/png"}), 2000, recode=True)
    able = {"mastodon": replace(MASTODON, media=(limits,))}
    shown = post(media=(MediaFile("media/دفتر.jpg", "دفتر"),))
    small, large = (
        {"media/دفتر.jpg": facts("media/دفتر.jpg", placed=True, size=size)}
        for size in (2000, 2001)
    )
    (found,) = find("location-in-photo", shown, media=small, capabilities=able)
    assert found.place.keys == ("media", 0, "file")
    assert found.message.startswith("content/media/دفتر.jpg tells where")
    assert not find("location-in-photo", shown, media=large, capabilities=able)
