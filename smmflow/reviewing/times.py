"""When a post goes out, in words that a reviewer reads at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import assert_never

from smmflow.language.dates import numeric_date
from smmflow.model.calendar import Calendar
from smmflow.model.channel_post import Occurrence
from smmflow.model.post import (
    At,
    Frequency,
    InSlot,
    Post,
    Repeating,
    Unscheduled,
)

__all__ = ["due_words"]

_UNITS = {
    Frequency.DAILY: "day",
    Frequency.WEEKLY: "week",
    Frequency.MONTHLY: "month",
}


def due_words(
    post: Post, occurrences: Sequence[Occurrence], calendar: Calendar, now: datetime
) -> str:
    """Return when a post goes out, in the workspace's zone and calendar.

    Args:
        post: Whose schedule counts.
        occurrences: Its appointed times, the first first.
        calendar: The zone, and which calendar dates are written in.
        now: The present, aware: of a recurring post, the next time counts.
    """
    if post.draft:
        return "a draft, never goes out"
    times = [each.due for each in occurrences if each.due is not None]
    match post.schedule:
        case Repeating() as rule:
            nexts = [each for each in times if each > now]
            first = f", next {_at(nexts[0], calendar)}" if nexts else ""
            return f"{_rhythm(rule, calendar)}{first}"
        case At() | InSlot() | Unscheduled():
            return _at(times[0], calendar) if times else "no time yet"
        case _:
            assert_never(post.schedule)


def _at(moment: datetime, calendar: Calendar) -> str:
    local = moment.astimezone(calendar.zone)
    return f"{local:%a} {_day(local, calendar)} {local:%H:%M}"


def _day(day: date, calendar: Calendar) -> str:
    return numeric_date(day, in_jalali=calendar.jalali)


def _rhythm(rule: Repeating, calendar: Calendar) -> str:
    unit = _UNITS[rule.frequency]
    every = f"every {unit}" if rule.every == 1 else f"every {rule.every} {unit}s"
    days = ", ".join(rule.days)
    where = f" on {days}" if days else f" on day {rule.day}" if rule.day else ""
    until = f" until {_day(rule.until, calendar)}" if rule.until else ""
    times = f", {rule.count} times" if rule.count else ""
    return f"{every}{where} at {rule.at:%H:%M}{until}{times}"
