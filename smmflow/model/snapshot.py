"""Snapshots: counters as a network gave them; unknown is None, never 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

__all__ = ["ChannelReading", "PartReading", "Snapshot"]


@dataclass(frozen=True, slots=True)
class PartReading:
    """Counters of one live part.

    Attributes:
        occurrence: The occurrence's id.
        channel: The channel's name.
        part: 0-based.
        id: The network's name for it.
        counters: By metric; None where the network gives none.
        gone: The network no longer has it.
    """

    occurrence: str
    channel: str
    part: int
    id: str
    counters: Mapping[str, int | None]
    gone: bool = False


@dataclass(frozen=True, slots=True)
class ChannelReading:
    """Counters of a channel itself: its followers."""

    channel: str
    counters: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything one measuring run read; one file of the state."""

    taken: datetime
    run: str
    parts: tuple[PartReading, ...] = ()
    channels: tuple[ChannelReading, ...] = ()
