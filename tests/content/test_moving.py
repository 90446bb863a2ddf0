"""How long videos are: told by their boxes, and by no others."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.content.moving import Moving, look_at_moving


def box(kind: bytes, *contents: bytes) -> bytes:
    body = b"".join(contents)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def mvhd(scale: int, duration: int, *, version: int = 0) -> bytes:
    times = struct.pack(">QQIQ" if version else ">IIII", 0, 0, scale, duration)
    return box(b"mvhd", bytes([version, 0, 0, 0]), times, bytes(80))


def tkhd(width: int, height: int) -> bytes:
    return box(b"tkhd", bytes(76), struct.pack(">II", width << 16, height << 16))


def film(*, front: bytes = b"", version: int = 0) -> bytes:
    sound, picture = box(b"trak", tkhd(0, 0)), box(b"trak", tkhd(1080, 1920))
    moov = box(b"moov", mvhd(600, 600 * 90 + 300, version=version), sound, picture)
    return box(b"ftyp", b"isom") + front + moov


def look(content: bytes, media_type: str = "video/mp4") -> Moving:
    return look_at_moving(io.BytesIO(content), media_type)


@pytest.mark.parametrize("version", [0, 1])
def test_duration_and_size_are_read(version: int) -> None:
    assert look(film(version=version)) == Moving(90.5, 1080, 1920)


def test_the_boxes_may_stand_behind_the_pictures_of_a_long_film() -> None:
    wide = struct.pack(">I4sQ", 1, b"mdat", 16 + 5000) + bytes(5000)
    assert look(film(front=wide)) == Moving(90.5, 1080, 1920)


def test_other_kinds_of_files_say_nothing() -> None:
    assert look(film(), "video/webm") == Moving()


@given(st.binary(max_size=200), st.integers(0, 200))
def test_broken_files_say_nothing_and_break_nothing(noise: bytes, cut: int) -> None:
    assert isinstance(look(noise), Moving)
    assert isinstance(look(film()[:cut] + noise), Moving)
