"""Slips: grants on this machine's disk, sealed, until the state branch has them."""

from __future__ import annotations

import os
from pathlib import Path

from smmflow.errors import StateError
from smmflow.model.grant import Keeping
from smmflow.store.codec import decode_keeping, encode_keeping
from smmflow.store.names import encode

__all__ = ["Slips"]


class Slips:
    """A folder with one file for each grant that is not pushed yet.

    Args:
        folder: Made when something is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, channel: str, keeping: Keeping) -> None:
        """Put a grant on the disk, whole or not at all; returns when it is there.

        Raises:
            StateError: It could not be written.
        """
        path = self._path(channel)
        half = path.with_suffix(f".{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(file, "wb") as opened:
                opened.write(encode_keeping(keeping))
                opened.flush()
                os.fsync(opened.fileno())
            half.replace(path)
            _flush(path.parent)
        except OSError as problem:
            raise StateError(
                f"the new token of channel {channel} can't be kept on this disk: "
                f"{problem.strerror}",
                hint="make room; if the next run is refused, sign in again",
            ) from problem

    def read(self, channel: str) -> Keeping | None:
        """Return what lies there; None if nothing does.

        Raises:
            StateError: It can't be read.
        """
        path = self._path(channel)
        try:
            return decode_keeping(path.read_bytes(), str(path))
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise StateError(f"{path} can't be read: {problem.strerror}") from problem

    def remove(self, channel: str) -> None:
        """Take it away: the state has it."""
        self._path(channel).unlink(missing_ok=True)

    def _path(self, channel: str) -> Path:
        return self._folder / f"{encode(channel)}.json"


def _flush(folder: Path) -> None:
    """Wait until the disk knows the names in a folder, too, in case power fails."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
