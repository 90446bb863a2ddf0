"""The kinds of files, by name, and the JSON Schema of each for editors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from smmflow.content.formats import documents, settings
from smmflow.content.formats.channels import ChannelForm, ChannelsForm
from smmflow.content.formats.post import PostForm
from smmflow.errors import UsageError
from smmflow.networks import registry

__all__ = ["KINDS", "Kind", "schema"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    Attributes:
        name: What `smmflow schema` calls it.
        where: A glob of its files.
        form: Its keys.
    """

    name: str
    where: str
    form: type[BaseModel]


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("calendar", "calendar.yaml", settings.CalendarForm),
            Kind("campaign", "content/campaigns/*.md", documents.CampaignForm),
            Kind("channels", "channels.yaml", ChannelsForm),
            Kind("contest", "content/contests/*.md", documents.ContestForm),
            Kind("idea", "content/ideas/*.md", documents.IdeaForm),
            Kind("playbook", "content/playbooks/*.md", documents.PlaybookForm),
            Kind("post", "content/posts/**/*.md", PostForm),
            Kind("reply", "content/replies/**/*.md", documents.ReplyForm),
            Kind("strategy", "strategy.md", settings.StrategyForm),
            Kind("survey", "content/surveys/*.md", documents.SurveyForm),
            Kind("team", "team.yaml", settings.TeamForm),
            Kind("template", "content/templates/*.md", documents.TemplateForm),
        )
    }
)


def schema(kind: str) -> dict[str, object]:
    """Return the JSON Schema of a kind of file.

    Raises:
        UsageError: There is no such kind.
    """
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise UsageError(f"no kind of file is called {kind}", hint=f"known: {known}")
    found: dict[str, Any] = KINDS[kind].form.model_json_schema(by_alias=True)
    found["title"] = f"smmflow {kind}"
    if kind == "channels":
        found["properties"]["channels"]["additionalProperties"] = _any_channel()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def _any_channel() -> dict[str, object]:
    """Return the schema of one channel: the common keys and those of its network."""
    return {
        "type": "object",
        "required": ["network"],
        "properties": {"network": {"enum": list(registry.NAMES)}},
        "oneOf": [_channel_on(name) for name in registry.NAMES],
    }


def _channel_on(name: str) -> dict[str, object]:
    common = ChannelForm.model_json_schema(by_alias=True)
    own = registry.network(name).settings.model_json_schema(by_alias=True)
    properties = common["properties"] | own.get("properties", {})
    return {
        "title": name,
        "type": "object",
        "properties": properties | {"network": {"const": name}},
        "required": ["network", *own.get("required", [])],
        "additionalProperties": False,
    }
