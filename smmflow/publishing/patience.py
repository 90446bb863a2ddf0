"""Patience: how long to wait before a network is asked again, and when to give up."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from smmflow.clock import Clock
from smmflow.errors import NetworkError, RateLimited, Unreachable

__all__ = ["LOOK_UP", "TRIES", "Patience", "pause"]

TRIES = 5
"""How often one thing is tried at most, in one run."""
_MARGIN = timedelta(minutes=2)
"""Nothing is sent so near the lease's end: the answer may take this long."""
LOOK_UP = 1.0
"""Seconds between looks whether the run was stopped, while waiting."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Waiting that ends before a lease does, and soon after the run is stopped.

    Attributes:
        clock: Tells the time and waits.
        lease_until: When the lease is over, aware.
        stopping: Set when the run is to end.
    """

    clock: Clock
    lease_until: datetime
    stopping: threading.Event

    @property
    def last_moment(self) -> datetime:
        """From when on nothing is begun."""
        return self.lease_until - _MARGIN

    def require_time(self) -> None:
        """Do nothing while there is time.

        Raises:
            Unreachable: The lease is nearly over.
        """
        if self.clock.now() >= self.last_moment:
            message = "the claim's time was over before it could be sent"
            raise Unreachable(message)

    def wait(self, seconds: float, problem: NetworkError) -> None:
        """Wait in small steps; raise the problem if the run or the time ends first."""
        until = self.clock.now() + timedelta(seconds=seconds)
        if until >= self.last_moment:
            raise problem
        while (left := (until - self.clock.now()).total_seconds()) > 0:
            if self.stopping.is_set():
                raise problem
            self.clock.sleep(min(left, LOOK_UP))


def pause(problem: NetworkError, attempt: int) -> float:
    """Return how long to wait: as long as the network says, or longer each time."""
    own = 2.0**attempt * random.SystemRandom().uniform(0.5, 1.0)
    asked = problem.retry_after if isinstance(problem, RateLimited) else None
    return own if asked is None else max(0.0, asked) + own / 4
