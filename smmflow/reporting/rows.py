"""Rows of a report: each occurrence on each channel, with what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from smmflow.model.metric import COUNTED, ENGAGEMENTS, EXPOSURES
from smmflow.model.publication import PartRecord, Publication
from smmflow.model.report import FollowerSeries, Period, Rate, Row, Tally
from smmflow.model.series import PartState, followers_near
from smmflow.model.workspace import Workspace

__all__ = [
    "FOLLOWERS_WITHIN",
    "counter_of",
    "goal_of",
    "has_counter",
    "make_rows",
]

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
    go live and is among them. All have the same counters: those that their channels
    tell of.
    """
    live = [
        (each, each.published)
        for each in publications.values()
        if each.published is not None
        and each.published <= now
        and period.holds(each.published)
    ]
    names = _names(state for each, _ in live for state in _parts(each, states))
    rows = [
        _row(workspace, each, published, names, states, followers)
        for each, published in live
    ]
    return tuple(sorted(rows, key=lambda it: (it.published, it.occurrence, it.channel)))


def _names(states: Iterable[PartState | None]) -> tuple[str, ...]:
    """Return the names of the counters that any reading has, even as unknown."""
    told = {name for state in states if state for name in state.counters}
    return tuple(name for name in COUNTED if name in told)


def _parts(publication: Publication, states: States) -> list[PartState | None]:
    channel = publication.channel
    return [states.get((channel, each.id)) for each in publication.receipts]


def goal_of(workspace: Workspace, publication: Publication) -> str:
    """Return the goal a publication serves: its own, else its campaign's, else none."""
    campaign = workspace.campaigns.get(publication.campaign)
    return publication.goal or (campaign.goal if campaign else "")


def counter_of(name: str, state: PartState | None) -> int | None:
    """Return a counter of one part, or its engagements; None if it is unknown."""
    if state is None:
        return None
    if name == "engagements":
        return Tally.over(state.counters.get(each) for each in ENGAGEMENTS).value
    return state.counters.get(name)


def has_counter(name: str, part: PartRecord, state: PartState | None) -> bool:
    """Tell whether a part counts towards a sum, be it as unknown.

    Networks count less of a comment than of a post, and nowhere who saw it: what they
    leave out of one lacks nowhere.
    """
    if not part.comment or counter_of(name, state) is not None:
        return True
    return name not in EXPOSURES and (state is None or state.read is None)


def _row(  # noqa: PLR0913, PLR0917 - as `make_rows`, and read in one place
    workspace: Workspace,
    publication: Publication,
    published: datetime,
    names: Iterable[str],
    states: States,
    followers: Mapping[str, FollowerSeries],
) -> Row:
    receipts = publication.receipts
    parts = _parts(publication, states)
    counters = {name: _tally(name, publication, parts) for name in names}
    engagements = _tally("engagements", publication, parts)
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


def _tally(
    name: str, publication: Publication, states: Sequence[PartState | None]
) -> Tally:
    live = [each for each in publication.parts if each.receipt]
    # Who saw two parts is one: of a thread, the reach is that of its beginning.
    until = 1 if name == "reach" else len(live)
    return Tally.over(
        counter_of(name, state)
        for part, state in zip(live[:until], states[:until], strict=True)
        if has_counter(name, part, state)
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
