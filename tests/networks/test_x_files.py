"""Files on X: descriptions, pieces, and those that X works on for a while."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from smmflow.errors import Rejected
from smmflow.model.media import Attachment, MediaKind
from smmflow.model.publication import Pending, Receipt
from smmflow.networks.x import X
from smmflow.networks.x.connection import XConnection
from smmflow.testing import channel_post, key_of, part, picture_file
from smmflow.testing.contract_base import publish
from tests.vendors.x import XVendor

CHANNEL = XVendor.account.channel("x")
CREDENTIALS = XVendor.account.credentials()


@pytest.fixture
def vendor() -> XVendor:
    return XVendor()


@pytest.fixture(autouse=True)
def _every_request_is_right(vendor: XVendor) -> Iterator[None]:
    yield
    assert vendor.faults == []


@pytest.fixture
def connection(vendor: XVendor, tmp_path: Path) -> Iterator[XConnection]:
    connection = X().connect(CHANNEL, CREDENTIALS, transport=vendor, root=tmp_path)
    yield connection
    connection.close()


def _file(root: Path, kind: MediaKind, media_type: str, size: int) -> Attachment:
    picture = picture_file(root)
    content = bytes(range(256)) * (size // 256)
    (root / "file").write_bytes(content)

    facts = replace(
        picture.facts,
        path="file",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        kind=kind,
        media_type=media_type,
    )
    return Attachment(facts, "What it shows")


def test_a_video_arrives_in_pieces_and_is_shown_once_x_has_worked_on_it(
    connection: XConnection, vendor: XVendor, tmp_path: Path
) -> None:
    vendor.files.looks = 2
    video = _file(tmp_path, MediaKind.VIDEO, "video/mp4", 9 * 1024 * 1024)
    post = channel_post(CHANNEL, part("Watch", media=(video,)))
    pending = connection.publish(post, 0, after=None, key=key_of(post))
    assert isinstance(pending, Pending)
    assert pending.wait == 2
    assert vendor.live() == []
    again = connection.resume(pending)
    assert isinstance(again, Pending)
    assert isinstance(connection.resume(again), Receipt)
    (file,) = vendor.files.kept.values()
    assert file["content"] == (tmp_path / "file").read_bytes()
    assert len(file["pieces"]) == 3
    assert len(vendor.live()) == 1


def test_a_gif_has_a_description(
    connection: XConnection, vendor: XVendor, tmp_path: Path
) -> None:
    gif = _file(tmp_path, MediaKind.GIF, "image/gif", 1024)
    receipt = publish(connection, channel_post(CHANNEL, part("Look", media=(gif,))))
    assert vendor.alts(receipt.id) == ("What it shows",)


def test_a_video_that_x_cannot_use_is_refused_and_nothing_is_public(
    connection: XConnection, vendor: XVendor, tmp_path: Path
) -> None:
    video = _file(tmp_path, MediaKind.VIDEO, "video/mp4", 1024)
    post = channel_post(CHANNEL, part("Watch", media=(video,)))
    pending = connection.publish(post, 0, after=None, key=key_of(post))
    assert isinstance(pending, Pending)
    for each in vendor.files.kept.values():
        each["broken"] = True
    with pytest.raises(Rejected, match="can't use"):
        connection.resume(pending)
    assert vendor.live() == []
