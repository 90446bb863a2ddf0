"""Needs: what stands still until a person does something about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from smmflow.errors import SmmflowError
from smmflow.model.freeze import Freeze
from smmflow.model.plan import Hold, HoldReason, Plan
from smmflow.model.schedule import Schedule

__all__ = ["Dying", "Need", "needs"]

QUIET = timedelta(hours=6)
"""A schedule that has not run for so long is worth a look."""
_SOON = timedelta(days=1)
_LAST_DAYS = timedelta(days=7)
"""A token that dies within them is told of: getting one may take a person days."""
_ALWAYS = frozenset(
    {
        HoldReason.IN_DOUBT,
        HoldReason.MISSED,
        HoldReason.REFUSED,
        HoldReason.CHANGED,
        HoldReason.RENAMED,
        HoldReason.WITHDRAWN,
        HoldReason.BLACKOUT,
        HoldReason.NO_SLOT,
        HoldReason.OVER_BUDGET,
    }
)
"""Nothing but a person ends these. A claim ends by itself, a draft is nobody's need,
and a freeze is told once for all it holds."""


@dataclass(frozen=True, slots=True)
class Dying:
    """A token that dies, and nobody renews.

    Attributes:
        channel: Whose.
        expires: When, aware.
        misses: Occurrences that come due after that, by time.
    """

    channel: str
    expires: datetime
    misses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """Something that stands still.

    Attributes:
        what: What it is about: a post on a channel, a channel, a schedule, a freeze.
        reason: In one word, as in plans.
        words: What is the matter and what to do, one sentence or two.
    """

    what: str
    reason: str
    words: str


def needs(
    plan: Plan,
    *,
    freezes: Iterable[Freeze] = (),
    unreachable: Mapping[str, SmmflowError] | None = None,
    dying: Iterable[Dying] = (),
    schedules: Iterable[Schedule] = (),
) -> tuple[Need, ...]:
    """Return what needs a person now.

    Args:
        plan: Of this moment; what it holds and can't release by itself.
        freezes: Those that hold and those that are over.
        unreachable: Channels that can't be signed in to, by name, and why.
        dying: Tokens whose end is known, however far away.
        schedules: The workflows that run by themselves.
    """
    return (
        *_frozen(freezes, plan.at),
        *(_held(hold) for hold in plan.holds if _stands_still(hold, plan.at)),
        *(
            Need(name, "sign-in", f"{problem.message}. {problem.hint or ''}".strip())
            for name, problem in (unreachable or {}).items()
        ),
        *(_last_days(each) for each in dying if each.expires - plan.at <= _LAST_DAYS),
        *_silent(schedules, plan.at),
    )


def _last_days(token: Dying) -> Need:
    missed = f", and misses {', '.join(token.misses)}" if token.misses else ""
    return Need(
        token.channel,
        "token",
        f"the token dies on {token.expires.astimezone(UTC):%Y-%m-%d %H:%M} "
        f"UTC{missed}. Get a new one with `smmflow auth {token.channel}`.",
    )


def _stands_still(hold: Hold, now: datetime) -> bool:
    if hold.reason in _ALWAYS:
        return True
    if hold.reason in {HoldReason.FROZEN, HoldReason.CLAIMED, HoldReason.UNSCHEDULED}:
        return False
    due = hold.occurrence.due
    return due is None or due - now < _SOON


def _held(hold: Hold) -> Need:
    what = f"{hold.occurrence.id} on {hold.channel}"
    return Need(what, str(hold.reason), hold.explanation)


def _frozen(freezes: Iterable[Freeze], now: datetime) -> Iterator[Need]:
    for freeze in freezes:
        if freeze.covers(now):
            where = ", ".join(freeze.channels) or "every channel"
            yield Need(
                where,
                "frozen",
                f"{freeze.owner} stopped publishing on {freeze.since:%Y-%m-%d %H:%M} "
                f"UTC: {freeze.reason}. `smmflow unfreeze` lets it go on; what came "
                "due meanwhile stays held as missed.",
            )


def _silent(schedules: Iterable[Schedule], now: datetime) -> Iterator[Need]:
    for each in schedules:
        if not each.enabled:
            yield Need(
                each.name,
                "switched-off",
                "the workflow is switched off, so nothing goes out. GitHub does so "
                "after 60 days without a commit; enable it under Actions.",
            )
        elif each.last_success is None or now - each.last_success > QUIET:
            since = (
                f"since {each.last_success:%Y-%m-%d %H:%M} UTC"
                if each.last_success
                else "ever"
            )
            yield Need(
                each.name,
                "silent",
                f"the workflow has not ended well {since}; look at its runs under "
                "Actions.",
            )
