"""The time: the only module that reads the clock or sleeps."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

__all__ = ["Clock", "FixedClock", "SystemClock"]


class Clock(Protocol):
    """Tells the time and waits."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait that many seconds; zero or less returns at once."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait that many seconds; zero or less returns at once."""
        if seconds > 0:
            time.sleep(seconds)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still, and jumps instead of sleeping: rehearsals and tests.

    Args:
        moment: The time it tells first; must be aware.
        slept: The waits asked of it, in seconds.
    """

    moment: datetime
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        """Return the moment this clock stands at."""
        return self.moment.astimezone(UTC)

    def sleep(self, seconds: float) -> None:
        """Jump that many seconds ahead."""
        self.slept.append(seconds)
        self.moment += timedelta(seconds=max(0.0, seconds))
