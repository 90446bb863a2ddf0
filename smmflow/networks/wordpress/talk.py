"""Comments on a site: ours below a post, and what others say, from a cursor on.

https://developer.wordpress.org/rest-api/reference/comments/
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from smmflow.errors import OutcomeUnknown, Rejected
from smmflow.model.message import Author, Message, MessageKind, Messages
from smmflow.model.publication import Receipt
from smmflow.networks.wordpress.content import shown
from smmflow.networks.wordpress.library import Json, Library, moment_of, objects

__all__ = [
    "comment_name",
    "comment_path",
    "comment_receipt",
    "counters_of",
    "find_comment",
    "read",
]

_PREFIX = "comment-"
_PAGE = 100
_PAGES = 5
_START = datetime(1970, 1, 2, tzinfo=UTC)
_NAMELESS = "a reader"


def comment_name(number: object) -> str:
    """Return how we name a comment: posts are counted on their own."""
    return f"{_PREFIX}{number}"


def comment_path(name: str) -> str:
    """Return a comment's path in the API; empty if it is the name of a post."""
    number = name.removeprefix(_PREFIX)
    return f"/comments/{number}" if number != name else ""


def comment_receipt(comment: Mapping[str, object]) -> Receipt:
    """Return the receipt of a comment of ours.

    Raises:
        OutcomeUnknown: It has no id or no time.
    """
    number = comment.get("id")
    if not isinstance(number, int):
        raise OutcomeUnknown("the site answered without a comment's id")
    at = moment_of(comment.get("date_gmt"))
    return Receipt(comment_name(number), str(comment.get("link", "")), at)


def find_comment(  # noqa: PLR0913 - where, what, whose, since when
    library: Library,
    words: str,
    *,
    post: object,
    author: int,
    since: datetime,
    others: frozenset[str],
) -> Receipt | None:
    """Look for a first comment of ours that says the same, the oldest first.

    Args:
        library: The site.
        words: What it says.
        post: Id of the post it stands below; whatever is no id if nobody knows that.
        author: Id of our account.
        since: When it was not there yet.
        others: Names of comments that are something else.

    Raises:
        OutcomeUnknown: There are more comments than anybody should read.
    """
    asked = {"author": str(author), "parent": "0", "after": since.isoformat()}
    if isinstance(post, int):
        asked["post"] = str(post)
    comments, more = _pages(library, asked)
    for each in comments:
        same = _words(each).split() == words.split()
        if same and comment_name(each.get("id")) not in others:
            return comment_receipt(each)
    if more:
        raise OutcomeUnknown("there are more comments than can be looked through")
    return None


def counters_of(
    library: Library, receipt: Receipt, *, author: int
) -> Mapping[str, int | None] | None:
    """Return how many approved comments of others a post has; None if it is gone.

    All of them count for the post, so a first comment of ours has none of its own. The
    number stands in a header:
    https://developer.wordpress.org/rest-api/using-the-rest-api/pagination/
    """
    path = comment_path(receipt.id)
    if library.read(path or f"/posts/{receipt.id}") is None:
        return None
    if path:
        return {"comments": None}
    asked = {"post": receipt.id, "author_exclude": str(author), "per_page": "1"}
    answer = library.ask("GET", "/comments", params=asked)
    count = answer.headers.get("x-wp-total", "")
    return {"comments": int(count) if count.isdecimal() else None}


@dataclass(frozen=True, slots=True)
class _Cursor:
    """The newest comment read; times of comments are whole seconds."""

    at: datetime = _START
    ids: tuple[str, ...] = ()


def read(
    library: Library, receipts: Sequence[Receipt], after: str, *, author: int
) -> Messages:
    """Return comments below posts, ours left out.

    Raises:
        Rejected: The cursor is none.
    """
    cursor = _read_cursor(after)
    posts = [each.id for each in receipts if not comment_path(each.id)]
    if not posts:
        return Messages((), after)
    asked = {"post": ",".join(posts)}
    asked["after"] = (cursor.at - timedelta(seconds=1)).isoformat()
    comments, more = _pages(library, asked)
    every = [_message(each) for each in comments]
    fresh = [
        each
        for each in every
        if each.at > cursor.at or (each.at == cursor.at and each.id not in cursor.ids)
    ]
    others = tuple(each for each in fresh if each.author.id != str(author))
    return Messages(others, _written(cursor, fresh), more)


def _pages(library: Library, asked: Mapping[str, str]) -> tuple[list[Json], bool]:
    """Return comments, the oldest first, and whether there are more."""
    found: list[Json] = []
    order = {"order": "asc", "orderby": "date_gmt", "context": "edit"}
    for page in range(1, _PAGES + 1):
        params = {**asked, **order, "per_page": str(_PAGE), "page": str(page)}
        answer = library.ask("GET", "/comments", params=params)
        found += objects(answer.content())
        if page >= int(answer.headers.get("x-wp-totalpages", "1") or 1):
            return found, False
    return found, True


def _message(comment: Mapping[str, object]) -> Message:
    number, parent = comment.get("id"), comment.get("parent")
    author = comment.get("author")
    return Message(
        comment_name(number),
        MessageKind.REPLY if parent else MessageKind.COMMENT,
        Author(
            str(author) if author else "",
            str(comment.get("author_name") or _NAMELESS),
            str(comment.get("author_url") or ""),
        ),
        _words(comment),
        moment_of(comment.get("date_gmt")),
        str(comment.get("link", "")),
        on=str(comment.get("post")),
        conversation=str(comment.get("post")),
        more={"post": str(comment.get("post")), "comment": str(number)},
    )


def _words(comment: Mapping[str, object]) -> str:
    # What is rendered has other quotation marks than what was written.
    content = comment.get("content")
    return shown(str(content.get("raw"))) if isinstance(content, dict) else ""


def _read_cursor(text: str) -> _Cursor:
    if not text:
        return _Cursor()
    try:
        at, *ids = json.loads(text)
        return _Cursor(datetime.fromisoformat(at), tuple(map(str, ids)))
    except (ValueError, TypeError):
        raise Rejected(f"{text!r} is no cursor of a site's comments") from None


def _written(cursor: _Cursor, fresh: Sequence[Message]) -> str:
    at = max((each.at for each in fresh), default=cursor.at)
    ids = tuple(each.id for each in fresh if each.at == at)
    ids = cursor.ids + ids if at == cursor.at else ids
    return json.dumps([at.isoformat(), *ids])
