"""Verdicts of the last time: safe to delete, and worth nothing in other hands.

It lies in the workspace, where a pull request could bring one of its own and so hide
its faults. So it is sealed with a key that never lies there, and it is JSON, never
pickle: what this account did not write itself is not even parsed.

A verdict is found by the digest of its post and of the files it shows, in a memory that
has the digest of everything else a verdict rests on (see `smmflow.checks.basis`).
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import os
import stat
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import Any, Self

from smmflow.checks.verdict import Verdict
from smmflow.diagnostics import Finding, Place, Severity
from smmflow.model.media import MediaFacts, MediaFault
from smmflow.model.post import Post

__all__ = ["Memory", "digest_of"]

_FILE = "verdicts.json"
_FEW = 50
"""One in so many verdicts may be out of date before the file is written again, because
judging some posts anew is cheaper than writing them all."""
_SEAL = 64
"""Length of a seal: SHA-256 in hexadecimal."""
_APART = ("body", "ignore")
_VALUES = attrgetter(*(each.name for each in fields(Post) if each.name not in _APART))

Media = Mapping[str, MediaFacts | MediaFault]


class Memory:
    """What is known of posts from the last time.

    Args:
        folder: Where the file is or will be.
        key: What seals it; nobody else's files are believed.
        basis: The digest of what all verdicts rest on.
    """

    def __init__(self, folder: Path, key: bytes, basis: str) -> None:
        self._file = folder / _FILE
        self._key = key
        self._basis = basis
        self._before: dict[str, list[Any]] = {}
        self._now: dict[str, list[Any]] = {}
        self._new = 0

    @classmethod
    def read(cls, folder: Path, key: bytes, basis: str) -> Self:
        """Return the memory in a folder; an empty one if it is absent or no good."""
        memory = cls(folder, key, basis)
        with suppress(OSError, ValueError):
            content = _read(memory._file)
            seal, body = content[:_SEAL], content[_SEAL:]
            if hmac.compare_digest(seal, memory._seal(body)):
                stored = json.loads(body)
                if stored["basis"] == basis:
                    memory._before = stored["posts"]
        return memory

    def get(self, post: Post, digest: str) -> Verdict | None:
        """Return what is known of a post, if nothing it rests on has changed.

        Args:
            post: The post.
            digest: Its own, by `digest_of`.
        """
        row = self._before.get(post.id)
        if row is None or row[0] != digest:
            return None
        self._now[post.id] = row
        _, composing, found, sayings = row
        return Verdict(_findings(composing), _findings(found), sayings)

    def put(self, post: str, digest: str, verdict: Verdict) -> None:
        """Remember what a post, by its id, came to."""
        self._new += 1
        composing, found = _rows(verdict.composing), _rows(verdict.found)
        self._now[post] = [digest, composing, found, dict(verdict.sayings)]

    def save(self) -> None:
        """Write it if that is worth it; where it can't be, nothing is lost."""
        stale = self._new + len(self._before.keys() - self._now.keys())
        if stale * _FEW <= len(self._before):
            return
        stored = {"basis": self._basis, "posts": self._now}
        body = json.dumps(stored, separators=(",", ":")).encode()
        with suppress(OSError):
            _write(self._file, self._seal(body) + body)

    def _seal(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256").hex().encode()


def digest_of(post: Post, media: Media) -> str:
    """Return the digest of everything a post says, and of the files it shows."""
    shown = [media.get(each.file) for each in post.media]
    if post.card and post.card.image:
        shown.append(media.get(post.card.image))
    front = repr((_VALUES(post), sorted(post.ignore), shown))
    everything = f"{len(front)} {front}{post.body}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(everything, digest_size=16).hexdigest()


def _rows(findings: Sequence[Finding]) -> list[list[Any]]:
    return [
        [
            *(each.rule, each.severity.value, each.message, each.hint, each.channel),
            *(each.place.path, each.place.keys, each.place.on_key),
            *(each.place.offset, each.place.line, each.place.column),
        ]
        for each in findings
    ]


def _findings(rows: Sequence[Sequence[Any]]) -> tuple[Finding, ...]:
    return tuple(map(_finding, rows))


def _finding(row: Sequence[Any]) -> Finding:
    rule, severity, message, hint, channel, path, keys, *position = row
    place = Place(path, tuple(keys), *position)
    return Finding(rule, Severity(severity), message, place, hint, channel)


def _read(file: Path) -> bytes:
    # A link could lead to a device that never ends, and a pipe would never begin.
    with open(file, "rb", opener=_without_following) as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(errno.EINVAL, "no ordinary file", str(file))
        return stream.read()


def _without_following(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _write(file: Path, content: bytes) -> None:
    """Replace a file in one step, so that no reader sees half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
