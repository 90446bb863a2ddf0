"""Recurring posts: the days on which one falls, by the calendar on the wall."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import assert_never
from zoneinfo import ZoneInfo

from smmflow.model.post import Frequency, Repeating, Weekday

__all__ = ["days_of", "moment", "occurrence_id"]

_WEEKDAYS = tuple(Weekday)
_DAYS_IN_WEEK = 7
_LAST_MONTH = 12


def days_of(rule: Repeating, last: date) -> Iterator[date]:
    """Yield the days of a recurring post, from its first to `last` at the most."""
    stop = last if rule.until is None else min(last, rule.until)
    return islice(_unbounded_count(rule, stop), rule.count)


def _unbounded_count(rule: Repeating, stop: date) -> Iterator[date]:
    match rule.frequency:
        case Frequency.DAILY:
            return _daily(rule, stop)
        case Frequency.WEEKLY:
            return _weekly(rule, stop)
        case Frequency.MONTHLY:
            return _monthly(rule, stop)
        case _:
            assert_never(rule.frequency)


def _daily(rule: Repeating, stop: date) -> Iterator[date]:
    day = rule.start
    while day <= stop:
        yield day
        day += timedelta(days=rule.every)


def _weekly(rule: Repeating, stop: date) -> Iterator[date]:
    wanted = {_WEEKDAYS.index(day) for day in rule.days} or {rule.start.weekday()}
    monday = rule.start - timedelta(days=rule.start.weekday())
    while monday <= stop:
        for weekday in range(_DAYS_IN_WEEK):
            day = monday + timedelta(days=weekday)
            if weekday in wanted and rule.start <= day <= stop:
                yield day
        monday += timedelta(weeks=rule.every)


def _monthly(rule: Repeating, stop: date) -> Iterator[date]:
    number = rule.day or rule.start.day
    year, month = rule.start.year, rule.start.month
    while date(year, month, 1) <= stop:
        try:
            day = date(year, month, number)
        except ValueError:  # this month is too short for it
            day = None
        if day is not None and rule.start <= day <= stop:
            yield day
        years, month0 = divmod(month - 1 + rule.every, _LAST_MONTH)
        year, month = year + years, month0 + 1


def moment(rule: Repeating, day: date, zone: ZoneInfo) -> datetime:
    """Return when a recurring post goes out on a day.

    A wall-clock time that a daylight-saving change skips becomes the time the clocks
    jump to; one that comes twice is taken the first time (PEP 495, `fold=0`:
    https://peps.python.org/pep-0495/).
    """
    wall = datetime.combine(day, rule.at, tzinfo=zone)
    return wall.astimezone(UTC).astimezone(zone)


def occurrence_id(post: str, day: date, rule: Repeating) -> str:
    """Return the name of one occurrence: `<post>@<local time>`, as the file says it."""
    return f"{post}@{day.isoformat()}T{rule.at:%H:%M}"
