"""When to read what: often while a post is new, rarely once it is old."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from smmflow.model.publication import Outcome, Publication, Receipt
from smmflow.model.series import last_follower_readings, latest
from smmflow.model.snapshot import Snapshot

__all__ = [
    "FOLLOWERS_EVERY",
    "SAMPLING",
    "PartToRead",
    "SamplingStep",
    "due",
    "followers_due",
    "next_reading",
    "sampling_table",
]


@dataclass(frozen=True, slots=True)
class SamplingStep:
    """How often to read a post of some age.

    Attributes:
        below: For posts younger than this; None means however old.
        every: A post is not read again sooner than this.
    """

    below: timedelta | None
    every: timedelta


SAMPLING = (
    SamplingStep(timedelta(days=1), timedelta(minutes=30)),
    SamplingStep(timedelta(days=3), timedelta(hours=3)),
    SamplingStep(timedelta(days=30), timedelta(days=1)),
    SamplingStep(timedelta(days=365), timedelta(weeks=1)),
    SamplingStep(None, timedelta(days=90)),
)
"""The one table of how often posts are read."""

FOLLOWERS_EVERY = timedelta(days=1)
"""A channel's followers are not read again sooner than this."""


@dataclass(frozen=True, slots=True)
class PartToRead:
    """One live part whose counters are due.

    Attributes:
        occurrence: The occurrence's id.
        channel: The channel's name.
        part: 0-based.
        receipt: What the network knows it by.
        next_part: The network's name for our own next part, which replies to this one
            and so is among its replies; empty if there is none, or it is gone.
    """

    occurrence: str
    channel: str
    part: int
    receipt: Receipt
    next_part: str = ""


def next_reading(published: datetime, last: datetime | None) -> datetime:
    """Return the earliest moment at which a part may be read again.

    The age at the last reading decides, so that what is due stays due.
    """
    if last is None:
        return published
    age = last - published
    every = next(
        step.every for step in SAMPLING if step.below is None or age < step.below
    )
    return last + every


def due(
    publications: Mapping[tuple[str, str], Publication],
    snapshots: Iterable[Snapshot],
    now: datetime,
) -> tuple[PartToRead, ...]:
    """Return the live parts to read now, by channel, occurrence and part.

    Parts of one thread share the age of the first, so that they are read together.
    Parts that the network no longer had are not asked for again.
    """
    states = latest(snapshots, now)
    wanted = []
    for publication in publications.values():
        if publication.outcome is Outcome.WITHDRAWN or not publication.receipts:
            continue
        published = publication.receipts[0].at
        names = [part.receipt.id if part.receipt else "" for part in publication.parts]
        for index, part in enumerate(publication.parts):
            if part.receipt is None:
                continue
            state = states.get((publication.channel, part.receipt.id))
            if state and (state.gone or now < next_reading(published, state.asked)):
                continue
            follower = names[index + 1] if index + 1 < len(names) else ""
            known = states.get((publication.channel, follower))
            if known and known.gone:
                follower = ""
            wanted.append(
                PartToRead(
                    publication.occurrence,
                    publication.channel,
                    index,
                    part.receipt,
                    follower,
                )
            )
    return tuple(sorted(wanted, key=lambda it: (it.channel, it.occurrence, it.part)))


def followers_due(
    channels: Iterable[str], snapshots: Iterable[Snapshot], now: datetime
) -> tuple[str, ...]:
    """Return the channels whose followers to read now, sorted."""
    last = last_follower_readings(snapshots)
    return tuple(
        sorted(
            channel
            for channel in channels
            if channel not in last or now >= last[channel] + FOLLOWERS_EVERY
        )
    )


def sampling_table() -> str:
    """Return the table of how often posts are read, as Markdown for the docs."""
    rows = ["| age of the post | read again after |", "| --- | --- |"]
    before = timedelta(0)
    for step in SAMPLING:
        age = (
            f"{_spoken(before)} and older"
            if step.below is None
            else f"up to {_spoken(step.below)}"
        )
        rows.append(f"| {age} | {_spoken(step.every)} |")
        before = step.below or before
    rows.append(f"| followers of a channel | {_spoken(FOLLOWERS_EVERY)} |")
    return "\n".join(rows) + "\n"


def _spoken(duration: timedelta) -> str:
    for unit, name in (
        (timedelta(days=1), "day"),
        (timedelta(hours=1), "hour"),
        (timedelta(minutes=1), "minute"),
    ):
        count, rest = divmod(duration, unit)
        if count and not rest:
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return str(duration)
