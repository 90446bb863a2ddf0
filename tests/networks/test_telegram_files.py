"""Files on Telegram: one, several in an album, and others in their place."""

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from smmflow.errors import Rejected
from smmflow.model.channel_post import ChannelPost
from smmflow.model.media import Attachment, MediaFacts, MediaKind
from smmflow.networks.telegram import Telegram
from smmflow.networks.telegram.connection import BotConnection
from smmflow.testing import channel_post, part, picture_file
from smmflow.testing.contract_base import publish
from tests.vendors.bot_form import read
from tests.vendors.telegram import TelegramVendor

CHANNEL = TelegramVendor.account.channel("news")


@pytest.fixture
def vendor() -> Iterator[TelegramVendor]:
    vendor = TelegramVendor()
    yield vendor
    assert vendor.faults == []


@pytest.fixture
def connection(vendor: TelegramVendor, tmp_path: Path) -> Iterator[BotConnection]:
    connection = Telegram().connect(
        CHANNEL, vendor.account.credentials(), transport=vendor, root=tmp_path
    )
    yield connection
    connection.close()


def _file(root: Path, name: str, kind: MediaKind, media_type: str) -> Attachment:
    content = f"{kind} of {name}".encode()
    (root / name).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    found = MediaFacts(name, digest, len(content), kind, media_type)
    return Attachment(found, "")


def _video(root: Path, name: str = "talk.mp4") -> Attachment:
    made = _file(root, name, MediaKind.VIDEO, "video/mp4")
    return replace(made, facts=replace(made.facts, width=640, height=360))


def _post(text: str, *media: Attachment, **settings: object) -> ChannelPost:
    return replace(channel_post(CHANNEL, part(text, media=media)), settings=settings)


@pytest.mark.parametrize(
    ("kind", "name", "media_type", "method"),
    [
        (MediaKind.GIF, "cat.gif", "image/gif", "sendAnimation"),
        (MediaKind.VIDEO, "talk.mp4", "video/mp4", "sendVideo"),
        (MediaKind.AUDIO, "song.mp3", "audio/mpeg", "sendAudio"),
        (MediaKind.OTHER, "گزارش.pdf", "application/pdf", "sendDocument"),
    ],
)
def test_each_kind_of_file_has_its_method_and_shows_the_text_below(
    connection: BotConnection,
    vendor: TelegramVendor,
    tmp_path: Path,
    kind: MediaKind,
    name: str,
    media_type: str,
    method: str,
) -> None:
    file = _file(tmp_path, name, kind, media_type)
    publish(connection, _post("Look: می‌خواهم", file))
    request = vendor.requests[-1]
    assert request.url.path.endswith(f"/{method}")
    assert list(read(request).files.values()) == [(tmp_path / name).read_bytes()]
    assert [each.text for each in vendor.live()] == ["Look: می‌خواهم"]


def test_a_picture_without_words_has_no_caption(
    connection: BotConnection, vendor: TelegramVendor, tmp_path: Path
) -> None:
    publish(connection, _post("", picture_file(tmp_path)))
    assert "caption" not in read(vendor.requests[-1]).fields


def test_a_video_says_its_size_and_can_be_watched_while_it_loads(
    connection: BotConnection, vendor: TelegramVendor, tmp_path: Path
) -> None:
    publish(connection, _post("Look", _video(tmp_path)))
    fields = read(vendor.requests[-1]).fields
    assert (fields["width"], fields["height"]) == (640, 360)
    assert fields["supports_streaming"] is True


def test_several_files_are_one_album_with_the_text_at_the_first(
    connection: BotConnection, vendor: TelegramVendor, tmp_path: Path
) -> None:
    pictures = [picture_file(tmp_path, f"{n}.png", side=8 + n) for n in range(2)]
    receipt = publish(connection, _post("Three", *pictures, _video(tmp_path)))
    said = read(vendor.requests[-1])
    assert [each.get("caption") for each in said.fields["media"]] == [
        "Three",
        None,
        None,
    ]
    assert [each.text for each in vendor.live()] == ["Three"]
    assert list(said.files.values()) == [
        (tmp_path / name).read_bytes() for name in ("0.png", "1.png", "talk.mp4")
    ]
    assert len(receipt.more["messages"].split()) == 3
    connection.withdraw(receipt)
    assert vendor.messages == {}


def test_what_is_gone_of_an_album_does_not_keep_the_rest(
    connection: BotConnection, vendor: TelegramVendor, tmp_path: Path
) -> None:
    pictures = [picture_file(tmp_path, f"{n}.png", side=8 + n) for n in range(3)]
    receipt = publish(connection, _post("Three", *pictures))
    del vendor.messages[int(receipt.id)]
    connection.withdraw(receipt)
    assert vendor.messages == {}


def test_files_that_cannot_stand_together_are_refused_before_anything_is_sent(
    connection: BotConnection, vendor: TelegramVendor, tmp_path: Path
) -> None:
    gif = _file(tmp_path, "cat.gif", MediaKind.GIF, "image/gif")
    with pytest.raises(Rejected, match="GIF goes alone"):
        publish(connection, _post("Two", gif, picture_file(tmp_path)))
    assert vendor.requests == []


def test_a_photo_of_too_many_pixels_is_refused_before_anything_is_sent(
    connection: BotConnection, vendor: TelegramVendor, tmp_path: Path
) -> None:
    small = picture_file(tmp_path)
    large = replace(small, facts=replace(small.facts, width=9000, height=1001))
    with pytest.raises(Rejected, match="width and height together"):
        publish(connection, _post("Wide", large))
    assert vendor.requests == []


def test_a_caption_that_is_too_long_is_refused(
    connection: BotConnection, tmp_path: Path
) -> None:
    network = Telegram()
    post = _post("a" * 1025, picture_file(tmp_path))
    limits = network.capabilities.limits_of(post.parts[0])
    assert not network.fits(post.parts[0].text, limits)
    with pytest.raises(Rejected, match="caption is too long"):
        publish(connection, post)


def test_how_pictures_look_is_said_for_each_of_them(
    connection: BotConnection, vendor: TelegramVendor, tmp_path: Path
) -> None:
    looks = {"spoiler": True, "caption_above": True}
    one = picture_file(tmp_path)
    publish(connection, _post("One", one, **looks))
    alone = read(vendor.requests[-1]).fields
    assert (alone["has_spoiler"], alone["show_caption_above_media"]) == (True, True)
    publish(connection, _post("Two", one, one, **looks))
    both = read(vendor.requests[-1]).fields["media"]
    assert [each["has_spoiler"] for each in both] == [True, True]


def test_a_caption_changes_without_sending_the_picture_again(
    connection: BotConnection, vendor: TelegramVendor, tmp_path: Path
) -> None:
    picture = picture_file(tmp_path)
    receipt = publish(connection, _post("Teh cat", picture))
    edited = connection.edit(receipt, _post("The cat", picture), 0)
    request = vendor.requests[-1]
    assert request.url.path.endswith("/editMessageCaption")
    assert json.loads(request.content)["caption"] == "The cat"
    assert edited == receipt


def test_a_caption_is_taken_away(
    connection: BotConnection, vendor: TelegramVendor, tmp_path: Path
) -> None:
    picture = picture_file(tmp_path)
    receipt = publish(connection, _post("Too much said", picture))
    connection.edit(receipt, _post("", picture), 0)
    assert [each.text for each in vendor.live()] == [""]


def test_another_picture_takes_the_place_of_the_one_before(
    connection: BotConnection, vendor: TelegramVendor, tmp_path: Path
) -> None:
    before, after = (picture_file(tmp_path, f"{n}.png", side=9 + n) for n in range(2))
    receipt = publish(connection, _post("A cat", before))
    edited = connection.edit(receipt, _post("Another cat", after), 0)
    assert edited.more["sha256"] == after.facts.sha256
    assert [each.text for each in vendor.live()] == ["Another cat"]
    sent = read(vendor.requests[-1])
    assert list(sent.files.values()) == [(tmp_path / "1.png").read_bytes()]


def test_of_an_album_only_the_other_picture_is_sent_again(
    connection: BotConnection, vendor: TelegramVendor, tmp_path: Path
) -> None:
    one, two, three = (picture_file(tmp_path, f"{n}.png", side=9 + n) for n in range(3))
    receipt = publish(connection, _post("Two", one, two))
    edited = connection.edit(receipt, _post("Two", one, three), 0)
    sent = read(vendor.requests[-1])
    assert sent.fields["message_id"] == int(receipt.more["messages"].split()[1])
    assert edited.more["sha256"].split() == [one.facts.sha256, three.facts.sha256]
    assert [each.text for each in vendor.live()] == ["Two"]


@pytest.mark.parametrize(("before", "after"), [(2, 1), (1, 2), (1, 0), (0, 2)])
def test_files_are_neither_added_to_a_live_message_nor_taken_away(
    connection: BotConnection, tmp_path: Path, before: int, after: int
) -> None:
    pictures = [picture_file(tmp_path, f"{n}.png", side=8 + n) for n in range(2)]
    receipt = publish(connection, _post("Cats", *pictures[:before]))
    with pytest.raises(Rejected) as caught:
        connection.edit(receipt, _post("Cats", *pictures[:after]), 0)
    assert "anew" in caught.value.hint


def test_a_text_gets_a_picture(
    connection: BotConnection, vendor: TelegramVendor, tmp_path: Path
) -> None:
    receipt = publish(connection, _post("A cat"))
    edited = connection.edit(receipt, _post("A cat", picture_file(tmp_path)), 0)
    assert [each.text for each in vendor.live()] == ["A cat"]
    assert edited.more["messages"] == receipt.id


def test_a_picture_over_10_mb_is_made_smaller(
    connection: BotConnection, vendor: TelegramVendor, tmp_path: Path
) -> None:
    photo = _noise(tmp_path)
    assert photo.facts.size > 10 * 1024 * 1024
    publish(connection, _post("Noise", photo))
    (sent,) = read(vendor.requests[-1]).files.values()
    assert sent.startswith(b"\xff\xd8")
    assert len(sent) <= 10 * 1024 * 1024


def _noise(root: Path) -> Attachment:
    made = Image.frombytes("RGB", (2000, 2000), random.Random(1).randbytes(12_000_000))  # noqa: S311 - a picture, no secret
    made.save(root / "noise.png", compress_level=0)
    content = (root / "noise.png").read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    facts = MediaFacts(
        "noise.png", digest, len(content), MediaKind.IMAGE, "image/png", 2000, 2000
    )
    return Attachment(facts, "Noise")
