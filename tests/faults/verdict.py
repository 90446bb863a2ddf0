"""What became of every part: the server's own list held against ledger and plan."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from smmflow.model.plan import Hold, HoldReason, Live, Plan
from smmflow.model.publication import Outcome, Publication
from tests.faults.machines import Files, Machine, Publications
from tests.faults.targets import CHANNEL, Target
from tests.vendors.vendor import Posting

__all__ = ["Broken", "Verdict", "judge", "judge_waiting"]


class Verdict(StrEnum):
    """What the promise allows."""

    ONCE = "once"
    HELD = "held"


class Broken(AssertionError):
    """The promise is broken; the message says how."""


def judge(machine: Machine, files: Files, target: Target) -> Verdict:
    """Say whether everything is live once, or what can't be known is held.

    Raises:
        Broken: Something is live twice, or not at all and not held, or the ledger or
            the plan does not say so.
    """
    state = machine.state()
    state.fetch()
    known, live = state.publications(), target.live()
    _nothing_twice(live)
    plan = machine.plan(files, target, known)
    if files.withdrawn:
        return _judge_withdrawn(known, live)
    held = [_judge_one(name, files, known, live, plan) for name in files.words()]
    owned = {posting.id for record in known.values() for posting in _of(record, live)}
    strangers = [each.text for each in live if each.id not in owned]
    if strangers:
        raise Broken(f"live and unknown to the ledger: {strangers}")
    return Verdict.HELD if any(held) else Verdict.ONCE


def judge_waiting(machine: Machine, files: Files, target: Target) -> Verdict:
    """Say whether the network has the post once for later, or it is held.

    Raises:
        Broken: It is there twice, or live too early, or the ledger does not say so.
    """
    state = machine.state()
    state.fetch()
    known, waiting, live = state.publications(), target.waiting(), target.live()
    ((name, (words,)),) = files.words().items()
    if live:
        raise Broken(f"live before its time: {[each.text for each in live]}")
    _nothing_twice(waiting)
    record = known.get((name, CHANNEL))
    if record is None:
        raise Broken(f"{name} is not in the ledger")
    if record.outcome is Outcome.IN_DOUBT:
        (action,) = machine.plan(files, target, known).actions
        if not isinstance(action, Hold) or action.reason is not HoldReason.IN_DOUBT:
            raise Broken(f"{name} is in doubt, and the plan says {action}")
        return Verdict.HELD
    there = [(each.id, each.text) for each in waiting]
    if record.outcome is not Outcome.SCHEDULED or record.waiting is None:
        raise Broken(f"{name} is {record.outcome} ({record.error}); waiting: {there}")
    if there != [(record.waiting.id, words)]:
        raise Broken(f"the ledger says {record.waiting.id} waits, and there is {there}")
    return Verdict.ONCE


def _nothing_twice(live: list[Posting]) -> None:
    # The edition is no part of it: an old one beside a new one is a double, too.
    counts = Counter(each.text.rpartition(" ")[0] for each in live)
    twice = [words for words, count in counts.items() if count > 1]
    if twice:
        raise Broken(f"live twice: {twice}")


def _judge_withdrawn(known: Publications, live: list[Posting]) -> Verdict:
    if live:
        raise Broken(f"still live: {[each.text for each in live]}")
    outcomes = {name: record.outcome for (name, _), record in known.items()}
    if set(outcomes.values()) != {Outcome.WITHDRAWN}:
        raise Broken(f"withdrawn, and the ledger says {outcomes}")
    return Verdict.ONCE


def _judge_one(
    name: str, files: Files, known: Publications, live: list[Posting], plan: Plan
) -> bool:
    """Tell whether a publication is held; all of it must be right in any case."""
    record = known.get((name, CHANNEL))
    if record is None:
        raise Broken(f"{name} is not in the ledger")
    action = next(each for each in plan.actions if each.occurrence.id == name)
    here = {each.text: each for each in live}
    words = tuple(part.text for part in record.parts)
    for number, receipt in enumerate(record.receipts):
        posting = here.get(words[number])
        if posting is None or posting.id != receipt.id:
            raise Broken(f"the ledger says {words[number]!r} is {receipt.id}: {live}")
        before = record.receipts[number - 1].id if number else ""
        if posting.parent != before:
            raise Broken(f"{words[number]!r} follows {posting.parent!r}, not {before}")
    if record.outcome is Outcome.IN_DOUBT or record.uncertain:
        if not isinstance(action, Hold) or action.reason is not HoldReason.IN_DOUBT:
            raise Broken(f"{name} is in doubt, and the plan says {action}")
        return True
    if record.outcome is not Outcome.PUBLISHED or len(record.receipts) < len(words):
        raise Broken(f"{name} is {record.outcome} ({record.error}); the plan: {action}")
    if words != files.words()[name]:
        raise Broken(f"{name} says {words}, and the file {files.words()[name]}")
    if not isinstance(action, Live):
        raise Broken(f"{name} is live as it should be, and the plan says {action}")
    return False


def _of(record: Publication, live: list[Posting]) -> list[Posting]:
    """Return what is live and known: by receipt, or one of the parts in doubt."""
    names = {each.id for each in record.receipts}
    doubtful = set()
    if record.outcome is Outcome.IN_DOUBT or record.uncertain:
        doubtful = {each.text for each in record.parts if not each.receipt}
    return [each for each in live if each.id in names or each.text in doubtful]
