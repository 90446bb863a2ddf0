"""Replacing a file in one step, so that it is the old one or the new, never half."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from smmflow.errors import UsageError

__all__ = ["replace_file"]


def replace_file(file: Path, before: bytes, content: bytes) -> None:
    """Write a file anew; its permissions stay, and a link to it stays a link.

    Args:
        file: One that is there.
        before: What it is known to hold; work that somebody saved since is not lost.
        content: What it shall hold.

    Raises:
        UsageError: It can't be written, or holds something else now; it is as it was.
    """
    target = file.resolve()
    try:
        if not os.access(target, os.W_OK):
            raise PermissionError(None, "you may not write it", str(file))
        _replace(file, target, before, content)
    except OSError as problem:
        raise UsageError(
            f"{file} can't be written: {problem.strerror}",
            hint="see that the disk has room and that you may write there",
        ) from problem


def _replace(file: Path, target: Path, before: bytes, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".new")
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(target, new)
        if target.read_bytes() != before:
            raise UsageError(
                f"{file} was changed meanwhile", hint="save it, then try again"
            )
        new.replace(target)
    finally:
        with suppress(FileNotFoundError):
            new.unlink()
