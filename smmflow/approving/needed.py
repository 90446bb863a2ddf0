"""Which approvals a change will need, by the files alone: nobody is asked."""

from __future__ import annotations

from collections.abc import Collection

from smmflow.approving.rules import may_approve, rules_for, wish
from smmflow.model.approval import Asked
from smmflow.model.review import NeededApproval
from smmflow.model.team import ApprovalSource, Team

__all__ = ["needed"]


def needed(
    team: Team, asked: Asked, changed: Collection[str]
) -> tuple[NeededApproval, ...]:
    """Return the approvals that files of a post lose by being changed, each once.

    Args:
        team: As the change leaves it.
        asked: The post on a channel, and the files that it rests on.
        changed: Files that have other bytes than before.
    """
    if team.approvals is ApprovalSource.NONE:
        return ()
    rules = (
        rule
        for file in asked.files
        if file in changed
        for rule in rules_for(team, asked, file)
    )
    return tuple(
        NeededApproval(
            wish(rule),
            tuple(each.id for each in team.members if may_approve(rule, each)),
        )
        for rule in dict.fromkeys(rules)
    )
