"""A workspace: everything its files say, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from smmflow.diagnostics import Finding
from smmflow.model.calendar import Calendar
from smmflow.model.campaign import Campaign
from smmflow.model.channel import Channel, StateSettings
from smmflow.model.document import (
    Contest,
    Idea,
    Playbook,
    SavedReply,
    Survey,
    Template,
)
from smmflow.model.media import MediaFacts, MediaFault
from smmflow.model.post import Post
from smmflow.model.strategy import Strategy
from smmflow.model.team import Team

__all__ = ["Workspace"]


@dataclass(frozen=True, slots=True)
class Workspace:
    """All that stands in the files, and what was wrong while reading them.

    Attributes:
        root: The folder that holds `channels.yaml`.
        title: The name of the brand, from `channels.yaml`.
        description: One sentence about it, likewise.
        language: Of posts that don't say; likewise.
        state: Where the state lives; likewise.
        declared: Names of all channels, of those with faults too.
        posts: By id, sorted by id. Files that could not be read are not among them.
        media: By path as posts write it (relative to `content/`).
        findings: Faults of form: broken YAML, unknown keys, wrong types.
        unreadable: Paths of files that could not become what they should be: nothing
            that depends on them may be published.
    """

    root: Path
    title: str = ""
    description: str = ""
    language: str = "en"
    state: StateSettings = field(default_factory=StateSettings)
    calendar: Calendar = field(default_factory=Calendar)
    strategy: Strategy = field(default_factory=Strategy)
    team: Team = field(default_factory=Team)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    posts: Mapping[str, Post] = field(default_factory=dict)
    templates: Mapping[str, Template] = field(default_factory=dict)
    playbooks: Mapping[str, Playbook] = field(default_factory=dict)
    replies: Mapping[str, SavedReply] = field(default_factory=dict)
    ideas: Mapping[str, Idea] = field(default_factory=dict)
    contests: Mapping[str, Contest] = field(default_factory=dict)
    surveys: Mapping[str, Survey] = field(default_factory=dict)
    media: Mapping[str, MediaFacts | MediaFault] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    unreadable: frozenset[str] = frozenset()
