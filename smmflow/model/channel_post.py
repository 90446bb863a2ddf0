"""A post as one channel will get it: words, files and settings, and their digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from smmflow.model.media import Attachment
from smmflow.model.post import Card, Poll
from smmflow.model.text import RichText

__all__ = ["ChannelPost", "Occurrence", "Part", "PartKey", "digest_of"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One appointed time of a post.

    Attributes:
        id: `<post>`, or `<post>@<local time>` for a recurring one.
        post: The post's id.
        due: When it should go out, aware; None while it has no time.
    """

    id: str
    post: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of a thread.

    Attributes:
        text: As readers see it.
        html: The same as HTML, for networks that take HTML; else empty.
        media: Files it shows.
        poll: Answers, if it asks.
        card: The link preview, where the client makes it.
        card_image: The card's picture, if the author gave one.
        markdown: The same as Markdown, for networks that take Markdown; else empty.
        comment: It is a comment of our own below the post, not a part of its text.
    """

    text: RichText
    html: str = ""
    media: tuple[Attachment, ...] = ()
    poll: Poll | None = None
    card: Card | None = None
    card_image: Attachment | None = None
    markdown: str = ""
    comment: bool = False


@dataclass(frozen=True, slots=True)
class ChannelPost:
    """What one channel gets.

    Attributes:
        post: The post's id.
        channel: The channel's name.
        network: The network's name.
        title: The post's title.
        summary: One sentence, for feeds and pages.
        language: BCP 47.
        parts: At least one.
        content_warning: Shown before the text; may be empty.
        visibility: `public` unless the post says otherwise.
        settings: The network's own, for this post.
        campaign: Name or empty; so for pillar, goal and audience.
        tags: Topics, for the site.
        sources: Every file its rendering used, relative to the workspace, sorted.
        digest: Of everything above that readers can see; `sha256:<hex>`.
    """

    post: str
    channel: str
    network: str
    title: str
    summary: str
    language: str
    parts: tuple[Part, ...]
    content_warning: str = ""
    visibility: str = "public"
    settings: Mapping[str, object] = field(default_factory=dict)
    campaign: str = ""
    pillar: str = ""
    goal: str = ""
    audience: str = ""
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class PartKey:
    """A name for one sending of one part that is the same in every run.

    Networks make their own idempotency key of it: a record key, a header, a message id.

    Attributes:
        occurrence: The occurrence's id.
        channel: The channel's name.
        part: 0-based.
        due: When it should go out, aware.
        attempt: Raised only when a person orders it sent anew.
    """

    occurrence: str
    channel: str
    part: int
    due: datetime
    attempt: int = 0

    @property
    def hex(self) -> str:
        """64 hexadecimal digits."""
        name = (self.occurrence, self.channel, self.part, self.attempt)
        return hashlib.sha256(json.dumps(name).encode()).hexdigest()


def digest_of(post: ChannelPost) -> str:
    """Return the digest of what readers can see of a channel post.

    Paths of files don't count, their bytes do: moving a picture changes nothing. Labels
    for our own reports (pillar, goal, audience, campaign) don't count either.
    """

    def attachment(value: Attachment | None) -> object:
        return value and [value.facts.sha256, value.alt]

    def part(value: Part) -> object:
        spans = [[s.start, s.end, s.kind, s.target] for s in value.text.spans]
        poll, card = value.poll, value.card
        # What most parts have not is left out, so that older digests stay the same.
        rarely: dict[str, object] = {}
        if value.markdown:
            rarely["markdown"] = value.markdown
        if value.comment:
            rarely["comment"] = True
        return {
            **rarely,
            "text": value.text.text,
            "spans": spans,
            "html": value.html,
            "media": [attachment(each) for each in value.media],
            "poll": poll
            and [
                poll.options,
                poll.open_for.total_seconds(),
                poll.multiple,
                poll.hide_totals,
            ],
            "card": card and [card.url, card.title, card.description],
            "card_image": attachment(value.card_image),
        }

    seen = {
        "title": post.title,
        "summary": post.summary,
        "language": post.language,
        "content_warning": post.content_warning,
        "visibility": post.visibility,
        "settings": dict(post.settings),
        "tags": post.tags,
        "parts": [part(each) for each in post.parts],
    }
    return "sha256:" + hashlib.sha256(_CANONICAL.encode(seen).encode()).hexdigest()


# One for all: `json.dumps` with these options makes a new one each time.
_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=str)
