"""Strategy: what the work is for, for whom, about what, and in which voice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

__all__ = ["Audience", "AvoidedWord", "Goal", "Pillar", "Strategy", "Voice"]


@dataclass(frozen=True, slots=True)
class Goal:
    """Something to reach, measurably.

    Attributes:
        id: What posts name.
        title: For people.
        metric: A metric of `smmflow.model.metric`, as in `followers`.
        baseline: Where it stood; None if unknown.
        target: Where it should stand.
        deadline: By when.
        channel: Only on this channel; empty means all.
    """

    id: str
    title: str
    metric: str
    target: float
    deadline: date
    baseline: float | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Audience:
    """People the work is for."""

    id: str
    title: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Pillar:
    """A theme, and the share of posts it should have, from 0 to 1; None if open."""

    id: str
    title: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class AvoidedWord:
    """A word or phrase the voice avoids, and what to write instead, if anything."""

    word: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """How the workspace writes.

    Attributes:
        avoid: Words not to use.
        disclosures: Of these, one must stand in each sponsored post: `#ad`, `#تبلیغ`.
    """

    avoid: tuple[AvoidedWord, ...] = ()
    disclosures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Strategy:
    """`strategy.md`."""

    path: str = "strategy.md"
    goals: tuple[Goal, ...] = ()
    audiences: tuple[Audience, ...] = ()
    pillars: tuple[Pillar, ...] = ()
    voice: Voice = field(default_factory=Voice)
    body: str = ""
