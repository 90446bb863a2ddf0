"""Files as a commit has them, written to a folder: no checkout, no filter, no hook."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from smmflow.repository.plumbing import Plumbing

__all__ = ["export"]

_AT_ONCE = 32 * 1024 * 1024
"""Bytes that are held at a time: a workspace may have more media than memory."""
_LINK = b"120000"
_LEAVES = frozenset({b"", b".", b"..", b".git"})
"""No file of git's own making has such a name in its path; a made-up tree may."""


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a commit: git's name for its bytes, their number, and its path."""

    blob: bytes
    size: int
    path: bytes
    is_link: bool


def export(
    plumbing: Plumbing, commit: str, below: str, paths: Sequence[str], folder: Path
) -> None:
    """Write files of a commit into a folder.

    Symbolic links are written last, and only those that lead to a place in the folder,
    so that nothing is ever written through one; submodules are left out.

    Args:
        plumbing: The repository.
        commit: Its full name.
        below: The folder in the repository that paths are relative to; may be empty.
        paths: Files and folders; those that don't exist are left out.
        folder: An empty one of ours.

    Raises:
        StateError: The commit can't be read.
        OSError: The folder can't be written.
    """
    prefix = f"{below}/".encode() if below not in {"", "."} else b""
    wanted = [prefix.decode() + each for each in paths]
    listing = plumbing.must(
        "ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--", *wanted
    )
    files = tuple(_files(listing.out, prefix))
    for batch in _batches(each for each in files if not each.is_link):
        for path, content in _contents(plumbing, batch):
            target = folder / os.fsdecode(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    links = [each for each in files if each.is_link]
    for path, content in _contents(plumbing, links):
        _link(folder, path, content)


def _files(listing: bytes, prefix: bytes) -> Iterator[_File]:
    for entry in listing.split(b"\0")[:-1]:
        about, _, path = entry.partition(b"\t")
        mode, kind, blob, size = about.split()
        own = path.removeprefix(prefix)
        if kind == b"blob" and not _LEAVES & set(own.lower().split(b"/")):
            yield _File(blob, int(size), own, mode == _LINK)


def _batches(files: Iterable[_File]) -> Iterator[list[_File]]:
    """Yield files in groups that fit into memory; a larger one goes alone."""
    sums: dict[bytes, int] = {}
    total = 0
    every = list(files)
    for each in every:
        total += each.size
        sums[each.path] = total // _AT_ONCE
    for _, batch in groupby(every, key=lambda each: sums[each.path]):
        yield list(batch)


def _contents(
    plumbing: Plumbing, files: Sequence[_File]
) -> Iterator[tuple[bytes, bytes]]:
    if not files:
        return
    asked = b"".join(each.blob + b"\n" for each in files)
    out = plumbing.must("cat-file", "--batch", given=asked).out
    at = 0
    for each in files:
        start = out.index(b"\n", at) + 1
        yield each.path, out[start : start + each.size]
        at = start + each.size + 1


def _link(folder: Path, path: bytes, content: bytes) -> None:
    target = Path(os.fsdecode(content))
    place = folder / os.fsdecode(path)
    end = os.path.normpath(place.parent / target)
    if target.is_absolute() or not Path(end).is_relative_to(folder):
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)
