"""What must be true of any history: after each step, and when all trouble is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from smmflow.model.plan import HoldReason, Plan
from smmflow.model.publication import Outcome, Publication
from smmflow.publishing import LEASE
from smmflow.store import Key
from tests.faults.history_files import LATENESS, Daily, File
from tests.faults.history_network import Kind
from tests.faults.history_world import World

__all__ = ["broken_at_any_time", "broken_when_quiet"]

_ENOUGH = LEASE + timedelta(minutes=5)


def broken_at_any_time(world: World) -> Iterator[str]:
    """Yield what no reader and no keeper of the ledger may ever see."""
    yield from world.broken
    for server in world.servers.values():
        yield from server.broken
    for record in world.ledger().values():
        yield from _misremembered(world, record)


def _misremembered(world: World, record: Publication) -> Iterator[str]:
    """Yield where the ledger and the readers disagree."""
    what = f"{record.occurrence} on {record.channel}"
    changing = record.change is not None and not record.change.refused
    for number, part in enumerate(record.parts):
        if part.receipt is None:
            continue
        live = world.servers[record.channel].live(part.receipt.id)
        gone = part.gone or record.outcome is Outcome.WITHDRAWN
        if gone and live is not None:
            yield f"part {number} of {what} was withdrawn and is live"
        elif live is None and not gone and not changing:
            yield f"part {number} of {what} is not live"
        elif live is not None and not changing and live.text != part.text:
            yield f"part {number} of {what} says {live.text!r}, not {part.text!r}"


def broken_when_quiet(world: World) -> Iterator[str]:
    """Make two runs everywhere without trouble, then yield what is not as it should be.

    Leases end first, so that nobody has to wait for the dead.
    """
    if world.freeze is not None:
        world.change_freeze()
    plans: dict[str, Plan | None] = {}
    for _ in range(2):
        world.time.go_by(_ENOUGH)
        plans = {
            channel: world.run(machine, channel)
            for machine in world.machines
            for channel in world.kinds
        }
    yield from broken_at_any_time(world)
    for machine in world.machines:
        for path in machine.journals.glob("**/*"):
            yield f"the journal {path.name} is left"
    ledger = world.ledger()
    for channel, plan in plans.items():
        if plan is None:
            yield f"the last run on {channel} ended with an error"
        else:
            yield from _unsettled(world, plan, channel, ledger)
    for record in ledger.values():
        yield from _unfinished(world, record)
    yield from _strangers(world, ledger)


def _unsettled(
    world: World, plan: Plan, channel: str, ledger: Mapping[Key, Publication]
) -> Iterator[str]:
    """Yield posts on a channel that are neither as the files say nor held."""
    holds = {each.occurrence.id: each for each in plan.holds if each.channel == channel}
    for name, file in world.files.names.items():
        if channel not in file.channels or isinstance(file.when, Daily):
            continue
        record, hold = ledger.get((name, channel)), holds.get(name)
        if not _is_settled(world, file, record, hold.reason if hold else None):
            yield (
                f"{name} on {channel} ({world.kinds[channel].name}) is not settled: "
                f"{file}, {record and record.outcome}, {hold}"
            )


def _is_settled(
    world: World, file: File, record: Publication | None, held: HoldReason | None
) -> bool:
    if record is not None and record.outcome is Outcome.IN_DOUBT:
        return world.kinds[record.channel] is Kind.BLIND
    if record is not None and record.uncertain and not file.draft:
        return held is HoldReason.IN_DOUBT
    if file.draft:
        return True
    if file.withdrawn:
        return (
            record is None
            or not any(part.receipt and not part.gone for part in record.parts)
            or record.outcome is Outcome.WITHDRAWN
        )
    return _follows(world, file, record, held)


def _follows(
    world: World, file: File, record: Publication | None, held: HoldReason | None
) -> bool:
    """Tell whether what became of a post that may go out is what its file says."""
    if record is None or record.outcome is Outcome.FAILED:
        return _may_wait(world, file, held, begun=bool(record and record.receipts))
    if record.outcome is Outcome.WITHDRAWN:
        return held is HoldReason.WITHDRAWN
    said = tuple(part.text for part in record.parts)
    follows = said == file.words or held is HoldReason.CHANGED
    return record.outcome is Outcome.PUBLISHED and follows


def _may_wait(
    world: World, file: File, held: HoldReason | None, *, begun: bool
) -> bool:
    """Tell whether something that is not live has a reason for it."""
    now = world.machines[-1].skew + world.time.now()
    if begun:
        return held is HoldReason.CHANGED
    may = {HoldReason.MISSED, HoldReason.RENAMED}
    if file.when is None:
        return held in {HoldReason.UNSCHEDULED, *may}
    if not isinstance(file.when, datetime):
        return held in {None, *may}
    if file.when > now:
        return held is None
    frozen = any(each.covers(file.when) for each in world.freezes)
    timely = file.when >= now - LATENESS and not frozen
    return held in (may - {HoldReason.MISSED} if timely else may)


def _unfinished(world: World, record: Publication) -> Iterator[str]:
    what = f"{record.occurrence} on {record.channel}"
    if record.outcome is Outcome.CLAIMED:
        yield f"{what} is claimed for ever"
    if record.outcome is Outcome.IN_DOUBT and record.channel in world.kinds:
        kind = world.kinds[record.channel]
        if kind is not Kind.BLIND:
            yield f"{what} is in doubt, although {kind}"


def _strangers(world: World, ledger: Mapping[Key, Publication]) -> Iterator[str]:
    """Yield what readers see that the ledger neither knows nor has doubts about."""
    doubted = {
        (record.channel, part.text)
        for record in ledger.values()
        for part in record.parts
        if record.uncertain or record.outcome is Outcome.IN_DOUBT
    }
    known = {
        (record.channel, receipt.id)
        for record in ledger.values()
        for receipt in record.receipts
    }
    for channel, server in world.servers.items():
        for each in server.posts:
            if (channel, each.id) not in known and (channel, each.text) not in doubted:
                yield f"nobody knows of {each.text!r} on {channel}"
