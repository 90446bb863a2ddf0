"""Rows taken together: totals, breakdowns and the mix of pillars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import assert_never

from smmflow.model.metric import EXPOSURES
from smmflow.model.post import Weekday
from smmflow.model.report import Dimension, Group, PillarShare, Row, Tally
from smmflow.model.workspace import Workspace

__all__ = ["make_breakdowns", "make_group", "pillar_shares"]


def make_group(key: str, title: str, rows: Sequence[Row]) -> Group:
    """Return the sums and medians of some rows."""
    engagements = [
        row.engagements.value for row in rows if row.engagements.value is not None
    ]
    rates = [row.rate.percent for row in rows if row.rate]
    return Group(
        key=key,
        title=title,
        posts=len(rows),
        counters={
            name: Tally.joined(row.counters[name] for row in summed)
            for name in (rows[0].counters if rows else ())
            if (summed := _to_be_summed(name, rows))
        },
        engagements=Tally.joined(row.engagements for row in rows),
        median_engagements=median(engagements) if engagements else None,
        median_rate=median(rates) if rates else None,
        rated=len(rates),
    )


def _to_be_summed(name: str, rows: Sequence[Row]) -> Sequence[Row]:
    """Return the rows whose sum means something; none if no sum does.

    Reach is of people, who are the same in many rows; and what a view or an impression
    is, each network says for itself. A network that counts no views lacks none.
    """
    if name not in EXPOSURES:
        return rows
    giving = {row.network for row in rows if row.counters[name].value is not None}
    if name == "reach" or len(giving) > 1:
        return ()
    return [row for row in rows if row.network in giving]


def make_breakdowns(
    workspace: Workspace, rows: Sequence[Row]
) -> dict[Dimension, tuple[Group, ...]]:
    """Return the rows grouped by each dimension; every row is in one group of each."""
    return {
        dimension: _breakdown(dimension, _titles(dimension, workspace), rows)
        for dimension in Dimension
    }


def pillar_shares(workspace: Workspace, rows: Iterable[Row]) -> tuple[PillarShare, ...]:
    """Return how what went out spreads over the pillars of the strategy.

    Pillars that nothing served are among them; so is what served none, at the end.
    """
    pillar_by_occurrence = {row.occurrence: row.pillar for row in rows}
    of = list(pillar_by_occurrence.values())
    planned = {each.id: each for each in workspace.strategy.pillars}
    others = sorted(set(of) - set(planned) - {""})
    ids = [*planned, *others, *([""] if "" in of else [])]
    return tuple(
        PillarShare(
            pillar=each,
            title=planned[each].title if each in planned else each,
            occurrences=of.count(each),
            planned=planned[each].share if each in planned else None,
            actual=of.count(each) / len(of) if of else None,
        )
        for each in ids
    )


def _breakdown(
    dimension: Dimension, titles: Mapping[str, str], rows: Sequence[Row]
) -> tuple[Group, ...]:
    members: dict[str, list[Row]] = {}
    for row in rows:
        members.setdefault(_key(dimension, row), []).append(row)
    rank = {key: place for place, key in enumerate(titles)}
    keys = sorted(members, key=lambda it: (it == "", rank.get(it, len(rank)), it))
    return tuple(make_group(key, titles.get(key, key), members[key]) for key in keys)


def _key(  # noqa: PLR0911 - one return for each member of a closed union
    dimension: Dimension, row: Row
) -> str:
    match dimension:
        case Dimension.CHANNEL:
            return row.channel
        case Dimension.PILLAR:
            return row.pillar
        case Dimension.CAMPAIGN:
            return row.campaign
        case Dimension.FORMAT:
            return row.format
        case Dimension.LANGUAGE:
            return row.language
        case Dimension.WEEKDAY:
            return list(Weekday)[row.published.weekday()].value
        case Dimension.HOUR:
            return f"{row.published.hour:02}"
        case _ as never:
            assert_never(never)


def _titles(dimension: Dimension, workspace: Workspace) -> dict[str, str]:
    """Return titles by key, in the order in which groups should come."""
    match dimension:
        case Dimension.CHANNEL:
            return {name: name for name in workspace.channels}
        case Dimension.PILLAR:
            return {each.id: each.title for each in workspace.strategy.pillars}
        case Dimension.CAMPAIGN:
            return {name: it.title for name, it in workspace.campaigns.items()}
        case Dimension.WEEKDAY:
            days = list(Weekday)
            first = days.index(workspace.calendar.week_start)
            return {day.value: day.value for day in days[first:] + days[:first]}
        case Dimension.FORMAT | Dimension.LANGUAGE | Dimension.HOUR:
            return {}
        case _ as never:
            assert_never(never)
