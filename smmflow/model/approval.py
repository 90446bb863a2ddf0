"""Approvals: who approved which bytes, and whether that is enough to publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

__all__ = [
    "Approval",
    "Approved",
    "Asked",
    "Brought",
    "Lack",
    "Missing",
    "PullRequest",
    "Review",
    "ReviewState",
    "SignedCommit",
    "Unknown",
    "Verdict",
]


class ReviewState(StrEnum):
    """What a review says, as far as approvals are concerned."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes-requested"
    DISMISSED = "dismissed"
    COMMENTED = "commented"


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody said of a pull request.

    Attributes:
        by: Their account; empty if it was deleted since.
        state: What they said.
        commit: Full name of the commit they looked at; empty if nobody knows any more.
        at: When, aware.
        url: Where people see it.
        is_bot: No person has said it.
    """

    by: str
    state: ReviewState
    commit: str
    at: datetime
    url: str
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request that was merged into the main branch.

    Attributes:
        number: On the forge.
        url: Where people see it.
        author: The account that opened it; empty if it was deleted since.
        head: Full name of its last commit.
        writers: Accounts that wrote or committed commits of it.
        pusher: The account that pushed its last commit; empty if nobody knows.
        reviews: Oldest first.
    """

    number: int
    url: str
    author: str
    head: str = ""
    writers: frozenset[str] = frozenset()
    pusher: str = ""
    reviews: tuple[Review, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedCommit:
    """A commit with a good signature, and the approvals it vouches for.

    Attributes:
        commit: Its full name.
        signer: The email address its key belongs to.
        writers: Email addresses of who wrote what it brought.
        approvers: What its `Approved-by:` trailers say, in order.
        at: When it was committed, aware.
    """

    commit: str
    signer: str
    writers: frozenset[str]
    approvers: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Brought:
    """How the present bytes of a file came to the main branch.

    Attributes:
        path: The file, relative to the workspace.
        commit: Full name of the commit that brought them; empty if none did.
        by: The author of that commit, by name.
        fault: Why nothing can be proven of them, if so: they are not committed.
        settled: They came before approvals were required.
        pulls: The merged pull requests that commit came from.
        reviewed: For each commit that was or can be reviewed: the file had the very
            same bytes there.
        signed: The commit, if it has a good signature and trailers were asked for.
    """

    path: str
    commit: str = ""
    by: str = ""
    fault: str = ""
    settled: bool = False
    pulls: tuple[PullRequest, ...] = ()
    reviewed: Mapping[str, bool] = field(default_factory=dict)
    signed: SignedCommit | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What approvals are asked about: a post on a channel, and what it rests on."""

    post: str
    channel: str
    files: tuple[str, ...]
    campaign: str = ""
    risk: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """Proof that a person approved files as they are: who, when, where it is recorded.

    Attributes:
        by: The person's id in `team.yaml`.
        account: The account or address they did it with.
        at: When, aware.
        where: The URL of the review, or the full name of the signed commit.
        files: What they approved, relative to the workspace, sorted.
    """

    by: str
    account: str
    at: datetime
    where: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """An approval that is missing.

    Attributes:
        file: Whose bytes lack it.
        what: How many of whom, as in `1 approval by editor`.
        whom: Ids of the people who may still give it.
        why: What there is instead, and why that is not enough.
        remedy: What to do.
    """

    file: str
    what: str
    whom: tuple[str, ...]
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Approved:
    """Everything is approved, and this proves it."""

    approvals: tuple[Approval, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Approvals are missing; those that are there."""

    lacks: tuple[Lack, ...]
    approvals: tuple[Approval, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody could be asked, so nothing is proven."""

    why: str


Verdict = Approved | Missing | Unknown
