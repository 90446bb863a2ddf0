"""Rules about the size, shape and length of files."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smmflow.diagnostics import Severity
from smmflow.model.capabilities import MediaLimits
from smmflow.model.media import MediaFile, MediaKind
from tests.checks.builders import MASTODON, facts, find, post

PICTURES = MediaLimits(
    MediaKind.IMAGE,
    frozenset({"image/png"}),
    most=2,
    min_side=320,
    max_side=1440,
    min_ratio=0.8,
    max_ratio=1.91,
)
VIDEO = MediaLimits(
    MediaKind.VIDEO, frozenset({"video/mp4"}), shortest=3, longest=60, sure=False
)
GALLERY = {"mastodon": replace(MASTODON, media=(PICTURES, VIDEO), media_required=True)}


@pytest.mark.parametrize(
    ("width", "height", "broken"),
    [
        (1080, 1080, set()),
        (1080, 1350, set()),  # 4:5, the tallest
        (1440, 754, set()),  # 1.9098, which is what 1.91 stands for
        (1440, 720, {"media-wrong-ratio"}),
        (1000, 1440, {"media-wrong-ratio"}),
        (300, 320, {"media-wrong-size"}),
        (1441, 1441, {"media-wrong-size"}),
        (None, None, set()),
    ],
)
def test_sides_and_shape_of_pictures_are_judged(
    width: int | None, height: int | None, broken: set[str]
) -> None:
    one = replace(facts("a.png"), width=width, height=height)
    shows = post(media=(MediaFile("a.png", "A"),), channels=("mastodon",))
    rules = ("media-wrong-size", "media-wrong-ratio", "media-wrong-length")
    found = {
        rule
        for rule in rules
        if find(rule, shows, media={"a.png": one}, capabilities=GALLERY)
    }
    assert found == broken


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(2.5, "3 s at least"), (61, "60 s at most"), (60, ""), (None, "")],
)
def test_the_length_of_videos_is_judged_and_only_warns_where_we_are_unsure(
    seconds: float | None, words: str
) -> None:
    film = replace(
        facts("a.mp4"), kind=MediaKind.VIDEO, media_type="video/mp4", seconds=seconds
    )
    shows = post(media=(MediaFile("a.mp4", "A"),), channels=("mastodon",))
    found = find(
        "media-wrong-length", shows, media={"a.mp4": film}, capabilities=GALLERY
    )
    assert [each.severity for each in found] == [Severity.WARNING] * bool(words)
    assert all(words in each.message for each in found)


def test_a_kind_may_have_a_number_of_its_own() -> None:
    names = ("a.png", "b.png", "c.png")
    shows = post(
        media=tuple(MediaFile(each, "A") for each in names), channels=("mastodon",)
    )
    media = {each: facts(each) for each in names}
    [found] = find("media-too-many", shows, media=media, capabilities=GALLERY)
    assert "takes 2 files" in found.message


def test_a_part_without_a_file_is_found_where_one_is_required() -> None:
    bare = post("Only words", channels=("mastodon",))
    [found] = find("media-required", bare, capabilities=GALLERY)
    assert found.place.keys == ("channels",)
    assert not find("media-required", bare)
