"""Putting new files into a folder; what is there already stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from smmflow.errors import UsageError

__all__ = ["Placed", "place"]


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of new files.

    Attributes:
        written: Paths that are new.
        left: Paths that were there already.
    """

    written: tuple[str, ...]
    left: tuple[str, ...]


def place(files: Mapping[str, bytes], folder: Path) -> Placed:
    """Write those files that are not there yet, in their order.

    Raises:
        UsageError: One of them can't be written. Those before it are there, and the
            next time it goes on after them.
    """
    home = folder.resolve()
    _refuse_ways_out(files, home)
    written: list[str] = []
    left: list[str] = []
    for path, content in files.items():
        (written if _write(home / path, content) else left).append(path)
    return Placed(tuple(written), tuple(left))


def _refuse_ways_out(paths: Iterable[str], home: Path) -> None:
    for path in paths:
        around = (home / path).parent
        if not around.resolve().is_relative_to(home):
            raise UsageError(
                f"{around} leads out of {home}; nothing was written",
                hint="replace the symbolic link by a folder",
            )


def _write(file: Path, content: bytes) -> bool:
    """Write all of a new file, or nothing; tell whether it is new."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        opened = file.open("xb")
    except FileExistsError as problem:
        if file.parent.is_dir():
            return False
        raise _unmade(file, problem) from problem
    except OSError as problem:
        raise _unmade(file, problem) from problem
    try:
        with opened:
            opened.write(content)
    except OSError as problem:
        file.unlink(missing_ok=True)
        raise _unmade(file, problem) from problem
    return True


def _unmade(file: Path, problem: OSError) -> UsageError:
    return UsageError(
        f"{file} can't be made: {problem.strerror}",
        hint="put that right and run it again: it goes on where it stopped",
    )
