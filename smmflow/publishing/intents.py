"""Intents: what a run says it will change of what is out, before it does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from smmflow.model import plan
from smmflow.model.plan import Cancel, Edit, Reschedule, Withdraw, known_as
from smmflow.model.publication import Change, ChangeKind, Publication

__all__ = ["Intent", "intended"]


@dataclass(frozen=True, slots=True)
class Intent:
    """A change that this run and no other may make until the lease is over.

    Attributes:
        record: The publication, with the change in it.
        action: What the plan says.
    """

    record: Publication
    action: plan.Change

    @property
    def change(self) -> Change:
        """What is to be done."""
        if self.record.change is None:
            raise ValueError(f"nothing is to be changed of {self.record.occurrence}")
        return self.record.change

    @property
    def was_uncertain(self) -> bool:
        """Whether an earlier change may be half done already."""
        before = known_as(self.action).change
        return before is not None and before.uncertain


def intended(
    action: plan.Change,
    known: Publication | None,
    *,
    run: str,
    now: datetime,
    until: datetime,
) -> Publication | None:
    """Return the record with the change in it; None if the plan is out of date."""
    if known is None or known != known_as(action):
        return None
    match action:
        case Edit(post=post):
            words = tuple(part.text.text for part in post.parts)
            change = Change(ChangeKind.EDIT, post.digest, words, run, until)
        case Withdraw():
            change = Change(ChangeKind.WITHDRAW, "", (), run, until)
        case Reschedule(occurrence=occurrence):
            kind, due = ChangeKind.RESCHEDULE, occurrence.due
            change = Change(kind, known.digest, (), run, until, due=due)
        case Cancel():
            change = Change(ChangeKind.CANCEL, "", (), run, until)
        case _:
            assert_never(action)
    proof = known.approvals if isinstance(action, Cancel) else action.approvals
    return replace(known, change=change, approvals=proof, updated=now)
