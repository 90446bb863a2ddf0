"""What is said below posts on Instagram: by ourselves, and by others.

https://developers.facebook.com/docs/instagram-platform/comment-moderation/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from smmflow.clock import SystemClock
from smmflow.errors import OutcomeUnknown
from smmflow.model.message import Author, Message, MessageKind, Messages
from smmflow.model.publication import Receipt
from smmflow.networks.cursors import Cursor
from smmflow.networks.instagram.account import Account
from smmflow.networks.instagram.address import is_story
from smmflow.networks.instagram.post import Json, moment_of, objects

__all__ = ["Comments"]

_FIELDS = "id,text,timestamp,from,username"
_START = datetime(1970, 1, 1, tzinfo=UTC)
_NAMELESS = "somebody on Instagram"


class Comments:
    """Reads and writes what stands below posts.

    Args:
        account: Ours.
    """

    def __init__(self, account: Account) -> None:
        self._account = account

    def add(self, media: Receipt, text: str) -> Receipt:
        """Say something below a post of ours.

        https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-media/comments
        """
        said = self._say(f"/{media.id}/comments", text)
        return self._receipt(said, media.id, media.url)

    def answer(self, message: Message, text: str) -> Receipt:
        """Answer a comment: answers to answers stand below the first one.

        https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment/replies
        """
        above = message.more.get("above", message.id)
        said = self._say(f"/{above}/replies", text)
        media = message.conversation or message.on
        return self._receipt(said, media, message.url)

    def own_below(self, media: Mapping[str, object]) -> Iterator[tuple[Receipt, str]]:
        """Yield ours of the comments right below a post, and what they say.

        One of nobody that is shown may be ours: to miss it would double it.
        """
        name = str(media["id"])
        for each in self._account.every(f"/{name}/comments", _FIELDS):
            if self._is_ours(each) or _author(each).name == _NAMELESS:
                url = str(media.get("permalink") or "")
                yield self._receipt(each, name, url), str(each.get("text") or "")

    def text(self, comment: str) -> str | None:
        """Return what a comment says; None if it is gone."""
        read = self._account.read(comment, _FIELDS)
        return None if read is None else str(read.get("text") or "")

    def read(self, receipts: Sequence[Receipt], after: str) -> Messages:
        """Read comments and answers below posts from a cursor on, ours left out.

        Raises:
            OutcomeUnknown: A post has more than anybody should read at once.
        """
        ours = frozenset(each.id for each in receipts)
        return Cursor.parse(after).past(
            message
            for receipt in receipts
            if "media" not in receipt.more and not is_story(receipt.url)
            for message in self._below(receipt, ours)
        )

    def _below(self, receipt: Receipt, ours: frozenset[str]) -> Iterator[Message]:
        fields = f"{_FIELDS},replies.limit(50){{{_FIELDS}}}"
        for each in self._account.every(f"/{receipt.id}/comments", fields):
            top = str(each.get("id"))
            if not self._is_ours(each):
                yield _message(each, receipt, MessageKind.COMMENT, receipt.id, top)
            kind, on = MessageKind.COMMENT, receipt.id
            if self._is_ours(each):
                kind, on = MessageKind.REPLY, top if top in ours else receipt.id
            for reply in self._replies(each):
                if not self._is_ours(reply):
                    yield _message(reply, receipt, kind, on, top)

    def _replies(self, comment: Mapping[str, object]) -> Iterator[Json]:
        """Yield answers to a comment; those that did not fit in are asked for."""
        replies = comment.get("replies")
        if not isinstance(replies, dict):
            return
        paging = replies.get("paging")
        if isinstance(paging, dict) and paging.get("next"):
            yield from self._account.every(f"/{comment['id']}/replies", _FIELDS)
        else:
            yield from objects(replies.get("data"))

    def _say(self, path: str, text: str) -> Mapping[str, object]:
        said = self._account.graph.ask(
            "POST", path, repeatable=False, params={"message": text}
        )
        if not isinstance(said.get("id"), str) or not said["id"]:
            raise OutcomeUnknown("Instagram answered without an id")
        return said

    def _is_ours(self, comment: Mapping[str, object]) -> bool:
        author = _author(comment)
        return author.id == self._account.number or (
            bool(author.name) and author.name == f"@{self._account.name}"
        )

    def _receipt(self, comment: Mapping[str, object], media: str, url: str) -> Receipt:
        at = moment_of(comment, otherwise=SystemClock().now())
        return Receipt(str(comment["id"]), url, at, {"media": media})


def _author(comment: Mapping[str, object]) -> Author:
    who = comment.get("from")
    who = who if isinstance(who, dict) else {}
    name = str(who.get("username") or comment.get("username") or "")
    page = f"https://www.instagram.com/{name}/" if name else ""
    return Author(str(who.get("id") or ""), f"@{name}" if name else _NAMELESS, page)


def _message(
    comment: Mapping[str, object],
    receipt: Receipt,
    kind: MessageKind,
    on: str,
    above: str,
) -> Message:
    return Message(
        str(comment.get("id")),
        kind,
        _author(comment),
        str(comment.get("text") or ""),
        moment_of(comment, otherwise=_START),
        url=receipt.url,
        on=on,
        conversation=receipt.id,
        more={"above": above},
    )
