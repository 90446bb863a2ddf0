"""The comparison: two states of the workspace, and what the ledger says is live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from smmflow.diagnostics import Finding, Severity
from smmflow.model.capabilities import Capabilities
from smmflow.model.channel_post import ChannelPost, Occurrence
from smmflow.model.plan import Action, Plan, target
from smmflow.model.post import Post
from smmflow.model.publication import Outcome, Publication
from smmflow.model.review import (
    Review,
    ReviewChange,
    ReviewEntry,
    ReviewFinding,
)
from smmflow.model.workspace import Workspace
from smmflow.networks.interface import Network
from smmflow.reviewing.compare import Pair
from smmflow.reviewing.parts import describe
from smmflow.reviewing.times import due_words

__all__ = ["Side", "review"]

Key = tuple[str, str]
_UNSEEN = frozenset({Outcome.WITHDRAWN, Outcome.SCHEDULED, Outcome.CANCELLED})
"""Readers don't see these, whatever the network said of them."""


@dataclass(frozen=True)
class Side:
    """One state of the workspace, worked out.

    Attributes:
        workspace: The files.
        composed: By post and channel; absent where composing was impossible.
        occurrences: By post.
        findings: Everything that is wrong; in the state that is proposed, with lines.
        plan: What would be done now, held against the ledger.
        networks: By channel.
        capabilities: By channel.
    """

    workspace: Workspace
    composed: Mapping[Key, ChannelPost]
    occurrences: Mapping[str, tuple[Occurrence, ...]]
    findings: tuple[Finding, ...]
    plan: Plan
    networks: Mapping[str, Network]
    capabilities: Mapping[str, Capabilities]

    @cached_property
    def actions(self) -> Mapping[Key, tuple[Action, ...]]:
        """What the plan says, by post and channel."""
        found: dict[Key, tuple[Action, ...]] = {}
        for action in self.plan.actions:
            found[target(action)] = (*found.get(target(action), ()), action)
        return found

    @cached_property
    def faults(self) -> Mapping[str, tuple[Finding, ...]]:
        """Findings by file."""
        found: dict[str, list[Finding]] = {}
        for each in self.findings:
            found.setdefault(each.place.path, []).append(each)
        return {path: tuple(each) for path, each in found.items()}

    def due(self, post: Post | None) -> str:
        """Return when a post goes out, in words; empty if there is no such post."""
        if post is None:
            return ""
        at = self.occurrences.get(post.id, ())
        return due_words(post, at, self.workspace.calendar, self.plan.at)


def review(
    base: Side,
    head: Side,
    publications: Iterable[Publication],
    *,
    base_name: str,
    head_name: str = "",
) -> Review:
    """Return what is different on `head`, post by post and channel by channel.

    Args:
        base: The state that the change started from.
        head: The state that is proposed.
        publications: What the ledger says.
        base_name: What to call the base.
        head_name: The commit of the head; empty if it is none.
    """
    known = {_identity(each) for each in base.findings}
    new = tuple(each for each in head.findings if _identity(each) not in known)
    entries = tuple(_entries(base, head, new, _live(publications)))
    told = {entry.path for entry in entries}
    return Review(
        base=base_name,
        head=head_name,
        zone=head.workspace.calendar.zone.key,
        plan=head.plan.digest,
        entries=entries,
        findings=tuple(_told(each) for each in new if each.place.path not in told),
    )


def _live(publications: Iterable[Publication]) -> Mapping[Key, Publication]:
    """Return what is live by post and channel, of a recurring post the latest."""
    return {
        (each.post, each.channel): each
        for each in sorted(publications, key=lambda each: each.due)
        if each.receipts and each.outcome not in _UNSEEN
    }


def _entries(
    base: Side,
    head: Side,
    new: tuple[Finding, ...],
    live: Mapping[Key, Publication],
) -> Iterator[ReviewEntry]:
    before, after = base.workspace.posts, head.workspace.posts
    worse = {each.place.path for each in new if each.severity is not Severity.NOTE}
    for name in sorted(
        before.keys() | after.keys(), key=lambda name: _when(name, head)
    ):
        posts = filter(None, (after.get(name), before.get(name)))
        channels = dict.fromkeys(each for post in posts for each in post.channels)
        for channel in channels:
            pair = _pair((name, channel), base, head, live)
            change = pair.change
            if change is None and pair.post and pair.post.path in worse:
                change = _affected(pair.post, channel, new)
            if change is not None:
                yield _entry(pair, change, channel, head)


def _pair(key: Key, base: Side, head: Side, live: Mapping[Key, Publication]) -> Pair:
    name, channel = key
    old, post = base.workspace.posts.get(name), head.workspace.posts.get(name)
    return Pair(
        old=old if old and channel in old.channels else None,
        post=post if post and channel in post.channels else None,
        composed_before=base.composed.get(key),
        composed=head.composed.get(key),
        due_before=base.due(old),
        due=head.due(post),
        actions_before=base.actions.get(key, ()),
        actions=head.actions.get(key, ()),
        record=live.get(key),
        unreadable=not post and old.path in head.workspace.unreadable if old else False,
    )


def _when(name: str, head: Side) -> tuple[float, str]:
    times = [each.due for each in head.occurrences.get(name, ()) if each.due]
    return (min(times).timestamp() if times else float("inf"), name)


def _affected(
    post: Post, channel: str, new: tuple[Finding, ...]
) -> ReviewChange | None:
    concerned = (
        each.place.path == post.path and each.channel in {"", channel} for each in new
    )
    return ReviewChange.AFFECTED if any(concerned) else None


def _entry(pair: Pair, change: ReviewChange, channel: str, head: Side) -> ReviewEntry:
    post = pair.post or pair.old
    assert post is not None  # noqa: S101 - a pair has one of both; for mypy
    composed = pair.composed if pair.post else None
    shown = describe(
        composed if change is not ReviewChange.WITHDRAWN else None,
        pair.words_before if change is not ReviewChange.BROKEN else (),
        head.networks.get(channel),
        head.capabilities.get(channel),
    )
    return ReviewEntry(
        post=post.id,
        path=post.path,
        title=post.title,
        channel=channel,
        change=change,
        due=pair.due if pair.post else "",
        due_before=pair.due_before if pair.is_moved else "",
        parts=shown.parts,
        gone=shown.gone,
        beside=pair.beside,
        content_warning=composed.content_warning if composed else "",
        visibility=composed.visibility if composed else post.visibility,
        live=pair.live_at,
        findings=tuple(
            _told(each)
            for each in head.faults.get(post.path, ())
            if each.channel in {"", channel}
        ),
        notes=pair.notes,
    )


def _identity(finding: Finding) -> tuple[str, ...]:
    place = finding.place
    return (
        finding.rule,
        finding.severity,
        finding.message,
        place.path,
        finding.channel,
    )


def _told(finding: Finding) -> ReviewFinding:
    source = finding.source
    return ReviewFinding(
        finding.rule,
        finding.severity,
        finding.message,
        finding.place.path,
        source.line if source else 0,
        finding.hint,
    )
