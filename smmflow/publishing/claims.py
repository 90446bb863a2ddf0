"""Claims: what a run says it will send, before it sends anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from smmflow.clock import Clock
from smmflow.model.channel_post import ChannelPost
from smmflow.model.freeze import Freeze, active
from smmflow.model.plan import (
    Cancel,
    Change,
    Edit,
    HandOver,
    Plan,
    Publish,
    Reschedule,
    Withdraw,
    target,
)
from smmflow.model.publication import Outcome, Publication
from smmflow.publishing.intents import Intent, intended
from smmflow.publishing.records import part_record, said
from smmflow.store import Key, Ledger, State

__all__ = ["LEASE", "Claim", "Won", "claim"]

LEASE = timedelta(minutes=30)
"""How long a claim is its run's own. Nothing is sent when it is nearly over."""

_FREE = {Outcome.FAILED, Outcome.REFUSED, Outcome.CANCELLED}


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that this run and no other may send until the lease is over."""

    record: Publication
    post: ChannelPost


@dataclass(frozen=True, slots=True)
class Won:
    """What a run may do, in order: nobody else does.

    Attributes:
        claims: What to publish.
        intents: What to change of what is live.
    """

    claims: tuple[Claim, ...] = ()
    intents: tuple[Intent, ...] = ()


def claim(
    plan: Plan, state: State, *, channels: Collection[str], run: str, clock: Clock
) -> Won:
    """Claim what a plan does on some channels, in one commit; return what was won.

    Raises:
        StateError: The claims could not be pushed.
    """
    wanted = {
        (action.occurrence.id, target(action)[1]): action
        for action in plan.deeds
        if target(action)[1] in channels
    }
    if not wanted:
        return Won()

    def still_free(ledger: Ledger) -> list[Publication]:
        known, freezes = ledger.some(wanted), ledger.freezes()
        now = clock.now()
        # A plan may be for a moment a few seconds ahead, and freezes end.
        then = max(now, plan.at)
        records = [
            _claimed(action, known.get(key), run, now)
            for key, action in wanted.items()
            if isinstance(action, Withdraw | Cancel)
            or not _is_frozen(action, freezes, then)
        ]
        return [each for each in records if each is not None]

    won = state.update(f"Run {run}: claim what is due", still_free)
    records: Mapping[Key, Publication] = {
        (each.occurrence, each.channel): each for each in won
    }
    ours = [(records[key], action) for key, action in wanted.items() if key in records]
    return Won(
        tuple(Claim(r, a.post) for r, a in ours if isinstance(a, Publish | HandOver)),
        tuple(Intent(r, a) for r, a in ours if isinstance(a, Change)),
    )


def _claimed(
    action: Publish | HandOver | Change,
    known: Publication | None,
    run: str,
    now: datetime,
) -> Publication | None:
    """Return the record of a claim; None if the plan is out of date."""
    if isinstance(action, Publish | HandOver):
        return _record(action, known, run, now) if _is_free(action, known) else None
    return intended(action, known, run=run, now=now, until=now + LEASE)


def _is_frozen(
    action: Publish | HandOver | Edit | Reschedule,
    freezes: tuple[Freeze, ...],
    now: datetime,
) -> bool:
    """Tell whether somebody stopped it since the plan was made."""
    post = action.post
    freeze = active(
        freezes,
        channel=post.channel,
        post=post.post,
        campaign=post.campaign,
        now=now,
    )
    return freeze is not None


def _is_free(action: Publish | HandOver, known: Publication | None) -> bool:
    """Tell whether the ledger still is as it was when the plan was made."""
    begin = action.resume_from if isinstance(action, Publish) else 0
    if known is None:
        return begin == 0
    if known.outcome is Outcome.REFUSED and known.digest == action.post.digest:
        return False
    if known.change is not None and known.change.uncertain:
        return False
    if known.uncertain and known.digest != action.post.digest:
        return False
    return known.outcome in _FREE and len(known.receipts) == begin


def _record(
    action: Publish | HandOver, known: Publication | None, run: str, now: datetime
) -> Publication:
    post = action.post
    live = known.receipts if known else ()
    keyed = known is not None and (bool(live) or known.uncertain)
    record = Publication(
        occurrence=action.occurrence.id,
        post=post.post,
        channel=post.channel,
        network=post.network,
        outcome=Outcome.CLAIMED,
        digest=post.digest,
        # What is live, or may be, was sent under the time the ledger has: networks
        # make their keys of it.
        due=known.due if known and keyed else action.occurrence.due or now,
        parts=tuple(
            part_record(part, live[at] if at < len(live) else None)
            for at, part in enumerate(post.parts)
        ),
        run=run,
        lease_until=now + LEASE,
        updated=now,
        attempt=known.attempt if known else 0,
        published=known.published if known else None,
        uncertain=known.uncertain if known else False,
        approvals=action.approvals,
        handover=isinstance(action, HandOver),
    )
    return said(record, post)
