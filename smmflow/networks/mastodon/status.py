"""A Mastodon status: as we send it, and as the API gives it, read with suspicion.

https://docs.joinmastodon.org/entities/Status/
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from smmflow.errors import OutcomeUnknown
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.publication import Receipt
from smmflow.networks.mastodon.text import normal, shown

__all__ = [
    "count",
    "counters_of",
    "matches",
    "matches_waiting",
    "moment_of",
    "not_our_post",
    "objects",
    "receipt_of",
    "status_body",
    "url_of",
    "waiting_receipt",
]

_COUNTERS = {
    "likes": "favourites_count",
    "reposts": "reblogs_count",
    "replies": "replies_count",
    "quotes": "quotes_count",
}

_SAME_MOMENT = timedelta(seconds=1)

Json = dict[str, object]


def status_body(post: ChannelPost, content: Part) -> Json:
    """Return what a new status and a changed one have in common.

    A poll has to be sent again with every change, or it is taken away.
    https://docs.joinmastodon.org/methods/statuses/#edit
    """
    body: Json = {"status": content.text.text}
    if post.language:
        body["language"] = post.language
    if post.content_warning:
        body["spoiler_text"] = post.content_warning
        body["sensitive"] = bool(content.media)
    if content.poll:
        body["poll"] = {
            "options": list(content.poll.options),
            "expires_in": int(content.poll.open_for.total_seconds()),
            "multiple": content.poll.multiple,
            "hide_totals": content.poll.hide_totals,
        }
    return body


def matches(status: Mapping[str, object], content: Part, *, answer: bool) -> bool:
    """Tell whether a status says what a part does, as far as can be seen.

    Args:
        status: As the server gave it.
        content: The part.
        answer: Whether the part follows another.
    """
    media, poll = status.get("media_attachments"), status.get("poll")
    options = objects(poll.get("options")) if isinstance(poll, dict) else []
    return (
        normal(shown(str(status.get("content")))) == normal(content.text.text)
        and (status.get("in_reply_to_id") is not None) == answer
        and len(objects(media)) == len(content.media)
        and tuple(each.get("title") for each in options)
        == (content.poll.options if content.poll else ())
    )


def not_our_post(status: Mapping[str, object], me: Mapping[str, object]) -> str:
    """Return what a status is instead of a post of an account; empty if it is one.

    Args:
        status: As the server gave it.
        me: The account, likewise.
    """
    author = status.get("account")
    author = author if isinstance(author, dict) else {}
    if author.get("id") != me.get("id"):
        return f"a post of @{author.get('acct')}, and this channel is @{me.get('acct')}"
    return "a boost of somebody's post" if status.get("reblog") else ""


def receipt_of(status: Mapping[str, object], digests: str) -> Receipt:
    """Return the receipt of a status.

    Args:
        status: As the server gave it.
        digests: SHA-256 of its files, in order, for later edits.

    Raises:
        OutcomeUnknown: It has no id or no time.
    """
    name = status.get("id")
    if not name:
        raise OutcomeUnknown("the server answered without a status's id")
    media = [str(each.get("id")) for each in objects(status.get("media_attachments"))]
    more = {"media": " ".join(media), "sha256": digests} if media else {}
    return Receipt(str(name), url_of(status), moment_of(status.get("created_at")), more)


def waiting_receipt(status: Mapping[str, object], digests: str) -> Receipt:
    """Return proof that a status waits for its time on the server.

    https://docs.joinmastodon.org/entities/ScheduledStatus/

    Raises:
        OutcomeUnknown: It says no time: the server may have sent it at once.
    """
    name, at = status.get("id"), status.get("scheduled_at")
    if not name or not at:
        raise OutcomeUnknown("the server may have sent it at once, before its time")
    return Receipt(str(name), "", moment_of(at), {"sha256": digests} if digests else {})


def matches_waiting(
    status: Mapping[str, object], content: Part, *, at: datetime
) -> bool:
    """Tell whether a status that waits is a part's, as far as can be seen."""
    params = status.get("params")
    said = params if isinstance(params, dict) else {}
    media, poll = said.get("media_ids"), said.get("poll")
    options = poll.get("options") if isinstance(poll, dict) else None
    return (
        normal(str(said.get("text"))) == normal(content.text.text)
        and abs(moment_of(status.get("scheduled_at")) - at) < _SAME_MOMENT
        and len(media if isinstance(media, list) else []) == len(content.media)
        and tuple(options or ()) == (content.poll.options if content.poll else ())
    )


def url_of(status: Mapping[str, object]) -> str:
    """Return where people see a status."""
    return str(status.get("url") or status.get("uri") or "")


def counters_of(status: Mapping[str, object]) -> Mapping[str, int | None]:
    """Return a status's counters; None where the server gives none."""
    return {name: count(status.get(key)) for name, key in _COUNTERS.items()}


def count(value: object) -> int | None:
    """Return a number; None if it is none."""
    return value if isinstance(value, int) else None


def objects(value: object) -> list[Json]:
    """Return the objects of a list; whatever else it holds is left out."""
    every = value if isinstance(value, list) else []
    return [each for each in every if isinstance(each, dict)]


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
