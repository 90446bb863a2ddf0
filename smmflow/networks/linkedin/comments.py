"""Comments below LinkedIn posts: ours, and what others say.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/comments-api
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from smmflow.clock import SystemClock
from smmflow.errors import OutcomeUnknown
from smmflow.model.message import Author, Message, MessageKind
from smmflow.model.publication import Receipt
from smmflow.networks.linkedin.api import Api, fields_of, objects
from smmflow.networks.linkedin.share import moment_of
from smmflow.networks.linkedin.urn import comment_of, encoded, is_comment, page

__all__ = ["Comments", "message_of", "name_of", "text_of"]

_PAGE = 100
_PAGES = 20

Json = dict[str, object]


class Comments:
    """What an author says below posts, and reads there.

    Args:
        api: Requests in the author's name.
        author: Its URN.
    """

    def __init__(self, api: Api, author: str) -> None:
        self._api = api
        self._author = author

    def add(self, post: str, text: str, *, parent: str = "") -> Receipt:
        """Say something below a post, or below a comment there.

        Args:
            post: URN of the post.
            text: Plain: here LinkedIn takes no little text.
            parent: URN of the comment it answers; empty for none.

        Raises:
            NetworkError: Of the kind that says whether it may be said again.
        """
        body: Json = {
            "actor": self._author,
            "object": post,
            "message": {"text": text},
        }
        if parent:
            body["parentComment"] = parent
        path = f"/rest/socialActions/{encoded(parent or post)}/comments"
        answer = self._api.create(path, body)
        created = {"id": answer.headers.get("x-restli-id", ""), **answer.fields()}
        name = name_of(created, post)
        if not is_comment(name):
            raise OutcomeUnknown("LinkedIn answered without a comment's name")
        at = answer.at or SystemClock().now()
        return Receipt(name, page(name), at)

    def change(self, name: str, text: str) -> None:
        """Make a comment of ours say something else."""
        self._api.ask(
            "POST",
            self._own(name),
            repeatable=False,
            action="PARTIAL_UPDATE",
            body={"patch": {"message": {"$set": {"text": text}}}},
        )

    def remove(self, name: str) -> None:
        """Take a comment of ours down; one that is gone already is no error."""
        self._api.remove(self._own(name))

    def seen(self, name: str) -> Mapping[str, object] | None:
        """Return a comment; None if it is gone."""
        post, number = comment_of(name)
        return self._api.seen(f"/rest/socialActions/{encoded(post)}/comments/{number}")

    def below(self, post: str) -> Iterator[Json]:
        """Yield the comments right below a post.

        Raises:
            OutcomeUnknown: There are more than anybody should read.
        """
        path = f"/rest/socialActions/{encoded(post)}/comments"
        known: set[str] = set()
        for _ in range(_PAGES):
            answer = self._api.ask("GET", f"{path}?start={len(known)}&count={_PAGE}")
            found = objects(answer.fields().get("elements"))
            fresh = [each for each in found if name_of(each, post) not in known]
            if not fresh:
                return
            yield from fresh
            known.update(name_of(each, post) for each in fresh)
        raise OutcomeUnknown(f"{post} has more than {_PAGES * _PAGE} comments")

    def own_below(self, post: str) -> Iterator[Json]:
        """Yield ours of the comments right below a post."""
        for each in self.below(post):
            if each.get("actor") == self._author:
                yield each

    def _own(self, name: str) -> str:
        post, number = comment_of(name)
        return (
            f"/rest/socialActions/{encoded(post)}/comments/{number}"
            f"?actor={encoded(self._author)}"
        )


def name_of(comment: Mapping[str, object], post: str) -> str:
    """Return a comment's URN; one that can't be if it has neither URN nor number."""
    return str(
        comment.get("commentUrn") or f"urn:li:comment:({post},{comment.get('id')})"
    )


def text_of(comment: Mapping[str, object]) -> str:
    """Return what a comment says."""
    return str(fields_of(comment.get("message")).get("text", ""))


def message_of(comment: Mapping[str, object], post: str) -> Message:
    """Return what somebody said right below a post of ours.

    LinkedIn tells nobody's name here, only a number for our application.
    """
    name = name_of(comment, post)
    actor = str(comment.get("actor", ""))
    kind, _, number = actor.removeprefix("urn:li:").partition(":")
    who = "organization" if kind == "organization" else "member"
    return Message(
        name,
        MessageKind.COMMENT,
        Author(actor, f"{who} {number}".strip()),
        text_of(comment),
        _created(comment),
        url=page(name) if is_comment(name) else "",
        on=post,
        conversation=post,
    )


def _created(comment: Mapping[str, object]) -> datetime:
    return moment_of(fields_of(comment.get("created")).get("time"))
