"""Doubts: what nobody knows the end of, and which one a person means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from smmflow.errors import UsageError
from smmflow.model.publication import Outcome, Publication

__all__ = ["choose", "doubts", "has_change_in_doubt", "name_of"]


def doubts(
    publications: Iterable[Publication], now: datetime
) -> tuple[Publication, ...]:
    """Return what only a person or a network can settle, in order of time."""
    found = (each for each in publications if _is_in_doubt(each, now))
    return tuple(sorted(found, key=lambda p: (p.due, p.occurrence, p.channel)))


def has_change_in_doubt(record: Publication, now: datetime) -> bool:
    """Tell whether an edit or a withdrawal may be half done, and nobody is at it."""
    change = record.change
    return change is not None and change.uncertain and change.lease_until <= now


def _is_in_doubt(record: Publication, now: datetime) -> bool:
    match record.outcome:
        case Outcome.IN_DOUBT:
            return True
        case Outcome.CLAIMED:
            return record.lease_until <= now
        case Outcome.FAILED if record.uncertain:
            return True
        case _:
            return has_change_in_doubt(record, now)


def choose(
    publications: Iterable[Publication],
    *,
    post: str,
    channel: str,
    now: datetime,
    adopting: bool,
) -> Publication:
    """Return the one publication that a person decides about.

    Args:
        publications: The ledger.
        post: Id of a post or of an occurrence.
        channel: Its name; empty if there is one doubt only.
        now: The present, aware.
        adopting: Whether it is said to be live. Then what was released counts too: a
            look at a network may have missed it.

    Raises:
        UsageError: There is none, or more than one, or a run is at it.
    """
    named = [
        each
        for each in publications
        if post in {each.post, each.occurrence} and channel in {"", each.channel}
    ]
    if not named:
        raise UsageError(
            f"the ledger knows nothing of {post}{f' on {channel}' if channel else ''}",
            hint="nothing of it was ever claimed; `smmflow reconcile` lists all doubts",
        )
    found = doubts(named, now)
    if not found and adopting:
        found = tuple(each for each in named if each.outcome is Outcome.FAILED)
    match found:
        case [one]:
            return one
        case []:
            raise _nothing_in_doubt(post, named, now)
        case _:
            raise UsageError(
                f"{len(found)} doubts match: {', '.join(map(name_of, found))}",
                hint="name one of them: `smmflow reconcile OCCURRENCE --channel NAME`",
            )


def _nothing_in_doubt(
    post: str, named: Sequence[Publication], now: datetime
) -> UsageError:
    for each in named:
        holder = each if each.outcome is Outcome.CLAIMED else each.change
        if holder is not None and holder.lease_until > now:
            return UsageError(
                f"run {holder.run} is at {name_of(each)}, until "
                f"{holder.lease_until:%H:%M} UTC at the latest",
                hint="wait for it; if it died, it can be decided about then",
            )
    stand = ", ".join(f"{name_of(each)} is {each.outcome}" for each in named)
    return UsageError(f"nothing of {post} is in doubt", hint=stand)


def name_of(record: Publication) -> str:
    """Return what a publication is called: its occurrence and its channel."""
    return f"{record.occurrence} on {record.channel}"
