"""The team: people, their roles, and whose approval what needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["ApprovalRule", "ApprovalSource", "Member", "Team"]


class ApprovalSource(StrEnum):
    """Where approvals are recorded, and so what proves them."""

    NONE = "none"
    FORGE = "forge"
    TRAILERS = "trailers"


@dataclass(frozen=True, slots=True)
class Member:
    """A person.

    Attributes:
        id: What files call them.
        name: For people.
        accounts: Their names on forges, as in `github: sara`.
        emails: Addresses they commit and sign with.
        roles: What they may do, as in `editor`.
    """

    id: str
    name: str
    accounts: tuple[tuple[str, str], ...] = ()
    roles: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()

    def account(self, forge: str) -> str:
        """Return their name on a forge, in small letters; empty if they have none."""
        return dict(self.accounts).get(forge, "").lower()


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """What needs whose approval.

    Attributes:
        roles: Any of these may approve; a role, or the id of a person.
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
    """`team.yaml`.

    Attributes:
        path: The file, relative to the workspace.
        approvals: What proves approvals.
        members: In the order of the file.
        rules: Likewise.
        signers: The file that says whose SSH keys may sign, relative to the workspace;
            empty if git's own settings say so.
        since: Full name of a commit; what had come to the main branch by then needs no
            approval. Empty if everything does.
    """

    path: str = "team.yaml"
    approvals: ApprovalSource = ApprovalSource.NONE
    members: tuple[Member, ...] = ()
    rules: tuple[ApprovalRule, ...] = ()
    signers: str = ""
    since: str = ""
