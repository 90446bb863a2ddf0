"""Noticing that somebody edits a workspace: other files, other stamps."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["stamps"]

_FOLDER = "content"
_ENDINGS = (".yaml", ".md")


def stamps(root: Path) -> frozenset[tuple[str, int, int]]:
    """Return path, size and time of change of every file a workspace may be read from.

    Names that begin with a dot are left out, and links to folders are not followed.
    Nothing is read, so that it can be asked again and again.
    """
    return frozenset(_stamps(root))


def _stamps(root: Path) -> Iterator[tuple[str, int, int]]:
    for each in _entries(str(root)):
        if each.name.endswith(_ENDINGS):
            yield from _stamp(each)
    waiting = [str(root / _FOLDER)]
    while waiting:
        for each in _entries(waiting.pop()):
            if each.is_dir(follow_symlinks=False):
                waiting.append(each.path)
            else:
                yield from _stamp(each)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return [each for each in found if not each.name.startswith(".")]
    except OSError:  # it went away while we looked
        return []


def _stamp(entry: os.DirEntry[str]) -> Iterator[tuple[str, int, int]]:
    try:
        facts = entry.stat()
    except OSError:  # likewise, or a link to nothing
        return
    yield entry.path, facts.st_size, facts.st_mtime_ns
