"""Periods as people write them: `last-30-days`, `2026-11`, `2026-W47`, `all`."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from smmflow.errors import UsageError
from smmflow.language import jalali
from smmflow.language.digits import to_ascii
from smmflow.model.report import Period

__all__ = ["parse_period"]

_LAST = re.compile(r"last-([1-9][0-9]{0,4})-days?")
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DECEMBER = 12
_HINT = (
    "write last-30-days, 2026-11, 2026-W47, 2026-11-01..2026-11-30 or all; "
    "Jalali months and days do as well: 1405-09"
)


def parse_period(text: str, zone: ZoneInfo, now: datetime) -> Period:
    """Return the period that a text means, in whole days of the workspace's zone.

    The last days include today; both days of a range are included; weeks are those of
    ISO 8601, from Monday. A year of the Jalali calendar makes a Jalali month or day.

    Args:
        text: As a person wrote it, in any digits.
        zone: The workspace's.
        now: The moment to count from, aware.

    Raises:
        UsageError: The text means no period.
    """
    name = to_ascii(text.strip())
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    try:
        first, end = _days(name, tomorrow)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{text!r} is no period: {error}", hint=_HINT) from error
    if first is not None and end <= first:
        raise UsageError(f"{text!r} ends before it begins", hint=_HINT)
    start = None if first is None else _midnight(first, zone)
    return Period(name, start, _midnight(end, zone))


def _days(name: str, tomorrow: date) -> tuple[date | None, date]:
    """Return the first day and the day after the last."""
    if name == "all":
        return None, tomorrow
    if match := _LAST.fullmatch(name):
        return tomorrow - timedelta(days=int(match[1])), tomorrow
    if match := _WEEK.fullmatch(name):
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        return monday, monday + timedelta(weeks=1)
    if match := _MONTH.fullmatch(name):
        return _month(int(match[1]), int(match[2]))
    first, separator, last = name.partition("..")
    return _day(first), _day(last if separator else first) + timedelta(days=1)


def _month(year: int, month: int) -> tuple[date, date]:
    following = (year, month + 1) if month < _DECEMBER else (year + 1, 1)
    if year <= jalali.LAST_YEAR:
        first = jalali.to_gregorian(year, month, 1)
        return first, first + timedelta(days=jalali.days_in_month(year, month))
    return date(year, month, 1), date(*following, 1)


def _day(text: str) -> date:
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError("it is neither days, a week, a month nor a range")
    year, month, day = (int(each) for each in match.groups())
    if year <= jalali.LAST_YEAR:
        return jalali.to_gregorian(year, month, day)
    return date(year, month, day)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)
