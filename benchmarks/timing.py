"""Time of one thing against the time of another, both taken in the same run."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

__all__ = ["CommandFailed", "Ratio", "alternating", "run", "seconds"]


class CommandFailed(Exception):
    """A command that was to be measured did not do its work."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A result: how long it took, how long its floor took, in seconds.

    Attributes:
        name: What was done.
        taken: Seconds.
        floor_name: What it is compared with.
        floor: Seconds.
        aim: The highest ratio we want; None where there is no aim.
    """

    name: str
    taken: float
    floor_name: str
    floor: float
    aim: float | None = None

    def __str__(self) -> str:
        ratio = self.taken / self.floor
        words = f"{self.name}: {self.taken:.3f} s"
        words += f" = {ratio:.2f} x {self.floor_name} ({self.floor:.3f} s)"
        if self.aim is None:
            return words
        verdict = "met" if ratio <= self.aim else "missed"
        return f"{words}; aim {self.aim:g}: {verdict}"


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def alternating(
    first: Callable[[], object], second: Callable[[], object], times: int
) -> tuple[float, float]:
    """Return the median time of each, in turns: both see the same machine."""
    pairs = [(seconds(first), seconds(second)) for _ in range(times)]
    return median(one for one, _ in pairs), median(two for _, two in pairs)


def run(command: Sequence[str], expected: Sequence[int] = (0,)) -> None:
    """Run a command to its end, its output thrown away.

    Raises:
        CommandFailed: It crashed, or its exit code was not expected. (A crash of Python
            has the exit code of findings.)
    """
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=_environment()
    )
    crashed = "Traceback (most recent call last)" in done.stderr
    if crashed or done.returncode not in expected:
        words = (done.stderr or done.stdout)[-2000:]
        raise CommandFailed(
            f"{' '.join(command)} ended with {done.returncode}:\n{words}"
        )


def _environment() -> dict[str, str]:
    # Whoever installs a package has its bytecode; where none is written, each start
    # would be measured with a compiler in it.
    names = os.environ.keys() - {"PYTHONDONTWRITEBYTECODE"}
    return {name: os.environ[name] for name in names}
