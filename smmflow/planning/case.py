"""A case: one occurrence of a post on one channel, to be decided about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from smmflow.model.capabilities import Capabilities
from smmflow.model.channel_post import ChannelPost, Occurrence
from smmflow.model.freeze import Freeze, active
from smmflow.model.plan import Hold, HoldReason
from smmflow.model.post import Post
from smmflow.model.publication import Publication
from smmflow.model.workspace import Workspace
from smmflow.networks.interface import Network

__all__ = ["Case", "Wanted"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the files ask for.

    Attributes:
        workspace: Posts, channels, calendar.
        composed: By post and channel; absent where composing was impossible.
        occurrences: By post.
        faults: By post and channel, the first thing that must be put right before.
        freezes: Those that hold and those that are over.
        capabilities: By channel, which says what can be done to what is live; nothing
            where it is absent.
        networks: By channel, which says what has a price; absent where nothing has.
    """

    workspace: Workspace
    composed: Mapping[tuple[str, str], ChannelPost]
    occurrences: Mapping[str, tuple[Occurrence, ...]]
    faults: Mapping[tuple[str, str], str] = field(default_factory=dict)
    freezes: tuple[Freeze, ...] = ()
    capabilities: Mapping[str, Capabilities] = field(default_factory=dict)
    networks: Mapping[str, Network] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """One occurrence of a post on one channel, at one moment."""

    post: Post
    channel: str
    occurrence: Occurrence
    wanted: Wanted
    now: datetime

    @property
    def composed(self) -> ChannelPost | None:
        """What the channel would get; None if it can't be composed."""
        return self.wanted.composed.get((self.post.id, self.channel))

    @property
    def fault(self) -> str | None:
        """What must be put right before anything goes out; None if nothing."""
        return self.wanted.faults.get((self.post.id, self.channel))

    @property
    def capabilities(self) -> Capabilities | None:
        """What the channel can do; None if that is not known."""
        return self.wanted.capabilities.get(self.channel)

    @property
    def freeze(self) -> Freeze | None:
        """The freeze that stops it now; None if there is none."""
        return active(
            self.wanted.freezes,
            channel=self.channel,
            post=self.post.id,
            campaign=self.post.campaign,
            now=self.now,
        )

    @property
    def max_lateness(self) -> timedelta:
        """How late it may go out."""
        own = self.wanted.workspace.channels[self.channel].max_lateness
        return self.wanted.workspace.calendar.max_lateness if own is None else own

    def hold(self, reason: HoldReason, explanation: str) -> Hold:
        """Return the hold of it, for a reason."""
        return Hold(
            self.post.id,
            self.channel,
            self.occurrence,
            reason,
            explanation,
            self.post.title,
        )

    def is_unchanged(self, record: Publication) -> bool:
        """Tell whether it is what the ledger has, as far as can be seen."""
        return self.composed is None or self.composed.digest == record.digest
