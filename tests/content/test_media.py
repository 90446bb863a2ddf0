"""Files that posts name are judged by their bytes, and only inside the workspace."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from smmflow.content.media import look_at, remember
from smmflow.model.media import MediaFacts, MediaFault, MediaKind

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"></svg>'


def picture(form: str, width: int = 4, height: int = 3) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height)).save(stream, form)
    return stream.getvalue()


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(
        f">I{len(body)}sI", len(body) - 4, body, zlib.crc32(body)
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    home = tmp_path / "workspace"
    (home / "content/media").mkdir(parents=True)
    return home


def put(root: Path, name: str, content: bytes) -> str:
    path = root / "content" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return name


def look(root: Path, name: str) -> MediaFacts | MediaFault:
    return look_at(root, [name], {})[name]


def facts(root: Path, name: str, content: bytes) -> MediaFacts:
    found = look(root, put(root, name, content))
    assert isinstance(found, MediaFacts)
    return found


# --- What a file is -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind", "media_type"),
    [
        (picture("PNG"), MediaKind.IMAGE, "image/png"),
        (picture("JPEG"), MediaKind.IMAGE, "image/jpeg"),
        (picture("WEBP"), MediaKind.IMAGE, "image/webp"),
        (picture("GIF"), MediaKind.GIF, "image/gif"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", MediaKind.VIDEO, "video/mp4"),
        (b"ID3\x04\0\0\0\0\0\0", MediaKind.AUDIO, "audio/mpeg"),
        (b"%PDF-1.7\n", MediaKind.OTHER, "application/pdf"),
        (b"words", MediaKind.OTHER, "application/octet-stream"),
        (b"<!doctype html><svg></svg>", MediaKind.OTHER, "application/octet-stream"),
    ],
)
def test_the_bytes_tell_the_type_and_the_name_does_not(
    root: Path, content: bytes, kind: MediaKind, media_type: str
) -> None:
    found = facts(root, "media/graph.jpg", content)
    assert (found.kind, found.media_type) == (kind, media_type)


def test_size_digest_and_path_are_those_of_the_file(root: Path) -> None:
    content = picture("PNG") + b"\0" * 3_000_000
    found = facts(root, "media/نمودار.png", content)
    assert found.path == "content/media/نمودار.png"
    assert found.size == len(content)
    assert found.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_has_dimensions(root: Path, form: str) -> None:
    found = facts(root, "media/x", picture(form, 17, 9))
    assert (found.width, found.height) == (17, 9)


def test_an_svg_is_a_picture_with_dimensions(root: Path) -> None:
    for prolog in (b"", b'<?xml version="1.0"?>\n', b"\n  "):
        found = facts(root, "media/x.svg", prolog + SVG)
        assert (found.kind, found.media_type) == (MediaKind.IMAGE, "image/svg+xml")
    found = facts(root, "media/x.svg", SVG)
    assert (found.width, found.height) == (40, 30)


def test_a_file_of_no_bytes_is_no_picture(root: Path) -> None:
    found = facts(root, "media/x.png", b"")
    assert (found.size, found.kind, found.width) == (0, MediaKind.OTHER, None)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("kept", [12, 20])
def test_a_picture_torn_in_its_header_has_no_dimensions(
    root: Path, form: str, kept: int
) -> None:
    content = picture(form, 17, 9)[:kept]
    found = facts(root, "media/x", content)
    assert found.size == kept
    assert (found.width, found.height) in {(None, None), (17, 9)}


def test_a_huge_picture_is_measured_without_its_pixels(root: Path) -> None:
    found = facts(root, "media/bomb.png", png_header(20_000, 20_000))
    assert (found.width, found.height, found.size) == (20_000, 20_000, 33)


def test_a_picture_without_width_has_no_dimensions(root: Path) -> None:
    found = facts(root, "media/x.png", png_header(0, 7))
    assert (found.width, found.height) == (None, None)


# --- What can't be used ---------------------------------------------------------------


def test_no_file_of_that_name(root: Path) -> None:
    put(root, "media/x.png", b"")
    assert look(root, "media/absent.png") is MediaFault.MISSING
    assert look(root, "media/x.png/y.png") is MediaFault.MISSING


def test_a_folder_is_not_a_file(root: Path) -> None:
    assert look(root, "media") is MediaFault.NOT_A_FILE


def test_a_pipe_is_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "content/media/x.png")
    assert look(root, "media/x.png") is MediaFault.NOT_A_FILE


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "media/../../../workspace-2/x.png",
        "/etc/passwd",
        "../..",
        "../.env",
        "../.git/config",
        "media/.hidden.png",
        "media/.hidden/x.png",
        "media/x\0.png",
    ],
)
def test_what_lies_outside_or_hides_is_never_shown(root: Path, name: str) -> None:
    for hidden in (".env", ".git/config", "content/media/.hidden.png"):
        put(root, f"../{hidden}", b"secret")
    assert look(root, name) is MediaFault.OUTSIDE


def test_an_absolute_path_into_the_workspace_is_outside_too(root: Path) -> None:
    put(root, "media/x.png", picture("PNG"))
    assert look(root, str(root / "content/media/x.png")) is MediaFault.OUTSIDE


def test_a_link_inside_the_workspace_is_followed(root: Path) -> None:
    put(root, "../brand/logo.png", picture("PNG"))
    (root / "content/media/logo.png").symlink_to("../../brand/logo.png")
    found = look(root, "media/logo.png")
    assert isinstance(found, MediaFacts)
    assert (found.path, found.width) == ("content/media/logo.png", 4)


def test_a_link_is_judged_by_where_it_leads(root: Path) -> None:
    outside = root.parent / "secret.png"
    outside.write_bytes(picture("PNG"))
    put(root, "../.env", b"TOKEN=x")
    media = root / "content/media"
    (media / "file.png").symlink_to(outside)
    (media / "folder").symlink_to(root.parent)
    (media / "hidden.png").symlink_to("../../.env")
    (media / "endless.png").symlink_to("/dev/zero")
    for name in ("file.png", "folder/secret.png", "hidden.png", "endless.png"):
        assert look(root, f"media/{name}") is MediaFault.OUTSIDE


def test_links_in_a_circle_are_a_fault_and_no_hang(root: Path) -> None:
    media = root / "content/media"
    (media / "a.png").symlink_to("b.png")
    (media / "b.png").symlink_to("a.png")
    assert isinstance(look(root, "media/a.png"), MediaFault)


def test_a_workspace_reached_through_a_link_is_itself(root: Path) -> None:
    put(root, "media/x.png", picture("PNG"))
    (root.parent / "link").symlink_to(root)
    found = look(root.parent / "link", "media/x.png")
    assert isinstance(found, MediaFacts)


# --- Many, and known ones -------------------------------------------------------------


def test_each_of_many_names_gets_its_own_answer(root: Path) -> None:
    names = [put(root, f"media/{number}.png", b"%d" % number) for number in range(9)]
    found = look_at(root, [*names, *names, "media/absent"], {})
    assert found.pop("media/absent") is MediaFault.MISSING
    digests = [hashlib.sha256(b"%d" % number).hexdigest() for number in range(9)]
    assert [getattr(found[name], "sha256", "") for name in names] == digests


def test_facts_known_before_hold_until_the_file_changes(root: Path) -> None:
    name = put(root, "media/x.png", picture("PNG", 4, 3))
    known: dict[str, tuple[tuple[int, ...], MediaFacts]] = {}
    remember(
        root,
        look_at(root, [name], {}),
        lambda path, stamp, what: known.update({path: (stamp, what)}),
    )
    [(path, (stamp, _))] = known.items()
    marked = MediaFacts(path, "of the last time", stamp[0], MediaKind.OTHER, "x/y")
    assert look_at(root, [name], {path: (stamp, marked)}) == {name: marked}
    put(root, name, picture("PNG", 17, 9))
    found = look_at(root, [name], {path: (stamp, marked)})[name]
    assert isinstance(found, MediaFacts)
    assert found.width == 17
