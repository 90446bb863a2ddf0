"""The coming weeks: what goes out on which day, and the days worth knowing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from smmflow.model.calendar import Calendar
from smmflow.model.channel_post import Occurrence
from smmflow.model.post import Weekday

__all__ = ["ComingDay", "weeks"]

_WEEK = 7
_FEWEST = 3
_MOST = 10


@dataclass(frozen=True, slots=True)
class ComingDay:
    """A day of the coming weeks.

    Attributes:
        occurrences: What goes out, the earliest first.
        remarks: Observances, and why nothing may go out.
    """

    day: date
    occurrences: tuple[Occurrence, ...]
    remarks: tuple[str, ...]


def weeks(
    occurrences: Iterable[Occurrence], calendar: Calendar, now: datetime
) -> tuple[tuple[ComingDay, ...], ...]:
    """Return whole weeks from this one to the last that holds something.

    Three weeks at least and ten at most: what is further away stands in the list.
    """
    today = now.astimezone(calendar.zone).date()
    offset = (today.weekday() - tuple(Weekday).index(calendar.week_start)) % _WEEK
    first = today - timedelta(days=offset)
    on: dict[date, list[tuple[datetime, str, Occurrence]]] = {}
    for each in occurrences:
        if each.due is not None:
            day = each.due.astimezone(calendar.zone).date()
            on.setdefault(day, []).append((each.due, each.id, each))
    last = max((day for day in on if day >= first), default=first)
    count = min(max((last - first).days // _WEEK + 1, _FEWEST), _MOST)

    def coming(day: date) -> ComingDay:
        found = tuple(each for _, _, each in sorted(on.get(day, [])))
        return ComingDay(day, found, tuple(_remarks(day, calendar)))

    return tuple(
        tuple(
            coming(first + timedelta(days=week * _WEEK + each)) for each in range(_WEEK)
        )
        for week in range(count)
    )


def _remarks(day: date, calendar: Calendar) -> Iterable[str]:
    yield from (each.title for each in calendar.observances if each.day == day)
    for closed in calendar.blackouts:
        start = closed.start.astimezone(calendar.zone)
        end = closed.end.astimezone(calendar.zone) - timedelta(microseconds=1)
        if start.date() <= day <= end.date() and not closed.channels:
            yield closed.reason
