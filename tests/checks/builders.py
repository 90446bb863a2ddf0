"""Builders of small workspaces; what matters to a test stands in the test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from smmflow.checks import Subject, check
from smmflow.credentials import Credentials
from smmflow.diagnostics import Finding
from smmflow.language.entities import entities
from smmflow.language.measures import grapheme_count, utf8_length
from smmflow.model.calendar import Calendar
from smmflow.model.capabilities import (
    Capabilities,
    Limit,
    MediaLimits,
    MentionStyle,
    PollLimits,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, Occurrence, Part
from smmflow.model.media import Attachment, MediaFacts, MediaFault, MediaKind
from smmflow.model.post import At, Post
from smmflow.model.publication import Publication
from smmflow.model.text import RichText, Span, SpanKind
from smmflow.model.workspace import Workspace
from smmflow.networks.interface import Connection, Network, Settings

TEHRAN = ZoneInfo("Asia/Tehran")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SOON = datetime(2026, 12, 1, 9, 0, tzinfo=TEHRAN)

BLUESKY = Capabilities(
    text=Limit(300),
    also=(Limit(3000, Unit.UTF8),),
    media=(
        MediaLimits(MediaKind.IMAGE, frozenset({"image/png", "image/jpeg"}), 2_000_000),
    ),
    max_media=4,
    alt_text=Limit(2000, sure=False),
    threads=Support.YES,
    hashtag_max=64,
    mentions=MentionStyle.DOMAIN,
)
MASTODON = Capabilities(
    text=Limit(500),
    media=(
        MediaLimits(MediaKind.IMAGE, frozenset({"image/png"}), 16_777_216, 33_177_600),
        MediaLimits(MediaKind.VIDEO, frozenset({"video/mp4"}), 103_809_024),
    ),
    max_media=4,
    alt_text=Limit(1500),
    poll=PollLimits(2, 4, Limit(50), timedelta(minutes=5), timedelta(days=30)),
    threads=Support.YES,
    content_warning=Support.YES,
    visibilities=frozenset({"unlisted", "followers"}),
    mentions=MentionStyle.ADDRESS,
)
KINDS: Mapping[str, Capabilities] = {"bluesky": BLUESKY, "mastodon": MASTODON}


class Counting(Network):
    """A network that counts graphemes and bytes and sends nothing."""

    name = "counting"
    title = "Counting"
    documentation = ""
    capabilities = Capabilities(text=Limit(300))
    settings = Settings

    def length(self, text: RichText, unit: Unit) -> int:
        measure = utf8_length if unit is Unit.UTF8 else grapheme_count
        return measure(text.text)

    def overhead(self, content_warning: str) -> int:
        return grapheme_count(content_warning)

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> Connection:
        raise NotImplementedError


def rich(text: str) -> RichText:
    spans = [
        Span(each.start, each.end, SpanKind(each.kind.value), each.target)
        for each in entities(text)
    ]
    return RichText(text, tuple(spans))


def facts(path: str, **changes: object) -> MediaFacts:
    plain = MediaFacts(
        f"content/{path}", "0" * 64, 1000, MediaKind.IMAGE, "image/png", 10, 10
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # a test's own keywords


def post(body: str = "Hello, world.", *, name: str = "p", **changes: object) -> Post:
    plain = Post(
        id=name,
        path=f"content/posts/{name}.md",
        title="",
        body=body,
        body_line=5,
        language="en",
        channels=("mastodon",),
        schedule=At(SOON),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # a test's own keywords


@dataclass(frozen=True)
class Bench:
    """Composes as plainly as can be, and checks."""

    calendar: Calendar = field(default_factory=lambda: Calendar(zone=TEHRAN))
    capabilities: Mapping[str, Capabilities] = field(default_factory=lambda: KINDS)
    publications: Mapping[tuple[str, str], Publication] = field(default_factory=dict)
    media: Mapping[str, MediaFacts | MediaFault] = field(default_factory=dict)
    occurrences: Mapping[str, tuple[Occurrence, ...]] | None = None
    more: Mapping[str, object] = field(default_factory=dict)

    def subject(self, *posts: Post) -> Subject:
        workspace = Workspace(
            root=Path("/workspace"),
            calendar=self.calendar,
            channels={name: Channel(name, name) for name in self.capabilities},
            posts={each.id: each for each in posts},
            media=self.media,
        )
        workspace = replace(workspace, **self.more)  # type: ignore[arg-type]  # likewise
        occurrences = self.occurrences
        if occurrences is None:
            occurrences = {
                each.id: (Occurrence(each.id, each.id, each.schedule.moment),)
                for each in posts
                if isinstance(each.schedule, At) and not each.draft
            }
        return Subject(
            workspace,
            composed={
                (each.id, channel): self.compose(each, channel)
                for each in posts
                for channel in each.channels
                if channel in self.capabilities
            },
            capabilities=self.capabilities,
            networks=dict.fromkeys(self.capabilities, Counting()),
            occurrences=occurrences,
            publications=self.publications,
            now=NOW,
        )

    def compose(self, each: Post, channel: str) -> ChannelPost:
        parts = []
        for index, text in enumerate(each.body.split("\n---\n")):
            shown = []
            for file in each.media:
                found = self.media.get(file.file)
                if file.part == index + 1 and isinstance(found, MediaFacts):
                    shown.append(Attachment(found, file.alt or ""))
            poll = each.poll if each.poll_part == index + 1 else None
            parts.append(Part(rich(text.strip()), "", tuple(shown), poll, each.card))
        return ChannelPost(
            each.id,
            channel,
            channel,
            each.title,
            each.summary,
            each.language,
            tuple(parts),
            each.content_warning,
            each.visibility,
            campaign=each.campaign,
        )

    def check(self, *posts: Post) -> tuple[Finding, ...]:
        return check(self.subject(*posts))


def find(rule: str, *posts: Post, **bench: object) -> list[Finding]:
    """Check posts in a workspace and return the findings of one rule."""
    found = Bench(**bench).check(*posts)  # type: ignore[arg-type]  # likewise
    return [each for each in found if each.rule == rule]
