"""A review: what will appear differently, part by part, if a change is merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from smmflow.diagnostics import Severity

__all__ = [
    "NeededApproval",
    "Review",
    "ReviewChange",
    "ReviewCount",
    "ReviewEntry",
    "ReviewFinding",
    "ReviewLink",
    "ReviewMedia",
    "ReviewPart",
]


class ReviewChange(StrEnum):
    """What becomes of a post on a channel; in the order a review tells of it."""

    BROKEN = "broken"
    NEW = "new"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    RESCHEDULED = "rescheduled"
    AFFECTED = "affected"


@dataclass(frozen=True, slots=True)
class ReviewCount:
    """A length beside its limit, in the network's own counting."""

    length: int
    maximum: int
    unit: str

    @property
    def is_over(self) -> bool:
        """Whether it is more than the network takes."""
        return self.length > self.maximum


@dataclass(frozen=True, slots=True)
class ReviewMedia:
    """A file that a part shows: its path in the workspace, and its description."""

    path: str
    alt: str


@dataclass(frozen=True, slots=True)
class ReviewLink:
    """Words that lead somewhere they don't name."""

    words: str
    target: str


@dataclass(frozen=True, slots=True)
class ReviewPart:
    """One part as it will appear.

    Attributes:
        text: As readers will see it.
        before: What they see now, or would have seen; None if the words stay.
        counts: By each limit on the text, the network's first limit first.
        media: Files it shows.
        poll: Answers to choose from, if it asks.
        card: The address of the link preview; empty if the author gives none.
        links: Those whose words don't say where they lead.
    """

    text: str
    before: str | None = None
    counts: tuple[ReviewCount, ...] = ()
    media: tuple[ReviewMedia, ...] = ()
    poll: tuple[str, ...] = ()
    card: str = ""
    links: tuple[ReviewLink, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewFinding:
    """A finding and what to do about it; its `line` is 0 if nobody knows."""

    rule: str
    severity: Severity
    message: str
    path: str
    line: int = 0
    hint: str = ""


@dataclass(frozen=True, slots=True)
class NeededApproval:
    """An approval without which it won't go out: how many of whom, and who may."""

    what: str
    whom: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """A post on a channel.

    Attributes:
        post: The post's id.
        path: Its file; as it was, if it is gone.
        title: For people; may be empty.
        channel: The channel's name.
        change: What becomes of it.
        due: When it goes out, in words, in the workspace's zone.
        due_before: The same before the change, if it differs; else empty.
        parts: As they will appear; none if it goes or can't be composed.
        gone: Words of parts that will be no more.
        beside: What else readers see changes, in words.
        content_warning: Shown before the text.
        visibility: `public` unless the post says otherwise.
        live: Where readers see it now; empty if it is not live.
        findings: Faults of this post, on this channel.
        notes: Why it is held, and what else a reviewer ought to know.
        approvals: What is missing before it may go out.
    """

    post: str
    path: str
    title: str
    channel: str
    change: ReviewChange
    due: str = ""
    due_before: str = ""
    parts: tuple[ReviewPart, ...] = ()
    gone: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    content_warning: str = ""
    visibility: str = "public"
    live: str = ""
    findings: tuple[ReviewFinding, ...] = ()
    notes: tuple[str, ...] = ()
    approvals: tuple[NeededApproval, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """What a change of the workspace does, held against the state it started from.

    Attributes:
        base: What it is compared with, as somebody named it.
        head: The commit that is looked at; empty if it is not one yet.
        zone: The workspace's time zone, which all times are in.
        plan: Digest of what would be done at once if it were merged now.
        entries: By post, in the order of their times; a post's channels stay together.
        findings: New ones that are about no entry.
        left_out: How many further entries there are, which nobody wrote down.
    """

    base: str
    head: str
    zone: str
    plan: str
    entries: tuple[ReviewEntry, ...] = ()
    findings: tuple[ReviewFinding, ...] = ()
    left_out: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing that smmflow knows of is different."""
        return not (self.entries or self.findings or self.left_out)

    @property
    def counts(self) -> Mapping[ReviewChange, int]:
        """How many entries there are of each kind; kinds without any are absent."""
        found = Counter(each.change for each in self.entries)
        return {kind: found[kind] for kind in ReviewChange if found[kind]}

    @property
    def errors(self) -> int:
        """How many things have to be put right before it can go out."""
        every = {found for entry in self.entries for found in entry.findings}
        return sum(
            each.severity is Severity.ERROR for each in every | set(self.findings)
        )
