"""What rules look at: the workspace, what became of it, and the present moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from hashlib import blake2b
from typing import Self

from smmflow.checks.folding import fingerprint
from smmflow.checks.verdict import Verdict
from smmflow.model.capabilities import Capabilities
from smmflow.model.channel_post import ChannelPost, Occurrence
from smmflow.model.post import Post
from smmflow.model.publication import Outcome, Publication
from smmflow.model.workspace import Workspace
from smmflow.networks.interface import Network

__all__ = ["Appointment", "Subject"]

_NOT_OUT = frozenset({Outcome.REFUSED, Outcome.FAILED})
_NO_MOMENT = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A post's time on one channel.

    Attributes:
        due: When it goes out or went out, aware.
        occurrence: Its occurrence's id.
        post: The post; None where only the ledger remembers it.
        title: For messages.
        out: It left already, so nothing about it can be put right.
    """

    due: datetime
    occurrence: str
    post: Post | None
    title: str
    out: bool


@dataclass(frozen=True)
class Subject:
    """Everything a check may look at; views that several rules need are made once.

    Attributes:
        workspace: What the files say.
        composed: By post and channel; absent where composing was impossible.
        capabilities: By channel.
        networks: By channel.
        occurrences: By post; drafts have none.
        publications: The ledger, by occurrence and channel.
        now: The present, aware.
        verdicts: By post, what is known of it already.
    """

    workspace: Workspace
    composed: Mapping[tuple[str, str], ChannelPost] = field(default_factory=dict)
    capabilities: Mapping[str, Capabilities] = field(default_factory=dict)
    networks: Mapping[str, Network] = field(default_factory=dict)
    occurrences: Mapping[str, tuple[Occurrence, ...]] = field(default_factory=dict)
    publications: Mapping[tuple[str, str], Publication] = field(default_factory=dict)
    now: datetime = field(kw_only=True)
    verdicts: Mapping[str, Verdict] = field(default_factory=dict, kw_only=True)

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """Posts that are or may go live: all but the withdrawn ones."""
        return tuple(
            post for post in self.workspace.posts.values() if not post.withdrawn
        )

    @cached_property
    def by_path(self) -> Mapping[str, Post]:
        """Posts by the path of their file."""
        return {post.path: post for post in self.workspace.posts.values()}

    @cached_property
    def appointments(self) -> Mapping[str, tuple[Appointment, ...]]:
        """By channel, everything that has a time there, in the order of time."""
        lists: dict[str, list[Appointment]] = defaultdict(list)
        for post in self.posts:
            for occurrence in self.occurrences.get(post.id, ()):
                if occurrence.due is None:
                    continue
                for channel in post.channels:
                    lists[channel].append(self._appointed(post, occurrence, channel))
        for record in self._forgotten():
            lists[record.channel].append(
                Appointment(
                    record.published or record.due,
                    record.occurrence,
                    None,
                    record.title or record.post,
                    out=True,
                )
            )
        return {
            channel: tuple(sorted(each, key=lambda a: (a.due, a.occurrence)))
            for channel, each in lists.items()
        }

    def is_out(self, occurrence: str, channel: str) -> bool:
        """Tell whether the ledger says that it went out, or may have."""
        record = self.publications.get((occurrence, channel))
        return record is not None and record.outcome not in _NOT_OUT

    def versions(self, post: Post) -> Iterator[ChannelPost]:
        """Return what each of the post's channels gets, in the order written."""
        for channel in post.channels:
            version = self.composed.get((post.id, channel))
            if version is not None:
                yield version

    @cached_property
    def lasting(self) -> Self:
        """What rules about one post may look at: nothing that changes by itself.

        They get no more than this, so that none can rest on more by mistake.
        """
        files = replace(self.workspace, posts={}, findings=(), unreadable=frozenset())
        return replace(
            self,
            workspace=files,
            occurrences={},
            publications={},
            now=_NO_MOMENT,
            verdicts={},
        )

    def sayings(self, post: Post) -> Mapping[str, str]:
        """Return, by channel, the fingerprint of what it gets; empty for no text."""
        verdict = self.verdicts.get(post.id)
        if verdict is not None:
            return verdict.sayings
        return {
            version.channel: self.fingerprint_of(
                "\n".join(part.text.text for part in version.parts)
            )
            for version in self.versions(post)
        }

    def fingerprint_of(self, text: str) -> str:
        """Return what texts share that say the same; empty if it says nothing.

        A digest of `fingerprint(text)`, computed once for each text.
        """
        found = self._fingerprints.get(text)
        if found is None:
            words = fingerprint(text).encode("utf-8", "surrogatepass")
            found = blake2b(words, digest_size=16).hexdigest() if words else ""
            self._fingerprints[text] = found
        return found

    @cached_property
    def _fingerprints(self) -> dict[str, str]:
        return {}

    def _appointed(
        self, post: Post, occurrence: Occurrence, channel: str
    ) -> Appointment:
        record = self.publications.get((occurrence.id, channel))
        due = occurrence.due
        if record is not None and record.published is not None:
            due = record.published
        if due is None:
            raise ValueError(f"{occurrence.id} has no time")
        return Appointment(
            due,
            occurrence.id,
            post,
            post.title or post.id,
            record is not None and record.outcome not in _NOT_OUT,
        )

    def _forgotten(self) -> Iterator[Publication]:
        known = {
            each.id for several in self.occurrences.values() for each in several
        } | set(self.workspace.posts)
        for (occurrence, _), record in self.publications.items():
            live = record.outcome not in {*_NOT_OUT, Outcome.WITHDRAWN}
            if live and occurrence not in known and record.post not in known:
                yield record
