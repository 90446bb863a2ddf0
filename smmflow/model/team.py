"""The team: people, their roles, and whose approval what needs."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ApprovalRule", "Member", "Team"]


@dataclass(frozen=True, slots=True)
class Member:
    """A person.

    Attributes:
        id: What files call them.
        name: For people.
        accounts: Their names on forges, as in `github: sara`.
        roles: What they may do, as in `editor`.
    """

    id: str
    name: str
    accounts: tuple[tuple[str, str], ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """What needs whose approval.

    Attributes:
        roles: Any of these may approve.
        count: How many of them must.
        paths: Globs of files; empty means all. So for campaigns, channels and risks.
    """

    roles: tuple[str, ...]
    count: int = 1
    paths: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """`team.yaml`."""

    path: str = "team.yaml"
    approvals: str = "none"
    members: tuple[Member, ...] = ()
    rules: tuple[ApprovalRule, ...] = ()
