"""Writing one commit on top of another with a single git process and no checkout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from smmflow.repository.plumbing import Plumbing

__all__ = ["Author", "Draft", "configured_author", "write_commit"]

_NOWHERE = "refs/smmflow/nowhere"
"""fast-import wants the name of a ref; the ref is never made."""
_CRASHES = "fast_import_crash_*"
"""What fast-import leaves in the `.git` folder when it can't go on."""
_PACK = re.compile(r"tmp_pack_\w+")
"""A pack it had begun, as it names it in its last words."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who a commit is by."""

    name: str
    email: str

    @property
    def is_smmflow(self) -> bool:
        """Tell whether no person could be named."""
        return self == _SMMFLOW


_SMMFLOW = Author("smmflow", "smmflow@localhost")


def configured_author(plumbing: Plumbing) -> Author:
    """Return who git is configured to write as, else smmflow itself.

    Git's guesses from the machine's name are refused: they say nothing.
    """
    answer = plumbing.run("-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT")
    name, bracket, rest = answer.text.partition(" <")
    if not answer.ok or not bracket:
        return _SMMFLOW
    return Author(name, rest.partition(">")[0])


@dataclass(frozen=True, slots=True)
class Draft:
    """A commit to be written.

    Attributes:
        parent: The commit to build on; None for the first of a branch.
        message: The whole commit message.
        files: New contents by path; None takes a file away.
        author: Author and committer.
        at: The time of the commit, aware.
    """

    parent: str | None
    message: str
    files: Mapping[str, bytes | None]
    author: Author
    at: datetime


def write_commit(plumbing: Plumbing, draft: Draft) -> str:
    """Write a commit that nothing points at yet, and return its name.

    Raises:
        StateError: Git could not write it, as on a full disk. No ref has changed.
    """
    reports = set(plumbing.git_dir.glob(_CRASHES))
    answer = plumbing.run(
        "fast-import",
        "--quiet",
        "--done",
        "--date-format=raw",
        given=b"".join(_stream(draft, _null_name(plumbing, draft.parent))),
    )
    if not answer.ok:
        leftovers = set(plumbing.git_dir.glob(_CRASHES)) - reports
        _remove(plumbing, leftovers, answer.words)
        raise answer.error(
            "the state could not be written",
            hint="see that the disk has room, and run it again; nothing was changed",
        )
    return answer.text


def _remove(plumbing: Plumbing, reports: Iterable[Path], words: str) -> None:
    """Remove what git leaves when it dies: a full disk stays full otherwise."""
    packs = Path(plumbing.must("rev-parse", "--git-path", "objects/pack").text)
    broken = (packs / name for name in _PACK.findall(words))
    for file in (*reports, *broken):
        file.unlink(missing_ok=True)


def _stream(draft: Draft, null_name: str) -> Iterator[bytes]:
    """Yield the commit in fast-import's language.

    https://git-scm.com/docs/git-fast-import#_input_format
    """
    author = draft.author
    moment = int(draft.at.timestamp())
    person = f"{author.name} <{author.email}> {moment} +0000\n"
    yield f"commit {_NOWHERE}\nmark :1\n".encode()
    yield f"author {person}committer {person}".encode()
    yield _counted(draft.message.encode())
    if draft.parent is not None:
        yield f"from {draft.parent}\n".encode()
    for path, content in sorted(draft.files.items()):
        if content is None:
            yield b"D " + _quoted(path) + b"\n"
        else:
            yield b"M 100644 inline " + _quoted(path) + b"\n" + _counted(content)
    yield b"\nget-mark :1\n"
    yield f"reset {_NOWHERE}\nfrom {null_name}\n\ndone\n".encode()


def _counted(content: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(content), content)


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return b'"' + escaped.encode("utf-8", "surrogateescape") + b'"'


def _null_name(plumbing: Plumbing, commit: str | None) -> str:
    if commit is not None:
        return "0" * len(commit)
    answer = plumbing.must("rev-parse", "--show-object-format")
    return "0" * (64 if answer.text == "sha256" else 40)
