"""What the rules about unknown names have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterator
from typing import ClassVar

from smmflow.checks.places import at_key, did_you_mean
from smmflow.checks.rule import WorkspaceRule
from smmflow.checks.subject import Subject
from smmflow.diagnostics import Finding, Place
from smmflow.model.workspace import Workspace

__all__ = ["UnknownNameRule", "Use"]

Use = tuple[str, str, tuple[str | int, ...]]
"""A name, and the file and keys where it stands: a place is made of few of them."""


class UnknownNameRule(WorkspaceRule):
    """Base of the rules about names that nothing answers to.

    Attributes:
        noun: What the names stand for.
        home: Where such a thing is added.
    """

    noun: ClassVar[str]
    home: ClassVar[str]

    @abstractmethod
    def known(self, workspace: Workspace) -> Collection[str]:
        """Return the names that there are."""

    @abstractmethod
    def uses(self, workspace: Workspace) -> Iterator[Use]:
        """Return every place that names one."""

    def place(self, path: str, keys: tuple[str | int, ...]) -> Place:
        """Return the place of a use."""
        return at_key(path, *keys)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Return the places whose name is unknown."""
        known = frozenset(self.known(subject.workspace))
        for name, path, keys in self.uses(subject.workspace):
            if name and name not in known:
                yield self.finding(
                    self.place(path, keys),
                    f"there is no {self.noun} `{name}`",
                    hint=did_you_mean(name, known) or f"add it to {self.home}",
                )
