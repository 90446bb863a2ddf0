"""What others say to a Bluesky account: its notifications, from a moment on.

https://docs.bsky.app/docs/api/app-bsky-notification-list-notifications
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from smmflow.errors import OutcomeUnknown
from smmflow.model.message import Author, Message, MessageKind, Messages
from smmflow.networks.bluesky.address import profile
from smmflow.networks.bluesky.record import moment_of
from smmflow.networks.bluesky.session import Session

__all__ = ["reference", "talk"]

_REASONS = {"reply": MessageKind.REPLY, "mention": MessageKind.MENTION}
_PAGE = 100
_PAGES = 20
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

Json = dict[str, object]


def talk(session: Session, *, after: str) -> Messages:
    """Return replies and mentions since a cursor, the oldest first.

    The cursor is the time of the last one and the names of all of that time: the
    network sorts by time, and gives the newest first.

    Raises:
        OutcomeUnknown: There are more than anybody should read at once.
        NetworkError: Of the kind that fits.
    """
    moment, _, names = after.partition(" ")
    since, seen = moment_of(moment, _LONG_AGO), set(names.split())
    fresh: list[tuple[datetime, Message]] = []
    for notification in _notifications(session):
        at = moment_of(notification.get("indexedAt"), _LONG_AGO)
        if at < since:
            break
        message = _message(notification)
        if message is not None and message.id not in seen:
            fresh.append((at, message))
    fresh.sort(key=lambda each: (each[0], each[1].id))
    if not fresh:
        return Messages((), after)
    last = fresh[-1][0]
    at_last = {message.id for at, message in fresh if at == last}
    if last == since:
        at_last |= seen
    cursor = " ".join((last.isoformat(), *sorted(at_last)))
    return Messages(tuple(message for _, message in fresh), cursor)


def reference(message: Message) -> Json:
    """Return what a record that answers a message points at."""
    more = message.more
    root = {"uri": message.conversation, "cid": more["root_cid"]}
    return {"root": root, "parent": {"uri": message.id, "cid": more["cid"]}}


def _notifications(session: Session) -> Iterator[Json]:
    params: dict[str, str | list[str]] = {
        "limit": str(_PAGE),
        "reasons": sorted(_REASONS),
    }
    for _ in range(_PAGES):
        answer = session.carry_out(
            "GET",
            "/xrpc/app.bsky.notification.listNotifications",
            repeatable=True,
            params=params,
        ).fields()
        page = answer.get("notifications")
        yield from (each for each in _list(page) if isinstance(each, dict))
        cursor = answer.get("cursor")
        if not cursor or not _list(page):
            return
        params["cursor"] = str(cursor)
    raise OutcomeUnknown(f"there are more than {_PAGE * _PAGES} notifications")


def _message(notification: Json) -> Message | None:
    kind = _REASONS.get(str(notification.get("reason")))
    uri, cid = notification.get("uri"), notification.get("cid")
    if kind is None or not uri or not cid:
        return None
    record = _fields(notification.get("record"))
    answered = _fields(record.get("reply"))
    root, parent = _fields(answered.get("root")), _fields(answered.get("parent"))
    author = _fields(notification.get("author"))
    handle = str(author.get("handle", ""))
    return Message(
        id=str(uri),
        kind=kind,
        author=Author(str(author.get("did", "")), f"@{handle}", profile(handle)),
        text=str(record.get("text", "")),
        at=moment_of(record.get("createdAt"), _LONG_AGO),
        url=f"{profile(handle)}/post/{str(uri).rpartition('/')[2]}",
        on=str(parent.get("uri", "")) if kind is MessageKind.REPLY else "",
        conversation=str(root.get("uri") or uri),
        more={"cid": str(cid), "root_cid": str(root.get("cid") or cid)},
    )


def _fields(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
