"""A machine that may die, stall or lose its remote at any step of a run.

A dead machine is simulated where its deeds would leave it: from its last step on no
write, push or request of it has any effect, which is what SIGKILL leaves behind.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

import httpx

from smmflow.errors import StateError
from smmflow.model.publication import Change, Outcome, Publication
from smmflow.publishing import Journal
from smmflow.repository import StateBranch
from smmflow.store import Ledger, State

__all__ = [
    "Life",
    "MachineClock",
    "MortalJournal",
    "MortalState",
    "Time",
    "Trouble",
    "What",
    "Wire",
]

_TICK = 30.0
_LONGEST = 60.0
"""Seconds a lane may wait for its turn, in real time: more is a deadlock."""
_SHORT = timedelta(seconds=90)


class What(StrEnum):
    """What strikes a run at a step."""

    DEATH = "the machine dies"
    REMOTE_AWAY = "the remote refuses everything from now on"
    PUSH_LOST = "the next push arrives, but nobody hears of it"
    FULL_DISK = "the disk takes nothing any more"
    STALL = "the machine sleeps for a while"
    RIVAL = "another machine makes a whole run meanwhile"


@dataclass(frozen=True)
class Trouble:
    """Something that strikes at one step of a run.

    Attributes:
        step: 1-based; a run that is shorter gets away.
        what: Which.
        minutes: How long a stall lasts.
        rival: Makes the other run.
    """

    step: int
    what: What
    minutes: int = 0
    rival: Callable[[], None] = lambda: None


@dataclass
class Time:
    """The one time of the world, whatever clocks say."""

    moment: datetime = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def go_by(self, span: timedelta) -> None:
        self.moment += span


class Life:
    """One run of a machine, and the trouble that may strike it.

    The lane of a channel and the run that records what it did are two threads. Here
    they take turns, so that the same trouble at the same step is the same history: the
    lane goes on when everything it ended has been reported.
    """

    def __init__(self, time: Time, skew: timedelta, trouble: Trouble | None) -> None:
        self.time = time
        self.clock = MachineClock(self, skew)
        self.dead = self.remote_away = self.push_lost = self.disk_full = False
        self._trouble = trouble
        self._steps = 0
        self._own_thread = threading.get_ident()
        self._turns = threading.Condition()
        self._ended = self._reported = 0

    def step(self, *, risky: bool = False) -> None:
        """Pass a step of a run, and let happen what is to happen there.

        Args:
            risky: Between the last look at the lease and a request; a machine must not
                sleep for long here (docs/explanation/publishing.md, "Clocks").
        """
        self.take_turn()
        self.require_life()
        self._steps += 1
        trouble = self._trouble
        if trouble is None or self._steps != trouble.step:
            return
        match trouble.what:
            case What.DEATH:
                self.dead = True
                self.require_life()
            case What.REMOTE_AWAY:
                self.remote_away = True
            case What.PUSH_LOST:
                self.push_lost = True
            case What.FULL_DISK:
                self.disk_full = True
            case What.STALL:
                span = timedelta(minutes=trouble.minutes)
                self.time.go_by(min(span, _SHORT) if risky else span)
            case What.RIVAL:
                trouble.rival()

    def require_life(self) -> None:
        if self.dead:
            _fail("the machine is dead")

    def take_turn(self) -> None:
        if threading.get_ident() != self._own_thread:
            with self._turns:
                done = self._turns.wait_for(
                    lambda: self._reported >= self._ended, _LONGEST
                )
            assert done, "a lane waits for a report that never comes"

    def has_ended(self) -> None:
        self._ended += 1

    def has_reported(self, _result: Publication) -> None:
        with self._turns:
            self._reported += 1
            self._turns.notify_all()


@dataclass
class MachineClock:
    """A machine's clock: the world's time and its own error.

    Every wait takes half a minute, so that jitter changes no history.
    """

    life: Life
    skew: timedelta

    def now(self) -> datetime:
        self.life.take_turn()
        return self.life.time.now() + self.skew

    def sleep(self, seconds: float) -> None:
        self.life.take_turn()
        self.life.require_life()
        ticks = math.ceil(max(0.0, seconds) / _TICK)
        self.life.time.go_by(timedelta(seconds=ticks * _TICK))


class MortalJournal(Journal):
    """A journal that takes nothing from a dead machine or onto a full disk."""

    def __init__(self, folder: Path, run: str, life: Life) -> None:
        super().__init__(folder, run)
        self._life = life
        self._change: Change | None = None

    def sending(self, record: Publication) -> None:
        self._change = record.change
        self._life.step(risky=True)
        self._require_room()
        super().sending(record)
        self._life.step(risky=True)

    def record(self, record: Publication) -> None:
        try:
            self._life.step()
            self._require_room()
            super().record(record)
            self._life.step()
        finally:
            if self._is_last(record):
                self._life.has_ended()

    def discard(self) -> None:
        if self._life.dead:
            self.close()
        else:
            super().discard()

    def _require_room(self) -> None:
        if self._life.disk_full:
            _fail("no space left on device")

    def _is_last(self, record: Publication) -> bool:
        if record.change is None:
            return record.outcome is not Outcome.CLAIMED
        return record.change != self._change


class MortalState(State):
    """The state as a machine sees it whose remote and life may end."""

    def __init__(self, branch: StateBranch, life: Life) -> None:
        super().__init__(branch)
        self._life = life

    def fetch(self) -> None:
        self._require_remote()
        super().fetch()

    def update(
        self, message: str, change: Callable[[Ledger], Iterable[Publication]]
    ) -> tuple[Publication, ...]:
        self._life.step()
        self._require_remote()
        written = super().update(message, change)
        if self._life.push_lost:
            self._life.push_lost = False
            _fail("whether the last push arrived is not known")
        self._life.step()
        return written

    def _require_remote(self) -> None:
        self._life.require_life()
        if self._life.remote_away:
            _fail("the remote can't be reached")


@dataclass
class Wire(httpx.BaseTransport):
    """What carries a machine's requests, as long as it lives."""

    server: httpx.BaseTransport
    life: Life

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.life.step(risky=True)
        response = self.server.handle_request(request)
        self.life.step()
        return response


def _fail(words: str) -> NoReturn:
    raise StateError(words)
