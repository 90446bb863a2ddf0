"""A campaign: posts that belong together, and the tags their links carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

__all__ = ["Campaign"]


@dataclass(frozen=True, slots=True)
class Campaign:
    """One file under `content/campaigns/`.

    Attributes:
        id: The stem of the file.
        path: Relative to the workspace.
        title: For people.
        start: First day; None if open.
        end: Last day; None if open.
        goal: A goal of the strategy, or empty.
        tag_links: Add `utm_*` parameters to links of its posts.
        utm: Parameters beside the rule's own (source, medium, campaign), lower case.
        link_hosts: Hosts whose links get the parameters; empty means every host.
        variables: For Jinja, as `campaign.<name>`.
        body: The brief, as Markdown.
        body_line: The line of the file it begins on.
    """

    id: str
    path: str
    title: str
    start: date | None = None
    end: date | None = None
    goal: str = ""
    tag_links: bool = False
    utm: Mapping[str, str] = field(default_factory=dict)
    link_hosts: tuple[str, ...] = ()
    variables: Mapping[str, object] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1
