"""A plan: what the next run will do, what waits, and what is held and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from smmflow.model.channel_post import ChannelPost, Occurrence

__all__ = ["Action", "Hold", "HoldReason", "Live", "Plan", "Publish", "Wait"]


class HoldReason(StrEnum):
    """Why something that might go out does not."""

    FINDINGS = "findings"
    MISSED = "missed"
    IN_DOUBT = "in-doubt"
    CLAIMED = "claimed"
    REFUSED = "refused"
    UNSCHEDULED = "unscheduled"
    NO_SLOT = "no-slot"
    BLACKOUT = "blackout"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Publish:
    """Send it now: it is due."""

    post: ChannelPost
    occurrence: Occurrence
    resume_from: int = 0
    """0-based part to begin at; the parts before it are live."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Its time has not come."""

    post: ChannelPost
    occurrence: Occurrence


@dataclass(frozen=True, slots=True)
class Hold:
    """It does not go out, and `explanation` says why and what to do."""

    post: str
    channel: str
    occurrence: Occurrence
    reason: HoldReason
    explanation: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Live:
    """It is live, and what is live is what is wanted: nothing to do."""

    post: str
    channel: str
    occurrence: Occurrence
    url: str
    title: str = ""


Action = Publish | Wait | Hold | Live


@dataclass(frozen=True, slots=True)
class Plan:
    """Actions in the order they will be carried out: by due time, channel, occurrence.

    Attributes:
        at: The moment it was made for, aware.
        actions: Everything, the idle ones too.
    """

    at: datetime
    actions: tuple[Action, ...]

    @property
    def publishes(self) -> tuple[Publish, ...]:
        """What would be sent now."""
        return tuple(each for each in self.actions if isinstance(each, Publish))

    @property
    def waits(self) -> tuple[Wait, ...]:
        """What waits for its time."""
        return tuple(each for each in self.actions if isinstance(each, Wait))

    @property
    def holds(self) -> tuple[Hold, ...]:
        """What is held."""
        return tuple(each for each in self.actions if isinstance(each, Hold))

    @property
    def digest(self) -> str:
        """Name of what this plan would do: the same deeds give the same digest.

        What waits or is held is left out, so that a plan that was reviewed stays the
        same plan while time passes.
        """
        deeds = [
            [each.occurrence.id, each.post.channel, each.post.digest, each.resume_from]
            for each in self.publishes
        ]
        return hashlib.sha256(json.dumps(sorted(deeds)).encode()).hexdigest()[:16]

    def only(
        self, *, channels: Collection[str] = (), posts: Collection[str] = ()
    ) -> Plan:
        """Return the part of the plan that concerns these channels and posts.

        Args:
            channels: Names; empty means all.
            posts: Ids of posts or of occurrences; empty means all.
        """

        def concerned(action: Action) -> bool:
            if isinstance(action, Publish | Wait):
                post, channel = action.post.post, action.post.channel
            else:
                post, channel = action.post, action.channel
            return (not channels or channel in channels) and (
                not posts or post in posts or action.occurrence.id in posts
            )

        return Plan(self.at, tuple(filter(concerned, self.actions)))
