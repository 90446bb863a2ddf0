"""Arrivals: which commit brought a file's present bytes to the branch, and last did.

Only the first parents count, which is the branch as it was published, commit by commit:
a merge brings everything that it merges.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from smmflow.errors import ConfigurationError
from smmflow.repository.plumbing import Plumbing

__all__ = ["Arrival", "arrivals"]

_FILE_MODES = ("100644", "100755")


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a file's bytes came to the branch.

    Attributes:
        path: The file now, relative to the top of the repository.
        then: The file's path in the commit; differs if it was renamed since.
        blob: The full name of its contents; empty if they are not on the branch.
        commit: Full name of the commit that brought them; empty likewise.
        author: Who made that commit, by name; empty likewise.
        fault: Why the file is not on the branch as it is; empty if it is.
    """

    path: str
    then: str = ""
    blob: str = ""
    commit: str = ""
    author: str = ""
    fault: str = ""


def arrivals(
    plumbing: Plumbing, top: Path, head: str, paths: Iterable[str]
) -> Mapping[str, Arrival]:
    """Return the last arrival of each file's present bytes.

    A file that was renamed without a change keeps its arrival. A change that was taken
    back arrives anew: what was once approved and then replaced is not approved again.

    Args:
        plumbing: The repository.
        top: The top folder of the work tree, whose bytes count.
        head: The newest commit of the branch.
        paths: Files relative to the top.

    Raises:
        ConfigurationError: The clone is shallow: its history says nothing.
    """
    if plumbing.must("rev-parse", "--is-shallow-repository").text == "true":
        raise ConfigurationError(
            "this clone has only the last part of its history, which proves nothing",
            hint="fetch all of it: `git fetch --unshallow`, or `fetch-depth: 0` for "
            "actions/checkout",
        )
    wanted = tuple(dict.fromkeys(paths))
    kept = _committed(plumbing, head, wanted)
    here = _in_work_tree(plumbing, top, [path for path in wanted if path in kept])
    found = {}
    for path in wanted:
        if path not in kept:
            found[path] = Arrival(path, fault="it is not committed as a plain file")
        elif here.get(path) != kept[path]:
            found[path] = Arrival(path, fault="it was changed here and not committed")
        else:
            found[path] = _arrival(plumbing, head, path, kept[path])
    return found


def _committed(
    plumbing: Plumbing, head: str, paths: tuple[str, ...]
) -> Mapping[str, str]:
    """Return the blobs of those of the paths that are plain files of a commit."""
    if not paths:
        return {}
    listing = plumbing.must(
        "--literal-pathspecs", "ls-tree", "-z", "--full-tree", head, "--", *paths
    )
    found = {}
    for entry in listing.out.split(b"\0")[:-1]:
        about, _, path = entry.partition(b"\t")
        mode, _kind, name = about.decode().split()
        if mode in _FILE_MODES:  # a link says where bytes are, not which
            found[path.decode("utf-8", "surrogateescape")] = name
    return found


def _in_work_tree(plumbing: Plumbing, top: Path, paths: list[str]) -> Mapping[str, str]:
    """Return what the files' bytes would be called if they were committed now."""
    there = [path for path in paths if (top / path).is_file()]
    asked = "".join(f"{path}\n" for path in there)
    given = asked.encode("utf-8", "surrogateescape")
    answer = plumbing.must("hash-object", "--stdin-paths", given=given)
    return dict(zip(there, answer.text.split(), strict=True))


def _arrival(plumbing: Plumbing, head: str, path: str, blob: str) -> Arrival:
    then, start = path, head
    while True:
        commit, author = _last_change(plumbing, start, then)
        if not commit:
            return Arrival(path, fault="no commit of this branch brought it")
        before = _unchanged_from(plumbing, commit, then, blob)
        if before is None:
            return Arrival(path, then, blob, commit, author)
        then, start = before, f"{commit}^1"


def _last_change(plumbing: Plumbing, start: str, path: str) -> tuple[str, str]:
    answer = plumbing.must(
        "log",
        "--first-parent",
        "--diff-merges=first-parent",
        "--no-renames",
        "-1",
        "--format=%H%x00%an",
        start,
        "--",
        f":(top,literal){path}",
    )
    commit, _, author = answer.text.partition("\0")
    return commit, author


def _unchanged_from(
    plumbing: Plumbing, commit: str, path: str, blob: str
) -> str | None:
    """Return the path of the very same bytes before a commit that only moved them.

    The path is the same if the commit changed no more than whether it can be executed.
    """
    answer = plumbing.must(
        "diff-tree",
        "-r",
        "-z",
        "--root",
        "--no-commit-id",
        "--no-abbrev",
        "--find-renames=100%",
        "-l0",
        *_with_parent(plumbing, commit),
    )
    for old, new, old_blob, new_blob in _kept(answer.out):
        if new == path and old_blob == new_blob == blob:
            return old
    return None


def _with_parent(plumbing: Plumbing, commit: str) -> tuple[str, ...]:
    parent = plumbing.resolve(f"{commit}^1")
    return (parent, commit) if parent else (commit,)


def _kept(out: bytes) -> Iterator[tuple[str, str, str, str]]:
    fields = iter(
        each.decode("utf-8", "surrogateescape") for each in out.split(b"\0")[:-1]
    )
    for about in fields:
        _mode, _new_mode, old_blob, new_blob, kind = about.split()
        old = next(fields)
        new = next(fields) if kind.startswith("R") else old
        yield old, new, old_blob, new_blob
