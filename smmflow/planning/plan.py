"""The plan: what the files want, held against what the ledger says is live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import assert_never

from smmflow.model.channel_post import ChannelPost, Occurrence
from smmflow.model.plan import Action, Hold, HoldReason, Live, Plan, Publish, Wait
from smmflow.model.post import InSlot, Post
from smmflow.model.publication import Outcome, Publication
from smmflow.model.workspace import Workspace

__all__ = ["Wanted", "plan"]

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the files ask for.

    Attributes:
        workspace: Posts, channels, calendar.
        composed: By post and channel; absent where composing was impossible.
        occurrences: By post.
        faults: By post and channel, the first thing that must be put right before.
    """

    workspace: Workspace
    composed: Mapping[tuple[str, str], ChannelPost]
    occurrences: Mapping[str, tuple[Occurrence, ...]]
    faults: Mapping[tuple[str, str], str] = field(default_factory=dict)


def plan(
    wanted: Wanted,
    publications: Mapping[tuple[str, str], Publication],
    now: datetime,
) -> Plan:
    """Return what to do now, what waits and what is held, in the order of its doing.

    Args:
        wanted: What the files ask for.
        publications: What the ledger says, by occurrence and channel.
        now: The present, aware.
    """
    actions = [
        action
        for post in wanted.workspace.posts.values()
        for occurrence in wanted.occurrences.get(post.id, ())
        for channel in post.channels
        if channel in wanted.workspace.channels
        for action in _decide(
            _Case(post, channel, occurrence, wanted, now),
            publications.get((occurrence.id, channel)),
        )
    ]
    return Plan(now, tuple(sorted(actions, key=_order)))


@dataclass(frozen=True, slots=True)
class _Case:
    post: Post
    channel: str
    occurrence: Occurrence
    wanted: Wanted
    now: datetime

    @property
    def composed(self) -> ChannelPost | None:
        return self.wanted.composed.get((self.post.id, self.channel))

    @property
    def fault(self) -> str | None:
        return self.wanted.faults.get((self.post.id, self.channel))

    @property
    def max_lateness(self) -> timedelta:
        own = self.wanted.workspace.channels[self.channel].max_lateness
        return self.wanted.workspace.calendar.max_lateness if own is None else own

    def hold(self, reason: HoldReason, explanation: str) -> Hold:
        return Hold(
            self.post.id,
            self.channel,
            self.occurrence,
            reason,
            explanation,
            self.post.title,
        )


def _order(action: Action) -> tuple[datetime, str, str]:
    due = action.occurrence.due or _LAST
    channel = (
        action.post.channel if isinstance(action, Publish | Wait) else action.channel
    )
    return (due, channel, action.occurrence.id)


def _decide(case: _Case, record: Publication | None) -> Iterator[Action]:
    if record is None:
        yield from _decide_new(case)
        return
    match record.outcome:
        case Outcome.PUBLISHED:
            yield from _decide_live(case, record)
        case Outcome.WITHDRAWN:
            return
        case Outcome.CLAIMED:
            yield _decide_claimed(case, record)
        case Outcome.IN_DOUBT:
            yield case.hold(
                HoldReason.IN_DOUBT,
                "it may be live already: the network's answer never came"
                + (f" ({record.error})" if record.error else "")
                + f"; look at {case.channel} before anything else",
            )
        case Outcome.REFUSED if _unchanged(case, record):
            yield case.hold(
                HoldReason.REFUSED,
                f"{record.network} refused it: {record.error}; change the post "
                "and it is tried again",
            )
        case Outcome.REFUSED | Outcome.FAILED:
            yield from _decide_unfinished(case, record)
        case _:
            assert_never(record.outcome)


def _unchanged(case: _Case, record: Publication) -> bool:
    return case.composed is None or case.composed.digest == record.digest


def _decide_claimed(case: _Case, record: Publication) -> Hold:
    if record.lease_until > case.now:
        return case.hold(
            HoldReason.CLAIMED,
            f"run {record.run} is sending it, until {record.lease_until:%H:%M} UTC "
            "at the latest",
        )
    return case.hold(
        HoldReason.IN_DOUBT,
        f"run {record.run} claimed it and never said what became of it; "
        "the next `smmflow publish` looks whether it is live",
    )


def _decide_live(case: _Case, record: Publication) -> Iterator[Action]:
    if case.post.withdrawn:
        yield case.hold(
            HoldReason.WITHDRAWN, "withdrawn in the file, but it is still live"
        )
    elif not _unchanged(case, record):
        yield case.hold(
            HoldReason.CHANGED,
            "its words changed after it went live; what is live stays as it was",
        )
    else:
        url = record.receipts[0].url if record.receipts else ""
        yield Live(case.post.id, case.channel, case.occurrence, url, case.post.title)


def _decide_unfinished(case: _Case, record: Publication) -> Iterator[Action]:
    live = len(record.receipts)
    if live == 0:
        yield from _decide_new(case)
    elif case.fault is not None:
        yield case.hold(HoldReason.FINDINGS, case.fault)
    elif case.composed is None or not _same_beginning(case.composed, record, live):
        yield case.hold(
            HoldReason.CHANGED,
            f"its first {live} of {len(record.parts)} parts are live, and their words "
            "changed; put them back to let the thread go on",
        )
    else:
        yield Publish(case.composed, case.occurrence, resume_from=live)


def _same_beginning(post: ChannelPost, record: Publication, live: int) -> bool:
    now = [part.text.text for part in post.parts[:live]]
    then = [part.text for part in record.parts[:live]]
    return now == then and len(post.parts) > live


def _decide_new(case: _Case) -> Iterator[Action]:
    due, composed = case.occurrence.due, case.composed
    if case.post.withdrawn:
        return
    if case.fault is not None:
        yield case.hold(HoldReason.FINDINGS, case.fault)
    elif composed is None:
        yield case.hold(
            HoldReason.FINDINGS, "it can't be composed; see `smmflow check`"
        )
    elif due is None and isinstance(case.post.schedule, InSlot):
        yield case.hold(
            HoldReason.NO_SLOT,
            f"no free place in the slot {case.post.schedule.slot} within a year",
        )
    elif due is None:
        yield case.hold(
            HoldReason.UNSCHEDULED, "it has no time; give it publish_at, slot or repeat"
        )
    elif due > case.now:
        yield Wait(composed, case.occurrence)
    elif reason := _blackout(case, due):
        yield case.hold(HoldReason.BLACKOUT, f"it falls into a blackout: {reason}")
    elif case.now - due > case.max_lateness:
        yield case.hold(
            HoldReason.MISSED,
            f"it was due more than {_hours(case.max_lateness)} ago; "
            "give it a new time to publish it",
        )
    else:
        yield Publish(composed, case.occurrence)


def _blackout(case: _Case, due: datetime) -> str | None:
    for each in case.wanted.workspace.calendar.blackouts:
        concerned = not each.channels or case.channel in each.channels
        if concerned and each.start <= due < each.end:
            return each.reason
    return None


def _hours(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:g} h" if hours < 48 else f"{span.days} days"  # noqa: PLR2004 - two days
