"""Small posts to publish in tests."""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from smmflow.language.entities import EntityKind, entities
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, Part, PartKey, digest_of
from smmflow.model.media import Attachment, MediaFacts, MediaKind
from smmflow.model.post import Poll
from smmflow.model.text import RichText, Span, SpanKind

__all__ = ["DUE", "channel_post", "key_of", "part", "picture_file", "rich"]

DUE = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_KINDS = {
    EntityKind.LINK: SpanKind.LINK,
    EntityKind.MENTION: SpanKind.MENTION,
    EntityKind.TAG: SpanKind.TAG,
}


def rich(text: str) -> RichText:
    """Return text with its links, mentions and tags as spans."""
    spans = (
        Span(each.start, each.end, _KINDS[each.kind], each.target)
        for each in entities(text)
    )
    return RichText(text, tuple(spans))


def part(
    text: str, *, media: tuple[Attachment, ...] = (), poll: Poll | None = None
) -> Part:
    """Return one part that says a text."""
    page = f"<p>{text}</p>"
    return Part(rich(text), html=page, media=media, poll=poll, markdown=text)


def channel_post(
    channel: Channel,
    *parts: Part | str,
    post: str = "launch",
    content_warning: str = "",
    visibility: str = "public",
) -> ChannelPost:
    """Return what a channel gets: parts, or the texts of parts."""
    made = ChannelPost(
        post=post,
        channel=channel.name,
        network=channel.network,
        title="Launch",
        summary="",
        language="en",
        parts=tuple(part(each) if isinstance(each, str) else each for each in parts),
        content_warning=content_warning,
        visibility=visibility,
    )
    return replace(made, digest=digest_of(made))


def key_of(post: ChannelPost, number: int = 0, *, due: datetime = DUE) -> PartKey:
    """Return the key of a post's part, as a run would make it."""
    return PartKey(post.post, post.channel, number, due)


def picture_file(
    root: Path, name: str = "picture.png", *, side: int = 8, alt: str = "A green square"
) -> Attachment:
    """Write a small picture below a folder and return it as an attachment."""
    row = b"\x00" + b"\x2e\x8b\x57" * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(row * side)), (b"IEND", b""))
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    (root / name).write_bytes(content)
    facts = MediaFacts(
        name,
        hashlib.sha256(content).hexdigest(),
        len(content),
        MediaKind.IMAGE,
        "image/png",
        side,
        side,
    )
    return Attachment(facts, alt)
