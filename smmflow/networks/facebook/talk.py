"""What others say below a Page's posts, read from a cursor on.

https://developers.facebook.com/docs/graph-api/reference/object/comments/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from smmflow.model.message import Author, Message, MessageKind, Messages
from smmflow.model.publication import Receipt
from smmflow.networks.cursors import Cursor
from smmflow.networks.facebook.address import address_of
from smmflow.networks.facebook.page import Page
from smmflow.networks.facebook.post import moment_of

__all__ = ["COMMENT", "read_comments"]

COMMENT = "id,message,created_time,permalink_url,from{id,name},parent{id}"
_START = datetime(1970, 1, 1, tzinfo=UTC)
_NAMELESS = "somebody on Facebook"


def read_comments(page: Page, receipts: Sequence[Receipt], after: str) -> Messages:
    """Return comments and replies below posts, and posts that name us, ours left out.

    Raises:
        OutcomeUnknown: A post has more comments than anybody should read at once.
    """
    cursor = Cursor.parse(after)
    said = [
        message
        for receipt in receipts
        for message in _below(page, receipt.id, cursor.at)
    ]
    said += [_message(each, "") for each in page.tagged(cursor.at)]
    return cursor.past(each for each in said if each.author.id != page.name)


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
    kind = MessageKind.REPLY if parent else MessageKind.COMMENT
    return Message(
        name,
        kind if post else MessageKind.MENTION,
        Author(str(author.get("id", "")), str(author.get("name") or _NAMELESS)),
        str(comment.get("message", "")),
        moment_of(comment.get("created_time")),
        str(comment.get("permalink_url") or address_of(name)),
        on=post,
        conversation=post or name,
    )
