"""Settling doubts: claims whose lease is over, and answers that never came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from smmflow.clock import Clock
from smmflow.errors import NetworkError
from smmflow.model.capabilities import Support
from smmflow.model.publication import Outcome, Publication
from smmflow.networks.interface import Among, Connection, Network
from smmflow.publishing.outcomes import (
    SKEW,
    arrived,
    ended,
    handed,
    key_of,
    with_receipt,
)
from smmflow.publishing.records import as_sent
from smmflow.publishing.seen import Seen
from smmflow.publishing.sending import claimed_at
from smmflow.store import Key, Ledger, State

__all__ = ["settle"]

_LATE = timedelta(minutes=10)
"""How long after its time a network may take to show what it had."""


def settle(
    state: State,
    *,
    connections: Mapping[str, Connection],
    networks: Mapping[str, Network],
    clock: Clock,
    run: str,
) -> tuple[Publication, ...]:
    """Find out what became of publications that nobody knows about.

    Where the network can be looked at, what is live gets its receipt and what is not is
    released. Where it can't but takes the same key only once, the claim is released
    for the very same to be sent again, which is safe. Elsewhere it is held as in doubt,
    for a person to decide.

    Args:
        state: The state, fetched.
        connections: By channel; a channel without one is left alone.
        networks: By channel.
        clock: Tells which leases are over.
        run: This run's name, for the log.

    Returns:
        What changed.

    Raises:
        StateError: The state can't be written; what was found is found again next time.
    """
    known = state.publications()
    doubtful = {
        key: record
        for key, record in known.items()
        if record.channel in connections and _is_doubtful(record, clock.now())
    }
    seen = Seen.of(known.values())
    found: dict[Key, Publication] = {}
    for key, record in doubtful.items():
        channel, others = key[1], seen.beside(record)
        network, connection = networks[channel], connections[channel]
        found[key] = _settled(record, connection, network, others, clock.now())
        seen.add(found[key])
    if all(found[key] == doubtful[key] for key in found):
        return ()

    def change(ledger: Ledger) -> Iterable[Publication]:
        now = ledger.some(found)
        return [found[key] for key in found if now.get(key) == doubtful[key]]

    return state.update(f"Run {run}: settle what was in doubt", change)


def _is_doubtful(record: Publication, now: datetime) -> bool:
    if record.change is not None and record.change.lease_until > now:
        return False
    if record.outcome is Outcome.SCHEDULED:
        return record.due <= now
    unknown = record.outcome in {Outcome.CLAIMED, Outcome.IN_DOUBT}
    return unknown and record.lease_until < now


def _settled(
    record: Publication,
    connection: Connection,
    network: Network,
    others: frozenset[str],
    now: datetime,
) -> Publication:
    capabilities = network.capabilities
    if capabilities.find is Support.YES:
        try:
            if record.handover:
                return _looked_up_ahead(record, connection, others, now)
            return _looked_up(record, connection, others, now)
        except NetworkError:
            return record  # as doubtful as before; the next run looks again
    if capabilities.idempotent and not record.handover:
        words = record.error or f"run {record.run} never said what became of it"
        released = ended(record, Outcome.FAILED, words, now)
        return replace(released, uncertain=True)
    if record.outcome is Outcome.IN_DOUBT:
        return record
    words = f"run {record.run} died while it may have been sending this"
    return ended(record, Outcome.IN_DOUBT, words, now)


def _looked_up(
    record: Publication, connection: Connection, others: frozenset[str], now: datetime
) -> Publication:
    post = as_sent(record)
    since = claimed_at(record) - SKEW
    for part in _missing(record):
        key = key_of(record, part)
        own = frozenset(each.id for each in record.receipts)
        among = Among(since, others | own)
        receipt = connection.find(post, part, key=key, among=among)
        if receipt is None:
            words = f"run {record.run} ended before it was sent"
            return ended(record, Outcome.FAILED, words, now)
        record = with_receipt(record, receipt, now)
    return record


def _looked_up_ahead(
    record: Publication, connection: Connection, others: frozenset[str], now: datetime
) -> Publication:
    """Look for what was handed over: among what is live, then among what waits."""
    post, key = as_sent(record), key_of(record, 0)
    since = min(claimed_at(record), record.due) - SKEW
    if record.due <= now and (
        receipt := connection.find(post, 0, key=key, among=Among(since, others))
    ):
        return arrived(record, receipt, now)
    if waiting := connection.scheduled(post, 0, at=record.due, key=key):
        same = record.outcome is Outcome.SCHEDULED and waiting == record.waiting
        return record if same else handed(record, waiting, now)
    if record.waiting is None:
        words = f"run {record.run} ended before it was handed over"
        return ended(record, Outcome.FAILED, words, now)
    if record.outcome is Outcome.IN_DOUBT or now - record.due < _LATE:
        return record
    # It did have it. What became of that, only a person can find out.
    words = f"{record.network} had it for its time and neither keeps nor shows it"
    return ended(record, Outcome.IN_DOUBT, words, now)


def _missing(record: Publication) -> Iterator[int]:
    yield from range(len(record.receipts), len(record.parts))
