"""A post of Threads: as we make it, and as the API gives it, read with suspicion.

https://developers.facebook.com/docs/threads/reference/publishing
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from smmflow.errors import OutcomeUnknown, Rejected
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.media import Attachment, MediaKind
from smmflow.model.message import Author, Message, MessageKind
from smmflow.model.publication import Receipt
from smmflow.model.text import RichText, SpanKind
from smmflow.networks.interface import Thread
from smmflow.networks.threads.network import MOST_LINKS
from smmflow.networks.words import comparable

__all__ = [
    "FIELDS",
    "file_params",
    "links_of",
    "matches",
    "message_of",
    "moment_of",
    "parent_of",
    "receipt_of",
    "whole_params",
]

FIELDS = "id,text,timestamp,permalink,media_type,username,replied_to,root_post,children"
_LETTERS = "abcd"

Json = Mapping[str, object]


def file_params(attachment: Attachment, url: str) -> dict[str, str]:
    """Return what a container says of one file."""
    moving = attachment.facts.kind is MediaKind.VIDEO
    params = {
        "media_type": "VIDEO" if moving else "IMAGE",
        "video_url" if moving else "image_url": url,
    }
    return {**params, "alt_text": attachment.alt} if attachment.alt else params


def whole_params(
    post: ChannelPost, content: Part, after: Thread | None
) -> dict[str, str]:
    """Return what a container says besides its files.

    Raises:
        Rejected: It has more links than the network takes, or asks for several answers.
    """
    if links_of(content.text) > MOST_LINKS:
        raise Rejected(
            f"Threads takes {MOST_LINKS} different links in a post, and this part has "
            f"{links_of(content.text)}"
        )
    params = {"text": content.text.text} if content.text.text else {}
    if content.poll and content.poll.multiple:
        raise Rejected("a poll on Threads takes one answer of everybody")
    if content.poll:
        options = zip(_LETTERS, content.poll.options, strict=False)
        params["poll_attachment"] = json.dumps(
            {f"option_{letter}": words for letter, words in options},
            ensure_ascii=False,
        )
    if after is not None:
        return {**params, "reply_to_id": after.parent.id}
    if topic := post.settings.get("topic"):
        params["topic_tag"] = str(topic)
    if who := post.settings.get("who_can_reply"):
        params["reply_control"] = str(who)
    return params


def links_of(text: RichText) -> int:
    """Return how many different links a text has."""
    return len({each.target for each in text.spans if each.kind is SpanKind.LINK})


def matches(found: Json, content: Part, *, answer: bool) -> bool:
    """Tell whether a live post says what a part does, as far as can be seen."""
    return (
        _normal(str(found.get("text") or "")) == _normal(content.text.text)
        and bool(parent_of(found)) == answer
        and _files(found) == len(content.media)
    )


def parent_of(found: Json) -> str:
    """Return the id of what a post answers; empty if it answers nothing."""
    above = found.get("replied_to")
    return str(above.get("id") or "") if isinstance(above, dict) else ""


def receipt_of(found: Json) -> Receipt:
    """Return the receipt of a live post.

    Raises:
        OutcomeUnknown: It has no id or no time.
    """
    name = found.get("id")
    if not name:
        raise OutcomeUnknown("the server answered without a post's id")
    at = moment_of(found.get("timestamp"))
    return Receipt(str(name), str(found.get("permalink") or ""), at)


def message_of(found: Json, on: str) -> Message:
    """Return what somebody else said, below a post of ours or elsewhere."""
    username = str(found.get("username") or "")
    root = found.get("root_post")
    first = root.get("id") if isinstance(root, dict) else None
    return Message(
        id=str(found.get("id")),
        kind=MessageKind.REPLY if on else MessageKind.MENTION,
        author=Author(username, f"@{username}", f"https://www.threads.net/@{username}"),
        text=str(found.get("text") or ""),
        at=moment_of(found.get("timestamp")),
        url=str(found.get("permalink") or ""),
        on=on,
        conversation=str(first or on or found.get("id")),
    )


def moment_of(text: object) -> datetime:
    """Return a moment the server gave, aware.

    Raises:
        OutcomeUnknown: It is none.
    """
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise OutcomeUnknown(f"the server gave no time but {text!r}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _files(found: Json) -> int:
    kind = found.get("media_type")
    if kind == "CAROUSEL_ALBUM":
        children = found.get("children")
        every = children.get("data") if isinstance(children, dict) else None
        return len(every) if isinstance(every, list) else 0
    return int(kind in {"IMAGE", "VIDEO"})


def _normal(text: str) -> str:
    # The hashtag that becomes the topic of a post is shown without its mark.
    return comparable(text.replace("#", ""))
