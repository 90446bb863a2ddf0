"""A report: what went out in a period, what came of it, and what the goals say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from smmflow.model.metric import Metric
from smmflow.model.publication import Outcome

__all__ = [
    "FEW",
    "Dimension",
    "FollowerPoint",
    "FollowerSeries",
    "GoalProgress",
    "Group",
    "Period",
    "PillarShare",
    "Rate",
    "Report",
    "Row",
    "Sentence",
    "Standing",
    "Tally",
]

FEW = 5
"""A group of fewer posts than this is too small to conclude anything from."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something a report says in words, kept apart from its values for translation.

    Attributes:
        template: English, with `{names}` in braces; what a translation looks up.
        values: What stands in the braces; names, numbers and days.
    """

    template: str
    values: Mapping[str, str | float | date] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.values)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time.

    Attributes:
        name: As asked for: `last-30-days`, `2026-11`, `all`.
        start: Included, aware, in the workspace's zone; None means from the beginning.
        end: Not included, aware, in the workspace's zone.
    """

    name: str
    start: datetime | None
    end: datetime

    def holds(self, moment: datetime) -> bool:
        """Tell whether the moment is in the period."""
        return (self.start is None or self.start <= moment) and moment < self.end


@dataclass(frozen=True, slots=True)
class Tally:
    """A sum that remembers how many of its terms were known.

    Attributes:
        value: The sum of the known terms; None if not one was known.
        known: How many terms were known.
        of: How many terms there are.
    """

    value: int | None
    known: int
    of: int

    @property
    def partial(self) -> bool:
        """Something is known, but not everything: the true sum may be higher."""
        return self.value is not None and self.known < self.of

    @classmethod
    def over(cls, terms: Iterable[int | None]) -> Tally:
        """Return the sum of terms, of which any may be unknown."""
        every = tuple(terms)
        known = [each for each in every if each is not None]
        return cls(sum(known) if known else None, len(known), len(every))

    @classmethod
    def joined(cls, tallies: Iterable[Tally]) -> Tally:
        """Return the sum of sums."""
        every = tuple(tallies)
        known = [each.value for each in every if each.value is not None]
        return cls(
            sum(known) if known else None,
            sum(each.known for each in every),
            sum(each.of for each in every),
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate, never without the number it was divided by.

    Attributes:
        percent: From 0 upwards.
        denominator: Name of the metric below the line, as in `followers`.
        base: Its value.
        base_taken: When that value was read, aware.
    """

    percent: float
    denominator: str
    base: int
    base_taken: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One occurrence on one channel that went out in the period.

    Attributes:
        occurrence: The occurrence's id.
        post: The post's id.
        channel: The channel's name.
        network: The network's name.
        title: The post's title as it went out.
        url: Of its first part; may be empty.
        published: When its first part went live, aware, in the workspace's zone.
        outcome: Where it stands now; it may have been withdrawn since.
        parts: How many parts went live.
        goal: Its own goal or its campaign's; empty if it serves none.
        counters: By metric, summed over its parts; reach is that of the first one.
        engagements: See the metric of that name.
        rate: None if engagements or followers are unknown.
        read: When its counters were last read, aware; None if never.
        gone: At least one part is no longer on the network; the last counters stay.
    """

    occurrence: str
    post: str
    channel: str
    network: str
    title: str
    url: str
    published: datetime
    outcome: Outcome
    parts: int
    language: str
    pillar: str
    campaign: str
    goal: str
    audience: str
    format: str
    counters: Mapping[str, Tally]
    engagements: Tally
    rate: Rate | None = None
    read: datetime | None = None
    gone: bool = False


class Dimension(StrEnum):
    """What rows are grouped by."""

    CHANNEL = "channel"
    PILLAR = "pillar"
    CAMPAIGN = "campaign"
    FORMAT = "format"
    LANGUAGE = "language"
    WEEKDAY = "weekday"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that have something in common.

    Medians, not means: one post that did very well would decide a mean of few.

    Attributes:
        key: The common value: a channel's name, `mon`, `09`; empty for none.
        title: For people; empty for none.
        posts: How many rows.
        counters: By metric, summed over the rows, where a sum means anything.
        engagements: Summed over the rows.
        median_engagements: Of rows whose engagements are known; None if there is none.
        median_rate: In percent by followers, likewise.
        rated: How many rows `median_rate` is of.
    """

    key: str
    title: str
    posts: int
    counters: Mapping[str, Tally]
    engagements: Tally
    median_engagements: float | None
    median_rate: float | None
    rated: int

    @property
    def few(self) -> bool:
        """Too few posts to conclude anything from."""
        return self.posts < FEW


@dataclass(frozen=True, slots=True)
class PillarShare:
    """How much of what went out served a pillar.

    Attributes:
        pillar: Its id; empty for posts without one.
        title: For people; empty for posts without one.
        occurrences: How many went out; an occurrence on three channels counts once.
        planned: The share the strategy asks for, 0 to 1; None if it leaves it open.
        actual: The share of all occurrences, 0 to 1; None if nothing went out.
    """

    pillar: str
    title: str
    occurrences: int
    planned: float | None
    actual: float | None


class Standing(StrEnum):
    """Where a goal stands."""

    REACHED = "reached"
    ON_TRACK = "on-track"
    BEHIND = "behind"
    MISSED = "missed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """A goal of the strategy, measured.

    Attributes:
        goal: Its id.
        title: For people.
        metric: What is measured.
        channel: Only there; empty means all channels together.
        baseline: Where it stood; None if unknown.
        target: Where it should stand.
        deadline: By when.
        current: Where it stands; None if unknown.
        partial: Some channel's part of `current` is unknown.
        reached: Share of the way from baseline to target, 0 to 1 and beyond; None if
            the baseline or the current value is unknown.
        standing: The verdict.
        why: The reason for it.
    """

    goal: str
    title: str
    metric: str
    channel: str
    baseline: float | None
    target: float
    deadline: date
    current: float | None
    partial: bool
    reached: float | None
    standing: Standing
    why: Sentence


@dataclass(frozen=True, slots=True)
class FollowerPoint:
    """One reading of a channel's followers."""

    taken: datetime
    followers: int


@dataclass(frozen=True, slots=True)
class FollowerSeries:
    """A channel's followers over the period, sorted by time; known readings only."""

    channel: str
    points: tuple[FollowerPoint, ...]

    @property
    def latest(self) -> int | None:
        """The last reading; None if there is none."""
        return self.points[-1].followers if self.points else None

    @property
    def change(self) -> int | None:
        """Last minus first; None with fewer than two readings."""
        if len(self.points) <= 1:
            return None
        return self.points[-1].followers - self.points[0].followers


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a page or a text says about a period.

    Attributes:
        title: The brand's name.
        moment: The moment it was made for, aware; counters are the last read before.
        period: What it covers.
        rows: What went out, by time, occurrence and channel.
        totals: All rows together.
        breakdowns: The rows grouped, by dimension.
        pillars: What went out against the shares of the strategy.
        goals: In the order of the strategy.
        followers: By channel, in the order of `channels.yaml`.
        without_goal: Occurrences that serve no goal, each once.
        caveats: What the numbers don't say.
        metrics: Definition of every number shown.
    """

    title: str
    moment: datetime
    period: Period
    rows: tuple[Row, ...]
    totals: Group
    breakdowns: Mapping[Dimension, tuple[Group, ...]]
    pillars: tuple[PillarShare, ...]
    goals: tuple[GoalProgress, ...]
    followers: tuple[FollowerSeries, ...]
    without_goal: tuple[str, ...]
    caveats: tuple[Sentence, ...]
    metrics: tuple[Metric, ...]
