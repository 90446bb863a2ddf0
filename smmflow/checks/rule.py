"""What a rule is: a class whose docstring is its documentation.

The docstring has one shape, which a test holds every rule to: a title on its first
line, then the paragraphs `What:`, `Why:` and `Fix:`, then the indented blocks `Bad:`
and `Good:`, then, where a rule rests on an outside fact, `Source:` with its URLs.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from smmflow.checks.subject import Subject
from smmflow.diagnostics import Finding, Place, Severity
from smmflow.model.capabilities import Capabilities
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost
from smmflow.model.media import MediaFacts, MediaFile
from smmflow.model.post import Post
from smmflow.networks.interface import Network

__all__ = [
    "Case",
    "ChannelPostRule",
    "FormRule",
    "PostRule",
    "Rule",
    "TimedRule",
    "WorkspaceRule",
]


class Rule(ABC):
    """Base of all rules.

    Attributes:
        name: What is wrong, as in `ignore: [text-too-long]`.
        severity: Of its findings, unless one says otherwise.
    """

    name: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR

    @property
    def documentation(self) -> str:
        """The docstring of the class, without its indentation."""
        return inspect.cleandoc(type(self).__doc__ or "")

    @property
    def title(self) -> str:
        """The first line of the documentation, without its full stop."""
        return self.documentation.partition("\n")[0].rstrip(".")

    def finding(
        self,
        place: Place,
        message: str,
        *,
        hint: str = "",
        channel: str = "",
        severity: Severity | None = None,
    ) -> Finding:
        """Return a finding of this rule."""
        return Finding(
            self.name, severity or self.severity, message, place, hint, channel
        )


class PostRule(Rule):
    """A rule about one post, whatever its channels.

    What it finds is remembered until the post or something it rests on changes, so it
    is shown neither other posts nor the present, the occurrences and the ledger: a rule
    that needs those about one post is a `TimedRule`.
    """

    @abstractmethod
    def check(self, post: Post, subject: Subject) -> Iterable[Finding]:
        """Return the faults of one post."""


class TimedRule(PostRule):
    """A rule about one post whose answer may change although no file does."""


@dataclass(frozen=True, slots=True)
class Case:
    """One post on one channel, and all a rule needs to judge it."""

    post: Post
    channel: Channel
    composed: ChannelPost
    capabilities: Capabilities
    network: Network
    subject: Subject

    def files(self) -> Iterator[tuple[int, MediaFile, MediaFacts]]:
        """Return the post's usable files with their index in its `media`."""
        known = self.subject.workspace.media
        for index, file in enumerate(self.post.media):
            facts = known.get(file.file)
            if isinstance(facts, MediaFacts):
                yield index, file, facts


class ChannelPostRule(Rule):
    """A rule about what one channel gets of one post; its view is a `PostRule`’s."""

    @abstractmethod
    def check(self, case: Case) -> Iterable[Finding]:
        """Return the faults of one post on one channel."""


class WorkspaceRule(Rule):
    """A rule about several files together, or about files that are no posts."""

    @abstractmethod
    def check(self, subject: Subject) -> Iterable[Finding]:
        """Return the faults of the whole workspace."""


class FormRule(Rule):
    """A fault that is found on the way, while reading or composing; documented here."""
