"""What happened to an occurrence on a channel, as the ledger remembers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from smmflow.model.approval import Approval

__all__ = [
    "Change",
    "ChangeKind",
    "Outcome",
    "PartRecord",
    "Pending",
    "Publication",
    "Receipt",
]


class Outcome(StrEnum):
    """Where a publication stands.

    A claim without a later word is *in doubt* once its lease is over. What is scheduled
    is with the network, which sends it at its time; what is cancelled was taken back
    before that, and may go out again.
    """

    CLAIMED = "claimed"
    PUBLISHED = "published"
    REFUSED = "refused"
    FAILED = "failed"
    IN_DOUBT = "in-doubt"
    WITHDRAWN = "withdrawn"
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that one part is live.

    Attributes:
        id: The network's name for it (an AT URI, a status id).
        url: Where people see it; empty if nowhere.
        at: When it went live as far as we know, aware, UTC.
        more: What the network needs later to reply, edit or delete: `{"cid": ...}`.
    """

    id: str
    url: str
    at: datetime
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pending:
    """A part that the network is still working on.

    Attributes:
        token: What `resume` needs, plain strings only.
        wait: Seconds to wait before asking again.
        unseen: Nothing of it goes live by itself: only a call of `resume` publishes it,
            and that one says so. Whoever gives up waiting knows that it is not live.
    """

    token: Mapping[str, str]
    wait: float = 1.0
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class PartRecord:
    """One part in the ledger: its words and, once it is live, its receipt."""

    text: str
    receipt: Receipt | None = None
    html: str = ""
    media: tuple[tuple[str, str, str], ...] = ()
    """Files it shows: path in the workspace, SHA-256, alt text."""
    poll: tuple[str, ...] = ()
    """Answers to choose from, if it asks."""
    gone: bool = False
    """It was live and has been taken down."""
    comment: bool = False
    """It is a comment of our own below the post."""


class ChangeKind(StrEnum):
    """What is done to something that is live, or waits on the network."""

    EDIT = "edit"
    WITHDRAW = "withdraw"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of what is live that was begun and is not known to be complete.

    Attributes:
        kind: Which.
        digest: Of what it shall say; empty for a withdrawal.
        words: Of each part, as they shall be; empty for a withdrawal.
        run: The run that makes or made it.
        lease_until: Until when it is that run's own, aware, UTC.
        uncertain: Some of it may have been carried out, so that the rest of the record
            may not be what is live.
        refused: The network refused it; it is made again only if it changes.
        due: When it shall go out from now on, if that is what changes; aware, UTC.
    """

    kind: ChangeKind
    digest: str
    words: tuple[str, ...]
    run: str
    lease_until: datetime
    uncertain: bool = True
    refused: bool = False
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """One file of the ledger: an occurrence on a channel.

    Attributes:
        occurrence: The occurrence's id.
        post: The post's id.
        channel: The channel's name.
        network: The network's name.
        outcome: Where it stands.
        digest: Of what was claimed or is live.
        due: When it should have gone out, aware, UTC.
        parts: All of them, in order; those with a receipt are live.
        run: The run that holds or held the claim.
        lease_until: Until when the claim is that run's own, aware, UTC.
        updated: When this was written, aware, UTC.
        attempt: Raised when a person orders it sent anew.
        error: The network's words, if it refused or could not be reached.
        title: The post's title then, and so for the labels below.
        published: When its first part went live, aware, UTC.
        format: `text`, `image`, `video`, `poll` or `thread`.
        visibility: Who can see it; empty if an older smmflow published it.
        edited: When what is live was last changed, aware, UTC.
        change: A change that is being made, or of which nobody heard the end.
        approvals: Who approved what was last sent, edited or taken down, as was proven
            then; empty if nothing had to be proven.
        uncertain: Its next part may be live, on a network that can't be looked at but
            takes a key only once: only the very same may be sent again.
        decided: What a person decided when nobody could know, and who it was.
        handover: The claim is, or was, to let the network send it at its time.
        waiting: Proof that the network has it, while it is scheduled.
        settings: The network's own for this post, as it was sent: where to look for it
            may depend on them.
    """

    occurrence: str
    post: str
    channel: str
    network: str
    outcome: Outcome
    digest: str
    due: datetime
    parts: tuple[PartRecord, ...]
    run: str
    lease_until: datetime
    updated: datetime
    attempt: int = 0
    error: str = ""
    title: str = ""
    summary: str = ""
    language: str = ""
    campaign: str = ""
    pillar: str = ""
    goal: str = ""
    audience: str = ""
    tags: tuple[str, ...] = ()
    content_warning: str = ""
    format: str = "text"
    published: datetime | None = None
    visibility: str = ""
    edited: datetime | None = None
    change: Change | None = None
    uncertain: bool = False
    decided: str = ""
    approvals: tuple[Approval, ...] = ()
    handover: bool = False
    waiting: Receipt | None = None
    settings: Mapping[str, object] = field(default_factory=dict)

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """Receipts of the parts that went live, in order."""
        return tuple(part.receipt for part in self.parts if part.receipt)
