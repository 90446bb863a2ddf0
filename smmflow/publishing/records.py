"""What the ledger keeps of a post: its words, what it shows, and its labels."""

from __future__ import annotations

from dataclasses import replace

from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.media import Attachment, MediaFacts, MediaKind
from smmflow.model.post import Poll
from smmflow.model.publication import PartRecord, Publication, Receipt
from smmflow.model.text import RichText

__all__ = ["as_sent", "format_of", "part_of", "part_record", "said"]


def said(record: Publication, post: ChannelPost) -> Publication:
    """Return the record with the labels of what is live now."""
    return replace(
        record,
        digest=post.digest,
        title=post.title,
        summary=post.summary,
        language=post.language,
        campaign=post.campaign,
        pillar=post.pillar,
        goal=post.goal,
        audience=post.audience,
        tags=post.tags,
        content_warning=post.content_warning,
        format=format_of(post),
        visibility=post.visibility,
        settings=post.settings,
    )


def part_record(part: Part, receipt: Receipt | None) -> PartRecord:
    """Return what the ledger keeps of a part."""
    media = tuple((m.facts.path, m.facts.sha256, m.alt) for m in part.media)
    answers = part.poll.options if part.poll else ()
    return PartRecord(
        part.text.text, receipt, part.html, media, answers, comment=part.comment
    )


def part_of(record: PartRecord) -> Part:
    """Return a part as far as the ledger keeps it: enough to know it again.

    Of a file it keeps the path, the digest and the description. How large it is and of
    what kind, nobody who looks for a post asks.
    """
    media = tuple(
        Attachment(MediaFacts(path, sha256, 0, MediaKind.IMAGE, ""), alt)
        for path, sha256, alt in record.media
    )
    poll = Poll(record.poll) if record.poll else None
    return Part(
        RichText(record.text),
        html=record.html,
        media=media,
        poll=poll,
        comment=record.comment,
    )


def as_sent(record: Publication) -> ChannelPost:
    """Return the post as it was when it was sent, whatever its file says today."""
    return ChannelPost(
        post=record.post,
        channel=record.channel,
        network=record.network,
        title=record.title,
        summary=record.summary,
        language=record.language,
        parts=tuple(map(part_of, record.parts)),
        content_warning=record.content_warning,
        visibility=record.visibility or "public",
        settings=record.settings,
        tags=record.tags,
        digest=record.digest,
    )


def format_of(post: ChannelPost) -> str:
    """Return `text`, `image`, `video`, `poll` or `thread`."""
    if sum(not part.comment for part in post.parts) > 1:
        return "thread"
    if post.parts[0].poll:
        return "poll"
    kinds = {each.facts.kind for each in post.parts[0].media}
    if MediaKind.VIDEO in kinds:
        return "video"
    return "image" if kinds & {MediaKind.IMAGE, MediaKind.GIF} else "text"
