"""The interface of forges: what smmflow asks of one, whatever its API looks like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from smmflow.model.approval import Brought, PullRequest
from smmflow.model.issue import Issue
from smmflow.model.schedule import Schedule

__all__ = ["Forge", "Issues", "Witness"]


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


class Issues(Protocol):
    """The issues of a repository that smmflow has written.

    Every method may raise NetworkError: nothing is known then, and nothing was done,
    unless it is OutcomeUnknown.
    """

    def written(self, mark: str, *, is_open: bool) -> tuple[Issue, ...]:
        """Return those that begin with a mark and are ours, by number."""
        ...

    def create(self, title: str, body: str) -> Issue:
        """Open one."""
        ...

    def change(self, issue: Issue) -> None:
        """Make one what this is: its words, open or closed."""
        ...

    def comment(self, issue: Issue, words: str) -> None:
        """Add a comment in Markdown."""
        ...


class Forge(Protocol):
    """A repository on a forge.

    Every method may raise NetworkError: nothing is known then, and nothing was done.
    """

    @property
    def issues(self) -> Issues:
        """The issues that smmflow has written."""
        ...

    def schedules(self) -> tuple[Schedule, ...]:
        """Return our workflows that run by themselves; none if it may not be told."""
        ...

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
