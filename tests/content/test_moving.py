"""How long videos are: told by their boxes, and by no others."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.content.moving import Moving, look_at_moving
from tests.content.films import film


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
