"""What the numbers of a report don't say, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from smmflow.model.metric import ENGAGEMENTS, EXPOSURES
from smmflow.model.publication import Outcome, Publication
from smmflow.model.report import FEW, Group, Period, Row, Sentence
from smmflow.reporting.rows import FOLLOWERS_WITHIN

__all__ = ["make_caveats"]

_DID_NOT_GO_OUT = {Outcome.REFUSED, Outcome.FAILED, Outcome.IN_DOUBT}


def make_caveats(
    publications: Mapping[tuple[str, str], Publication],
    rows: Sequence[Row],
    groups: Iterable[Group],
    period: Period,
    now: datetime,
) -> tuple[Sentence, ...]:
    """Return what a reader should know before concluding anything."""
    return (
        *_failures(publications, period, now),
        *_unfinished(period, now),
        *_per_channel(rows),
        *_about_rows(rows),
        *_without_total(rows),
        *_few(groups),
    )


def _failures(
    publications: Mapping[tuple[str, str], Publication], period: Period, now: datetime
) -> Iterator[Sentence]:
    names = sorted(
        f"{each.occurrence} ({each.channel}: {each.outcome})"
        for each in publications.values()
        if each.outcome in _DID_NOT_GO_OUT
        and period.holds(each.due)
        and each.due <= now
    )
    if names:
        yield Sentence(
            "Did not go out as planned: {names}.", {"names": ", ".join(names)}
        )


def _unfinished(period: Period, now: datetime) -> Iterator[Sentence]:
    if now < period.end:
        yield Sentence("The period is not over yet.")


def _per_channel(rows: Sequence[Row]) -> Iterator[Sentence]:
    for channel in sorted({row.channel for row in rows}):
        mine = [row for row in rows if row.channel == channel]
        read = [row for row in mine if row.read]
        if not read:
            words = (
                "Nothing on {channel} was ever read: its counters are unknown, not 0."
            )
            yield Sentence(words, {"channel": channel})
            continue
        if len(read) < len(mine):
            words = "On {channel}, {count} posts were not read yet."
            count = len(mine) - len(read)
            yield Sentence(words, {"channel": channel, "count": count})
        absent = [
            name
            for name in read[0].counters
            if name in ENGAGEMENTS
            and all(row.counters[name].value is None for row in read)
        ]
        if absent:
            words = "No reading of {channel} holds {metrics}."
            yield Sentence(words, {"channel": channel, "metrics": ", ".join(absent)})


def _about_rows(rows: Sequence[Row]) -> Iterator[Sentence]:
    if rows:
        yield Sentence(
            "Rates are by followers alone: views, impressions and reach are counted by "
            "each network in its own way, and not by all."
        )
    if any(row.engagements.partial for row in rows):
        yield Sentence(
            "A sum marked + lacks parts that are unknown: the true one may be higher."
        )
    lacking = [
        row
        for row in rows
        if row.rate is None and row.read and not row.engagements.partial
    ]
    if lacking:
        words = (
            "{count} posts have no rate: no follower count above 0 was read within "
            "{days} days of publishing."
        )
        days = FOLLOWERS_WITHIN.days
        yield Sentence(words, {"count": len(lacking), "days": days})
    gone = sum(row.gone for row in rows)
    if gone:
        words = (
            "{count} posts are no longer whole on their network; "
            "the last counters stay."
        )
        yield Sentence(words, {"count": gone})


def _without_total(rows: Sequence[Row]) -> Iterator[Sentence]:
    for name in EXPOSURES:
        giving = [
            row
            for row in rows
            if name in row.counters and row.counters[name].value is not None
        ]
        networks = sorted({row.network for row in giving})
        if name == "reach" and giving:
            yield Sentence(
                "Reach has no total: who saw two posts is one. "
                "That of a thread is of its first part."
            )
        elif len(networks) > 1:
            words = "{metrics} have no total: each of {networks} counts in its own way."
            values = {"metrics": name, "networks": ", ".join(networks)}
            yield Sentence(words, values)


def _few(groups: Iterable[Group]) -> Iterator[Sentence]:
    if any(each.few for each in groups):
        words = "Groups of fewer than {count} posts are too small to conclude from."
        yield Sentence(words, {"count": FEW})
