"""What others say below a Page's posts, read from a cursor on.

https://developers.facebook.com/docs/graph-api/reference/object/comments/
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from smmflow.errors import Rejected
from smmflow.model.message import Author, Message, MessageKind, Messages
from smmflow.model.publication import Receipt
from smmflow.networks.facebook.address import address_of
from smmflow.networks.facebook.page import Page
from smmflow.networks.facebook.post import moment_of

__all__ = ["COMMENT", "read_comments"]

COMMENT = "id,message,created_time,permalink_url,from{id,name},parent{id}"
_START = datetime(1970, 1, 1, tzinfo=UTC)
_NAMELESS = "somebody on Facebook"


@dataclass(frozen=True, slots=True)
class _Cursor:
    """The newest comment read; times of comments are whole seconds.

    Attributes:
        at: When it was written, aware.
        ids: All comments of that second that were read.
    """

    at: datetime = _START
    ids: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> _Cursor:
        if not text:
            return cls()
        try:
            at, *ids = json.loads(text)
            return cls(datetime.fromisoformat(at), tuple(map(str, ids)))
        except (ValueError, TypeError):
            raise Rejected(f"{text!r} is no cursor of Facebook's comments") from None

    def written(self) -> str:
        return json.dumps([self.at.isoformat(), *self.ids])

    def is_before(self, message: Message) -> bool:
        return message.at > self.at or (
            message.at == self.at and message.id not in self.ids
        )

    def moved(self, messages: Sequence[Message]) -> _Cursor:
        newest = max((each.at for each in messages), default=self.at)
        here = tuple(each.id for each in messages if each.at == newest)
        return _Cursor(newest, self.ids + here if newest == self.at else here)


def read_comments(page: Page, receipts: Sequence[Receipt], after: str) -> Messages:
    """Return comments and replies below posts, ours left out.

    Raises:
        OutcomeUnknown: A post has more comments than anybody should read at once.
        Rejected: The cursor is none.
    """
    cursor = _Cursor.read(after)
    every = [
        message
        for receipt in receipts
        for message in _below(page, receipt.id, cursor.at)
        if cursor.is_before(message)
    ]
    every.sort(key=lambda each: each.at)
    others = tuple(each for each in every if each.author.id != page.name)
    return Messages(others, cursor.moved(every).written())


def _below(page: Page, post: str, since: datetime) -> list[Message]:
    if page.read(post, "id") is None:
        return []
    asked = {"fields": COMMENT, "filter": "stream", "order": "chronological"}
    if since > _START:
        asked["since"] = str(int((since - timedelta(seconds=1)).timestamp()))
    comments = page.every(f"/{post}/comments", asked)
    return [_message(each, post) for each in comments]


def _message(comment: Mapping[str, object], post: str) -> Message:
    author, parent = comment.get("from"), comment.get("parent")
    author = author if isinstance(author, dict) else {}
    name = str(comment.get("id"))
    return Message(
        name,
        MessageKind.REPLY if parent else MessageKind.COMMENT,
        Author(str(author.get("id", "")), str(author.get("name") or _NAMELESS)),
        str(comment.get("message", "")),
        moment_of(comment.get("created_time")),
        str(comment.get("permalink_url") or address_of(name)),
        on=post,
        conversation=post,
    )
