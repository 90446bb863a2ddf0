"""The outbox: outcomes on their way into the state, in batches."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from smmflow.clock import Clock
from smmflow.errors import StateError
from smmflow.model.publication import Outcome, Publication
from smmflow.store import Ledger, State

__all__ = ["Outbox"]

_BATCH = 25
_TAKEN = {
    Outcome.CLAIMED,
    Outcome.PUBLISHED,
    Outcome.SCHEDULED,
    Outcome.WITHDRAWN,
}
_INTERVAL = timedelta(minutes=1)


class Outbox:
    """Outcomes of one run, pushed when there are enough of them or enough time passed.

    Args:
        state: Where they go.
        run: Whose they are.
        clock: Tells how long ago the last push was.
    """

    def __init__(self, state: State, run: str, clock: Clock) -> None:
        self._state = state
        self._run = run
        self._clock = clock
        self._last_push = clock.now()
        self._unsaved: list[Publication] = []
        self._results: list[Publication] = []

    @property
    def results(self) -> tuple[Publication, ...]:
        """Everything that was added, in order."""
        return tuple(self._results)

    def add(self, result: Publication) -> None:
        """Take one outcome; push if it is time to."""
        self._results.append(result)
        self._unsaved.append(result)
        waited = self._clock.now() - self._last_push
        if len(self._unsaved) >= _BATCH or waited >= _INTERVAL:
            with suppress(StateError):  # it is tried again, at the end at the latest
                self._push()

    def flush(self) -> None:
        """Push what is left.

        Raises:
            StateError: It can't be pushed; the journal keeps it for the next run.
        """
        try:
            self._push()
        except StateError as problem:
            raise StateError(
                f"what was sent could not be recorded: {problem.message}",
                hint="the journal on this machine keeps it, and the next run here "
                "records it; other machines hold these posts meanwhile",
            ) from problem

    def _push(self) -> None:
        self._last_push = self._clock.now()
        if self._unsaved:
            batch = tuple(self._unsaved)
            self._state.update(
                f"Run {self._run}: outcomes", lambda ledger: self._ours(ledger, batch)
            )
            self._unsaved.clear()

    def _ours(
        self, ledger: Ledger, batch: Iterable[Publication]
    ) -> Iterable[Publication]:
        """Yield those whose claim nobody took over since our lease ended."""
        results = {(each.occurrence, each.channel): each for each in batch}
        known = ledger.some(results)
        for key, result in results.items():
            now = known.get(key)
            if now is None or self._may_write(now):
                yield result

    def _may_write(self, now: Publication) -> bool:
        if now.change is not None:
            return now.change.run == self._run
        return now.run == self._run or now.outcome not in _TAKEN
