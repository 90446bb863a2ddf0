"""A channel: one account of ours on one network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from smmflow.model.cost import Cost

__all__ = ["Channel", "StateSettings"]


@dataclass(frozen=True, slots=True)
class Channel:
    """One entry of `channels.yaml`.

    Attributes:
        name: What posts write.
        network: The service, as in `mastodon`.
        settings: The network's own settings, as its `settings` model accepted them:
            `url`, `handle` and the like; plain values, hashable where possible.
        secrets: The network's name for a secret to the name it has in the environment.
        language: Only posts in this language belong here; empty means any.
        max_lateness: Overrides the calendar's, if given.
        default: New posts go here unless told otherwise.
        handover: Posts are given to the network before their time, and it sends them.
        max_cost: The most that its posts may cost in a calendar month; None if as much
            as they cost.
    """

    name: str
    network: str
    settings: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    max_lateness: timedelta | None = None
    default: bool = True
    handover: bool = False
    max_cost: Cost | None = None


@dataclass(frozen=True, slots=True)
class StateSettings:
    """Where the state lives: a branch, and the remote it is pushed to, if any."""

    branch: str = "smmflow-state"
    remote: str = "origin"
