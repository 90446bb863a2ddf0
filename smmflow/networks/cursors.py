"""Cursors of talk that networks sort by time: a moment, and who was heard at it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from smmflow.model.message import Message, Messages

__all__ = ["Cursor"]

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Up to where messages were read.

    Attributes:
        at: The time of the last one.
        names: Ids of all of that time: the next one may have the same.
    """

    at: datetime = _LONG_AGO
    names: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the cursor that a text is; the very first if it is none."""
        moment, _, names = text.partition(" ")
        try:
            at = datetime.fromisoformat(moment)
        except ValueError:
            return cls()
        return cls(at, frozenset(names.split())) if at.tzinfo else cls()

    def past(self, found: Iterable[Message]) -> Messages:
        """Return what is newer than the cursor, the oldest first, and the next one."""
        fresh = sorted(
            {each.id: each for each in found if self._is_new(each)}.values(),
            key=lambda each: (each.at, each.id),
        )
        if not fresh:
            return Messages((), str(self))
        at = fresh[-1].at
        names = frozenset(each.id for each in fresh if each.at == at)
        if at == self.at:
            names |= self.names
        return Messages(tuple(fresh), str(Cursor(at, names)))

    def _is_new(self, message: Message) -> bool:
        return message.at >= self.at and message.id not in self.names

    def __str__(self) -> str:
        return " ".join((self.at.isoformat(), *sorted(self.names)))
