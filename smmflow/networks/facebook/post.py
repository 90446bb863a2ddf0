"""A Facebook post: as we send it, and as the API gives it, read with suspicion.

https://developers.facebook.com/docs/graph-api/reference/page-post/
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from smmflow.errors import OutcomeUnknown
from smmflow.model.channel_post import Part
from smmflow.model.publication import Receipt
from smmflow.model.text import SpanKind
from smmflow.networks.facebook.address import address_of
from smmflow.networks.words import comparable

__all__ = [
    "BELOW",
    "COUNTED",
    "INSIGHTS",
    "SHOWN",
    "TAGGED",
    "counters_of",
    "link_of",
    "matches",
    "moment_of",
    "objects",
    "receipt_of",
    "says",
    "waits_at",
]

Json = dict[str, object]

SHOWN = (
    "id,message,created_time,scheduled_publish_time,permalink_url,"
    "attachments{media_type,subattachments.limit(20){media_type}}"
)
TAGGED = "id,message,created_time,permalink_url,from{id,name}"
BELOW = "id,like_count,comment_count"
"""What comments count: https://developers.facebook.com/docs/graph-api/reference/comment/"""
COUNTED = "id,shares,comments.summary(true).limit(0),reactions.summary(true).limit(0)"
INSIGHTS = "insights.metric(post_media_view,post_total_media_view_unique)"
"""What is left after the removals of 2025 and 2026:
https://developers.facebook.com/docs/graph-api/reference/insights"""
_OF_INSIGHTS = {"views": "post_media_view", "reach": "post_total_media_view_unique"}
_FILES = frozenset({"photo", "video", "gif", "animated_image_video"})
_NO_FILES = frozenset({"link", "share", "event", "map", "note", "offer", "status"})
_SAME_MOMENT = timedelta(seconds=1)


def link_of(content: Part) -> str:
    """Return the address that Facebook shall make a card of; empty for none.

    A post shows either files or a card.
    """
    if content.media:
        return ""
    links = (each for each in content.text.spans if each.kind is SpanKind.LINK)
    return next((each.target for each in links), "")


def says(found: Mapping[str, object], content: Part) -> bool:
    """Tell whether a post or a comment has the words of a part."""
    return comparable(str(found.get("message", ""))) == comparable(content.text.text)


def matches(found: Mapping[str, object], content: Part) -> bool:
    """Tell whether a post says and shows what a part does, as far as can be seen."""
    files = {None, len(content.media)}
    # The card of a page with a film on it is called a video as well.
    if not content.media and "://" in content.text.text:
        files.add(1)
    return says(found, content) and _files(found) in files


def waits_at(found: Mapping[str, object], at: datetime) -> bool:
    """Tell whether a post waits for that time."""
    return abs(moment_of(found.get("scheduled_publish_time")) - at) < _SAME_MOMENT


def _files(found: Mapping[str, object]) -> int | None:
    """Return how many files a post shows; None if it shows what we don't know."""
    attachments = found.get("attachments")
    shown = objects(attachments.get("data")) if isinstance(attachments, dict) else []
    kinds = []
    for each in shown:
        below = each.get("subattachments")
        inner = objects(below.get("data")) if isinstance(below, dict) else []
        kinds += [str(one.get("media_type")) for one in inner or [each]]
    if not set(kinds) <= _FILES | _NO_FILES:
        return None
    return sum(each in _FILES for each in kinds)


def receipt_of(found: Mapping[str, object], *, waiting: bool = False) -> Receipt:
    """Return the receipt of a post or a comment.

    Args:
        found: As the API gave it.
        waiting: It waits for its time.

    Raises:
        OutcomeUnknown: It has no id or no time.
    """
    name = found.get("id")
    if not isinstance(name, str) or not name:
        raise OutcomeUnknown("Facebook answered without the id of what it made")
    at = moment_of(found.get("scheduled_publish_time" if waiting else "created_time"))
    return Receipt(name, "" if waiting else address_of(name), at)


def counters_of(found: Mapping[str, object]) -> Mapping[str, int | None]:
    """Return counters of a post or a comment; None where Facebook gives none.

    Likes are reactions of all kinds. A count of shares is left out while it is 0.
    """
    if "comment_count" in found:
        below = _number(found.get("comment_count"))
        likes = _number(found.get("like_count"))
        unknown = dict.fromkeys(("shares", *_OF_INSIGHTS))
        return {"likes": likes, "comments": below, **unknown}
    shares, insights = found.get("shares"), found.get("insights")
    given = objects(insights.get("data")) if isinstance(insights, dict) else []
    values = {str(each.get("name")): _value(each) for each in given}
    return {
        "likes": _total(found.get("reactions")),
        "comments": _total(found.get("comments")),
        "shares": _number(shares.get("count")) if isinstance(shares, dict) else 0,
        **{name: values.get(key) for name, key in _OF_INSIGHTS.items()},
    }


def _total(edge: object) -> int | None:
    summary = edge.get("summary") if isinstance(edge, dict) else None
    return _number(summary.get("total_count")) if isinstance(summary, dict) else None


def _value(insight: Json) -> int | None:
    values = objects(insight.get("values"))
    return _number(values[-1].get("value")) if values else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def objects(value: object) -> list[Json]:
    """Return the objects of a list; whatever else it holds is left out."""
    every = value if isinstance(value, list) else []
    return [each for each in every if isinstance(each, dict)]


def moment_of(given: object) -> datetime:
    """Return a moment that Facebook gave, as text or as seconds, aware, UTC.

    Raises:
        OutcomeUnknown: It is none.
    """
    try:
        if isinstance(given, int):
            return datetime.fromtimestamp(given, UTC)
        moment = datetime.fromisoformat(str(given))
    except (ValueError, OverflowError, OSError):
        raise OutcomeUnknown(f"Facebook gave no time but {given!r}") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
