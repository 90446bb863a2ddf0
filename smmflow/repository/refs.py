"""Where the state branch is: here and as last seen at its remote, asked at once."""

from __future__ import annotations

from dataclasses import dataclass

from smmflow.repository.plumbing import Plumbing

__all__ = ["Refs"]


@dataclass(frozen=True, slots=True)
class Refs:
    """What the refs of a state branch point at.

    Attributes:
        local: The commit of the local branch; None if there is none.
        tracked: The commit that was last seen at the remote; None if none was.
        checked_out: Whether a work tree has the local branch as its own.
    """

    local: str | None
    tracked: str | None
    checked_out: bool

    @classmethod
    def read(cls, plumbing: Plumbing, local: str, tracking: str | None) -> Refs:
        """Look at them with one git process, where the local branch exists.

        Args:
            plumbing: The repository.
            local: The full name of the local branch.
            tracking: The full name of the ref that a fetch moves; None without remote.
        """
        wanted = [local, *([tracking] if tracking else [])]
        form = "--format=%(refname)%00%(objectname)%00%(worktreepath)"
        found = {}
        for row in plumbing.must("for-each-ref", form, *wanted).text.splitlines():
            name, commit, worktree = row.split("\0")
            found[name] = commit, bool(worktree)
        here, checked_out = found.get(local, (None, False))
        if here is None:  # a work tree may be about to make its first commit there
            listed = plumbing.must("worktree", "list", "--porcelain").text
            checked_out = f"branch {local}" in listed.splitlines()
        there, _ = found.get(tracking or "", (None, False))
        return cls(here, there, checked_out)
