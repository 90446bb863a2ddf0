"""The report itself: pure, so that the same ledger and readings say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from smmflow.model.metric import METRICS
from smmflow.model.publication import Publication
from smmflow.model.report import FollowerSeries, Period, Report
from smmflow.model.series import follower_series, in_order, latest
from smmflow.model.snapshot import Snapshot
from smmflow.model.workspace import Workspace
from smmflow.reporting.caveats import make_caveats
from smmflow.reporting.goals import goal_progress
from smmflow.reporting.groups import make_breakdowns, make_group, pillar_shares
from smmflow.reporting.rows import make_rows

__all__ = ["report"]

_DERIVED = (
    "engagements",
    "engagement_rate_by_followers",
    "followers",
    "posts",
)


def report(
    workspace: Workspace,
    publications: Mapping[tuple[str, str], Publication],
    snapshots: Iterable[Snapshot],
    period: Period,
    now: datetime,
) -> Report:
    """Return what went out in a period, and what came of it as last read before `now`.

    Args:
        workspace: For the strategy, channels, campaigns and zone.
        publications: The ledger.
        snapshots: Every reading, in any order.
        period: What to cover; counters still grow after it, and do so here.
        now: The moment the report is for, aware; later readings don't count.
    """
    readings = in_order(snapshots)
    followers = {
        name: follower_series(readings, name, now) for name in workspace.channels
    }
    states = latest(readings, now)
    rows = make_rows(workspace, publications, states, followers, period=period, now=now)
    breakdowns = make_breakdowns(workspace, rows)
    groups = [each for some in breakdowns.values() for each in some]
    goals = goal_progress(workspace, publications, readings, rows, now)
    counters = rows[0].counters if rows else ()
    shown = dict.fromkeys((*counters, *_DERIVED, *(each.metric for each in goals)))
    return Report(
        title=workspace.title,
        moment=now.astimezone(workspace.calendar.zone),
        period=period,
        rows=rows,
        totals=make_group("", "", rows),
        breakdowns=breakdowns,
        pillars=pillar_shares(workspace, rows),
        goals=goals,
        followers=tuple(_within(period, each) for each in followers.values()),
        without_goal=tuple(
            dict.fromkeys(row.occurrence for row in rows if not row.goal)
        ),
        caveats=make_caveats(publications, rows, groups, period, now),
        metrics=tuple(METRICS[name] for name in shown if name in METRICS),
    )


def _within(period: Period, series: FollowerSeries) -> FollowerSeries:
    points = tuple(each for each in series.points if period.holds(each.taken))
    return FollowerSeries(series.channel, points)
