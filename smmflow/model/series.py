"""Series: many snapshots read as one history, in whatever order they come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from smmflow.model.report import FollowerPoint, FollowerSeries
from smmflow.model.snapshot import Snapshot

__all__ = [
    "PartState",
    "follower_series",
    "followers_near",
    "in_order",
    "last_follower_readings",
    "latest",
]


@dataclass(frozen=True, slots=True)
class PartState:
    """What is known of a part at a moment.

    Attributes:
        counters: Of the last reading that found it; those of a part that is gone stay.
        read: When that was, aware; None if it was never found.
        asked: When the network was last asked for it.
        gone: The network no longer has it.
    """

    counters: Mapping[str, int | None]
    read: datetime | None
    asked: datetime
    gone: bool = False


def in_order(snapshots: Iterable[Snapshot]) -> tuple[Snapshot, ...]:
    """Return snapshots by time; two of the same moment by the name of their run."""
    return tuple(sorted(snapshots, key=lambda each: (each.taken, each.run)))


def latest(
    snapshots: Iterable[Snapshot], moment: datetime
) -> dict[tuple[str, str], PartState]:
    """Return what is known of each part at or before a moment.

    Returns:
        By channel and the network's name for the part, not by occurrence: one that was
        sent anew starts from nothing.
    """
    states: dict[tuple[str, str], PartState] = {}
    for snapshot in in_order(snapshots):
        if snapshot.taken > moment:
            break
        for reading in snapshot.parts:
            key = (reading.channel, reading.id)
            before = states.get(key)
            if not reading.gone:
                states[key] = PartState(
                    reading.counters, snapshot.taken, snapshot.taken
                )
            elif before is None:
                states[key] = PartState({}, None, snapshot.taken, gone=True)
            else:
                states[key] = PartState(
                    before.counters, before.read, snapshot.taken, gone=True
                )
    return states


def follower_series(
    snapshots: Iterable[Snapshot], channel: str, until: datetime
) -> FollowerSeries:
    """Return a channel's known follower counts at or before a moment."""
    points = [
        FollowerPoint(snapshot.taken, followers)
        for snapshot in in_order(snapshots)
        if snapshot.taken <= until
        for reading in snapshot.channels
        if reading.channel == channel
        if (followers := reading.counters.get("followers")) is not None
    ]
    return FollowerSeries(channel, tuple(points))


def followers_near(
    series: FollowerSeries, moment: datetime, within: timedelta
) -> FollowerPoint | None:
    """Return the reading nearest to a moment, the earlier of two; None if too far."""
    nearest = min(
        series.points,
        key=lambda each: (abs(each.taken - moment), each.taken),
        default=None,
    )
    if nearest is None or abs(nearest.taken - moment) > within:
        return None
    return nearest


def last_follower_readings(snapshots: Iterable[Snapshot]) -> dict[str, datetime]:
    """Return when each channel was last asked for its followers, known or not."""
    last: dict[str, datetime] = {}
    for snapshot in in_order(snapshots):
        for reading in snapshot.channels:
            if "followers" in reading.counters:
                last[reading.channel] = snapshot.taken
    return last
