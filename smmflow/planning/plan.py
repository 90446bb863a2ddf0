"""The plan: what the files want, held against what the ledger says is live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from shlex import quote
from typing import assert_never

from smmflow.model.channel_post import ChannelPost, Occurrence
from smmflow.model.freeze import came_due_during
from smmflow.model.plan import (
    Action,
    Change,
    Hold,
    HoldReason,
    Plan,
    Publish,
    Wait,
    target,
)
from smmflow.model.post import InSlot, Repeating
from smmflow.model.publication import Outcome, Publication
from smmflow.planning.ahead import (
    follow_ahead,
    hand_over,
    take_back,
    within_limits,
)
from smmflow.planning.budgets import with_costs, within_budgets
from smmflow.planning.case import Case, Wanted
from smmflow.planning.homeless import homeless, unless_renamed
from smmflow.planning.live import being_changed, follow, withdraw

__all__ = ["plan"]

_LAST = datetime.max.replace(tzinfo=UTC)
_SETTLED = {
    Outcome.PUBLISHED,
    Outcome.REFUSED,
    Outcome.FAILED,
    Outcome.CANCELLED,
}


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
    gone = homeless(wanted.workspace, publications)
    cases = tuple(_cases(wanted, publications, now))
    decided = [
        unless_renamed(action, gone)
        for case in cases
        for action in _decide(
            case, publications.get((case.occurrence.id, case.channel))
        )
    ]
    decided += _unwanted(cases, publications, now)
    limits = {name: each.schedule_limits for name, each in wanted.capabilities.items()}
    ordered = sorted(decided, key=_order)
    possible = within_limits(ordered, publications.values(), limits)
    priced = with_costs(possible, wanted)
    return Plan(now, within_budgets(priced, publications.values(), wanted, now))


def _cases(
    wanted: Wanted,
    publications: Mapping[tuple[str, str], Publication],
    now: datetime,
) -> Iterator[Case]:
    posts, channels = wanted.workspace.posts, wanted.workspace.channels
    for post in posts.values():
        if not post.withdrawn:
            for occurrence in wanted.occurrences.get(post.id, ()):
                for channel in post.channels:
                    if channel in channels:
                        yield Case(post, channel, occurrence, wanted, now)
    # A post is withdrawn wherever it went out, however long ago.
    for record in publications.values():
        gone = posts.get(record.post)
        if gone is not None and gone.withdrawn and record.channel in channels:
            occurrence = Occurrence(record.occurrence, record.post, record.due)
            yield Case(gone, record.channel, occurrence, wanted, now)


def _unwanted(
    cases: Iterable[Case],
    publications: Mapping[tuple[str, str], Publication],
    now: datetime,
) -> Iterator[Action]:
    """Yield what becomes of posts that wait on networks though no file wants them to.

    Nothing of them is live yet, so a file that was deleted does take them back.
    """
    wanted = {(case.occurrence.id, case.channel) for case in cases}
    for key, record in publications.items():
        if record.outcome is Outcome.SCHEDULED and key not in wanted:
            yield take_back(record, "its file does not ask for it any more", now)


def _order(action: Action) -> tuple[bool, datetime, str, str]:
    due = action.occurrence.due or _LAST
    _, channel = target(action)
    return (isinstance(action, Change), due, channel, action.occurrence.id)


def _decide(case: Case, record: Publication | None) -> Iterator[Action]:
    certain = record is None or not record.uncertain
    for action in _decided(case, record):
        due = action.occurrence.due
        if isinstance(action, Wait) and certain and due and not _blackout(case, due):
            yield hand_over(case, action)
        else:
            yield action


def _decided(case: Case, record: Publication | None) -> Iterator[Action]:
    if record is None:
        yield from _decide_new(case)
    elif record.outcome is Outcome.SCHEDULED:
        if case.post.withdrawn:
            yield take_back(record, "withdrawn in the file", case.now)
        else:
            yield follow_ahead(case, record)
    elif record.outcome not in _SETTLED:
        yield from _decide_known(case, record)
    elif held := being_changed(case, record):
        yield held
    elif record.uncertain:
        yield from _decide_uncertain(case, record)
    elif not case.post.withdrawn:
        yield from _decide_known(case, record)
    elif record.receipts:
        yield withdraw(case, record)


def _decide_known(case: Case, record: Publication) -> Iterator[Action]:
    match record.outcome:
        case Outcome.PUBLISHED:
            yield follow(case, record)
        case Outcome.WITHDRAWN:
            if not case.post.withdrawn:
                yield case.hold(
                    HoldReason.WITHDRAWN,
                    "it was taken down and never goes out again under this id; give "
                    "it another `id:` to publish it anew",
                )
        case Outcome.CLAIMED:
            yield _decide_claimed(case, record)
        case Outcome.IN_DOUBT:
            yield case.hold(
                HoldReason.IN_DOUBT,
                "it may be live already: the network's answer never came"
                + (f" ({record.error})" if record.error else "")
                + f"; {_settled_by(case)}",
            )
        case Outcome.REFUSED if case.is_unchanged(record):
            yield case.hold(
                HoldReason.REFUSED,
                f"{record.network} refused it: {record.error}; change the post "
                "and it is tried again",
            )
        case Outcome.REFUSED | Outcome.FAILED | Outcome.CANCELLED:
            yield from _decide_unfinished(case, record)
        case Outcome.SCHEDULED:
            yield follow_ahead(case, record)
        case _:
            assert_never(record.outcome)


def _settled_by(case: Case) -> str:
    """Return what a person does about a doubt."""
    target = f"{quote(case.occurrence.id)} --channel {case.channel}"
    return (
        f"look at {case.channel}; then `smmflow reconcile {target} --adopt URL` if it "
        "is live, or `--forget` if it is not"
    )


def _decide_claimed(case: Case, record: Publication) -> Hold:
    if record.lease_until > case.now:
        return case.hold(
            HoldReason.CLAIMED,
            f"run {record.run} is sending it, until {record.lease_until:%H:%M} UTC "
            "at the latest",
        )
    return case.hold(
        HoldReason.IN_DOUBT,
        f"run {record.run} claimed it and never said what became of it; "
        "the next `smmflow publish` looks whether it is live, as far as it can; "
        f"else {_settled_by(case)}",
    )


def _decide_uncertain(case: Case, record: Publication) -> Iterator[Action]:
    """Send again the very same, which posts nothing twice here, and nothing else."""
    composed = case.composed
    same = composed is not None and composed.digest == record.digest
    for action in _decide_new(case) if same else ():
        if isinstance(action, Publish):
            yield replace(action, resume_from=len(record.receipts))
            return
        if not isinstance(action, Hold) or action.reason is not HoldReason.MISSED:
            yield action
            return
    yield case.hold(
        HoldReason.IN_DOUBT,
        f"it may be live already: {record.error}; only the very same words can be sent "
        f"again, in time, without being posted twice; else {_settled_by(case)}",
    )


def _decide_unfinished(case: Case, record: Publication) -> Iterator[Action]:
    live = len(record.receipts)
    if live == 0:
        yield from _decide_new(case)
    elif record.change is not None and record.change.uncertain:
        yield follow(case, record)
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


def _decide_new(case: Case) -> Iterator[Action]:
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
    elif held := _frozen(case, due):
        yield held
    elif reason := _blackout(case, due):
        yield case.hold(HoldReason.BLACKOUT, f"it falls into a blackout: {reason}")
    elif case.now - due > case.max_lateness:
        yield case.hold(
            HoldReason.MISSED,
            f"it was due more than {_hours(case.max_lateness)} ago; {_way_back(case)}",
        )
    else:
        yield Publish(composed, case.occurrence)


def _frozen(case: Case, due: datetime) -> Hold | None:
    """Hold what a freeze stops, and what came due in one: it missed its time by order.

    What a freeze held back must never flood out when the freeze is over.
    """
    freezes = case.wanted.freezes
    campaign, channel, post = case.post.campaign, case.channel, case.post.id
    if freeze := case.freeze:
        return case.hold(
            HoldReason.FROZEN, f"frozen by {freeze.owner}: {freeze.reason}"
        )
    if freeze := came_due_during(
        freezes, channel=channel, post=post, campaign=campaign, due=due
    ):
        return case.hold(
            HoldReason.MISSED,
            f"it came due while {freeze.owner} had frozen publishing "
            f"({freeze.reason}); {_way_back(case)}",
        )
    return None


def _way_back(case: Case) -> str:
    if isinstance(case.post.schedule, Repeating):
        return "its next time comes by itself"
    return f"`smmflow reschedule {case.post.id} TIME` brings it back"


def _blackout(case: Case, due: datetime) -> str | None:
    for each in case.wanted.workspace.calendar.blackouts:
        concerned = not each.channels or case.channel in each.channels
        if concerned and each.start <= due < each.end:
            return each.reason
    return None


def _hours(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:g} h" if hours < 48 else f"{span.days} days"  # noqa: PLR2004 - two days
