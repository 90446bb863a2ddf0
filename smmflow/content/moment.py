"""A time as a person writes it on the command line, read as files are read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from smmflow.content.formats.fields import Duration, Moment, Reading
from smmflow.errors import UsageError
from smmflow.language.digits import to_ascii
from smmflow.model.calendar import Calendar

__all__ = ["parse_moment"]

_DAYS = {"today": 0, "tomorrow": 1, "امروز": 0, "فردا": 1}
_MINUTE = timedelta(minutes=1)


def parse_moment(
    text: str, calendar: Calendar, now: datetime | None = None
) -> datetime:
    """Return the moment that `publish_at: <text>` would mean in a workspace.

    Args:
        text: As in `2026-12-01 09:00`, or Jalali where the calendar is, with an offset
            or without, in any digits.
        calendar: The workspace's.
        now: The present, aware, if `tomorrow 09:00` and `+2h` shall be understood too;
            the latter at the next full minute.

    Raises:
        UsageError: It is no time, or clocks there never show it, or twice.
    """
    plain = to_ascii(text).strip()
    reading = Reading(calendar.zone, calendar.jalali)
    try:
        if now is not None and plain.startswith("+"):
            return _later(now, TypeAdapter(Duration).validate_python(plain[1:].strip()))
        if now is not None:
            plain = _dated(plain, now.astimezone(calendar.zone))
        return TypeAdapter(Moment).validate_python(plain, context=reading)
    except ValidationError as error:
        context = error.errors()[0]["ctx"]
        raise UsageError(context["message"], hint=context["hint"]) from None


def _dated(text: str, here: datetime) -> str:
    """Return text with a date in place of the word for a day."""
    first, *rest = text.split(maxsplit=1) or [""]
    days = _DAYS.get(first.lower())
    if days is None:
        return text
    return " ".join((f"{here.date() + timedelta(days=days):%Y-%m-%d}", *rest))


def _later(now: datetime, length: timedelta) -> datetime:
    moment = now.astimezone(UTC) + length
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + _MINUTE
