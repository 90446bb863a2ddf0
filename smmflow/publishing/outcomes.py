"""What a publication becomes as its sending goes on: pure steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from smmflow.model.channel_post import PartKey
from smmflow.model.publication import Outcome, Publication, Receipt

__all__ = ["SKEW", "arrived", "ended", "handed", "key_of", "with_receipt"]

SKEW = timedelta(minutes=10)
"""How far a network's clock may be from ours."""


def key_of(record: Publication, part: int) -> PartKey:
    """Return the key of a part: the same in every run that sends it."""
    return PartKey(record.occurrence, record.channel, part, record.due, record.attempt)


def with_receipt(record: Publication, receipt: Receipt, now: datetime) -> Publication:
    """Return it with its next part live: published once all parts are."""
    part = len(record.receipts)
    parts = list(record.parts)
    parts[part] = replace(parts[part], receipt=receipt)
    complete = part + 1 == len(parts)
    return replace(
        record,
        parts=tuple(parts),
        outcome=Outcome.PUBLISHED if complete else record.outcome,
        published=record.published or receipt.at,
        error="" if complete else record.error,
        uncertain=False,
        updated=now,
    )


def arrived(record: Publication, receipt: Receipt, now: datetime) -> Publication:
    """Return what waited on the network as what it has sent."""
    return replace(with_receipt(record, receipt, now), waiting=None)


def handed(record: Publication, waiting: Receipt, now: datetime) -> Publication:
    """Return it as the network's to send at its time."""
    scheduled = replace(record, outcome=Outcome.SCHEDULED, waiting=waiting)
    return replace(scheduled, error="", uncertain=False, updated=now)


def ended(
    record: Publication, outcome: Outcome, words: str, now: datetime
) -> Publication:
    """Return the publication with an outcome and the words that go with it."""
    return replace(record, outcome=outcome, error=words, updated=now)
