"""Freezes: moments from which nothing goes out until somebody lets it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

__all__ = ["Freeze", "active", "came_due_during"]


@dataclass(frozen=True, slots=True)
class Freeze:
    """A stop to publishing, with who ordered it and why.

    Attributes:
        id: Tells it from others; the run that wrote it.
        reason: For everybody who wonders.
        owner: Who ordered it.
        since: From when, aware, UTC.
        until: When it ends by itself, aware, UTC; None if only a person ends it.
        channels: Only these; empty means all.
        spared: Posts and campaigns that go out all the same.
        lifted: When a person ended it, aware, UTC; None while nobody has.
        lifted_by: Who ended it.
    """

    id: str
    reason: str
    owner: str
    since: datetime
    until: datetime | None = None
    channels: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    lifted: datetime | None = None
    lifted_by: str = ""

    @property
    def end(self) -> datetime | None:
        """When it ended or will end by itself; None if only a person ends it."""
        ends = [each for each in (self.until, self.lifted) if each is not None]
        return min(ends, default=None)

    def covers(self, moment: datetime) -> bool:
        """Tell whether it holds at a moment."""
        return self.since <= moment and (self.end is None or moment < self.end)

    def concerns(self, channel: str, post: str, campaign: str) -> bool:
        """Tell whether it is about this post on this channel."""
        if self.channels and channel not in self.channels:
            return False
        return post not in self.spared and not (campaign and campaign in self.spared)


def active(
    freezes: Iterable[Freeze], *, channel: str, post: str, campaign: str, now: datetime
) -> Freeze | None:
    """Return the freeze that stops a post on a channel now; None if it may go out."""
    return next(
        (
            each
            for each in freezes
            if each.covers(now) and each.concerns(channel, post, campaign)
        ),
        None,
    )


def came_due_during(
    freezes: Iterable[Freeze], *, channel: str, post: str, campaign: str, due: datetime
) -> Freeze | None:
    """Return the freeze in which a post came due: it missed its time by order.

    What a freeze held back never floods out when it ends; somebody gives it a new time.
    """
    return active(freezes, channel=channel, post=post, campaign=campaign, now=due)
