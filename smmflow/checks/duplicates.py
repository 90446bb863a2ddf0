"""Rules about what is there twice, and about days in the wrong order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from smmflow.checks.calendar import time_place
from smmflow.checks.places import at_key
from smmflow.checks.rule import WorkspaceRule
from smmflow.checks.subject import Subject
from smmflow.diagnostics import Finding, Place, Severity
from smmflow.model.post import Post, Repeating
from smmflow.model.workspace import Workspace

__all__ = ["DatesReversed", "RepeatedText"]


@dataclass(frozen=True, slots=True)
class _Saying:
    """A text at a time on a channel."""

    due: datetime
    id: str
    title: str
    post: Post | None
    out: bool


class RepeatedText(WorkspaceRule):
    """The same text goes out again too soon.

    What: Two posts say the same on one channel within `repeat_after` of
    `calendar.yaml`; the ledger counts too. Capital letters, spaces, Arabic forms of
    Persian letters and tracking parameters make no difference. A post that repeats
    itself by `repeat` is meant to.

    Why: Followers take it for a slip, networks for spam.

    Fix: Say it in other words, or later.

    Bad:
        publish_at: 2026-12-10 09:00      # the words of last week's post

    Good:
        publish_at: 2027-02-10 09:00

    Source: https://bsky.social/about/support/community-guidelines
    """

    name = "repeated-text"
    severity = Severity.WARNING

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Return the later one of two that say the same."""
        within = subject.workspace.calendar.repeat_after
        said: dict[tuple[str, str], tuple[_Saying, _Saying, list[str]]] = {}
        for (channel, _), sayings in _sayings(subject).items():
            if len(sayings) == 1:
                continue
            for first, second in pairwise(sorted(sayings, key=_order)):
                if first.id == second.id or second.due - first.due >= within:
                    continue
                if second.post is not None and not second.out:
                    key = (first.id, second.id)
                    said.setdefault(key, (first, second, []))[2].append(channel)
        for first, second, channels in said.values():
            if second.post is None:
                continue
            yield self.finding(
                time_place(second.post),
                f"it says the same as “{first.title}” on {', '.join(channels)}, "
                f"within {within.days} days",
                hint="say it in other words, or later",
                channel=channels[0] if len(channels) == 1 else "",
            )


def _order(saying: _Saying) -> tuple[datetime, str]:
    return (saying.due, saying.id)


def _sayings(subject: Subject) -> dict[tuple[str, str], list[_Saying]]:
    found: dict[tuple[str, str], list[_Saying]] = defaultdict(list)
    for post in subject.posts:
        for occurrence in subject.occurrences.get(post.id, ()):
            if occurrence.due is None:
                continue
            for channel, text in subject.sayings(post).items():
                out = subject.is_out(occurrence.id, channel)
                # What is out is in the ledger with the words it had.
                if text and not out:
                    found[channel, text].append(
                        _Saying(
                            occurrence.due, post.id, post.title or post.id, post, out
                        )
                    )
    for (occurrence_id, channel), record in subject.publications.items():
        if record.receipts and subject.is_out(occurrence_id, channel):
            said = "\n".join(part.text for part in record.parts)
            text = subject.fingerprint_of(said)
            if text:
                due = record.published or record.due
                title = record.title or record.post
                found[channel, text].append(
                    _Saying(due, record.post, title, None, out=True)
                )
    return found


class DatesReversed(WorkspaceRule):
    """Something ends before it begins.

    What: The last day of a campaign, contest, survey or recurring post lies before its
    first, or a blackout ends before it starts.

    Why: It never happens.

    Fix: Correct one of the two.

    Bad:
        opens: 2026-12-21
        closes: 2026-12-01

    Good:
        opens: 2026-12-01
        closes: 2026-12-21
    """

    name = "dates-reversed"

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Return everything that ends before it begins."""
        for place, start, end in _spans(subject.workspace):
            if start is not None and end is not None and end < start:
                yield self.finding(
                    place,
                    f"it ends at {end} although it begins at {start}",
                    hint="correct one of the two",
                )
        calendar = subject.workspace.calendar
        for index, each in enumerate(calendar.blackouts):
            if each.end <= each.start:
                yield self.finding(
                    at_key(calendar.path, "blackouts", index, "to"),
                    "the blackout ends before it starts",
                    hint="correct `from` or `to`",
                )


def _spans(workspace: Workspace) -> Iterator[tuple[Place, date | None, date | None]]:
    for campaign in workspace.campaigns.values():
        yield at_key(campaign.path, "to"), campaign.start, campaign.end
    for contest in workspace.contests.values():
        yield at_key(contest.path, "closes"), contest.opens, contest.closes
    for survey in workspace.surveys.values():
        yield at_key(survey.path, "closes"), survey.opens, survey.closes
    for post in workspace.posts.values():
        if isinstance(post.schedule, Repeating):
            place = at_key(post.path, "repeat", "until")
            yield place, post.schedule.start, post.schedule.until
