"""Which rules of `team.yaml` speak of a file of a post, and who may approve by them."""

from __future__ import annotations

import re
from functools import lru_cache

from smmflow.model.approval import Asked
from smmflow.model.team import ApprovalRule, Member, Team

__all__ = ["may_approve", "pattern", "rules_for", "wish"]

ANYBODY = ApprovalRule(roles=())
"""For files that no rule speaks of: one approval of anybody in the team."""


def rules_for(team: Team, asked: Asked, file: str) -> tuple[ApprovalRule, ...]:
    """Return every rule that a file has to meet; there is at least one.

    Rules about campaigns, channels and risks are about posts, and so about every file
    that such a post rests on. Only `team.yaml`, the file of keys and `channels.yaml`
    are about all posts alike.
    """
    fitting = (each for each in team.rules if _fits(each, asked, file, team))
    return tuple(fitting) or (ANYBODY,)


def may_approve(rule: ApprovalRule, member: Member) -> bool:
    """Tell whether a person's approval counts for a rule, by role or by name."""
    return not rule.roles or bool(set(rule.roles) & {member.id, *member.roles})


def wish(rule: ApprovalRule) -> str:
    """Return what a rule wants, as in `2 approvals by editor or lead`."""
    whom = " or ".join(rule.roles) or "anybody in team.yaml"
    return f"{rule.count} approval{'s' if rule.count > 1 else ''} by {whom}"


def _fits(rule: ApprovalRule, asked: Asked, file: str, team: Team) -> bool:
    of_post = (
        (rule.campaigns, asked.campaign),
        (rule.channels, asked.channel),
        (rule.risks, asked.risk),
    )
    of_all = {team.path, team.signers, CHANNELS}
    if file in of_all and any(names for names, _ in of_post):
        return False
    if any(names and name not in names for names, name in of_post):
        return False
    return not rule.paths or any(pattern(each).fullmatch(file) for each in rule.paths)


CHANNELS = "channels.yaml"
"""Where a password is sent to: whoever changes it decides who gets it."""


@lru_cache(maxsize=1024)
def pattern(glob: str) -> re.Pattern[str]:
    """Return a glob as a pattern of whole paths.

    `**` stands for any folders, `*` and `?` stay within one; a folder with a slash at
    its end stands for everything in it.
    """
    wanted = glob.removeprefix("/")
    wanted = f"{wanted}**" if wanted.endswith("/") else wanted
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", wanted)
    signs = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    written = (signs.get(each, re.escape(each)) for each in pieces)
    return re.compile("".join(written), re.DOTALL)
