"""What became of files over time: every version, with who wrote it and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from smmflow.repository.plumbing import Plumbing

__all__ = ["Version", "versions"]

_COMMIT = b"\x01"
"""Begins a commit in the log; no author's name and no path of ours has it."""
_HEADER = 4


@dataclass(frozen=True, slots=True)
class Version:
    """A file as one commit left it.

    Attributes:
        commit: Its full name.
        author: Who made it.
        at: When, aware.
        message: The first line of its message.
        path: The file's.
        blob: The full name of the contents; empty if the commit took the file away.
    """

    commit: str
    author: str
    at: datetime
    message: str
    path: str
    blob: str


def versions(
    plumbing: Plumbing, commit: str, patterns: Sequence[str]
) -> tuple[Version, ...]:
    """Return every version of the files that match, oldest first.

    Args:
        plumbing: The repository.
        commit: The newest commit to look at.
        patterns: Paths with git's wildcards, where `**` is any folders.
    """
    answer = plumbing.must(
        "log",
        "--reverse",
        "--topo-order",
        "--format=%x01%H%x00%an%x00%aI%x00%s",
        "--raw",
        "--no-abbrev",
        "--no-renames",
        "-z",
        commit,
        "--",
        *(f":(top,glob){pattern}" for pattern in patterns),
    )
    return tuple(
        version
        for chunk in answer.out.split(_COMMIT)[1:]
        for version in _of_commit(chunk)
    )


def _of_commit(chunk: bytes) -> Iterator[Version]:
    fields = [each.decode("utf-8", "replace") for each in chunk.split(b"\0")]
    name, author, at, message = fields[:_HEADER]
    rest = iter(each.strip("\n") for each in fields[_HEADER:])
    for entry in rest:
        if not entry.startswith(":"):
            continue
        _old_mode, _new_mode, _old, blob, kind = entry.split()
        gone = kind == "D"
        yield Version(
            name,
            author,
            datetime.fromisoformat(at),
            message,
            next(rest),
            "" if gone else blob,
        )
