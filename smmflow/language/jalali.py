"""The Iranian (Jalali, Solar Hijri) calendar to and from the Gregorian one.

A year is leap by the 33-year rule, which agrees with the table of leap years that the
calendar authority at the University of Tehran publishes, and only there is it claimed:

- https://calendar.ut.ac.ir/Fa/News/Data/Doc/KabiseShamsi1206-1498-new.pdf (the table)
- https://docs.rs/calendrical_calculations/latest/calendrical_calculations/persian/
  (the rule, and the first year it misses: 1502)
"""

from __future__ import annotations

from datetime import date, timedelta

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "MONTHS",
    "days_in_month",
    "from_gregorian",
    "is_leap",
    "is_valid",
    "to_gregorian",
]

FIRST_YEAR = 1206
LAST_YEAR = 1498

MONTHS = {
    "fa": (
        "فروردین",
        "اردیبهشت",
        "خرداد",
        "تیر",
        "مرداد",
        "شهریور",
        "مهر",
        "آبان",
        "آذر",
        "دی",
        "بهمن",
        "اسفند",
    ),
    "en": (
        "Farvardin",
        "Ordibehesht",
        "Khordad",
        "Tir",
        "Mordad",
        "Shahrivar",
        "Mehr",
        "Aban",
        "Azar",
        "Dey",
        "Bahman",
        "Esfand",
    ),
}
"""Names of the months by language, the first at index 0."""

_LONG_MONTHS = 6
_MONTHS_IN_YEAR = 12
_ANCHOR_YEAR = 1404
_ANCHOR = date(2025, 3, 21)
"""The first of Farvardin of the anchor year: https://calendar.ut.ac.ir/."""


def is_leap(year: int) -> bool:
    """Tell whether Esfand has 30 days in that year."""
    return (25 * year + 11) % 33 < 8  # noqa: PLR2004 - eight leap years in 33


def days_in_month(year: int, month: int) -> int:
    """Return how many days a month has; months count from 1."""
    if month <= _LONG_MONTHS:
        return 31
    if month < _MONTHS_IN_YEAR or is_leap(year):
        return 30
    return 29


def is_valid(year: int, month: int, day: int) -> bool:
    """Tell whether there is such a day, in a year this module knows."""
    return (
        FIRST_YEAR <= year <= LAST_YEAR
        and 1 <= month <= _MONTHS_IN_YEAR
        and 1 <= day <= days_in_month(year, month)
    )


def to_gregorian(year: int, month: int, day: int) -> date:
    """Return the Gregorian date of a Jalali day.

    Raises:
        ValueError: There is no such day, or its year is not known.
    """
    if not is_valid(year, month, day):
        raise ValueError(f"there is no day {year}-{month:02}-{day:02} in this calendar")
    days = _days_before_month(month) + day - 1
    return _new_year(year) + timedelta(days=days)


def from_gregorian(day: date) -> tuple[int, int, int]:
    """Return the Jalali year, month and day of a Gregorian date.

    Raises:
        ValueError: The year is not known.
    """
    year = day.year - 621
    if day < _new_year(year):
        year -= 1
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"{day} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    elapsed = (day - _new_year(year)).days
    long_days = _LONG_MONTHS * 31
    if elapsed < long_days:
        return year, elapsed // 31 + 1, elapsed % 31 + 1
    elapsed -= long_days
    return year, _LONG_MONTHS + elapsed // 30 + 1, elapsed % 30 + 1


def _new_year(year: int) -> date:
    leap_days = _leap_days_before(year) - _leap_days_before(_ANCHOR_YEAR)
    return _ANCHOR + timedelta(days=365 * (year - _ANCHOR_YEAR) + leap_days)


def _leap_days_before(year: int) -> int:
    return (8 * year + 21) // 33


def _days_before_month(month: int) -> int:
    return 30 * (month - 1) + min(month - 1, _LONG_MONTHS)
