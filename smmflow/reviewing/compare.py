"""One post on one channel, before and after: what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smmflow.model.channel_post import ChannelPost
from smmflow.model.plan import Action, Cancel, Hold, HoldReason
from smmflow.model.post import Post, Repeating
from smmflow.model.publication import Publication
from smmflow.model.review import ReviewChange

__all__ = ["Pair"]

_BY_ITSELF = frozenset({HoldReason.CLAIMED})
"""Ends without anybody: no news for a reviewer."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A post on a channel in both states of the workspace.

    Attributes:
        old: The post as it was, if it was for this channel.
        post: The post as proposed, if it is for this channel.
        composed_before: What the channel would have got; None if that was impossible.
        composed: What it would get.
        due_before: When it went out, in words.
        due: When it goes out, in words.
        actions_before: What the plan of the old state does with it now.
        actions: What the plan of the proposed state does with it now.
        record: What the ledger says is live; None if nothing is.
        unreadable: Its file is there, but nothing can be made of it.
    """

    old: Post | None
    post: Post | None
    composed_before: ChannelPost | None
    composed: ChannelPost | None
    due_before: str
    due: str
    actions_before: tuple[Action, ...]
    actions: tuple[Action, ...]
    record: Publication | None
    unreadable: bool = False

    @property
    def change(self) -> ReviewChange | None:
        """What becomes of it; None if nothing that can be seen in the post itself."""
        if self.unreadable:
            return ReviewChange.BROKEN
        if self.post is None or self.old is None:
            return ReviewChange.NEW if self.post else ReviewChange.REMOVED
        if self.post.withdrawn != self.old.withdrawn:
            gone = self.post.withdrawn
            return ReviewChange.WITHDRAWN if gone else ReviewChange.EDITED
        if self._digest(self.composed_before) != self._digest(self.composed):
            return ReviewChange.EDITED
        if self.is_moved:
            return ReviewChange.RESCHEDULED
        return ReviewChange.AFFECTED if self._new_holds else None

    @property
    def is_moved(self) -> bool:
        """Whether it goes out at another time than before."""
        if self.old is None or self.post is None:
            return False
        return self.due != self.due_before

    @property
    def live(self) -> Publication | None:
        """What readers see now and would see differently; None if nothing."""
        if self.record is None or self.change is ReviewChange.WITHDRAWN:
            return self.record
        # The words of a recurring post today are for the times to come.
        post = self.post or self.old
        return None if post and isinstance(post.schedule, Repeating) else self.record

    @property
    def live_at(self) -> str:
        """Where readers see it now; empty if they don't, or nobody knows where."""
        return self.live.receipts[0].url if self.live else ""

    @property
    def words_before(self) -> tuple[str, ...]:
        """The words of each part now: live, or as they would have gone out."""
        if self.live is not None:
            return tuple(part.text for part in self.live.parts)
        if self.old is None or self.composed_before is None:
            return ()
        return tuple(part.text.text for part in self.composed_before.parts)

    @property
    def beside(self) -> tuple[str, ...]:
        """What readers see differently beside the words of the parts."""
        old, new = self.composed_before, self.composed
        if old is None or new is None or self.old is None or self.post is None:
            return ()
        return tuple(_beside(old, new))

    @property
    def notes(self) -> tuple[str, ...]:
        """Why it is held, and what else a reviewer ought to know."""
        if self.unreadable:
            return ("nothing of it goes out or changes until its file can be read",)
        removed = self.post is None and self.live is not None
        told = (self._when_removed,) if removed else ()
        return (*told, *dict.fromkeys(_told(self.actions)))

    @property
    def _when_removed(self) -> str:
        return (
            "what is live stays live, and nothing follows it any more; to take it "
            "down, keep the file and write `withdrawn: true`"
        )

    @property
    def _new_holds(self) -> bool:
        return bool(_reasons(self.actions) - _reasons(self.actions_before))

    def _digest(self, composed: ChannelPost | None) -> str:
        return composed.digest if composed else ""


def _told(actions: tuple[Action, ...]) -> Iterator[str]:
    for each in actions:
        if isinstance(each, Hold) and each.reason not in _BY_ITSELF:
            yield f"held ({each.reason}): {each.explanation}"
        elif isinstance(each, Cancel):
            yield f"taken back from the network, which has it already: {each.why}"


def _reasons(actions: tuple[Action, ...]) -> frozenset[HoldReason]:
    held = (each.reason for each in actions if isinstance(each, Hold))
    return frozenset(held) - _BY_ITSELF


def _beside(old: ChannelPost, new: ChannelPost) -> Iterator[str]:
    for name in ("title", "summary", "language", "tags", "visibility", "settings"):
        if getattr(old, name) != getattr(new, name):
            yield name
    if old.content_warning != new.content_warning:
        yield "content warning"
    for name in ("media", "poll", "card"):
        if _each(old, name) != _each(new, name):
            yield name
    if _links(old) != _links(new):
        yield "links"


def _each(post: ChannelPost, name: str) -> list[object]:
    if name == "media":
        return [
            [(each.facts.sha256, each.alt) for each in part.media]
            for part in post.parts
        ]
    return [getattr(part, name) for part in post.parts]


def _links(post: ChannelPost) -> list[list[str]]:
    return [[span.target for span in part.text.spans] for part in post.parts]
