"""Recovery: what journals on this machine tell of runs that died here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from smmflow.clock import Clock
from smmflow.model.publication import Change, Outcome, Publication
from smmflow.publishing.journal import Told, left_behind
from smmflow.publishing.outcomes import ended
from smmflow.store import Ledger, State

__all__ = ["recover"]

_UNSETTLED = {Outcome.CLAIMED, Outcome.IN_DOUBT, Outcome.FAILED}
"""What a receipt in a journal overrules."""
_ARRIVED = {Outcome.PUBLISHED, Outcome.SCHEDULED}


def recover(folder: Path, *, state: State, clock: Clock) -> tuple[Publication, ...]:
    """Bring into the state what dead runs could not; then remove their journals.

    A claim of which the journal never says that it was being sent was not sent: it is
    released at once. One that was being sent stays claimed until its lease is over,
    with the receipts the journal has, and is left to `settle`; a change of what is
    live is left to the next plan.

    Args:
        folder: Where journals are kept.
        state: The state.
        clock: Dates what is written.

    Returns:
        What was written.

    Raises:
        StateError: A journal can't be read or the state can't be written; the journals
            stay.
    """
    recovered: list[Publication] = []
    for path, told in left_behind(folder):
        if told.run:
            recovered += _bring(told, state, clock)
        path.unlink(missing_ok=True)
    return tuple(recovered)


def _bring(told: Told, state: State, clock: Clock) -> tuple[Publication, ...]:
    def change(ledger: Ledger) -> Iterator[Publication]:
        for known in ledger.all().values():
            if known.change is not None:
                yield from _truth_of_change(known, known.change, told, clock)
            elif known.run == told.run:
                yield from _truth(known, told, clock)

    return state.update(f"Outcomes from the journal of run {told.run}", change)


def _truth(known: Publication, told: Told, clock: Clock) -> Iterator[Publication]:
    key = known.occurrence, known.channel
    last = told.records.get(key)
    if known.outcome not in _UNSETTLED:
        return
    if last is not None and last.outcome in _ARRIVED:
        yield last
    elif known.outcome is not Outcome.CLAIMED:
        return
    elif key in told.sending:
        if last is not None:
            yield replace(known, parts=last.parts, published=last.published)
    elif last is not None and last.outcome is not Outcome.CLAIMED:
        yield last
    else:
        words = f"run {known.run} ended before it was sent"
        yield ended(last or known, Outcome.FAILED, words, clock.now())


def _truth_of_change(
    known: Publication, change: Change, told: Told, clock: Clock
) -> Iterator[Publication]:
    key = known.occurrence, known.channel
    last = told.records.get(key)
    if change.run != told.run:
        return
    if last is not None:
        yield last
    elif key not in told.sending:
        now = clock.now()
        yield replace(known, change=replace(change, lease_until=now), updated=now)
