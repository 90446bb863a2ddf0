"""How long a video is and how large, read from the boxes of its file, never decoded.

MP4 and QuickTime keep both in `moov`: the duration in `mvhd`, the size of each track in
its `tkhd`. ISO/IEC 14496-12, as Apple describes it:
https://developer.apple.com/documentation/quicktime-file-format/movie_header_atom
https://developer.apple.com/documentation/quicktime-file-format/track_header_atom
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

__all__ = ["Moving", "look_at_moving"]

_TYPES = frozenset({"video/mp4", "video/quicktime", "video/x-m4v", "audio/mp4"})
_MOST_BOXES = 1000
_LARGEST_MOOV = 32 * 1024 * 1024
_FIXED = 65536
"""Sizes are fixed-point numbers with 16 bits behind the point."""
_HEADER = 8
_WIDE_HEADER = 16
_VERSION_1 = 1


@dataclass(frozen=True, slots=True)
class Moving:
    """What a file says of itself; None where it says nothing that can be read.

    Attributes:
        seconds: How long it plays.
        width: In pixels, of its first picture track.
        height: In pixels, likewise.
    """

    seconds: float | None = None
    width: int | None = None
    height: int | None = None


def look_at_moving(file: BinaryIO, media_type: str) -> Moving:
    """Return what a video or sound says of itself.

    A file that is cut off or forged says nothing; at most a thousand boxes are looked
    at, and of their contents only those that matter.

    Args:
        file: Open for reading, anywhere in it.
        media_type: As in `video/mp4`; of others than MP4 and QuickTime nothing is read.
    """
    if media_type not in _TYPES:
        return Moving()
    file.seek(0)
    try:
        moov = _moov(file)
        boxes = dict(_boxes(moov))
        tracks = [body for kind, body in _boxes(moov) if kind == b"trak"]
        headers = [dict(_boxes(each)).get(b"tkhd", b"") for each in tracks]
        sizes = [size for each in headers if (size := _size(each)) != (0, 0)]
        width, height = sizes[0] if sizes else (None, None)
        return Moving(_seconds(boxes[b"mvhd"]), width, height)
    except (struct.error, OverflowError, KeyError, IndexError):
        return Moving()


def _moov(file: BinaryIO) -> bytes:
    for _ in range(_MOST_BOXES):
        length, kind = struct.unpack(">I4s", file.read(_HEADER))
        header = _HEADER
        if length == 1:  # a length that needs more room stands behind the kind
            (length,) = struct.unpack(">Q", file.read(8))
            header = _WIDE_HEADER
        if kind == b"moov":
            return file.read(min(length - header, _LARGEST_MOOV))
        if length < header:  # 0: it goes to the end of the file
            break
        file.seek(length - header, os.SEEK_CUR)
    raise KeyError(b"moov")


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for _ in range(_MOST_BOXES):
        if at + _HEADER > len(content):
            return
        length, kind = struct.unpack_from(">I4s", content, at)
        if length < _HEADER:
            return
        yield kind, content[at + _HEADER : at + length]
        at += length


def _seconds(mvhd: bytes) -> float | None:
    if mvhd[0] == _VERSION_1:
        scale, duration = struct.unpack_from(">IQ", mvhd, 20)
    else:
        scale, duration = struct.unpack_from(">II", mvhd, 12)
    return duration / scale if scale else None


def _size(tkhd: bytes) -> tuple[int, int]:
    if not tkhd:
        return 0, 0
    width, height = struct.unpack_from(">II", tkhd, len(tkhd) - 8)
    return width // _FIXED, height // _FIXED
