"""Calendar pages: the months that hold something, Gregorian or Jalali, as weeks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from smmflow.language import jalali
from smmflow.model.calendar import Calendar, Observance
from smmflow.model.post import Weekday
from smmflow.site.entry import Entry

__all__ = ["Day", "Month", "months"]

_WEEK = 7
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month's page.

    Attributes:
        column: 1 for the first day of the week, up to 7.
        entries: What went out that day, the earliest first.
        observances: Titles.
    """

    day: date
    column: int
    entries: tuple[Entry, ...]
    observances: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month that holds something.

    Attributes:
        year: In the calendar the pages show; so for the month.
        days: All of them.
        count: How many entries went out.
    """

    year: int
    month: int
    days: tuple[Day, ...]
    count: int

    @property
    def path(self) -> str:
        """Of its page, relative to the site's root."""
        return f"calendar/{self.year:04}-{self.month:02}/index.html"


def months(
    entries: Iterable[Entry], calendar: Calendar, *, jalali_months: bool
) -> tuple[Month, ...]:
    """Return the months in which something went out or is observed, the latest first.

    Months between them that hold nothing have no page, so one observance far away does
    not make a thousand. Days outside the Jalali years that are known are left out.
    """
    posts = _by_day(
        (each.published.astimezone(calendar.zone).date(), each)
        for each in sorted(entries, key=lambda each: each.published)
    )
    observed = _by_day(_observed(calendar.observances))
    first = tuple(Weekday).index(calendar.week_start)

    def month_of(day: date) -> tuple[int, int]:
        if jalali_months:
            return jalali.from_gregorian(day)[:2]
        return day.year, day.month

    days = {day for day in (*posts, *observed) if not jalali_months or _known(day)}
    return tuple(
        Month(
            *name,
            days=tuple(
                Day(
                    day,
                    (day.weekday() - first) % _WEEK + 1,
                    tuple(posts.get(day, ())),
                    tuple(observed.get(day, ())),
                )
                for day in every
            ),
            count=sum(len(posts.get(day, ())) for day in every),
        )
        for name in sorted({month_of(day) for day in days}, reverse=True)
        for every in [_days(*name, jalali_months=jalali_months)]
    )


def _observed(observances: Iterable[Observance]) -> Iterable[tuple[date, str]]:
    return ((each.day, each.title) for each in observances)


def _by_day(pairs: Iterable[tuple[date, _T]]) -> Mapping[date, list[_T]]:
    found: dict[date, list[_T]] = {}
    for day, each in pairs:
        found.setdefault(day, []).append(each)
    return found


def _known(day: date) -> bool:
    return jalali.FIRST_YEAR < day.year - 621 < jalali.LAST_YEAR


def _days(year: int, month: int, *, jalali_months: bool) -> list[date]:
    if jalali_months:
        start = jalali.to_gregorian(year, month, 1)
        length = jalali.days_in_month(year, month)
        return [start + timedelta(days=each) for each in range(length)]
    start = date(year, month, 1)
    days = (start + timedelta(days=each) for each in range(31))
    return [day for day in days if day.month == month]
