"""Where values stand in a YAML text: a second look, only at files with faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from smmflow.content.yaml_core import MAX_DEPTH, Event, events_of, is_trap

__all__ = ["Keys", "Positions", "Repeated", "Trap", "inspect"]

Keys = tuple[str | int, ...]

_CERTAIN = frozenset({"language", "at", "from", "to"})
"""Keys whose values nobody takes for a truth value or for a number."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A key given again: code points of the second, and the way to the first."""

    keys: Keys
    index: int


@dataclass(frozen=True, slots=True)
class Trap:
    """An unquoted word that YAML 1.1 reads as something else."""

    keys: Keys
    word: str


@dataclass(frozen=True, slots=True)
class Positions:
    """The code points of a text at which keys and values begin.

    Attributes:
        of_keys: By the way to a value, where its key stands.
        of_values: By the way to a value, where it stands.
        repeated: Keys given more than once.
        traps: Words that other tools read differently.
    """

    of_keys: Mapping[Keys, int] = field(default_factory=dict)
    of_values: Mapping[Keys, int] = field(default_factory=dict)
    repeated: tuple[Repeated, ...] = ()
    traps: tuple[Trap, ...] = ()

    def index(self, keys: Keys, *, on_key: bool) -> int | None:
        """Return where to point for a fault at `keys`, or at what is nearest above."""
        for length in range(len(keys), 0, -1):
            nearest = keys[:length]
            whole = length == len(keys)
            if nearest in self.of_keys and (on_key or not whole):
                return self.of_keys[nearest]
            if nearest in self.of_values:
                return self.of_values[nearest]
        return None


def inspect(text: str) -> Positions:
    """Return where everything stands that comes before the first fault of syntax."""
    walk = _Walk(events_of(text))
    with suppress(yaml.YAMLError, _TooDeep):
        walk.stream()
    return Positions(
        walk.of_keys, walk.of_values, tuple(walk.repeated), tuple(walk.traps)
    )


class _TooDeep(Exception):
    """The rest of the text is beyond the bounds of `yaml_core`."""


class _Walk:
    """Follows the events of one text and writes down where things stand."""

    def __init__(self, next_event: Callable[[], Event]) -> None:
        self._next = next_event
        self.of_keys: dict[Keys, int] = {}
        self.of_values: dict[Keys, int] = {}
        self.repeated: list[Repeated] = []
        self.traps: list[Trap] = []

    def stream(self) -> None:
        """Follow the events to the end of the first document."""
        self._next()
        if self._next().__class__ is not StreamEndEvent:
            self._node(self._next(), (), wanted=True)

    def _node(self, event: Event, keys: Keys, *, wanted: bool) -> None:
        """Write down one value; one that a repeated key gives is not wanted."""
        if wanted:
            self.of_values[keys] = event.start_mark.index
        if len(keys) > MAX_DEPTH:
            raise _TooDeep
        if isinstance(event, MappingStartEvent):
            self._mapping(keys, wanted=wanted)
        elif isinstance(event, SequenceStartEvent):
            each, number = self._next(), 0
            while each.__class__ is not SequenceEndEvent:
                self._node(each, (*keys, number), wanted=wanted)
                each, number = self._next(), number + 1
        elif isinstance(event, ScalarEvent) and event.implicit[0] and wanted:
            certain = any(key in _CERTAIN for key in keys)
            if not certain and is_trap(event.value):
                self.traps.append(Trap(keys, event.value))

    def _mapping(self, keys: Keys, *, wanted: bool) -> None:
        while not isinstance(event := self._next(), MappingEndEvent):
            if not isinstance(event, ScalarEvent):
                raise _TooDeep
            mark: Any = event.start_mark
            here, index = (*keys, event.value), mark.index
            again = here in self.of_keys
            if wanted and again:
                self.repeated.append(Repeated(here, index))
            elif wanted:
                self.of_keys[here] = index
            self._node(self._next(), here, wanted=wanted and not again)
