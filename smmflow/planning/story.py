"""The story of a post: what each version of its ledger says happened, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest

from smmflow.language.dates import numeric_date
from smmflow.language.word_diff import diff, written
from smmflow.model.calendar import Calendar
from smmflow.model.publication import (
    Change,
    ChangeKind,
    Outcome,
    PartRecord,
    Publication,
)
from smmflow.planning.render_changes import on_terminal

__all__ = ["Story"]

Paint = Callable[[str, str], str]

_NOUNS = {
    ChangeKind.EDIT: "edit",
    ChangeKind.WITHDRAW: "withdrawal",
    ChangeKind.RESCHEDULE: "new time",
    ChangeKind.CANCEL: "taking back",
}


@dataclass(slots=True)
class Story:
    """Tells versions of the ledger one after the other, each by what is new in it.

    Attributes:
        calendar: The workspace's; all times are shown in its zone, Jalali if it is.
        paint: Colours a piece of text by its role.
    """

    calendar: Calendar
    paint: Paint
    _before: dict[tuple[str, str], Publication] = field(default_factory=dict)
    _begun: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def tell(self, author: str, record: Publication) -> Iterator[str]:
        """Yield what a version adds to the story, the oldest version first.

        Args:
            author: Who wrote it.
            record: What it says.
        """
        key = record.occurrence, record.channel
        before = self._before.get(key)
        deed, run, begins = _deed(record, before)
        local = record.updated.astimezone(self.calendar.zone)
        when = self.paint(f"{self._time(local)}:{local:%S}", "dim")
        yield f"{when}  {self.paint(deed, 'head')}  {key[0]} on {key[1]}"
        yield f"    by {author}, run {run}; due {self._time(record.due)}"
        if before is not None and before.due != record.due:
            yield f"    rescheduled from {self._time(before.due)}"
        if record.error and (before is None or record.error != before.error):
            yield f"    {record.error}"
        if record.decided not in {"", record.error, before.decided if before else ""}:
            yield f"    {record.decided}"
        if before is None or before.approvals != record.approvals:
            for each in record.approvals:
                at = self._time(each.at)
                yield f"    approved by {each.by}, {at}, {each.where}"
                yield f"      for {', '.join(each.files)}"
        if begins and record.change is not None:
            yield from self._wanted(record, record.change)
        else:
            yield from self._words(record, before)
        if begins:
            self._begun[key] = record.updated
        elif key in self._begun:
            took = (record.updated - self._begun[key]).total_seconds()
            yield f"    {took:.1f} s after it was claimed"
        self._before[key] = record

    def _time(self, moment: datetime) -> str:
        local = moment.astimezone(self.calendar.zone)
        day = numeric_date(local, in_jalali=self.calendar.jalali)
        return f"{day} {local:%H:%M}"

    def _wanted(self, record: Publication, change: Change) -> Iterator[str]:
        """Yield the words that a change is about to replace by others."""
        if change.kind is ChangeKind.EDIT:
            texts = (part.text for part in record.parts)
            for old, new in zip_longest(texts, change.words, fillvalue=""):
                yield from self._difference(old, new)

    def _words(self, record: Publication, before: Publication | None) -> Iterator[str]:
        """Yield what readers see now and did not before, with its receipts."""
        changed = before is not None and bool(before.receipts)
        edited = before is not None and before.edited != record.edited
        old = before.parts if before else ()
        for number, part in enumerate(record.parts):
            known = old[number] if number < len(old) else None
            if known is not None and known.text != part.text and changed:
                yield from self._difference(known.text, part.text)
            elif known is None or known.text != part.text:
                yield from (f"    | {line}" for line in part.text.splitlines())
            yield from _receipt(part, known, again=edited)
        if before is not None and changed and (beside := _beside(record, before)):
            yield f"    also changed: {', '.join(beside)}"

    def _difference(self, old: str, new: str) -> Iterator[str]:
        if pieces := diff(old, new):
            yield f"    | {written(pieces, lambda each: on_terminal(each, self.paint))}"


def _deed(record: Publication, before: Publication | None) -> tuple[str, str, bool]:
    """Return what a version did, the run that did it, and whether it only began it."""
    then = before.change if before else None
    if record.change is not None:
        stage, begins = _stage(record.change, record.updated, then)
        return f"{_NOUNS[record.change.kind]} {stage}", record.change.run, begins
    if before is not None and then is not None:
        return _made(record, before) or f"{_NOUNS[then.kind]} not made", then.run, False
    begins = record.outcome is Outcome.CLAIMED and (
        before is None
        or before.outcome is not Outcome.CLAIMED
        or before.run != record.run
    )
    return str(record.outcome), record.run, begins


def _made(record: Publication, before: Publication) -> str:
    """Return what came of a change; empty if nothing did."""
    if record.outcome is not before.outcome:
        return str(record.outcome)
    if record.edited != before.edited:
        return "edited"
    return "rescheduled" if record.due != before.due else ""


def _stage(change: Change, updated: datetime, then: Change | None) -> tuple[str, bool]:
    """Return how far a change has come, and whether it only begins."""
    if change.refused:
        return "refused", False
    if change.lease_until <= updated:
        return "in doubt", False
    if then is not None and then.run == change.run:
        return "under way", False
    return "claimed", True


def _receipt(
    part: PartRecord, known: PartRecord | None, *, again: bool
) -> Iterator[str]:
    receipt = part.receipt
    if receipt is not None and (again or known is None or known.receipt != receipt):
        yield f"    live {receipt.url or receipt.id}"
        if receipt.url and receipt.url != receipt.id:
            yield f"    receipt {receipt.id}"
    if part.gone and receipt is not None and (known is None or not known.gone):
        yield f"    gone {receipt.url or receipt.id}"


def _beside(record: Publication, before: Publication) -> tuple[str, ...]:
    """Return names of what changed beside the words."""
    named = {
        "title": (record.title, before.title),
        "summary": (record.summary, before.summary),
        "language": (record.language, before.language),
        "content warning": (record.content_warning, before.content_warning),
        "tags": (record.tags, before.tags),
        "media": (
            [part.media for part in record.parts],
            [part.media for part in before.parts],
        ),
        "poll": (
            [part.poll for part in record.parts],
            [part.poll for part in before.parts],
        ),
    }
    return tuple(name for name, (new, old) in named.items() if new != old)
