"""Sending one post: part by part, and again only where nothing can have been sent."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from smmflow.clock import Clock
from smmflow.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SmmflowError,
    StateError,
    Unreachable,
)
from smmflow.model.capabilities import Capabilities, Support
from smmflow.model.publication import Outcome, Pending, Publication, Receipt
from smmflow.networks.interface import Among, Connection, Thread
from smmflow.publishing.claims import LEASE, Claim
from smmflow.publishing.journal import Journal
from smmflow.publishing.outcomes import SKEW, ended, handed, key_of, with_receipt
from smmflow.publishing.patience import LOOK_UP, TRIES, Patience, pause
from smmflow.publishing.seen import Seen

__all__ = ["Sender", "claimed_at"]

_UNHEARD = "an earlier run never heard the answer"
_PENDING = timedelta(minutes=10)
"""How long a network may work on a part."""


def claimed_at(record: Publication) -> datetime:
    """Return when the claim was made that a publication is or was under."""
    return record.lease_until - LEASE


@dataclass(frozen=True, slots=True)
class Sender:
    """A connection, and what is needed to send through it responsibly."""

    connection: Connection
    capabilities: Capabilities
    clock: Clock
    journal: Journal
    seen: Seen = field(default_factory=Seen)

    def send(self, claim: Claim, stopping: threading.Event) -> Publication:
        """Send what is not live yet; whatever happens becomes an outcome.

        Refused content is REFUSED with the network's words. What may have been sent
        and can't be found is IN_DOUBT. What certainly was not sent is FAILED, which
        releases the claim. Parts that went live keep their receipts in each case.
        """
        record = claim.record
        if obstacle := self._obstacle(record, stopping):
            return self.release(claim, obstacle)
        for _ in range(len(record.receipts), len(record.parts)):
            sending = _Sending(self, claim, record, stopping)
            try:
                receipt = sending.receipt()
            except Rejected as problem:
                return self._end(record, Outcome.REFUSED, problem.message)
            except OutcomeUnknown as problem:
                return self._end(record, Outcome.IN_DOUBT, problem.message)
            except SmmflowError as problem:
                return self._end(record, Outcome.FAILED, problem.message)
            except Exception as problem:  # noqa: BLE001 - an adapter's fault proves nothing
                words = f"{type(problem).__name__}: {problem}"
                return self._end(record, Outcome.IN_DOUBT, words)
            step = handed if record.handover else with_receipt
            record = step(record, receipt, self.clock.now())
            self.seen.add(record)
            self._note(record)
        return record

    def _obstacle(self, record: Publication, stopping: threading.Event) -> str:
        """Wait until it may be sent; return why it may not, empty if it may."""
        if not record.handover:
            in_time = self._await(record.due, stopping)
            return "" if in_time else "the run was stopped before it was sent"
        limits = self.capabilities.schedule_limits
        if limits and record.due - self.clock.now() > limits.earliest:
            return ""
        return "it is too near to be handed over; a run sends it at its time"

    def _await(self, due: datetime, stopping: threading.Event) -> bool:
        """Wait for the second a post is due; False if the run is to end before."""
        while (left := (due - self.clock.now()).total_seconds()) > 0:
            if stopping.is_set():
                return False
            self.clock.sleep(min(left, LOOK_UP))
        return True

    def release(self, claim: Claim, words: str) -> Publication:
        """Give a claim back; nothing of it was sent."""
        return self._end(claim.record, Outcome.FAILED, words)

    def _end(self, record: Publication, outcome: Outcome, words: str) -> Publication:
        result = ended(record, outcome, words, self.clock.now())
        self._note(result)
        return result

    def _note(self, record: Publication) -> None:
        # It happened, whether or not the disk takes it; the state is told in any case,
        # and before the next part is sent the journal has to work again.
        with suppress(StateError):
            self.journal.record(record)


class _Sending:
    """The sending of the next part of one publication."""

    def __init__(
        self,
        sender: Sender,
        claim: Claim,
        record: Publication,
        stopping: threading.Event,
    ) -> None:
        self._sender = sender
        self._clock = sender.clock
        self._post = claim.post
        self._record = record
        self._part = len(record.receipts)
        self._key = key_of(record, self._part)
        self._patience = Patience(sender.clock, record.lease_until, stopping)
        self._can_look = sender.capabilities.find is Support.YES
        # Keys are promised for posts, not for what is handed over, and that has time.
        self._can_repeat = sender.capabilities.idempotent and not record.handover
        # What an earlier run could not find out, no refusal of this one's makes known.
        self._doubt = OutcomeUnknown(_UNHEARD) if record.uncertain else None

    def receipt(self) -> Receipt:
        """Send the part, and return the proof that it is live.

        Raises:
            OutcomeUnknown: It may be live.
            Rejected: The network refuses it.
            SmmflowError: Nothing was sent; the next run may.
        """
        try:
            return self._persist()
        except SmmflowError as problem:
            if self._doubt is None:
                raise
            # An earlier try may have worked, so no later answer makes it certain that
            # nothing is there: "duplicate" is a refusal, too.
            raise self._doubt from problem

    def _persist(self) -> Receipt:
        attempt = 0
        while True:
            attempt += 1
            self._patience.require_time()
            self._sender.journal.sending(self._record)
            try:
                return self._send()
            except (RateLimited, Unreachable) as problem:
                if attempt == TRIES:
                    raise
                self._sender.journal.record(self._record)
                self._patience.wait(pause(problem, attempt), problem)
            except OutcomeUnknown as problem:
                self._doubt = problem
                if not (self._can_look or self._can_repeat):
                    raise
                # The network may still be at it: a look too early sees nothing.
                self._patience.wait(pause(problem, attempt), problem)
                if found := self._look():
                    return found
                if not self._can_repeat or attempt == TRIES:
                    raise

    def _send(self) -> Receipt:
        connection = self._sender.connection
        answer = self._first_answer()
        end = min(self._clock.now() + _PENDING, self._patience.last_moment)
        failures = 0
        while isinstance(answer, Pending):
            pending = answer
            self._clock.sleep(max(pending.wait, 0.1))
            # After the wait, for it may have been longer than the lease has left.
            if self._clock.now() >= end:
                raise _unfinished(pending, "the network was still working on it")
            try:
                answer = connection.resume(pending)
            except (RateLimited, Unreachable) as problem:
                failures += 1
                if failures == TRIES:
                    raise _unfinished(pending, problem.message) from problem
                left = (end - self._clock.now()).total_seconds()
                self._clock.sleep(min(pause(problem, failures), max(left, 0.0)))
        return answer

    def _first_answer(self) -> Receipt | Pending:
        connection, record = self._sender.connection, self._record
        if record.handover:
            return connection.schedule(
                self._post, self._part, at=record.due, key=self._key
            )
        live = record.receipts
        after = Thread(live[0], live[-1]) if live else None
        return connection.publish(self._post, self._part, after=after, key=self._key)

    def _look(self) -> Receipt | None:
        if not self._can_look:
            return None
        if self._record.handover:
            with suppress(NetworkError):
                return self._sender.connection.scheduled(
                    self._post, self._part, at=self._record.due, key=self._key
                )
            return None
        with suppress(NetworkError):
            return self._sender.connection.find(
                self._post, self._part, key=self._key, among=self._among()
            )
        return None

    def _among(self) -> Among:
        record = self._record
        own = frozenset(each.id for each in record.receipts)
        others = self._sender.seen.beside(record) | own
        return Among(claimed_at(record) - SKEW, others)


def _unfinished(pending: Pending, words: str) -> NetworkError:
    """Return what it means that nobody waits for a part any longer."""
    return (Unreachable if pending.unseen else OutcomeUnknown)(words)
