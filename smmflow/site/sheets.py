"""Sheets: what a preview says of each post: its frames, times, faults and fate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from smmflow.diagnostics import Finding, Severity
from smmflow.language.controls import visible
from smmflow.language.measures import truncate
from smmflow.model.address import slug
from smmflow.model.capabilities import Capabilities
from smmflow.model.channel_post import ChannelPost, Occurrence
from smmflow.model.plan import Action, Plan
from smmflow.model.post import Post
from smmflow.model.review import Review, ReviewEntry
from smmflow.model.workspace import Workspace
from smmflow.networks.interface import Network
from smmflow.site.fates import NOTHING, Fate, actions, fate_of
from smmflow.site.frames import Account, Frame, account, frame
from smmflow.site.shelf import Shelf

__all__ = ["Proposal", "Sheet", "Showing", "sheets"]

_TITLE = 60


@dataclass(frozen=True, slots=True)
class Proposal:
    """A workspace as its files propose it, worked out by the stages before.

    Attributes:
        composed: By post and channel; absent where impossible.
        capabilities: By channel; so for networks.
        occurrences: By post.
        findings: With lines and columns.
        plan: Of the moment that the preview is about.
        review: What is different from the commit that it is compared with; None if it
            is compared with none.
    """

    workspace: Workspace
    composed: Mapping[tuple[str, str], ChannelPost]
    networks: Mapping[str, Network]
    capabilities: Mapping[str, Capabilities]
    occurrences: Mapping[str, tuple[Occurrence, ...]]
    findings: tuple[Finding, ...]
    plan: Plan
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Showing:
    """A post on one of its channels.

    Attributes:
        frame: None if composing could not make anything of it.
        entry: What a review says of it; None if it is as before.
    """

    channel: str
    frame: Frame | None
    fate: Fate
    entry: ReviewEntry | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A post's page.

    Attributes:
        path: Of the page, relative to the root.
        file: Its file in the workspace.
        next: When it goes out next, aware; else when it last did; None without a time.
        times: The appointed times that are still to come, the soonest first.
    """

    post: str
    path: str
    file: str
    title: str
    language: str
    next: datetime | None
    times: tuple[datetime, ...]
    showings: tuple[Showing, ...]
    findings: tuple[Finding, ...]
    label: str

    @property
    def is_changed(self) -> bool:
        """Whether anything became of it since the commit it is compared with."""
        return any(each.entry for each in self.showings)

    @property
    def is_due(self) -> bool:
        """Whether the next run does something about it."""
        kinds = {each.fate.kind for each in self.showings}
        return not kinds.isdisjoint({"due", "edit", "withdraw"})

    @property
    def fate(self) -> Fate:
        """The most pressing fate of its channels."""
        found = {each.fate.kind: each.fate for each in reversed(self.showings)}
        order = ("held", "due", "edit", "withdraw", "waits", "live")
        return next((found[each] for each in order if each in found), NOTHING)

    @property
    def worst(self) -> Severity | None:
        """The gravest of its findings; None if it has none."""
        order = tuple(Severity)
        return min(
            (each.severity for each in self.findings), key=order.index, default=None
        )


def sheets(
    proposal: Proposal, shelf: Shelf, posts: Iterable[Post]
) -> tuple[Sheet, ...]:
    """Return the sheets of posts: what is due, what comes, what is over, the rest."""
    faults: dict[str, list[Finding]] = {}
    for each in proposal.findings:
        faults.setdefault(each.place.path, []).append(each)
    reviewed = proposal.review.entries if proposal.review else ()
    desk = _Desk(
        proposal,
        shelf,
        _accounts(proposal),
        actions(proposal.plan),
        {(each.post, each.channel): each for each in reviewed},
    )
    made = [desk.sheet(post, tuple(faults.get(post.path, ()))) for post in posts]
    return tuple(sorted(made, key=lambda each: _order(each, proposal.plan.at)))


def _order(sheet: Sheet, now: datetime) -> tuple[int, float, str]:
    moment = sheet.next.timestamp() if sheet.next else 0.0
    if sheet.is_due:
        return 0, moment, sheet.post
    if sheet.next is None:
        return 3, 0.0, sheet.post
    # What is over comes after what is to come, the latest first.
    return (1, moment, sheet.post) if sheet.next >= now else (2, -moment, sheet.post)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where sheets are made: what all of them draw on."""

    proposal: Proposal
    shelf: Shelf
    accounts: Mapping[str, Account]
    actions: Mapping[tuple[str, str], Action]
    entries: Mapping[tuple[str, str], ReviewEntry]

    def sheet(self, post: Post, findings: tuple[Finding, ...]) -> Sheet:
        now = self.proposal.plan.at
        appointed = self.proposal.occurrences.get(post.id, ())
        moments = sorted(each.due for each in appointed if each.due)
        coming = tuple(each for each in moments if each >= now)
        following = coming[0] if coming else (moments[-1] if moments else None)
        return Sheet(
            post.id,
            f"posts/{slug(post.id)}/index.html",
            visible(post.path),
            _title(post),
            post.language or self.proposal.workspace.language,
            following,
            coming,
            tuple(
                self._showing(post, name, following)
                for name in post.channels
                if name in self.accounts
            ),
            findings,
            "Withdrawn" if post.withdrawn else "Draft" if post.draft else "",
        )

    def _showing(self, post: Post, name: str, due: datetime | None) -> Showing:
        key = post.id, name
        composed = self.proposal.composed.get(key)
        return Showing(
            name,
            frame(composed, self.accounts[name], self.shelf, due) if composed else None,
            fate_of(self.actions.get(key)),
            self.entries.get(key),
        )


def _accounts(proposal: Proposal) -> Mapping[str, Account]:
    workspace = proposal.workspace
    return {
        name: account(
            channel,
            proposal.networks[name],
            proposal.capabilities[name],
            workspace.title,
        )
        for name, channel in workspace.channels.items()
    }


def _title(post: Post) -> str:
    words = post.title or truncate(" ".join(post.body.split()), _TITLE) or post.id
    return visible(words)
