"""A plan: what the next run will do, what waits, and what is held and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from smmflow.model.approval import Approval
from smmflow.model.channel_post import ChannelPost, Occurrence
from smmflow.model.cost import NOTHING, Cost
from smmflow.model.publication import Publication

__all__ = [
    "Action",
    "Cancel",
    "Change",
    "Edit",
    "HandOver",
    "Handed",
    "Hold",
    "HoldReason",
    "Live",
    "Plan",
    "Publish",
    "Reschedule",
    "Sensitive",
    "Wait",
    "Withdraw",
    "known_as",
    "target",
]


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
    FROZEN = "frozen"
    RENAMED = "renamed"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    OVER_BUDGET = "over-budget"
    UNAPPROVED = "unapproved"
    UNPROVEN = "unproven"
    """Nobody could be asked whether it is approved."""


@dataclass(frozen=True, slots=True)
class Publish:
    """Send it now: it is due."""

    post: ChannelPost
    occurrence: Occurrence
    resume_from: int = 0
    """0-based part to begin at; the parts before it are live."""
    approvals: tuple[Approval, ...] = ()
    """Proof that it may go out; empty where approvals are not proven."""
    cost: Cost = NOTHING
    """What the network charges for it."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Give it to the network now, which sends it at its time."""

    post: ChannelPost
    occurrence: Occurrence
    approvals: tuple[Approval, ...] = ()
    """Proof that it may go out; empty where approvals are not proven."""
    cost: Cost = NOTHING
    """What the network charges for it."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Make what is live say what the files say now."""

    post: ChannelPost
    occurrence: Occurrence
    live: Publication
    """What the ledger says is live."""
    approvals: tuple[Approval, ...] = ()
    """As of `Publish`."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take down what is live."""

    occurrence: Occurrence
    live: Publication
    """What the ledger says is live."""
    why: str
    approvals: tuple[Approval, ...] = ()
    """As of `Publish`."""


@dataclass(frozen=True, slots=True)
class Reschedule:
    """Tell the network, which has it, another time."""

    post: ChannelPost
    occurrence: Occurrence
    waiting: Publication
    """What the ledger says waits on the network."""
    approvals: tuple[Approval, ...] = ()


@dataclass(frozen=True, slots=True)
class Cancel:
    """Take back from the network what waits there."""

    occurrence: Occurrence
    waiting: Publication
    """What the ledger says waits on the network."""
    why: str


@dataclass(frozen=True, slots=True)
class Handed:
    """The network has it and sends it at its time: nothing to do."""

    post: str
    channel: str
    occurrence: Occurrence
    title: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Its time has not come."""

    post: ChannelPost
    occurrence: Occurrence
    cost: Cost = NOTHING
    """What the network will charge for it."""
    over_budget: bool = False
    """By then the month's `max_cost` will be spent, if all before it goes out."""


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


Change = Edit | Withdraw | Reschedule | Cancel
"""What is done to something that is out of our hands already."""
Sensitive = Publish | HandOver | Edit | Withdraw | Reschedule
"""What needs approval. What is taken back before anybody saw it does not."""
Action = Publish | HandOver | Change | Handed | Wait | Hold | Live


def known_as(change: Change) -> Publication:
    """Return what the ledger says of what is changed."""
    match change:
        case Edit() | Withdraw():
            return change.live
        case Reschedule() | Cancel():
            return change.waiting
        case _:
            assert_never(change)


def target(action: Action) -> tuple[str, str]:
    """Return the post and the channel that an action is about."""
    match action:
        case Publish() | HandOver() | Edit() | Reschedule() | Wait():
            return action.post.post, action.post.channel
        case Withdraw() | Cancel():
            known = known_as(action)
            return known.post, known.channel
        case Hold() | Live() | Handed():
            return action.post, action.channel
        case _:
            assert_never(action)


@dataclass(frozen=True, slots=True)
class Plan:
    """Actions by due time, channel, occurrence; changes of what is live come last.

    Each channel carries out its own in this order.

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
    def handovers(self) -> tuple[HandOver, ...]:
        """What would be given to networks that send it at its time."""
        return tuple(each for each in self.actions if isinstance(each, HandOver))

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What is live and would be changed."""
        return tuple(each for each in self.actions if isinstance(each, Edit))

    @property
    def withdrawals(self) -> tuple[Withdraw, ...]:
        """What is live and would be taken down."""
        return tuple(each for each in self.actions if isinstance(each, Withdraw))

    @property
    def changes(self) -> tuple[Change, ...]:
        """What would be done to what is live or waits on a network, in order."""
        return tuple(each for each in self.actions if isinstance(each, Change))

    @property
    def deeds(self) -> tuple[Publish | HandOver | Change, ...]:
        """Everything that would be done, in order: publishing before changes."""
        return (*self.publishes, *self.handovers, *self.changes)

    @property
    def waits(self) -> tuple[Wait, ...]:
        """What waits for its time."""
        return tuple(each for each in self.actions if isinstance(each, Wait))

    @property
    def holds(self) -> tuple[Hold, ...]:
        """What is held."""
        return tuple(each for each in self.actions if isinstance(each, Hold))

    @property
    def cost(self) -> Cost:
        """What carrying it out costs."""
        sent = (each.cost for each in self.publishes)
        handed = (each.cost for each in self.handovers)
        return Cost.total((*sent, *handed))

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
        changes = [
            ["edit", each.occurrence.id, each.post.channel, each.post.digest]
            for each in self.edits
        ] + [
            ["withdraw", each.occurrence.id, each.live.channel, each.live.digest]
            for each in self.withdrawals
        ]
        ahead = [_ahead(each) for each in self.actions]
        every = [*sorted(deeds), *sorted(changes), *sorted(filter(None, ahead))]
        return hashlib.sha256(json.dumps(every).encode()).hexdigest()[:16]

    def only(
        self, *, channels: Collection[str] = (), posts: Collection[str] = ()
    ) -> Plan:
        """Return the part of the plan that concerns these channels and posts.

        Args:
            channels: Names; empty means all.
            posts: Ids of posts or of occurrences; empty means all.
        """

        def concerned(action: Action) -> bool:
            post, channel = target(action)
            return (not channels or channel in channels) and (
                not posts or post in posts or action.occurrence.id in posts
            )

        return Plan(self.at, tuple(filter(concerned, self.actions)))


def _ahead(action: Action) -> list[str]:
    """Return what the digest has of a deed about something that waits on a network."""
    due = str(action.occurrence.due)
    match action:
        case HandOver(post=post):
            return ["hand over", action.occurrence.id, post.channel, post.digest, due]
        case Reschedule(post=post):
            return ["reschedule", action.occurrence.id, post.channel, post.digest, due]
        case Cancel(waiting=waiting):
            return ["cancel", action.occurrence.id, waiting.channel, waiting.digest]
        case _:
            return []
