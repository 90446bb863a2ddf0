"""How far comments on LinkedIn have been read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from smmflow.model.message import Message

__all__ = ["Cursor"]

_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The latest moment read, and what was said in it.

    Attributes:
        at: Aware.
        names: Ids of what was said at that very moment.
    """

    at: datetime = _START
    names: frozenset[str] = frozenset()

    @classmethod
    def read(cls, written: str) -> Cursor:
        """Return a cursor as `written` gave it; the start if it is none of ours."""
        moment, *names = written.split(" ")
        try:
            at = datetime.fromisoformat(moment)
        except ValueError:
            return cls()
        return cls(at, frozenset(names)) if at.tzinfo else cls()

    @property
    def written(self) -> str:
        """The cursor as text."""
        return " ".join((self.at.isoformat(), *sorted(self.names)))

    def is_new(self, message: Message) -> bool:
        """Tell whether a message has not been read yet."""
        return message.at > self.at or (
            message.at == self.at and message.id not in self.names
        )

    def past(self, messages: Sequence[Message]) -> Cursor:
        """Return the cursor after reading messages, the latest last."""
        if not messages:
            return self
        at = messages[-1].at
        known = self.names if at == self.at else frozenset()
        names = {each.id for each in messages if each.at == at}
        return Cursor(at, known | names)
