"""Making changes of what is live: edits and withdrawals, with the promises of posts.

Both may be repeated: the same edit twice is the same post, and what is gone already is
withdrawn. So nothing has to be looked up: what may be half done stays marked as such,
and the next plan does it again once the lease is over.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar, assert_never

from smmflow.clock import Clock
from smmflow.errors import (
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SmmflowError,
    StateError,
    Unreachable,
)
from smmflow.model.channel_post import ChannelPost
from smmflow.model.plan import Cancel, Edit, Reschedule, Withdraw
from smmflow.model.publication import Outcome, Publication, Receipt
from smmflow.networks.interface import Among, Connection
from smmflow.publishing.intents import Intent
from smmflow.publishing.journal import Journal
from smmflow.publishing.outcomes import SKEW, arrived, key_of
from smmflow.publishing.patience import TRIES, Patience, pause
from smmflow.publishing.records import as_sent, part_record, said
from smmflow.publishing.seen import Seen

__all__ = ["Changer"]

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Changer:
    """A connection, and what is needed to change what is live through it."""

    connection: Connection
    clock: Clock
    journal: Journal
    seen: Seen = field(default_factory=Seen)

    def carry_out(self, intent: Intent, stopping: threading.Event) -> Publication:
        """Make a change; whatever happens becomes a record.

        One that succeeds leaves the record of what is live now. One that certainly did
        nothing leaves the record as it was, with the reason as its error. One that is
        half done, or of which nobody knows, stays in the record for the next plan.
        """
        record = intent.record
        patience = Patience(self.clock, intent.change.lease_until, stopping)
        attempts = _Attempts(self.journal, patience)
        try:
            for record in self._steps(intent, attempts):
                self._note(record)
        except SmmflowError as problem:
            begun = (
                intent.was_uncertain
                or isinstance(problem, OutcomeUnknown)
                or record != intent.record
            )
            refused = isinstance(problem, Rejected)
            record = self._failed(record, problem.message, begun=begun, refused=refused)
        except Exception as problem:  # noqa: BLE001 - an adapter's fault proves nothing
            words = f"{type(problem).__name__}: {problem}"
            record = self._failed(record, words, begun=True, refused=False)
        else:
            return record
        self._note(record)
        return record

    def release(self, intent: Intent, words: str) -> Publication:
        """Give an intent back; nothing of it was done."""
        record = self._failed(
            intent.record, words, begun=intent.was_uncertain, refused=False
        )
        self._note(record)
        return record

    def _steps(self, intent: Intent, attempts: _Attempts) -> Iterator[Publication]:
        match intent.action:
            case Edit(post=post):
                yield from self._edit(intent, post, attempts)
            case Withdraw():
                yield from self._withdraw(intent, attempts)
            case Reschedule():
                yield from self._reschedule(intent, attempts)
            case Cancel():
                yield from self._cancel(intent, attempts)
            case _:
                assert_never(intent.action)

    def _edit(
        self, intent: Intent, post: ChannelPost, attempts: _Attempts
    ) -> Iterator[Publication]:
        record = intent.record
        for number, part in enumerate(post.parts):
            receipt = record.parts[number].receipt
            if receipt is None:
                raise Rejected(f"part {number + 1} is not live, so it can't be edited")
            step = partial(self.connection.edit, receipt, post, number)
            edited = attempts.make(record, step)
            parts = list(record.parts)
            parts[number] = part_record(part, edited)
            now = self.clock.now()
            record = replace(record, parts=tuple(parts), edited=now, updated=now)
            if number + 1 < len(post.parts):
                yield record
        yield replace(said(record, post), change=None, error="")

    def _withdraw(self, intent: Intent, attempts: _Attempts) -> Iterator[Publication]:
        record = intent.record
        for number in reversed(range(len(record.parts))):
            part = record.parts[number]
            if part.receipt is None or part.gone:
                continue
            step = partial(self.connection.withdraw, part.receipt)
            attempts.make(record, step)
            parts = list(record.parts)
            parts[number] = replace(part, gone=True)
            record = replace(record, parts=tuple(parts), updated=self.clock.now())
            if number:
                yield record
        yield replace(record, outcome=Outcome.WITHDRAWN, change=None, error="")

    def _reschedule(self, intent: Intent, attempts: _Attempts) -> Iterator[Publication]:
        record, due = intent.record, intent.change.due
        if record.waiting is None or due is None:
            raise Rejected("nothing of it waits on the network")
        step = partial(self.connection.reschedule, record.waiting, at=due)
        waiting = attempts.make(record, step)
        over = replace(record, waiting=waiting, due=due, change=None, error="")
        yield replace(over, updated=self.clock.now())

    def _cancel(self, intent: Intent, attempts: _Attempts) -> Iterator[Publication]:
        record = intent.record
        if record.waiting is None:
            raise Rejected("nothing of it waits on the network")
        gone = attempts.make(record, partial(self.connection.cancel, record.waiting))
        over = replace(record, change=None, error="", updated=self.clock.now())
        if not gone and (receipt := attempts.make(record, partial(self._find, record))):
            yield arrived(over, receipt, self.clock.now())
        elif gone or self.clock.now() < record.due:
            # Another name for the next time: the network may remember this one.
            again = record.attempt + 1
            free = replace(over, outcome=Outcome.CANCELLED, attempt=again)
            yield replace(free, waiting=None, handover=False)
        else:
            yield over  # it is due, so it may be on its way out: `settle` looks

    def _find(self, record: Publication) -> Receipt | None:
        """Look whether what waited went out."""
        post, key = as_sent(record), key_of(record, 0)
        among = Among(record.due - SKEW, self.seen.beside(record))
        return self.connection.find(post, 0, key=key, among=among)

    def _failed(
        self, record: Publication, words: str, *, begun: bool, refused: bool
    ) -> Publication:
        now, change = self.clock.now(), record.change
        if change is None or not (begun or refused):
            # A change that was refused before this one is forgotten, and made again.
            return replace(record, change=None, error=words, updated=now)
        over = replace(change, lease_until=now, uncertain=begun, refused=refused)
        return replace(record, change=over, error=words, updated=now)

    def _note(self, record: Publication) -> None:
        # As in sending: it happened, and the state is told in any case.
        with suppress(StateError):
            self.journal.record(record)


@dataclass(frozen=True, slots=True)
class _Attempts:
    """The doing of one step, and again where nothing says that it worked."""

    journal: Journal
    patience: Patience

    def make(self, record: Publication, step: Callable[[], _Answer]) -> _Answer:
        """Do a step.

        Raises:
            OutcomeUnknown: It may have been done.
            SmmflowError: It was not.
        """
        doubt: OutcomeUnknown | None = None
        for attempt in itertools.count(1):
            try:
                self.patience.require_time()
                self.journal.sending(record)
                return step()
            except (RateLimited, Unreachable, OutcomeUnknown) as problem:
                if isinstance(problem, OutcomeUnknown):
                    doubt = problem
                if attempt == TRIES:
                    raise doubt or problem from None
                self.patience.wait(pause(problem, attempt), doubt or problem)
            except SmmflowError as problem:
                if doubt is None:
                    raise
                raise doubt from problem
        raise AssertionError  # counting never ends
