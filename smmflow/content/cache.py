"""A cache of parsed files in one JSON file: safe to delete, to distrust and to share.

It holds what files say before that is judged, so neither the calendar nor the channels
are part of its key. It is JSON and never pickle, because a pull request may carry a
cache file of its own: the worst a forged one can do is to be wrong about files whose
size, times and inode it guessed to the nanosecond.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from pydantic_core import from_json

from smmflow.clock import Clock, SystemClock
from smmflow.content.files import Parsed
from smmflow.content.media import Known
from smmflow.model.media import MediaFacts, MediaKind

__all__ = ["Cache"]

_FILE = "content.json"
_CODE = (
    "cache",
    "files",
    "front_matter",
    "media",
    "moving",
    "source",
    "whereabouts",
    "yaml_core",
)
"""Modules whose change makes every cache worthless."""
_GRAIN = 2_000_000_000
"""Nanoseconds. A file changed so shortly ago may change again and keep its times."""
_FEW = 50
"""One in so many files may be out of date before the cache is written again, because
parsing some files anew is cheaper than writing them all."""

Stamp = tuple[int, ...]


class Cache:
    """Parsed files and media facts of the last time.

    Args:
        folder: Where the file is or will be; None to remember nothing.
        clock: Tells which files are too fresh to be remembered.
    """

    def __init__(self, folder: Path | None, clock: Clock | None = None) -> None:
        self._folder = folder
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        opened = (clock or SystemClock()).now() - epoch
        self._settled = int(opened.total_seconds() * 1_000_000_000) - _GRAIN
        self._before: dict[str, list[Any]] = {}
        self._media_before: dict[str, list[Any]] = {}
        self._now: dict[str, list[Any]] = {}
        self._media_now: dict[str, list[Any]] = {}
        self._new = 0

    @classmethod
    def read(cls, folder: Path | None, clock: Clock | None = None) -> Self:
        """Return the cache in a folder; an empty one if it is absent or no good."""
        cache = cls(folder, clock)
        if folder is not None:
            with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
                stored = from_json(_read(folder / _FILE), cache_strings="keys")
                if stored["code"] == _code_version():
                    files, media = dict(stored["files"]), dict(stored["media"])
                    cache._before, cache._media_before = files, media
        return cache

    def get(self, path: str, stamp: Stamp) -> Parsed | None:
        """Return what a file said, if it has not been touched since."""
        entry = self._before.get(path)
        if entry is None:
            return None
        try:
            known, values, body, line = entry
        except (TypeError, ValueError):
            return None
        sound = (
            known == [*stamp]
            and values.__class__ is dict
            and body.__class__ is str
            and line.__class__ is int
        )
        if not sound:
            return None
        self._now[path] = entry
        return Parsed(values, body, line)

    def put(self, path: str, stamp: Stamp, parsed: Parsed) -> None:
        """Remember a faultless file."""
        if self._folder is None or parsed.findings or parsed.values is None:
            return
        if stamp[1] < self._settled:
            self._new += 1
            self._now[path] = [stamp, parsed.values, parsed.body, parsed.body_line]

    def media(self) -> Known:
        """Return the media facts of the last time."""
        known: dict[str, tuple[Stamp, MediaFacts]] = {}
        for path, entry in self._media_before.items():
            with suppress(TypeError, ValueError):
                stamp, digest, kind, *rest = entry
                media_type, width, height, placed, seconds = rest
                facts = MediaFacts(
                    path,
                    digest,
                    stamp[0],
                    MediaKind(kind),
                    media_type,
                    width,
                    height,
                    placed,
                    seconds,
                )
                known[path] = (tuple(stamp), facts)
        return known

    def put_media(self, path: str, stamp: Stamp, facts: MediaFacts) -> None:
        """Remember the facts about one media file."""
        if self._folder is None or stamp[1] >= self._settled:
            return
        entry = [
            [*stamp],
            facts.sha256,
            facts.kind.value,
            facts.media_type,
            facts.width,
            facts.height,
            facts.placed,
            facts.seconds,
        ]
        if self._media_before.get(path) != entry:
            self._new += _FEW * 1000
        self._media_now[path] = entry

    def save(self) -> None:
        """Write the cache if that is worth it; where it can't be, nothing is lost."""
        stale = self._new + len(self._before.keys() - self._now.keys())
        if self._folder is None or stale * _FEW <= len(self._before):
            return
        content = json.dumps(
            {
                "code": _code_version(),
                "files": self._now,
                "media": self._media_now or self._media_before,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode("utf-8", "surrogatepass")
        with suppress(OSError):
            _write(self._folder, content)


def _read(file: Path) -> bytes:
    # A link could lead to a device that never ends, and a pipe to nobody who writes.
    with open(file, "rb", opener=_without_following) as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(errno.EINVAL, "no ordinary file", str(file))
        return stream.read()


def _without_following(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _write(folder: Path, content: bytes) -> None:
    """Replace the cache file in one step, so that no reader sees half of it."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=_FILE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(folder / _FILE)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _code_version() -> str:
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for module in _CODE:
        digest.update((here / f"{module}.py").read_bytes())
    return digest.hexdigest()
