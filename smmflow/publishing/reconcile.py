"""Reconciling: what a person saw at a network decides what became of a doubt.

`settle` does what can be done without a person. What is left is in doubt: a person
looks, and says either that a post is live, and where, or that it is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from smmflow.errors import StateContended, Unsupported, UsageError
from smmflow.model.publication import Outcome, PartRecord, Publication, Receipt
from smmflow.networks.interface import Connection
from smmflow.publishing.doubts import name_of
from smmflow.publishing.outcomes import ended, with_receipt
from smmflow.store import Ledger, State

__all__ = [
    "Sighting",
    "adopted",
    "decide",
    "forgotten",
    "sight",
]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A live post that a person saw, as its network tells of it.

    Attributes:
        part: 0-based, of the publication.
        receipt: What the ledger is to keep.
        sent: The words that were to be sent.
        says: The words that are live; None if they can't be seen.
        asked: Whether the network was asked; else all is as the person gave it.
    """

    part: int
    receipt: Receipt
    sent: str
    says: str | None
    asked: bool = True

    @property
    def differs(self) -> bool:
        """Whether other words are live than were to be sent; white space is alike."""
        return self.says is not None and self.says.split() != self.sent.split()


# What a person saw --------------------------------------------------------------------


def sight(
    record: Publication,
    urls: Sequence[str],
    connection: Connection,
    publications: Iterable[Publication],
) -> tuple[Sighting, ...]:
    """Look at the posts that are said to be the next parts; change nothing.

    A network that can't be asked makes no receipt: the address stands for the post as
    it was given. No part can be sent as a reply to such a one, so then all of them
    have to be given.

    Args:
        record: What is in doubt.
        urls: Addresses, in order of the parts that are missing.
        connection: To its channel.
        publications: The ledger, where each post is known once.

    Raises:
        UsageError: An address can't be what it is said to be.
        NetworkError: The network could not be asked.
    """
    missing = record.parts[len(record.receipts) :]
    if record.change is not None and record.change.uncertain:
        raise UsageError(
            f"the {record.change.kind} of {name_of(record)} may be made again, so no "
            "address has to settle it",
            hint=f"`smmflow publish --post {record.occurrence} "
            f"--channel {record.channel}` makes it again",
        )
    if len(urls) > len(missing):
        raise UsageError(
            f"{len(urls)} addresses were given, and {_parts(len(missing))} of "
            f"{name_of(record)} without a receipt"
        )
    known = {
        receipt.id: name_of(each)
        for each in publications
        if each.channel == record.channel
        for receipt in each.receipts
    }
    seen: list[Sighting] = []
    for url, part in zip(urls, missing, strict=False):
        one = _sighted(url, part, len(record.receipts) + len(seen), record, connection)
        if before := known.get(one.receipt.id):
            raise UsageError(f"{url} is known already: it is {before}")
        known[one.receipt.id] = f"part {one.part + 1}, given just before"
        seen.append(one)
    if len(seen) < len(missing) and not all(each.asked for each in seen):
        raise UsageError(
            f"{record.network} can't be asked about a post by its address, so nothing "
            "can be sent as a reply to it",
            hint=f"give an address for every part: {_parts(len(missing))} missing",
        )
    return tuple(seen)


def _sighted(
    url: str,
    part: PartRecord,
    number: int,
    record: Publication,
    connection: Connection,
) -> Sighting:
    try:
        receipt = connection.adopt(url)
    except Unsupported:
        if not url.startswith(("https://", "http://")):
            raise UsageError(
                f"{url} is no address of a post",
                hint="open the post in a browser and copy its address",
            ) from None
        as_given = Receipt(url, url, record.updated)
        return Sighting(number, as_given, part.text, None, asked=False)
    return Sighting(number, receipt, part.text, connection.words(receipt))


def _parts(count: int) -> str:
    return "1 part is" if count == 1 else f"{count} parts are"


# What becomes of it -------------------------------------------------------------------


def adopted(
    record: Publication, receipts: Sequence[Receipt], *, owner: str, now: datetime
) -> Publication:
    """Return the publication with its next parts live, by a person's word.

    Published if these were the last; else released, so that the next run goes on with
    the thread.
    """
    for receipt in receipts:
        record = with_receipt(record, receipt, now)
    urls = ", ".join(each.url or each.id for each in receipts)
    record = replace(record, decided=f"adopted by {owner}: {urls}")
    if record.outcome is Outcome.PUBLISHED:
        return record
    left = len(record.parts) - len(record.receipts)
    words = f"{left} of {len(record.parts)} parts still to be sent"
    return ended(record, Outcome.FAILED, words, now)


def forgotten(record: Publication, *, owner: str, now: datetime) -> Publication:
    """Return the publication released, because a person looked and it is not live.

    Its key stays what it was until it is given another time (`attempt` is not raised):
    if the person was mistaken, a network that takes a key only once still posts nothing
    twice, and where nothing is live the old key is as good as a new one.

    Raises:
        UsageError: A request may still arrive, or something is known to be done.
    """
    decided = f"found not live by {owner}, who looked"
    if record.change is not None and record.change.uncertain:
        gone = [n for n, part in enumerate(record.parts, start=1) if part.gone]
        if gone:
            raise UsageError(
                f"part {gone[0]} of {name_of(record)} was taken down, so the "
                "withdrawal can't be forgotten",
                hint="write `withdrawn: true` into the post to finish it",
            )
        decided = f"{record.change.kind} found not done by {owner}, who looked"
        return replace(record, change=None, error="", decided=decided, updated=now)
    if record.lease_until > now:
        raise UsageError(
            f"what run {record.run} sent of {name_of(record)} may still arrive",
            hint=f"look once more after {record.lease_until:%H:%M} UTC, then forget it",
        )
    record = replace(record, decided=decided, uncertain=False)
    return ended(record, Outcome.FAILED, decided, now)


def decide(state: State, seen: Publication, decision: Publication) -> Publication:
    """Write what a person decided, if the record still is as that person saw it.

    Raises:
        StateContended: It is not, or other runs were faster every time.
        StateError: The state can't be written; it is as it was.
    """
    key = seen.occurrence, seen.channel

    def change(ledger: Ledger) -> list[Publication]:
        return [decision] if ledger.some([key]).get(key) == seen else []

    message = f"{name_of(decision)}: {decision.decided}"
    written = state.update(message, change)
    if not written:
        raise StateContended(
            f"{name_of(seen)} changed meanwhile; nothing was written",
            hint="look again: `smmflow reconcile`",
        )
    return written[0]
