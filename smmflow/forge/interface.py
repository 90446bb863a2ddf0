"""The interface of forges: what smmflow asks of one, whatever its API looks like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from smmflow.model.approval import Brought, PullRequest

__all__ = ["Forge", "Witness"]


class Witness(Protocol):
    """Tells how files' present bytes came to the main branch, and who approved them."""

    def tell(self, paths: Iterable[str]) -> Mapping[str, Brought]:
        """Return how each file came to be as it is.

        Args:
            paths: Relative to the workspace.

        Raises:
            NetworkError: The forge can't be asked.
            ConfigurationError: The repository has no history to look at.
        """
        ...


class Forge(Protocol):
    """A repository on a forge.

    Every method may raise NetworkError: nothing is known then, and nothing was done.
    """

    def merged_with(self, commit: str) -> tuple[PullRequest, ...]:
        """Return the pull requests, merged into the main branch, that a commit is from.

        Squashed, merged or rebased makes no difference. Empty if somebody pushed it.

        Args:
            commit: Its full name.
        """
        ...

    def blob(self, path: str, commit: str) -> str:
        """Return git's name for a file's bytes in any commit; empty if it had no file.

        Args:
            path: Relative to the top of the repository.
            commit: The full name of a commit that need not be on the main branch.
        """
        ...

    def close(self) -> None:
        """Let go of sockets."""
        ...
