"""The artifact of a job that nobody trusts: one file of it is read, and bounded."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from smmflow.errors import UsageError
from smmflow.reviewing.codec import LARGEST

__all__ = ["NAME", "read_artifact"]

NAME = "review.json"
"""The file in the artifact that is a review; nothing else in it is looked at."""

_HINT = f"`smmflow review --format json --output {NAME}` writes one"


def read_artifact(folder: Path) -> bytes:
    """Return the bytes of the review in an artifact.

    No link is followed, nothing waits for a pipe, and no more is read than a review may
    have.

    Raises:
        UsageError: There is none that can be read.
    """
    try:
        with open(folder / NAME, "rb", opener=_plainly) as file:
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise UsageError(f"{NAME} in {folder} is no ordinary file", hint=_HINT)
            # One byte more than it may have: then it is refused, however it grew.
            return file.read(LARGEST + 1)
    except OSError as problem:
        raise UsageError(
            f"{folder} has no {NAME} that can be read: {problem.strerror}",
            hint=_HINT,
        ) from problem


def _plainly(path: str, flags: int) -> int:
    # Windows has neither flag, and no links or pipes in what it unpacks.
    without = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.open(path, flags | without)
