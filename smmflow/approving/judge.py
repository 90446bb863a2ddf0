"""The judgement: every file that a post rests on, held against every rule for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from smmflow.approving.given import Given, given_for
from smmflow.approving.rules import may_approve, rules_for, wish
from smmflow.model.approval import (
    Approval,
    Approved,
    Asked,
    Brought,
    Lack,
    Missing,
    PullRequest,
    Verdict,
)
from smmflow.model.team import ApprovalRule, ApprovalSource, Member, Team

__all__ = ["judge"]

_SHORT = 10


def judge(team: Team, asked: Asked, brought: Mapping[str, Brought]) -> Verdict:
    """Return whether a post on a channel was approved as it is, with proof.

    Args:
        team: Who may approve what.
        asked: The post, the channel, the files.
        brought: How each of those files came to be as it is.
    """
    approvals: dict[tuple[str, str], Approval] = {}
    lacks: list[Lack] = []
    for file in asked.files:
        if brought[file].settled:
            continue
        case = _Case(team, brought[file], given_for(team, brought[file]))
        for rule in rules_for(team, asked, file):
            good = tuple(case.good(rule))
            if len({given.member.id for given in good if given.member}) < rule.count:
                lacks.append(case.lack(rule))
            for given in good:
                _note(approvals, given, file)
    proof = tuple(sorted(approvals.values(), key=lambda each: (each.at, each.by)))
    return Missing(tuple(lacks), proof) if lacks else Approved(proof)


def _note(approvals: dict[tuple[str, str], Approval], given: Given, file: str) -> None:
    if given.member is None:
        return
    key = given.member.id, given.where
    known = approvals.get(key)
    files = tuple(sorted({file, *(known.files if known else ())}))
    approvals[key] = Approval(
        given.member.id, given.account, given.at, given.where, files
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """One file and what was said of it."""

    team: Team
    brought: Brought
    given: tuple[Given, ...]

    def good(self, rule: ApprovalRule) -> Iterator[Given]:
        """Yield the approvals that count for a rule."""
        for each in self.given:
            if not each.objection and each.member and may_approve(rule, each.member):
                yield each

    def lack(self, rule: ApprovalRule) -> Lack:
        """Return what is missing of a rule."""
        have = {each.member.id for each in self.good(rule) if each.member}
        whom = tuple(
            member.id
            for member in self.team.members
            if may_approve(rule, member)
            and member.id not in have
            and not self._took_part(member)
        )
        return Lack(
            self.brought.path, wish(rule), whom, self._why(rule), self._remedy(whom)
        )

    def _took_part(self, member: Member) -> bool:
        name = member.account("github")
        signed = self.brought.signed
        wrote = signed is not None and bool(
            signed.writers & {each.lower() for each in member.emails}
        )
        return wrote or any(
            name in {pull.author, pull.pusher, *pull.writers}
            for pull in self.brought.pulls
            if name
        )

    def _why(self, rule: ApprovalRule) -> str:
        brought = self.brought
        if brought.fault:
            return brought.fault
        reasons = [
            f"{each.member.id if each.member else each.account or 'somebody'} "
            + (each.objection or f"is no {' or '.join(rule.roles)}")
            for each in self.given
            if each.objection or not each.member or not may_approve(rule, each.member)
        ]
        came = f"it came in commit {brought.commit[:_SHORT]} by {brought.by}"
        if self.team.approvals is ApprovalSource.TRAILERS:
            if brought.signed is None:
                return f"{came}, which no known key has signed"
        elif not brought.pulls:
            return f"{came}, which no merged pull request has"
        else:
            numbers = ", ".join(f"#{each.number}" for each in brought.pulls)
            came = f"it came with {numbers}"
        return f"{came}; {'; '.join(dict.fromkeys(reasons)) or 'nobody approved it'}"

    def _remedy(self, whom: Iterable[str]) -> str:
        names = " or ".join(whom)
        if not names:
            return "nobody in team.yaml is left to approve it: give somebody the role"
        if self.brought.fault:
            return "commit it, and propose it with a pull request"
        if self.team.approvals is ApprovalSource.TRAILERS:
            return (
                f"revert it, and let {names} merge it anew, signed and with "
                "the trailer `Approved-by:`"
            )
        if open_to := self._open_to_review():
            return f"ask {names} to approve {open_to.url}"
        return f"revert it, and propose it again with a pull request for {names}"

    def _open_to_review(self) -> PullRequest | None:
        """Return a pull request whose review would be about the present bytes."""
        good = (
            pull
            for pull in self.brought.pulls
            if self.brought.reviewed.get(pull.head, False)
        )
        return next(good, None)
