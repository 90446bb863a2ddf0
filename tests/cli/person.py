"""A person at a terminal: reads what a command says and types what it asks for."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

SECONDS = 60


class Sitting:
    """A command with a person before it.

    Attributes:
        said: Its standard error so far.
    """

    def __init__(
        self, folder: Path, arguments: Sequence[str], secrets: Mapping[str, str]
    ) -> None:
        self._ours, self._theirs = pty.openpty()
        self.said = ""
        self.running = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "smmflow", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONUTF8": "1", "DISPLAY": "", **secrets},
            stdin=self._theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def line(self, beginning: str) -> str:
        """Read until a line begins so; return it."""
        while True:
            for each in self.said.split("\n")[:-1]:
                if each.startswith(beginning):
                    return each
            self._read(beginning)

    def type(self, question: str, words: str) -> Self:
        """Answer a hidden question, once it is asked."""
        # What is typed before the question is thrown away, as at any such prompt.
        while not self.said.endswith(f"{question}: "):
            self._read(question)
        os.write(self._ours, f"{words}\n".encode())
        self.said += "\n"
        return self

    def stop(self) -> None:
        """Press Ctrl-C."""
        self.running.send_signal(signal.SIGINT)

    def end(self) -> tuple[int, str, str]:
        """Wait for the end; return the exit code, standard output, standard error."""
        out, err = self.running.communicate(timeout=SECONDS)
        return self.running.returncode, out.decode(), self.said + err.decode()

    def close(self) -> None:
        """Leave nothing behind."""
        if self.running.poll() is None:
            self.running.kill()
            self.running.communicate()
        os.close(self._theirs)
        os.close(self._ours)

    def _read(self, wanted: str) -> None:
        stream = self.running.stderr
        assert stream
        ready, _, _ = select.select([stream], [], [], SECONDS)
        assert ready, f"nothing said {wanted!r}: {self.said}"
        some = os.read(stream.fileno(), 65536)
        assert some, f"it ended without {wanted!r}: {self.said}"
        self.said += some.decode()


@contextmanager
def sitting(
    folder: Path, *arguments: str, secrets: Mapping[str, str] | None = None
) -> Iterator[Sitting]:
    """Start a command before a person, and end it whatever comes."""
    started = Sitting(folder, arguments, secrets or {})
    try:
        yield started
    finally:
        started.close()
