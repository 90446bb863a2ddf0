"""A place is found wherever programs write it, and nothing else is taken for one."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, PngImagePlugin

from smmflow.content.cache import Cache
from smmflow.content.media import look_at, stamp_of
from smmflow.content.whereabouts import tells_place
from smmflow.model.media import MediaFacts

TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
TEHRAN: dict[int, object] = {
    1: "N",
    2: (35.0, 41.0, 21.0),
    3: "E",
    4: (51.0, 23.0, 20.0),
}
XMP = b'<x:xmpmeta exif:GPSLatitude="35,41N" exif:GPSLongitude="51,23E"/>'


def exif(gps: dict[int, object] | None) -> Image.Exif:
    found = Image.Exif()
    found[ExifTags.Base.Make] = "Phone"
    if gps is not None:
        found[ExifTags.IFD.GPSInfo] = gps
    return found


def photo(form: str, gps: dict[int, object] | None = None, **more: object) -> bytes:
    made = io.BytesIO()
    picture = Image.new("RGB", (64, 64), "teal")
    picture.save(made, form, exif=exif(gps), **more)
    return made.getvalue()


def told(content: bytes, form: str) -> bool:
    return tells_place(io.BytesIO(content), TYPES[form])


@pytest.mark.parametrize("form", TYPES)
def test_coordinates_in_exif_are_found(form: str) -> None:
    assert told(photo(form, dict(TEHRAN)), form)


@pytest.mark.parametrize("form", TYPES)
def test_other_metadata_are_no_place(form: str) -> None:
    assert not told(photo(form), form)
    assert not told(photo(form, {0: b"\x02\x03\x00\x00", 29: "2026:11:22"}), form)


@pytest.mark.parametrize("form", TYPES)
def test_a_camera_without_a_fix_tells_no_place(form: str) -> None:
    whole = photo(form, dict(TEHRAN))
    latitude = struct.pack(">6I", 35, 1, 41, 1, 21, 1)
    assert whole.count(latitude) == 1
    assert not told(whole.replace(latitude, bytes(24)), form)


def test_both_orders_of_bytes_are_read() -> None:
    for order in ("<", ">"):
        written = exif(dict(TEHRAN))
        written.endian = order
        made = io.BytesIO()
        Image.new("L", (8, 8)).save(made, "JPEG", exif=written)
        assert told(made.getvalue(), "JPEG")


def test_coordinates_in_xmp_are_found() -> None:
    assert told(photo("JPEG", xmp=XMP), "JPEG")
    assert told(photo("WEBP", xmp=XMP), "WEBP")
    written = PngImagePlugin.PngInfo()
    written.add_itxt("XML:com.adobe.xmp", XMP.decode())
    assert told(photo("PNG", pnginfo=written), "PNG")


def test_a_large_segment_before_it_is_passed_over() -> None:
    plain = photo("JPEG", dict(TEHRAN))
    filler = b"\xff\xe2" + (60_002).to_bytes(2, "big") + b"\0" * 60_000
    assert told(plain[:2] + filler * 5 + plain[2:], "JPEG")


@pytest.mark.parametrize("form", TYPES)
def test_a_file_that_is_cut_off_anywhere_is_read_without_a_fault(form: str) -> None:
    whole = photo(form, dict(TEHRAN))
    for end in range(0, len(whole), 3):
        told(whole[:end], form)


@given(st.sampled_from(sorted(TYPES)), st.binary(max_size=200), st.data())
def test_forged_bytes_are_read_without_a_fault(
    form: str, noise: bytes, draw: st.DataObject
) -> None:
    whole = photo(form, dict(TEHRAN))
    at = draw.draw(st.integers(0, len(whole)))
    told(whole[:at] + noise + whole[at + len(noise) :], form)


def test_the_facts_of_a_file_say_so_and_the_cache_remembers(tmp_path: Path) -> None:
    file = tmp_path / "content" / "media" / "دفتر.jpg"
    file.parent.mkdir(parents=True)
    file.write_bytes(photo("JPEG", dict(TEHRAN)))
    facts = look_at(tmp_path, ["media/دفتر.jpg"], {})["media/دفتر.jpg"]
    assert isinstance(facts, MediaFacts)
    assert facts.placed
    cache = Cache(tmp_path / "cache")
    stamp = stamp_of(file.stat())
    long_ago = (stamp[0], 1, *stamp[2:])
    cache.put_media(facts.path, long_ago, facts)
    cache.save()
    assert Cache.read(tmp_path / "cache").media() == {facts.path: (long_ago, facts)}
