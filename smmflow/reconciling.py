"""Reconciling: what nobody knows the end of, and what a person says of it."""

from __future__ import annotations

from collections.abc import Sequence

from smmflow.clock import Clock
from smmflow.model.publication import Publication
from smmflow.networks.line import Line
from smmflow.publishing import Sighting, reconcile
from smmflow.publishing.doubts import doubts as _doubts
from smmflow.store import State

__all__ = ["adopt", "doubts", "forget", "sight"]


def doubts(
    state: State, clock: Clock, *, post: str = "", channel: str = ""
) -> tuple[Publication, ...]:
    """Return what nobody knows the end of, in order of time; all of it by default."""
    return tuple(
        each
        for each in _doubts(state.publications().values(), clock.now())
        if post in {"", each.post, each.occurrence} and channel in {"", each.channel}
    )


def sight(
    state: State, record: Publication, urls: Sequence[str], line: Line
) -> tuple[Sighting, ...]:
    """Look at posts that are said to be the parts of a publication nobody heard of.

    Raises:
        UsageError: An address can't be what it is said to be.
        SmmflowError: The network can't be asked.
    """
    if problem := line.failures.get(record.channel):
        raise problem
    connection = line.connections[record.channel]
    return reconcile.sight(record, urls, connection, state.publications().values())


def adopt(
    state: State,
    record: Publication,
    sightings: Sequence[Sighting],
    *,
    owner: str,
    clock: Clock,
) -> Publication:
    """Write that parts are live, by a person's word; raises like `State.update`."""
    receipts = [each.receipt for each in sightings]
    decision = reconcile.adopted(record, receipts, owner=owner, now=clock.now())
    return reconcile.decide(state, record, decision)


def forget(
    state: State, record: Publication, *, owner: str, clock: Clock
) -> Publication:
    """Write that the rest is not live, by a person's word.

    Raises:
        UsageError: That can't be said yet, or is known to be otherwise.
        StateError: The state can't be written, or was changed meanwhile.
    """
    decision = reconcile.forgotten(record, owner=owner, now=clock.now())
    return reconcile.decide(state, record, decision)
