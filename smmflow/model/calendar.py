"""The calendar: zone, slots, quiet hours, blackouts and observances."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from smmflow.model.post import Weekday

__all__ = ["Blackout", "Calendar", "Observance", "QuietHours", "Slot"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the week that posts can ask for by name.

    Attributes:
        name: What posts write: `slot: mornings`.
        at: Wall-clock times in the workspace's zone.
        days: Weekdays; empty means all.
        channels: Only these channels; empty means all.
    """

    name: str
    at: tuple[time, ...]
    days: tuple[Weekday, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours in which nothing should go out; may pass midnight.

    Attributes:
        start: Wall clock, included.
        end: Wall clock, not included.
        days: Weekdays of the start; empty means all.
        channels: Only these; empty means all.
    """

    start: time
    end: time
    days: tuple[Weekday, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Blackout:
    """Moments between which nothing may go out, and why."""

    start: datetime
    end: datetime
    reason: str
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observance:
    """A day worth knowing when planning."""

    day: date
    title: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """`calendar.yaml`.

    Attributes:
        zone: The workspace's time zone.
        slots: Places that posts can ask for.
        quiet_hours: When nothing should go out.
        blackouts: When nothing may go out.
        observances: Days worth knowing.
        min_gap: Two posts on one channel should be this far apart.
        repeat_after: The same text may come again after this long.
        max_lateness: A post later than this is missed, not sent.
        week_start: For calendar pages.
        jalali: Dates in files may be Jalali, and pages show them so.
    """

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    slots: tuple[Slot, ...] = ()
    quiet_hours: tuple[QuietHours, ...] = ()
    blackouts: tuple[Blackout, ...] = ()
    observances: tuple[Observance, ...] = ()
    min_gap: timedelta = timedelta(minutes=10)
    repeat_after: timedelta = timedelta(days=30)
    max_lateness: timedelta = timedelta(hours=2)
    week_start: Weekday = Weekday.MON
    jalali: bool = False
    path: str = "calendar.yaml"
