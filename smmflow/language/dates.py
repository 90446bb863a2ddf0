"""Dates and times as English and Persian write them, Gregorian or Jalali."""

from __future__ import annotations

from datetime import date, datetime, time

from smmflow.language import jalali
from smmflow.language.digits import localise

__all__ = [
    "WEEKDAYS",
    "format_date",
    "format_datetime",
    "format_time",
    "month_name",
    "numeric_date",
    "weekday_name",
]

WEEKDAYS = {
    "en": (
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ),
    "fa": (
        "دوشنبه",
        "سه‌شنبه",
        "چهارشنبه",
        "پنجشنبه",
        "جمعه",
        "شنبه",
        "یکشنبه",
    ),
}
"""Names of the days by language, Monday at index 0."""

_GREGORIAN_MONTHS = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "fa": (
        "ژانویه",
        "فوریه",
        "مارس",
        "آوریل",
        "مه",
        "ژوئن",
        "ژوئیه",
        "اوت",
        "سپتامبر",
        "اکتبر",
        "نوامبر",
        "دسامبر",
    ),
}


_KNOWN = (
    jalali.to_gregorian(jalali.FIRST_YEAR, 1, 1),
    jalali.to_gregorian(jalali.LAST_YEAR, 12, 29),
)
"""The first and the last day that are written in the Jalali calendar."""


def month_name(month: int, locale: str, calendar: str = "gregorian") -> str:
    """Return the name of a month, counted from 1, in `gregorian` or `jalali`."""
    names = jalali.MONTHS if calendar == "jalali" else _GREGORIAN_MONTHS
    return names[_language(locale)][month - 1]


def weekday_name(day: date, locale: str) -> str:
    """Return the name of a day of the week."""
    return WEEKDAYS[_language(locale)][day.weekday()]


def format_date(
    day: date, locale: str, calendar: str = "gregorian", *, weekday: bool = False
) -> str:
    """Write a date: `1 December 2026`, or in Persian and Jalali `۱۰ آذر ۱۴۰۵`.

    Args:
        day: The day; a datetime counts in its own zone.
        locale: `en` or `fa`; others are written as English.
        calendar: `gregorian` or `jalali`; a day outside the years the Jalali calendar
            is known for is written in the Gregorian one.
        weekday: Write its name before it.
    """
    plain = day.date() if isinstance(day, datetime) else day
    if calendar == "jalali" and _KNOWN[0] <= plain <= _KNOWN[1]:
        year, month, number = jalali.from_gregorian(plain)
    else:
        calendar = "gregorian"
        year, month, number = plain.year, plain.month, plain.day
    words = f"{number} {month_name(month, locale, calendar)} {year}"
    if weekday:
        words = f"{weekday_name(plain, locale)} {words}"
    return localise(words, locale)


def numeric_date(day: date, *, in_jalali: bool = False) -> str:
    """Write a date as files do: `2026-12-01`, or `1405-09-10`.

    Args:
        day: The day; a datetime counts in its own zone.
        in_jalali: Write it in the Jalali calendar, if that is known for its year.
    """
    plain = day.date() if isinstance(day, datetime) else day
    if in_jalali and _KNOWN[0] <= plain <= _KNOWN[1]:
        year, month, number = jalali.from_gregorian(plain)
        return f"{year}-{month:02}-{number:02}"
    return plain.isoformat()


def format_time(moment: time | datetime, locale: str) -> str:
    """Write a time of day on the 24-hour clock: `09:30`, in Persian `۰۹:۳۰`."""
    return localise(f"{moment.hour:02}:{moment.minute:02}", locale)


def format_datetime(
    moment: datetime, locale: str, calendar: str = "gregorian", *, weekday: bool = False
) -> str:
    """Write a moment in its own zone: `1 December 2026, 09:30`."""
    comma = "،" if _language(locale) == "fa" else ","
    day = format_date(moment, locale, calendar, weekday=weekday)
    return f"{day}{comma} {format_time(moment, locale)}"


def _language(locale: str) -> str:
    return "fa" if locale.partition("-")[0] == "fa" else "en"
