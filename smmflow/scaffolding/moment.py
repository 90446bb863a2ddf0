"""A moment as files write it: in the workspace's zone and calendar."""

from __future__ import annotations

from datetime import UTC, datetime

from smmflow.language.dates import numeric_date
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
    day = numeric_date(local, in_jalali=calendar.jalali)
    return f"{day} {clock}" + (f" {offset[:3]}:{offset[3:5]}" if offset else "")
