"""A time as a person writes it on the command line, read as files are read."""

from __future__ import annotations

from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from smmflow.content.formats.fields import Moment, Reading
from smmflow.errors import UsageError
from smmflow.model.calendar import Calendar

__all__ = ["parse_moment"]


def parse_moment(text: str, calendar: Calendar) -> datetime:
    """Return the moment that `publish_at: <text>` would mean in a workspace.

    Args:
        text: As in `2026-12-01 09:00`, or Jalali where the calendar is, with an offset
            or without.
        calendar: The workspace's.

    Raises:
        UsageError: It is no time, or clocks there never show it, or twice.
    """
    reading = Reading(calendar.zone, calendar.jalali)
    try:
        return TypeAdapter(Moment).validate_python(text, context=reading)
    except ValidationError as error:
        context = error.errors()[0]["ctx"]
        raise UsageError(context["message"], hint=context["hint"]) from None
