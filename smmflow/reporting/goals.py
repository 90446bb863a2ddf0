"""Goals of the strategy, measured: how far, and whether the pace is enough."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from smmflow.model.metric import COUNTED, ENGAGEMENTS, EXPOSURES
from smmflow.model.publication import Publication
from smmflow.model.report import GoalProgress, Row, Sentence, Standing, Tally
from smmflow.model.series import (
    PartState,
    follower_series,
    in_order,
    last_follower_readings,
    latest,
)
from smmflow.model.snapshot import Snapshot
from smmflow.model.strategy import Goal
from smmflow.model.workspace import Workspace
from smmflow.reporting.rows import counter_of, has_counter

__all__ = ["PACE_OVER", "PACE_SINCE_AT_LEAST", "goal_progress"]

PACE_OVER = timedelta(days=28)
"""The pace is that of the last four weeks before the last reading."""
PACE_SINCE_AT_LEAST = timedelta(days=7)
"""Readings closer together than this say nothing about a pace."""


@dataclass(frozen=True, slots=True)
class _Term:
    """One channel's followers or one part's counter, at two moments."""

    then: int | None
    now: int | None


@dataclass(frozen=True, slots=True)
class _Pace:
    """Growth of the terms known at both moments, and the time between these."""

    growth: int
    elapsed: timedelta
    last: datetime

    def projected(self, current: float, deadline: datetime) -> float:
        """Return where it would stand if it went on like this."""
        return current + self.growth * ((deadline - self.last) / self.elapsed)


def goal_progress(
    workspace: Workspace,
    publications: Mapping[tuple[str, str], Publication],
    snapshots: Iterable[Snapshot],
    rows: Sequence[Row],
    now: datetime,
) -> tuple[GoalProgress, ...]:
    """Return the progress of every goal, in the order of the strategy.

    Followers are those of the channels that were ever asked; likes and the like are of
    everything that ever went live on channels that count them; a rate is the median of
    the period's rows.
    """
    earlier = [each for each in in_order(snapshots) if each.taken <= now]
    live = [each for each in publications.values() if each.published]
    return tuple(
        _progress(workspace, goal, live, earlier, rows, now)
        for goal in workspace.strategy.goals
    )


def _progress(  # noqa: PLR0913, PLR0917 - one private step, called once
    workspace: Workspace,
    goal: Goal,
    live: Sequence[Publication],
    snapshots: Sequence[Snapshot],
    rows: Sequence[Row],
    now: datetime,
) -> GoalProgress:
    current: float | None
    partial, pace = False, None
    mine = [each for each in live if goal.channel in {"", each.channel}]
    if goal.metric == "engagement_rate_by_followers":
        current = _median_rate(goal, rows)
    elif goal.metric == "posts":
        published = [each.published for each in mine if each.published]
        current = sum(each <= now for each in published)
        pace = _posting_pace(published, now)
    else:
        terms, moments = _terms(workspace, goal, mine, snapshots, now)
        tally = Tally.over(each.now for each in terms)
        current, partial = tally.value, tally.partial
        pace = _pace(terms, moments)
    deadline = datetime.combine(
        goal.deadline + timedelta(days=1), time.min, workspace.calendar.zone
    )
    standing, why = _judge(goal, current, pace, deadline, now, partial=partial)
    if current is None and (reason := _why_never(workspace, goal, snapshots)):
        why = reason
    return GoalProgress(
        goal=goal.id,
        title=goal.title,
        metric=goal.metric,
        channel=goal.channel,
        baseline=goal.baseline,
        target=goal.target,
        deadline=goal.deadline,
        current=current,
        partial=partial,
        reached=_reached(goal, current),
        standing=standing,
        why=why,
    )


def _why_never(
    workspace: Workspace, goal: Goal, snapshots: Sequence[Snapshot]
) -> Sentence | None:
    """Return why a goal stays unknown however much is read; None if it need not."""
    if goal.metric == "reach":
        words = "Reach is never added up, as who saw two posts is one: take {metrics}."
        return Sentence(words, {"metrics": "views, impressions"})
    if goal.metric in EXPOSURES and not goal.channel and snapshots:
        giving = _channels_giving(goal.metric, latest(snapshots, snapshots[-1].taken))
        known = [workspace.channels[each] for each in giving & {*workspace.channels}]
        if len({each.network for each in known}) > 1:
            return Sentence("Networks count it each in their own way: name a channel.")
    return None


def _median_rate(goal: Goal, rows: Sequence[Row]) -> float | None:
    rates = [
        row.rate.percent
        for row in rows
        if row.rate and goal.channel in {"", row.channel}
    ]
    return median(rates) if rates else None


def _reached(goal: Goal, current: float | None) -> float | None:
    if current is None or goal.baseline is None or goal.baseline == goal.target:
        return None
    return (current - goal.baseline) / (goal.target - goal.baseline)


def _moments(snapshots: Sequence[Snapshot]) -> tuple[datetime, datetime] | None:
    """Return the two moments that the pace is measured between."""
    if not snapshots:
        return None
    last = snapshots[-1].taken
    return max(last - PACE_OVER, snapshots[0].taken), last


def _terms(
    workspace: Workspace,
    goal: Goal,
    live: Sequence[Publication],
    snapshots: Sequence[Snapshot],
    now: datetime,
) -> tuple[list[_Term], tuple[datetime, datetime] | None]:
    moments = _moments(snapshots)
    if moments is None:
        return [], None
    if goal.metric == "followers":
        asked = last_follower_readings(snapshots)
        channels = [goal.channel] if goal.channel else list(workspace.channels)
        return [
            _Term(*(follower_series(snapshots, name, at).latest for at in moments))
            for name in channels
            if name in asked
        ], moments
    if goal.metric not in {*COUNTED, "engagements"} - {"reach"}:
        return [], moments
    before, after = (latest(snapshots, at) for at in moments)
    giving = _channels_giving(goal.metric, after)
    counted = [each for each in live if each.channel in giving]
    if goal.metric in EXPOSURES and len({each.network for each in counted}) > 1:
        return [], moments  # each network says for itself what it counts
    terms = []
    for publication in counted:
        for part in publication.parts:
            if part.receipt is None or part.receipt.at > now:
                continue
            key = (publication.channel, part.receipt.id)
            then, today = before.get(key), after.get(key)
            if has_counter(goal.metric, part, today):
                is_new = part.receipt.at > moments[0]
                earlier = 0 if is_new else _earlier(goal.metric, then, today)
                terms.append(_Term(earlier, counter_of(goal.metric, today)))
    return terms, moments


def _channels_giving(
    name: str, states: Mapping[tuple[str, str], PartState]
) -> set[str]:
    """Return the channels that count it: of the others, nothing is unknown."""
    return {
        channel
        for (channel, _), state in states.items()
        if counter_of(name, state) is not None
    }


def _earlier(name: str, then: PartState | None, today: PartState | None) -> int | None:
    """Return what a counter was, comparable with what it is.

    What engagements consist of now and was not read then has not grown for that.
    """
    was = counter_of(name, then)
    if name != "engagements" or then is None or was is None:
        return was
    now = today.counters if today else {}
    pairs = [(then.counters.get(each), now.get(each)) for each in ENGAGEMENTS]
    return sum(it if old is None else old for old, it in pairs if it is not None)


def _pace(
    terms: Sequence[_Term], moments: tuple[datetime, datetime] | None
) -> _Pace | None:
    if moments is None or moments[1] - moments[0] < PACE_SINCE_AT_LEAST:
        return None
    known = [
        each.now - each.then
        for each in terms
        if each.now is not None and each.then is not None
    ]
    if not known:
        return None
    return _Pace(sum(known), moments[1] - moments[0], moments[1])


def _posting_pace(published: Sequence[datetime], now: datetime) -> _Pace | None:
    past = [each for each in published if each <= now]
    if not past:
        return None
    since = max(now - PACE_OVER, min(past))
    if now - since < PACE_SINCE_AT_LEAST:
        return None
    return _Pace(sum(each > since for each in past), now - since, now)


def _judge(  # noqa: PLR0913 - one private step, called once
    goal: Goal,
    current: float | None,
    pace: _Pace | None,
    deadline: datetime,
    now: datetime,
    *,
    partial: bool,
) -> tuple[Standing, Sentence]:
    if current is None:
        return Standing.UNKNOWN, Sentence("There is no reading of it yet.")
    if _met(goal, current):
        return Standing.REACHED, Sentence("The target is reached.")
    if partial:
        words = "A part of it is unknown, so the true value may be higher."
        return Standing.UNKNOWN, Sentence(words)
    if now >= deadline:
        return Standing.MISSED, Sentence("The deadline is over.")
    if pace is None:
        words = "A pace needs readings at least {days} days apart."
        days = PACE_SINCE_AT_LEAST.days
        return Standing.UNKNOWN, Sentence(words, {"days": days})
    projected = round(pace.projected(current, deadline))
    values: dict[str, str | float | date] = {
        "days": round(pace.elapsed / timedelta(days=1)),
        "projected": projected,
        "deadline": goal.deadline,
        "target": round(goal.target, 1),
    }
    words = (
        "At the pace of the last {days} days it would be {projected} on {deadline}; "
        "the target is {target}."
    )
    standing = Standing.ON_TRACK if _met(goal, projected) else Standing.BEHIND
    return standing, Sentence(words, values)


def _met(goal: Goal, value: float) -> bool:
    if goal.baseline is not None and goal.target < goal.baseline:
        return value <= goal.target
    return value >= goal.target
