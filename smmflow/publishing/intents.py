"""Intents: what a run says it will change of what is live, before it does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from smmflow.model.plan import Edit, Withdraw
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
    action: Edit | Withdraw

    @property
    def change(self) -> Change:
        """What is to be done."""
        if self.record.change is None:
            raise ValueError(f"nothing is to be changed of {self.record.occurrence}")
        return self.record.change

    @property
    def was_uncertain(self) -> bool:
        """Whether an earlier change may be half done already."""
        before = self.action.live.change
        return before is not None and before.uncertain


def intended(
    action: Edit | Withdraw,
    known: Publication | None,
    *,
    run: str,
    now: datetime,
    until: datetime,
) -> Publication | None:
    """Return the record with the change in it; None if the plan is out of date."""
    if known is None or known != action.live:
        return None
    match action:
        case Edit(post=post):
            words = tuple(part.text.text for part in post.parts)
            change = Change(ChangeKind.EDIT, post.digest, words, run, until)
        case Withdraw():
            change = Change(ChangeKind.WITHDRAW, "", (), run, until)
        case _:
            assert_never(action)
    return replace(known, change=change, approvals=action.approvals, updated=now)
