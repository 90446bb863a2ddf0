"""The journal: what this run did, on this machine's disk before the next step."""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from smmflow.errors import StateError
from smmflow.model.publication import Publication
from smmflow.store import Key
from smmflow.store.codec import (
    FORMAT,
    decode_publication,
    encode_publication_line,
)
from smmflow.store.names import encode

__all__ = ["Journal", "Told", "left_behind"]


@dataclass(slots=True)
class Told:
    """What a journal tells.

    Attributes:
        run: Whose it is; empty if the run died before it wrote that.
        records: The last record of each publication.
        sending: Publications that were being sent when the journal ends.
    """

    run: str = ""
    records: dict[Key, Publication] = field(default_factory=dict)
    sending: set[Key] = field(default_factory=set)


class Journal:
    """An append-only file of one run, locked as long as the run lives.

    Each line reaches the disk before the call returns. The operating system lets go of
    the lock however the run ends, so a journal nobody locks was left behind.

    Args:
        folder: Where journals are kept; made if need be.
        run: The run's name.

    Raises:
        StateError: The folder can't be written, or a run of this name is going on.
    """

    def __init__(self, folder: Path, run: str) -> None:
        self.path = folder / f"{encode(run)}.jsonl"
        self._mutex = threading.Lock()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = _locked(self.path)
            _flush_folder(self.path.parent)
        except OSError as problem:
            message = f"the journal {self.path} can't be written: {problem.strerror}"
            raise StateError(message) from problem
        if self._file is None:
            message = f"a run called {run} is going on here: {self.path} is locked"
            raise StateError(message, hint="wait for it, or give this run another name")
        self._write(json.dumps({"format": FORMAT, "run": run}).encode() + b"\n")

    def sending(self, record: Publication) -> None:
        """Note that the next part of a publication is about to be sent.

        Raises:
            StateError: It could not be written, so nothing must be sent.
        """
        key = [record.occurrence, record.channel]
        self._write(json.dumps({"sending": key}).encode() + b"\n")

    def record(self, record: Publication) -> None:
        """Note where a publication stands.

        Raises:
            StateError: It could not be written.
        """
        self._write(encode_publication_line(record))

    def discard(self) -> None:
        """Remove it and let go: everything it tells is in the state."""
        self.path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let go of the lock; a journal that was not discarded is left behind."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _write(self, line: bytes) -> None:
        with self._mutex:
            if self._file is None:
                message = f"the journal {self.path} is closed"
                raise StateError(message)
            try:
                _append(self._file, line)
            except OSError as problem:
                message = f"the journal {self.path} can't be written: "
                raise StateError(
                    message + str(problem.strerror),
                    hint="nothing is sent that could not be remembered; make room",
                ) from problem


def left_behind(folder: Path) -> Iterator[tuple[Path, Told]]:
    """Yield the journals of runs that are over, each locked while it is looked at.

    Raises:
        StateError: A journal is broken elsewhere than at its end.
    """
    for path in sorted(folder.glob("**/*.jsonl")):
        file = _locked(path, make=False)
        if file is None:
            continue
        try:
            yield path, _told(path)
        finally:
            os.close(file)


def _locked(path: Path, *, make: bool = True) -> int | None:
    """Open and lock a file; None if somebody has the lock or took the file away."""
    while True:
        try:
            flags = os.O_RDWR | os.O_APPEND | (os.O_CREAT if make else 0)
            file = os.open(path, flags, 0o600)
        except FileNotFoundError:
            if make:
                raise
            return None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        if os.fstat(file).st_nlink:
            return file
        os.close(file)  # removed between opening and locking


def _flush_folder(folder: Path) -> None:
    """Wait until the disk knows the names in a folder, too, in case power fails."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _append(file: int, line: bytes) -> None:
    """Write a line and wait for the disk; take back what only half fits."""
    before = os.fstat(file).st_size
    try:
        while line:
            line = line[os.write(file, line) :]
        os.fsync(file)
    except OSError:
        os.ftruncate(file, before)
        raise


def _told(path: Path) -> Told:
    told = Told()
    *lines, _torn = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines, start=1):
        where = f"{path}, line {number}"
        entry = _entry(line, where)
        if "run" in entry:
            told.run = str(entry["run"])
        elif isinstance(key := entry.get("sending"), list):
            told.sending.add((str(key[0]), str(key[1])))
        else:
            record = decode_publication(line, where)
            told.records[record.occurrence, record.channel] = record
            told.sending.discard((record.occurrence, record.channel))
    return told


def _entry(line: bytes, where: str) -> dict[str, object]:
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    if isinstance(entry, dict):
        return entry
    raise StateError(
        f"{where} can't be read",
        hint="a journal tells what a run that died has published; move it away only "
        "when you have looked at the channels yourself",
    )
