"""What is known at one moment: everything a pure stage may want from the state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from smmflow.model.freeze import Freeze
from smmflow.model.publication import Publication
from smmflow.model.snapshot import Snapshot
from smmflow.store.state import State

__all__ = ["Known"]


@dataclass(frozen=True, slots=True)
class Known:
    """What the state says; all empty for a workspace that has none yet.

    Attributes:
        publications: The ledger, by occurrence and channel.
        snapshots: Every reading, oldest first; empty unless asked for.
        limits: An instance's own limits, by channel.
        freezes: The ended ones too, oldest first.
    """

    publications: Mapping[tuple[str, str], Publication] = field(default_factory=dict)
    snapshots: tuple[Snapshot, ...] = ()
    limits: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    freezes: tuple[Freeze, ...] = ()

    @classmethod
    def of(
        cls, state: State, channels: Iterable[str], *, metrics: bool = False
    ) -> Known:
        """Return what the state says as of its last fetch.

        Args:
            state: What to read.
            channels: Whose limits.
            metrics: Read the snapshots too.

        Raises:
            StateError: A file of the state is broken or of a newer format.
        """
        limits = {name: state.limits(name) for name in channels}
        return cls(
            state.publications(),
            state.snapshots() if metrics else (),
            {name: stored.raw for name, stored in limits.items() if stored is not None},
            state.freezes(),
        )
