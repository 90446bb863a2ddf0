"""What is known to be live on each channel: not to be taken for something else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from smmflow.model.publication import Publication
from smmflow.store import Key

__all__ = ["Seen"]


@dataclass(slots=True)
class Seen:
    """Ids of receipts by channel, growing while a run goes on."""

    _ids: dict[str, dict[str, Key]] = field(default_factory=dict)

    @classmethod
    def of(cls, publications: Iterable[Publication]) -> Seen:
        """Return what publications have receipts of."""
        seen = cls()
        for each in publications:
            seen.add(each)
        return seen

    def add(self, record: Publication) -> None:
        """Remember the receipts of a publication."""
        ids = self._ids.setdefault(record.channel, {})
        for receipt in record.receipts:
            ids[receipt.id] = record.occurrence, record.channel

    def beside(self, record: Publication) -> frozenset[str]:
        """Return the ids on its channel that belong to other publications."""
        own = record.occurrence, record.channel
        ids = self._ids.get(record.channel, {})
        return frozenset(name for name, key in ids.items() if key != own)
