"""Matrix events: as we send them, and as a homeserver gives them, read with suspicion.

https://spec.matrix.org/v1.15/client-server-api/#instant-messaging
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import assert_never

from smmflow.errors import OutcomeUnknown
from smmflow.model.channel_post import Part
from smmflow.model.media import Attachment, MediaKind
from smmflow.model.text import RichText
from smmflow.networks.interface import Thread
from smmflow.networks.matrix.markup import formatted, mentioned, plain, shown

__all__ = [
    "KEY",
    "Relation",
    "content_of",
    "deleted",
    "moment_of",
    "newest",
    "objects",
    "part_content",
    "relation_of",
    "replacement",
    "text_content",
    "thread_relation",
    "words_of",
]

KEY = "dev.smmflow.key"
"""Names the sending; servers keep fields they don't know, clients ignore them.

https://spec.matrix.org/v1.15/appendices/#common-namespaced-identifier-grammar
"""
_HTML = "org.matrix.custom.html"
_FALLBACK = 200

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Relation:
    """What an event stands below.

    Attributes:
        kind: `m.thread`, `m.replace` and so on; empty for none, as for simple answers.
        event: What it relates to; empty for nothing.
        answered: What it answers; empty for nothing.
        fallback: The answer is only shown as one where threads are not.
    """

    kind: str = ""
    event: str = ""
    answered: str = ""
    fallback: bool = False


def text_content(text: RichText) -> Json:
    """Return the content of a message of words only."""
    return {"msgtype": "m.text", **_words(text)}


def part_content(part: Part, uploaded: str) -> Json:
    """Return the content of a part's message.

    The words are the caption of its file. Descriptions have no place of their own in
    the specification: that of a file without a caption becomes the caption.
    https://spec.matrix.org/v1.15/client-server-api/#media-captions

    Args:
        part: Its words, and at most one file.
        uploaded: The file's `mxc://` address; empty without one.
    """
    if not part.media:
        return text_content(part.text)
    attachment = part.media[0]
    facts = attachment.facts
    name = facts.path.rpartition("/")[2]
    words = _words(part.text if part.text.text else RichText(attachment.alt or name))
    shape = {"w": facts.width, "h": facts.height} if facts.width else {}
    length = {"duration": round(facts.seconds * 1000)} if facts.seconds else {}
    return {
        "msgtype": _message_type(attachment),
        **words,
        "filename": name,
        "url": uploaded,
        "info": {"mimetype": facts.media_type, "size": facts.size, **shape, **length},
    }


def thread_relation(after: Thread) -> Json:
    """Return what makes a message the next one of a thread.

    https://spec.matrix.org/v1.15/client-server-api/#threading
    """
    return {
        "rel_type": "m.thread",
        "event_id": after.root.id,
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": after.parent.id},
    }


def replacement(content: Json, event: str) -> Json:
    """Return the content of an event that replaces the content of another one.

    Clients that know no edits get the start of it, so that an event with the words
    twice is never too large.
    https://spec.matrix.org/v1.15/client-server-api/#event-replacements
    """
    said = str(content["body"])
    start = said if len(said) <= _FALLBACK else said[: _FALLBACK - 1] + "…"
    kept = {k: v for k, v in content.items() if k not in {"format", "formatted_body"}}
    return {
        **kept,
        "body": f"* {start}",
        "m.mentions": {},
        "m.new_content": content,
        "m.relates_to": {"rel_type": "m.replace", "event_id": event},
    }


def content_of(event: Mapping[str, object]) -> Mapping[str, object]:
    """Return an event's content; empty if it has none."""
    return _object(event.get("content"))


def newest(event: Mapping[str, object]) -> Mapping[str, object]:
    """Return an event's content as its last edit left it.

    https://spec.matrix.org/v1.15/client-server-api/#server-side-aggregation-of-mreplace-relationships
    """
    relations = _object(_object(event.get("unsigned")).get("m.relations"))
    edit = content_of(_object(relations.get("m.replace")))
    return _object(edit.get("m.new_content")) or content_of(event)


def deleted(event: Mapping[str, object]) -> bool:
    """Tell whether nothing but an empty shell is left of a message.

    https://spec.matrix.org/v1.15/client-server-api/#redactions
    """
    return "body" not in content_of(event)


def words_of(content: Mapping[str, object]) -> str:
    """Return what a message says, as plain text."""
    html = content.get("formatted_body")
    if content.get("format") == _HTML and isinstance(html, str):
        return shown(html)
    return str(content.get("body", ""))


def relation_of(event: Mapping[str, object]) -> Relation:
    """Return what an event stands below."""
    relates = _object(content_of(event).get("m.relates_to"))
    answered = _object(relates.get("m.in_reply_to"))
    return Relation(
        str(relates.get("rel_type") or ""),
        str(relates.get("event_id") or ""),
        str(answered.get("event_id") or ""),
        relates.get("is_falling_back") is True,
    )


def moment_of(event: Mapping[str, object]) -> datetime:
    """Return when a homeserver got an event, aware, UTC.

    Raises:
        OutcomeUnknown: It does not say.
    """
    stamp = event.get("origin_server_ts")
    if not isinstance(stamp, int):
        raise OutcomeUnknown("the server gave an event without a time")
    try:
        return datetime.fromtimestamp(stamp / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        raise OutcomeUnknown(f"the server gave no time but {stamp}") from None


def objects(value: object) -> list[Json]:
    """Return the objects of a list; whatever else it holds is left out."""
    every = value if isinstance(value, list) else []
    return [each for each in every if isinstance(each, dict)]


def _words(text: RichText) -> Json:
    """Return body, HTML and mentions; who is not named in a link is not notified.

    https://spec.matrix.org/v1.15/client-server-api/#user-and-room-mentions
    """
    users = mentioned(text)
    words: Json = {
        "body": plain(text),
        "m.mentions": {"user_ids": users} if users else {},
    }
    if html := formatted(text):
        words |= {"format": _HTML, "formatted_body": html}
    return words


def _message_type(attachment: Attachment) -> str:
    kind = attachment.facts.kind
    match kind:
        case MediaKind.IMAGE | MediaKind.GIF:
            return "m.image"
        case MediaKind.VIDEO:
            return "m.video"
        case MediaKind.AUDIO:
            return "m.audio"
        case MediaKind.OTHER:
            return "m.file"
    assert_never(kind)


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
