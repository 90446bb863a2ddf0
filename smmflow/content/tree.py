"""The files of a workspace: which there are, in an order that never changes."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from smmflow.content.source import leads_out
from smmflow.diagnostics import Finding, Place, Severity
from smmflow.errors import WorkspaceNotFound

__all__ = ["ROOT_FILE", "TextFile", "Tree", "collisions", "find_root", "walk"]

ROOT_FILE = "channels.yaml"


@dataclass(frozen=True, slots=True)
class TextFile:
    """One file to read.

    Attributes:
        path: Relative to the workspace, with forward slashes.
        stamp: Size, times of change in nanoseconds and inode: other bytes, other stamp.
    """

    path: str
    stamp: tuple[int, int, int, int]


@dataclass(slots=True)
class Tree:
    """Files found under a folder, and names that could not be followed."""

    files: list[TextFile] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)


def find_root(start: Path) -> Path:
    """Return the workspace that a folder is or lies in.

    The search ends at the top of a git repository: a clone that lies inside another
    workspace must never be taken for it, or its posts would go out on our channels.

    Raises:
        WorkspaceNotFound: Neither the folder nor any above it, as far as the top of its
            repository, holds channels.yaml.
    """
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / ROOT_FILE).is_file():
            return folder
        if (folder / ".git").exists():
            break
    raise WorkspaceNotFound(
        f"no {ROOT_FILE} in {here}, nor above it in the same repository",
        hint="go to the folder of your workspace; it is the one with channels.yaml",
    )


def walk(root: Path, folder: str, *, deep: bool) -> Tree:
    """Return the Markdown files under a folder of the workspace, sorted by path.

    Names that begin with a dot are left alone. A symbolic link is followed as long as
    it stays in the workspace, and each folder is read once.

    Args:
        root: The workspace.
        folder: Relative to it, as in `content/posts`.
        deep: Whether to look into folders inside it.
    """
    tree = Tree()
    try:
        home = os.path.realpath(root, strict=True)
        if outside := leads_out(home, folder):
            tree.findings.append(outside)
            return tree
        links: list[str] = []
        _scan(home, folder, tree, links, deep=deep)
        while links:
            _scan_link(home, links.pop(0), tree, links, deep=deep)
    except FileNotFoundError:
        pass
    tree.files.sort(key=lambda file: file.path)
    return tree


def _scan(home: str, folder: str, tree: Tree, links: list[str], *, deep: bool) -> None:
    try:
        with os.scandir(f"{home}/{folder}") as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        tree.findings.append(_unreadable(folder, error.strerror or str(error)))
        return
    tree._seen.add(os.path.realpath(f"{home}/{folder}"))  # noqa: SLF001  (its maker)
    for entry in found:
        if not entry.name.startswith("."):
            path = f"{folder}/{entry.name}"
            if not _is_utf8(entry.name):
                written = path.encode(errors="backslashreplace").decode()
                tree.findings.append(_unreadable(written, "its name is not UTF-8"))
            elif entry.is_symlink():
                links.append(path)
            elif entry.is_dir(follow_symlinks=False):
                if entry.name.endswith(".md"):
                    tree.findings.append(_unreadable(path, "it is a folder"))
                if deep:
                    _scan(home, path, tree, links, deep=deep)
            else:
                _take(path, entry.stat(follow_symlinks=False), tree)


def _is_utf8(name: str) -> bool:
    """Tell whether a name is text; Python hands other bytes on as surrogates."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _scan_link(
    home: str, path: str, tree: Tree, links: list[str], *, deep: bool
) -> None:
    try:
        target = os.path.realpath(f"{home}/{path}", strict=True)
        facts = Path(target).stat()
    except OSError as error:
        tree.findings.append(_unreadable(path, error.strerror or str(error)))
        return
    if outside := leads_out(home, path):
        tree.findings.append(outside)
    elif not Path(target).is_dir():
        _take(path, facts, tree)
    elif deep and target not in tree._seen:  # noqa: SLF001  (its maker)
        _scan(home, path, tree, links, deep=deep)


def _take(path: str, facts: os.stat_result, tree: Tree) -> None:
    stamp = (facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino)
    if path.endswith(".md"):
        if stat.S_ISREG(facts.st_mode):
            tree.files.append(TextFile(path, stamp))
        else:
            tree.findings.append(_unreadable(path, "it is no ordinary file"))
    elif path.lower().endswith((".md", ".markdown", ".mdown")):
        tree.findings.append(
            Finding(
                "file-unreadable",
                Severity.WARNING,
                "this file is left out: only names that end in .md are read",
                Place(path),
                "rename it so that it ends in .md",
            )
        )


def _unreadable(path: str, why: str) -> Finding:
    return Finding(
        "file-unreadable",
        Severity.ERROR,
        f"this can't be read: {why}",
        Place(path),
        "make it an ordinary text file that you may read, or take it away",
    )


def collisions(paths: Iterable[str]) -> tuple[Finding, ...]:
    """Return a finding for each file whose name other systems confuse with another's.

    macOS and Windows take `Launch.md` and `launch.md` for one file, and macOS composed
    and decomposed letters too.
    """
    first: dict[str, str] = {}
    found = []
    for path in paths:
        plain = path.lower() if path.isascii() else _folded(path)
        if first.setdefault(plain, path) != path:
            found.append(
                Finding(
                    "case-collision",
                    Severity.ERROR,
                    f"on some systems this is the same name as {first[plain]}",
                    Place(path),
                    "rename one of them",
                )
            )
    return tuple(found)


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
