"""Appointments: every post's occurrences, by its file, the calendar and the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import assert_never

from smmflow.model.calendar import Calendar
from smmflow.model.channel_post import Occurrence
from smmflow.model.post import At, InSlot, Post, Repeating, Unscheduled
from smmflow.model.publication import Outcome, Publication
from smmflow.model.workspace import Workspace
from smmflow.planning import recurrence, slots

__all__ = ["HORIZON", "appoint"]

HORIZON = timedelta(days=14)
"""How far ahead plans look."""
_LOOK_BACK = timedelta(days=7)
"""How far back an occurrence of a recurring post is still worth calling missed."""
_SLOT_HORIZON = timedelta(days=366)

_NOT_BEGUN = {
    Outcome.FAILED,
    Outcome.REFUSED,
    Outcome.SCHEDULED,
    Outcome.CANCELLED,
}

Publications = Mapping[tuple[str, str], Publication]


def appoint(
    workspace: Workspace,
    publications: Publications,
    now: datetime,
    horizon: timedelta = HORIZON,
) -> Mapping[str, tuple[Occurrence, ...]]:
    """Return the occurrences of every post that is no draft.

    Posts at one time or without a time have exactly one. A recurring post has those
    from a week ago until the horizon. What the ledger knows keeps the time the ledger
    gives it, whatever the slots look like today.

    Args:
        workspace: Posts and calendar.
        publications: What the ledger says.
        now: The present, aware.
        horizon: How far ahead to name recurring occurrences.
    """
    fixed = {record.occurrence: record.due for record in publications.values()}
    slotted = _fill_slots(workspace, publications, fixed, now)
    begun = {r.occurrence: r.due for r in publications.values() if _has_begun(r)}
    calendar, span = workspace.calendar, (now - _LOOK_BACK, now + horizon)
    return {
        post.id: _recurring(post, post.schedule, calendar, span)
        if isinstance(post.schedule, Repeating)
        else (Occurrence(post.id, post.id, _due(post, fixed, begun, slotted)),)
        for post in workspace.posts.values()
        if not post.draft
    }


def _fill_slots(
    workspace: Workspace,
    publications: Publications,
    fixed: Mapping[str, datetime],
    now: datetime,
) -> Mapping[str, datetime]:
    waiting = [
        post
        for post in workspace.posts.values()
        if isinstance(post.schedule, InSlot)
        and not post.draft
        and not post.withdrawn
        and post.id not in fixed
    ]
    taken: dict[str, set[datetime]] = {}
    for record in publications.values():
        taken.setdefault(record.channel, set()).add(record.due)
    return slots.fill(
        waiting,
        workspace.calendar,
        {channel: frozenset(moments) for channel, moments in taken.items()},
        since=now - workspace.calendar.max_lateness,
        until=now + _SLOT_HORIZON,
    )


def _has_begun(record: Publication) -> bool:
    """Tell whether something of it is live, or may be."""
    return bool(record.receipts) or record.uncertain or record.outcome not in _NOT_BEGUN


def _due(
    post: Post,
    fixed: Mapping[str, datetime],
    begun: Mapping[str, datetime],
    slotted: Mapping[str, datetime],
) -> datetime | None:
    match post.schedule:
        case At(moment):
            return moment
        case InSlot():
            return fixed.get(post.id) or slotted.get(post.id)
        case Unscheduled() | Repeating():
            # Whoever takes the time away from a post that failed means it to wait.
            return begun.get(post.id)
        case _:
            assert_never(post.schedule)


def _recurring(
    post: Post, rule: Repeating, calendar: Calendar, span: tuple[datetime, datetime]
) -> tuple[Occurrence, ...]:
    since, until = span
    if post.created is not None:
        since = max(since, post.created)
    found = []
    for day in recurrence.days_of(rule, until.astimezone(calendar.zone).date()):
        due = recurrence.moment(rule, day, calendar.zone)
        if since <= due <= until:
            name = recurrence.occurrence_id(post.id, day, rule)
            found.append(Occurrence(name, post.id, due))
    return tuple(found)
