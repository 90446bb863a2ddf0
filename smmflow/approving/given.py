"""Approvals that were given for a file, and why some of them do not count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from smmflow.model.approval import (
    Brought,
    PullRequest,
    Review,
    ReviewState,
    SignedCommit,
)
from smmflow.model.team import ApprovalSource, Member, Team

__all__ = ["Given", "given_for"]

_FORGE = "github"


@dataclass(frozen=True, slots=True)
class Given:
    """An approval that somebody gave.

    Attributes:
        account: Who, by account or address.
        at: When, aware.
        where: The URL of the review, or the name of the commit.
        member: The person in the team, if it is one.
        objection: Why it does not count; empty if it does.
    """

    account: str
    at: datetime
    where: str
    member: Member | None = None
    objection: str = ""


def given_for(team: Team, brought: Brought) -> tuple[Given, ...]:
    """Return the approvals that were given for what brought a file's present bytes."""
    match team.approvals:
        case ApprovalSource.NONE:
            return ()
        case ApprovalSource.FORGE:
            return tuple(
                given
                for pull in brought.pulls
                for given in _of_pull_request(team, pull, brought)
            )
        case ApprovalSource.TRAILERS:
            return tuple(_of_commit(team, brought.signed)) if brought.signed else ()
        case _:
            assert_never(team.approvals)


def _of_pull_request(
    team: Team, pull: PullRequest, brought: Brought
) -> Iterator[Given]:
    for at, review in enumerate(pull.reviews):
        if review.state is ReviewState.COMMENTED:
            continue
        later = pull.reviews[at + 1 :]
        member = _with_account(team, review.by)
        objection = (
            _against_review(review, later, brought)
            or _against_reviewer(review, pull)
            or ("" if member else "is not in team.yaml")
        )
        yield Given(review.by, review.at, review.url, member, objection)


def _against_review(review: Review, later: tuple[Review, ...], brought: Brought) -> str:
    match review.state:
        case ReviewState.CHANGES_REQUESTED:
            return "asked for changes"
        case ReviewState.DISMISSED:
            return "approved, and that was dismissed"
        case ReviewState.APPROVED | ReviewState.COMMENTED:
            pass
        case _:
            assert_never(review.state)
    if any(
        each.by == review.by and each.state is ReviewState.CHANGES_REQUESTED
        for each in later
    ):
        return "approved, and asked for changes after that"
    if not brought.reviewed.get(review.commit, False):
        return "approved other bytes, as of another push"
    return ""


def _against_reviewer(review: Review, pull: PullRequest) -> str:
    if not review.by:
        return "approved, and that account was deleted"
    if review.is_bot:
        return "is no person"
    if review.by == pull.author:
        return "opened the pull request"
    if review.by == pull.pusher:
        return "pushed to it last"
    if review.by in pull.writers:
        return "wrote a commit of it"
    return ""


def _of_commit(team: Team, signed: SignedCommit) -> Iterator[Given]:
    signer = _with_address(team, signed.signer)
    for words in signed.approvers:
        named = _address(words)
        member = _with_address(team, named)
        yield Given(
            named,
            signed.at,
            signed.commit,
            member,
            _against_trailer(member, signer, signed),
        )


def _against_trailer(
    member: Member | None, signer: Member | None, signed: SignedCommit
) -> str:
    if signer is None:
        return f"is vouched for by {signed.signer or 'a key'}, who is not in team.yaml"
    if signed.writers & _lower(signer.emails):
        return f"is vouched for by {signer.id} alone, who wrote a part of it"
    if member is None:
        return "is not in team.yaml"
    if signed.writers & _lower(member.emails):
        return "wrote a part of it"
    return ""


def _with_account(team: Team, account: str) -> Member | None:
    found = (each for each in team.members if each.account(_FORGE) == account)
    return next(found, None) if account else None


def _with_address(team: Team, address: str) -> Member | None:
    """Return who has an address, or is called so in the files."""
    found = (
        each
        for each in team.members
        if address in {each.id.lower(), *_lower(each.emails)}
    )
    return next(found, None) if address else None


def _address(words: str) -> str:
    """Return the address in `Sara <sara@example.org>`, or the words without one."""
    _, bracket, rest = words.partition("<")
    return (rest.partition(">")[0] if bracket else words).strip().lower()


def _lower(emails: tuple[str, ...]) -> frozenset[str]:
    return frozenset(each.lower() for each in emails)
