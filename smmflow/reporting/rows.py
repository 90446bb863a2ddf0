"""Rows of a report: each occurrence on each channel, with what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from smmflow.model.publication import Publication
from smmflow.model.report import FollowerSeries, Period, Rate, Row, Tally
from smmflow.model.series import PartState, followers_near
from smmflow.model.workspace import Workspace

__all__ = ["ENGAGEMENTS", "FOLLOWERS_WITHIN", "engagements_of", "goal_of", "make_rows"]

ENGAGEMENTS = ("likes", "reposts", "replies", "quotes")
"""Counters that engagements are the sum of."""

FOLLOWERS_WITHIN = timedelta(days=7)
"""A follower count from further away than this makes no rate."""

States = Mapping[tuple[str, str], PartState]


def make_rows(  # noqa: PLR0913 - each is a different thing, the moments named
    workspace: Workspace,
    publications: Mapping[tuple[str, str], Publication],
    states: States,
    followers: Mapping[str, FollowerSeries],
    *,
    period: Period,
    now: datetime,
) -> tuple[Row, ...]:
    """Return what went live in the period, by time, occurrence and channel.

    A publication that was withdrawn since, or stopped in the midst of its thread, did
    go live and is among them.
    """
    rows = [
        _row(workspace, each, each.published, states, followers)
        for each in publications.values()
        if each.published is not None
        and each.published <= now
        and period.holds(each.published)
    ]
    return tuple(sorted(rows, key=lambda it: (it.published, it.occurrence, it.channel)))


def goal_of(workspace: Workspace, publication: Publication) -> str:
    """Return the goal a publication serves: its own, else its campaign's, else none."""
    campaign = workspace.campaigns.get(publication.campaign)
    return publication.goal or (campaign.goal if campaign else "")


def engagements_of(state: PartState | None) -> int | None:
    """Return the engagements of one part, as far as the network gives them."""
    if state is None:
        return None
    return Tally.over(state.counters.get(each) for each in ENGAGEMENTS).value


def _row(
    workspace: Workspace,
    publication: Publication,
    published: datetime,
    states: States,
    followers: Mapping[str, FollowerSeries],
) -> Row:
    receipts = publication.receipts
    parts = [states.get((publication.channel, each.id)) for each in receipts]
    counters = {
        name: Tally.over(part.counters.get(name) if part else None for part in parts)
        for name in ENGAGEMENTS
    }
    engagements = Tally.over(engagements_of(part) for part in parts)
    reads = [part.read for part in parts if part and part.read]
    series = followers.get(publication.channel)
    return Row(
        occurrence=publication.occurrence,
        post=publication.post,
        channel=publication.channel,
        network=publication.network,
        title=publication.title,
        url=receipts[0].url if receipts else "",
        published=published.astimezone(workspace.calendar.zone),
        outcome=publication.outcome,
        parts=len(receipts),
        language=publication.language,
        pillar=publication.pillar,
        campaign=publication.campaign,
        goal=goal_of(workspace, publication),
        audience=publication.audience,
        format=publication.format,
        counters=counters,
        engagements=engagements,
        rate=_rate(engagements, series, published) if series else None,
        read=max(reads, default=None),
        gone=any(part.gone for part in parts if part),
    )


def _rate(
    engagements: Tally, series: FollowerSeries, published: datetime
) -> Rate | None:
    """Return a rate only where both numbers are wholly known and not 0 below."""
    if engagements.value is None or engagements.partial:
        return None
    near = followers_near(series, published, FOLLOWERS_WITHIN)
    if near is None or near.followers == 0:
        return None
    percent = engagements.value / near.followers * 100
    return Rate(percent, "followers", near.followers, near.taken)
