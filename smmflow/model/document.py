"""The other files: playbooks, replies, templates, ideas, contests, surveys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["Contest", "Idea", "Playbook", "SavedReply", "Survey", "Template"]


@dataclass(frozen=True, slots=True)
class Playbook:
    """What to do in a crisis: severity from 1 (worst) to 4, approvers, statements."""

    id: str
    path: str
    title: str
    severity: int
    approvers: tuple[str, ...]
    triggers: tuple[str, ...]
    body: str


@dataclass(frozen=True, slots=True)
class SavedReply:
    """An answer kept ready for questions that come again."""

    id: str
    path: str
    title: str
    language: str
    topics: tuple[str, ...]
    body: str


@dataclass(frozen=True, slots=True)
class Template:
    """A piece of text that posts include: `{% include "footer" %}`."""

    id: str
    path: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Idea:
    """Something that may become a post."""

    id: str
    path: str
    title: str
    pillar: str
    owner: str
    body: str


@dataclass(frozen=True, slots=True)
class Contest:
    """A contest with rules, open between two days."""

    id: str
    path: str
    title: str
    opens: date
    closes: date
    prize: str
    post: str
    body: str


@dataclass(frozen=True, slots=True)
class Survey:
    """Questions for an audience."""

    id: str
    path: str
    title: str
    questions: tuple[str, ...]
    opens: date | None
    closes: date | None
    body: str
