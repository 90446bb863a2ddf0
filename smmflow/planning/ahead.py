"""Ahead: what networks send at its time by themselves, given and taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from smmflow.model.capabilities import ScheduleLimits, Support
from smmflow.model.channel_post import Occurrence
from smmflow.model.plan import (
    Action,
    Cancel,
    Handed,
    HandOver,
    Hold,
    HoldReason,
    Reschedule,
    Wait,
    target,
)
from smmflow.model.publication import ChangeKind, Outcome, Publication
from smmflow.planning.case import Case

__all__ = ["WINDOW", "follow_ahead", "hand_over", "take_back", "within_limits"]

WINDOW = timedelta(hours=24)
"""How long before its time a post is handed over: until then it is ours, so that a
freeze or a correction needs no network."""
_MARGIN = timedelta(minutes=2)
"""Beyond what the network asks for: a run takes its time."""
_LAST_CALL = timedelta(minutes=1)
"""Nothing is changed so near its time: the network may be sending it."""
_LATE = timedelta(minutes=15)
"""When it is worth saying that the network has not shown what it had."""


def hand_over(case: Case, wait: Wait) -> HandOver | Wait:
    """Return the handing over of what waits, if it is possible and the time for it."""
    limits, due = _limits(case), wait.occurrence.due
    if limits is None or due is None or len(wait.post.parts) > 1 or case.freeze:
        return wait
    left = due - case.now
    if left <= WINDOW and _is_within(limits, left):
        return HandOver(wait.post, wait.occurrence)
    return wait


def follow_ahead(case: Case, record: Publication) -> Action:
    """Return what is to be done with something that waits on the network.

    Whatever stands against sending it (a freeze, a fault, other words) takes it back.
    """
    if unchangeable := _unchangeable(record, case.now, case.post.title):
        return unchangeable
    if against := _against(case, record):
        return _cancel(record, against)
    composed, due = case.composed, case.occurrence.due
    if composed is None or (due == record.due and record.change is None):
        return Handed(record.post, record.channel, case.occurrence, record.title)
    return Reschedule(composed, case.occurrence, record)


def _against(case: Case, record: Publication) -> str:
    """Return why it must not go out as it waits there; empty if it may."""
    composed, freeze, change = case.composed, case.freeze, record.change
    reason = ""
    if change is not None and change.kind is ChangeKind.CANCEL:
        reason = "taking it back began and has no end yet"
    elif freeze:
        reason = f"frozen by {freeze.owner}: {freeze.reason}"
    elif case.fault is not None or composed is None:
        reason = case.fault or "it can't be composed any more"
    elif composed.digest != record.digest:
        reason = "the file says something else now"
    elif case.occurrence.due != record.due and not _is_far_enough(case):
        reason = "its time changed"
    return reason


def _is_far_enough(case: Case) -> bool:
    due, limits = case.occurrence.due, _limits(case)
    if due is None or limits is None:
        return False
    return _is_within(limits, due - case.now)


def _is_within(limits: ScheduleLimits, left: timedelta) -> bool:
    soon = left < limits.earliest + _MARGIN
    late = limits.latest is not None and left > limits.latest
    return not soon and not late


def take_back(record: Publication, why: str, now: datetime) -> Action:
    """Return what is to be done with what waits although no file wants it to."""
    return _unchangeable(record, now, record.title) or _cancel(record, why)


def within_limits(
    actions: Iterable[Action],
    publications: Iterable[Publication],
    limits: Mapping[str, ScheduleLimits | None],
) -> list[Action]:
    """Return actions that hand over no more than networks take for one day.

    The rest waits for a run at its time.
    """
    taken: Counter[tuple[str, date]] = Counter(
        (each.channel, each.due.astimezone(UTC).date())
        for each in publications
        if each.outcome is Outcome.SCHEDULED
    )
    return [_unless_full(each, taken, limits) for each in actions]


def _unless_full(
    action: Action,
    taken: Counter[tuple[str, date]],
    limits: Mapping[str, ScheduleLimits | None],
) -> Action:
    due = action.occurrence.due
    if not isinstance(action, HandOver) or due is None:
        return action
    channel = target(action)[1]
    bound = limits.get(channel)
    day = channel, due.astimezone(UTC).date()
    if bound is not None and bound.per_day is not None and taken[day] >= bound.per_day:
        return Wait(action.post, action.occurrence)
    taken[day] += 1
    return action


def _limits(case: Case) -> ScheduleLimits | None:
    able = case.capabilities
    channel = case.wanted.workspace.channels[case.channel]
    if able is None or not channel.handover:
        return None
    possible = able.schedule is Support.YES and able.find is Support.YES
    return able.schedule_limits if possible else None


def _unchangeable(record: Publication, now: datetime, title: str) -> Action | None:
    """Return what to say of something that can't be changed now; None if it can."""
    occurrence = Occurrence(record.occurrence, record.post, record.due)
    change = record.change
    if change is not None and change.lease_until > now:
        explanation = (
            f"run {change.run} is at it ({change.kind}), until "
            f"{change.lease_until:%H:%M} UTC at the latest"
        )
        reason = HoldReason.CLAIMED
    elif now - record.due > _LATE:
        explanation = (
            f"{record.network} was to send it at {record.due:%Y-%m-%d %H:%M} UTC and "
            f"does not show it yet; look at {record.channel}"
        )
        reason = HoldReason.IN_DOUBT
    elif record.due - now <= _LAST_CALL:
        return Handed(record.post, record.channel, occurrence, title)
    else:
        return None
    return Hold(record.post, record.channel, occurrence, reason, explanation, title)


def _cancel(record: Publication, why: str) -> Cancel:
    occurrence = Occurrence(record.occurrence, record.post, record.due)
    return Cancel(occurrence, record, why)
