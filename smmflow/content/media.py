"""Facts about the pictures, video and sound that posts name, read from their bytes."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import filetype
import imagesize

from smmflow.content.moving import look_at_moving
from smmflow.content.whereabouts import tells_place
from smmflow.model.media import MediaFacts, MediaFault, MediaKind

__all__ = ["Known", "look_at", "remember", "stamp_of"]

Known = Mapping[str, tuple[tuple[int, ...], MediaFacts]]
"""By path in the workspace: the stamp of a file, and the facts it had then."""

_HEAD = 8192
"""Bytes that tell a type: `filetype` itself looks at no more."""
_BLOCK = 1024 * 1024
_THREADS = 4
"""Hashing lets go of Python's lock, and slow disks are waited for together."""
_OTHER = "application/octet-stream"


def look_at(
    root: Path, names: Iterable[str], known: Known
) -> dict[str, MediaFacts | MediaFault]:
    """Return what each named file is, or why it can't be used.

    No picture is ever decoded: type and dimensions come from the first bytes, so a
    picture of any size is safe to look at.

    Args:
        root: The workspace.
        names: Files as posts write them, relative to `content/`.
        known: Facts found before; those of files not touched since hold still.
    """
    home = os.path.realpath(root)
    wanted = sorted(set(names))

    def one(name: str) -> MediaFacts | MediaFault:
        return _look(home, name, known)

    if len(wanted) <= 1:
        return {name: one(name) for name in wanted}
    with ThreadPoolExecutor(_THREADS) as pool:
        return dict(zip(wanted, pool.map(one, wanted), strict=True))


def remember(
    root: Path,
    looked_at: Mapping[str, MediaFacts | MediaFault],
    keep: Callable[[str, tuple[int, ...], MediaFacts], None],
) -> None:
    """Hand over facts to be known the next time, with the stamps of their files."""
    for facts in looked_at.values():
        if isinstance(facts, MediaFacts):
            with suppress(OSError):
                now = stamp_of((root / facts.path).stat())
                if now[0] == facts.size:
                    keep(facts.path, now, facts)


def stamp_of(facts: os.stat_result) -> tuple[int, int, int, int]:
    """Return what changes when a file's bytes do: size, times and inode."""
    return (facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino)


def _look(home: str, name: str, known: Known) -> MediaFacts | MediaFault:
    if "\0" in name or Path(name).is_absolute():
        return MediaFault.OUTSIDE
    written = os.path.normpath(f"{home}/content/{name}")
    try:
        target = os.path.realpath(written)
        if not _inside(home, written) or not _inside(home, target):
            return MediaFault.OUTSIDE
        path = os.path.relpath(written, home).replace(os.sep, "/")
        return _read(target, path, known)
    except (FileNotFoundError, NotADirectoryError):
        return MediaFault.MISSING
    except IsADirectoryError:
        return MediaFault.NOT_A_FILE
    except (OSError, ValueError):
        return MediaFault.UNREADABLE


def _inside(home: str, path: str) -> bool:
    """Tell whether a path is one a post may show; hidden files never are.

    `../.git/config` and `../.env` lie in the workspace, and must not be published.
    """
    if not path.startswith(home + os.sep):
        return False
    pieces = Path(path[len(home) + 1 :]).parts
    return not any(piece.startswith(".") for piece in pieces)


def _read(target: str, path: str, known: Known) -> MediaFacts | MediaFault:
    with open(target, "rb", buffering=0, opener=_without_waiting) as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode):
            return MediaFault.NOT_A_FILE
        before = known.get(path)
        if before is not None and before[0] == stamp_of(facts):
            return before[1]
        head = file.read(_HEAD)
        file.seek(0)
        digest = hashlib.sha256()
        size = 0
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
        media_type = _type_of(head)
        placed = tells_place(file, media_type)
        moving = look_at_moving(file, media_type)
    kind = _kind_of(media_type)
    width, height = _dimensions(target, kind)
    return MediaFacts(
        path,
        digest.hexdigest(),
        size,
        kind,
        media_type,
        width or moving.width,
        height or moving.height,
        placed,
        moving.seconds,
    )


def _without_waiting(path: str, flags: int) -> int:
    # A pipe would keep the reader until somebody writes.
    return os.open(path, flags | os.O_NONBLOCK)


def _type_of(head: bytes) -> str:
    """Return the media type that the first bytes tell."""
    if head.lstrip()[:256].startswith((b"<svg", b"<?xml")) and b"<svg" in head:
        return "image/svg+xml"
    guess = filetype.guess(bytearray(head)) if head else None
    return _OTHER if guess is None else str(guess.mime)


def _kind_of(media_type: str) -> MediaKind:
    if media_type == "image/gif":
        return MediaKind.GIF
    family = media_type.partition("/")[0]
    if family in ("image", "video", "audio"):
        return MediaKind(family)
    return MediaKind.OTHER


def _dimensions(target: str, kind: MediaKind) -> tuple[int | None, int | None]:
    if kind not in (MediaKind.IMAGE, MediaKind.GIF):
        return None, None
    try:
        width, height = imagesize.get(target)
    except Exception:  # noqa: BLE001  (whatever a broken header makes it raise)
        return None, None
    if width <= 0 or height <= 0:
        return None, None
    return int(width), int(height)
