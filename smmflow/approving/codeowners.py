"""CODEOWNERS from `team.yaml`: GitHub asks for reviews that smmflow will want."""

from __future__ import annotations

from collections.abc import Iterator

from smmflow.approving.rules import may_approve
from smmflow.model.team import ApprovalRule, Team

__all__ = ["codeowners", "is_ours"]

_HEAD = """\
# Written by `smmflow codeowners --write` from team.yaml: change that, not this.
# GitHub asks these people for a review. Whether their approvals are enough is
# decided when something is published, by the rules of team.yaml.
"""


def is_ours(text: str) -> bool:
    """Tell whether a file was written by smmflow, so that it may be written anew."""
    return text.startswith(_HEAD.partition("\n")[0])


def codeowners(team: Team, below: str = "") -> str:
    """Return the file, in the order in which the last match decides.

    A rule by campaign, channel or risk can't be said there: such posts are found only
    by reading them, so those rules are left out. People without an account on GitHub
    are left out, too.

    Args:
        team: People and rules.
        below: The workspace's folder in the repository; empty if it is the whole.

    https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-syntax
    """
    general = [each for each in team.rules if not each.paths and _is_of_files(each)]
    special = [each for each in team.rules if each.paths and _is_of_files(each)]
    everybody = _owners(team, *general) if general else _accounts(team)
    top = f"{_path(below)}/" if below else "*"
    rows = [f"{top} {everybody}"] if everybody else []
    for rule in special:
        # All rules that fit must be met, so the general ones come along.
        owners = _owners(team, *general, rule)
        places = ("/".join(filter(None, (below, each))) for each in rule.paths)
        rows += [f"{_path(place)} {owners}" for place in places if owners]
    return _HEAD + "".join(f"{row}\n" for row in rows)


def _is_of_files(rule: ApprovalRule) -> bool:
    return not (rule.campaigns or rule.channels or rule.risks)


def _owners(team: Team, *rules: ApprovalRule) -> str:
    return " ".join(dict.fromkeys(_names(team, *rules)))


def _accounts(team: Team) -> str:
    return _owners(team, ApprovalRule(roles=()))


def _names(team: Team, *rules: ApprovalRule) -> Iterator[str]:
    for rule in rules:
        for member in team.members:
            account = dict(member.accounts).get("github", "")
            if account and may_approve(rule, member):
                yield f"@{account}"


def _path(glob: str) -> str:
    """Return a glob as CODEOWNERS writes it: from the top, spaces escaped."""
    return "/" + glob.lstrip("/").replace(" ", "\\ ")
