"""A part of a post as a Bluesky record: its key, its text's facets, its reply."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from smmflow.language.measures import grapheme_count, utf8_length
from smmflow.model.channel_post import PartKey
from smmflow.model.text import RichText, Span, SpanKind
from smmflow.networks.interface import Thread

__all__ = [
    "LARGEST_IMAGE",
    "LARGEST_THUMB",
    "created_at",
    "facets",
    "moment_of",
    "record_key",
    "reply",
]

LARGEST_IMAGE = 2_000_000
"""https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/embed/images.json"""
LARGEST_THUMB = 1_000_000
"""https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/embed/external.json"""
_TAG_GRAPHEMES = 64
_TAG_BYTES = 640
_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
_TID_LENGTH = 13
_CLOCK_BITS = 10
_SECOND = 1_000_000
_HANDLE = re.compile(
    r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+"
    r"[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
)

Json = dict[str, object]


def record_key(key: PartKey) -> str:
    """Return the record key that a part has in every run: a valid TID.

    The seconds are those of the due time, so that records sort by time. Microseconds
    and clock identifier, 30 bits, come from the key's hash, so that posts due at the
    same second don't meet. https://atproto.com/specs/tid
    """
    drawn = int(key.hex, 16)
    seconds = int(key.due.timestamp())
    micros = seconds * _SECOND + drawn % _SECOND
    clock = (drawn // _SECOND) % (1 << _CLOCK_BITS)
    number = (micros << _CLOCK_BITS) | clock
    digits = []
    for _ in range(_TID_LENGTH):
        number, digit = divmod(number, len(_SORTABLE))
        digits.append(_SORTABLE[digit])
    return "".join(reversed(digits))


def created_at(key: PartKey) -> str:
    """Return the record's time: due, later parts a millisecond each later.

    Never the moment of sending: a record sent again has to be the same record.
    """
    moment = key.due.astimezone(UTC) + timedelta(milliseconds=key.part)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_of(text: object, default: datetime) -> datetime:
    """Return a record's time; the default if it is none."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return default
    return moment if moment.tzinfo else default


def facets(text: RichText, resolve: Callable[[str], str | None]) -> list[Json]:
    """Return the links, mentions and tags by UTF-8 byte.

    https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/richtext/facet.json

    Args:
        text: What the part says.
        resolve: Gives the DID of a handle; a mention without one stays plain text.
    """
    found: list[Json] = []
    for span in text.spans:
        feature = _feature(span, resolve)
        if feature is not None:
            start = utf8_length(text.text[: span.start])
            end = start + utf8_length(text.text[span.start : span.end])
            index = {"byteStart": start, "byteEnd": end}
            found.append({"index": index, "features": [feature]})
    return found


def _feature(span: Span, resolve: Callable[[str], str | None]) -> Json | None:
    kind = "app.bsky.richtext.facet"
    if span.kind is SpanKind.LINK and span.target.startswith(("http://", "https://")):
        return {"$type": f"{kind}#link", "uri": span.target}
    if span.kind is SpanKind.MENTION and _HANDLE.fullmatch(span.target):
        did = resolve(span.target)
        return {"$type": f"{kind}#mention", "did": did} if did else None
    if (
        span.kind is SpanKind.TAG
        and grapheme_count(span.target) <= _TAG_GRAPHEMES
        and utf8_length(span.target) <= _TAG_BYTES
    ):
        return {"$type": f"{kind}#tag", "tag": span.target}
    return None


def reply(after: Thread) -> Json:
    """Return what a record in a thread points at.

    https://docs.bsky.app/docs/advanced-guides/posts#replies
    """
    return {
        "root": {"uri": after.root.id, "cid": after.root.more["cid"]},
        "parent": {"uri": after.parent.id, "cid": after.parent.more["cid"]},
    }
