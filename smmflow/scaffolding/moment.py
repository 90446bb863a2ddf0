"""A moment as files write it: in the workspace's zone and calendar."""

from __future__ import annotations

from datetime import UTC, datetime

from smmflow.language import jalali
from smmflow.model.calendar import Calendar

__all__ = ["written"]


def written(moment: datetime, calendar: Calendar) -> str:
    """Return a moment as files write it, with an offset only where it needs one.

    Args:
        moment: Aware.
        calendar: The workspace's. A day outside the years that the Jalali calendar is
            known for is written in the Gregorian one, which such a workspace reads too.
    """
    local = moment.astimezone(UTC).astimezone(calendar.zone)
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    offset = f"{local:%z}" if twice else ""
    day = _day(local, jalali_days=calendar.jalali)
    return f"{day} {clock}" + (f" {offset[:3]}:{offset[3:5]}" if offset else "")


def _day(local: datetime, *, jalali_days: bool) -> str:
    plain = f"{local:%Y-%m-%d}"
    if not jalali_days:
        return plain
    try:
        year, month, number = jalali.from_gregorian(local.date())
    except ValueError:
        return plain
    return f"{year}-{month:02}-{number:02}"
