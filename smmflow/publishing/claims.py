"""Claims: what a run says it will send, before it sends anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from smmflow.clock import Clock
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.media import MediaKind
from smmflow.model.plan import Plan, Publish
from smmflow.model.publication import Outcome, PartRecord, Publication, Receipt
from smmflow.store import Key, Ledger, State

__all__ = ["LEASE", "Claim", "claim"]

LEASE = timedelta(minutes=30)
"""How long a claim is its run's own. Nothing is sent when it is nearly over."""

_FREE = {Outcome.FAILED, Outcome.REFUSED}


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that this run and no other may send until the lease is over."""

    record: Publication
    post: ChannelPost


def claim(
    plan: Plan, state: State, *, channels: Collection[str], run: str, clock: Clock
) -> tuple[Claim, ...]:
    """Claim what a plan publishes on some channels; return what was won, in order.

    Raises:
        StateError: The claims could not be pushed.
    """
    wanted = {
        (action.occurrence.id, action.post.channel): action
        for action in plan.publishes
        if action.post.channel in channels
    }
    if not wanted:
        return ()

    def still_free(ledger: Ledger) -> list[Publication]:
        known = ledger.some(wanted)
        now = clock.now()
        return [
            _record(action, known.get(key), run, now)
            for key, action in wanted.items()
            if _is_free(action, known.get(key))
        ]

    won = state.update(f"Run {run}: claim what is due", still_free)
    records: Mapping[Key, Publication] = {
        (each.occurrence, each.channel): each for each in won
    }
    return tuple(
        Claim(records[key], action.post)
        for key, action in wanted.items()
        if key in records
    )


def _is_free(action: Publish, known: Publication | None) -> bool:
    """Tell whether the ledger still is as it was when the plan was made."""
    if known is None:
        return action.resume_from == 0
    if known.outcome is Outcome.REFUSED and known.digest == action.post.digest:
        return False
    return known.outcome in _FREE and len(known.receipts) == action.resume_from


def _record(
    action: Publish, known: Publication | None, run: str, now: datetime
) -> Publication:
    post = action.post
    live = known.receipts if known else ()
    return Publication(
        occurrence=action.occurrence.id,
        post=post.post,
        channel=post.channel,
        network=post.network,
        outcome=Outcome.CLAIMED,
        digest=post.digest,
        # What is live already was sent under the time the ledger has.
        due=known.due if known and live else action.occurrence.due or now,
        parts=tuple(
            _part_record(part, live[at] if at < len(live) else None)
            for at, part in enumerate(post.parts)
        ),
        run=run,
        lease_until=now + LEASE,
        updated=now,
        attempt=known.attempt if known else 0,
        title=post.title,
        summary=post.summary,
        language=post.language,
        campaign=post.campaign,
        pillar=post.pillar,
        goal=post.goal,
        audience=post.audience,
        tags=post.tags,
        content_warning=post.content_warning,
        format=_format(post),
        published=known.published if known else None,
    )


def _part_record(part: Part, receipt: Receipt | None) -> PartRecord:
    media = tuple((m.facts.path, m.facts.sha256, m.alt) for m in part.media)
    answers = part.poll.options if part.poll else ()
    return PartRecord(part.text.text, receipt, part.html, media, answers)


def _format(post: ChannelPost) -> str:
    if len(post.parts) > 1:
        return "thread"
    if post.parts[0].poll:
        return "poll"
    kinds = {each.facts.kind for each in post.parts[0].media}
    if MediaKind.VIDEO in kinds:
        return "video"
    return "image" if kinds & {MediaKind.IMAGE, MediaKind.GIF} else "text"
