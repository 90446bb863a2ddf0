"""Whether a picture tells where it was taken: looked up in headers, never decoded.

What is read where:

- JPEG: APP1 segments with Exif or XMP: CIPA DC-008 (Exif 2.32), section 4.7.2,
  https://www.cipa.jp/std/documents/e/DC-008-Translation-2019-E.pdf
- PNG: the chunks eXIf and iTXt, https://www.w3.org/TR/png-3/#eXIf
- WebP: the chunks EXIF and XMP,
  https://developers.google.com/speed/webp/docs/riff_container#metadata
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

__all__ = ["tells_place"]

_MOST_PIECES = 4096
"""Segments or chunks that are looked through; a large PNG has thousands of them."""
_MOST_BYTES = 1024 * 1024
"""Of one piece that are read; Exif in JPEG never has more than 64 KiB."""
_MOST_ENTRIES = 1000
_EXIF = b"Exif\0\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_PLACES = (b"exif:GPSLatitude", b"exif:GPSLongitude")
_START_OF_SCAN = 0xDA
_APP1 = 0xE1
_GPS_IFD = 0x8825
_LATITUDE, _LONGITUDE = 2, 4
_RATIONAL = 5
"""Type of a fraction: numerator and denominator of four bytes each."""


def tells_place(file: BinaryIO, media_type: str) -> bool:
    """Tell whether a picture's metadata hold the coordinates of a place.

    A file that is cut off or forged tells none; whatever it says, at most
    a few thousand headers and a few of their contents are read.

    Args:
        file: Open for reading, anywhere in it.
        media_type: As in `image/jpeg`; others than JPEG, PNG and WebP tell no place.
    """
    read = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(media_type)
    if read is None:
        return False
    file.seek(0)
    try:
        return any(map(_has_place, read(file)))
    except (struct.error, OverflowError):
        return False


def _has_place(metadata: bytes) -> bool:
    if metadata[:2] in (b"II", b"MM"):
        return _tiff_has_place(metadata)
    return all(each in metadata for each in _XMP_PLACES)


def _jpeg(file: BinaryIO) -> Iterator[bytes]:
    file.seek(2)
    for _ in range(_MOST_PIECES):
        sign, marker, length = struct.unpack(">BBH", file.read(4))
        if sign != 0xFF or marker == _START_OF_SCAN or length < 2:  # noqa: PLR2004 - the length counts itself
            return
        if marker != _APP1:
            file.seek(length - 2, os.SEEK_CUR)
            continue
        segment = file.read(length - 2)
        if segment.startswith(_EXIF):
            yield segment.removeprefix(_EXIF)
        elif segment.startswith(_XMP):
            yield segment


def _png(file: BinaryIO) -> Iterator[bytes]:
    file.seek(8)
    for _ in range(_MOST_PIECES):
        length, kind = struct.unpack(">I4s", file.read(8))
        if kind == b"IEND":
            return
        yield from _contents(file, length, wanted=kind in (b"eXIf", b"iTXt"))
        file.seek(4, os.SEEK_CUR)  # a checksum follows


def _webp(file: BinaryIO) -> Iterator[bytes]:
    file.seek(12)
    for _ in range(_MOST_PIECES):
        kind, length = struct.unpack("<4sI", file.read(8))
        wanted = kind in (b"EXIF", b"XMP ")
        for content in _contents(file, length, wanted=wanted):
            yield content.removeprefix(_EXIF)  # some tools write it here, too
        file.seek(length % 2, os.SEEK_CUR)


def _contents(file: BinaryIO, length: int, *, wanted: bool) -> Iterator[bytes]:
    """Yield what a piece holds if it is wanted, and go behind it."""
    known = min(length, _MOST_BYTES) if wanted else 0
    if known:
        yield file.read(known)
    file.seek(length - known, os.SEEK_CUR)


def _tiff_has_place(tiff: bytes) -> bool:
    order = "<" if tiff[:2] == b"II" else ">"
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    gps = _entries(tiff, order, first).get(_GPS_IFD)
    if gps is None:
        return False
    found = _entries(tiff, order, gps[1])
    return all(
        tag in found and _is_known(tiff, order, *found[tag])
        for tag in (_LATITUDE, _LONGITUDE)
    )


def _entries(tiff: bytes, order: str, start: int) -> dict[int, tuple[int, int]]:
    """Return a directory's entries: by tag, the type and where the value stands."""
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    found = {}
    for number in range(min(count, _MOST_ENTRIES)):
        tag, kind, _count, value = struct.unpack_from(
            f"{order}HHII", tiff, start + 2 + 12 * number
        )
        found[tag] = (kind, value)
    return found


def _is_known(tiff: bytes, order: str, kind: int, at: int) -> bool:
    """Tell whether degrees are a number: cameras without a fix write 0/0."""
    if kind != _RATIONAL:
        return False
    _numerator, denominator = struct.unpack_from(f"{order}II", tiff, at)
    return bool(denominator)
