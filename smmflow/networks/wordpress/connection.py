"""A site that is signed in to: posts, what waits, and comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import httpx

from smmflow.credentials import Secret
from smmflow.errors import OutcomeUnknown, Rejected, Unreachable, UsageError
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.message import Message, Messages
from smmflow.model.publication import Receipt
from smmflow.model.text import RichText
from smmflow.networks.http import Http
from smmflow.networks.interface import Among, Connection, Identity, Thread
from smmflow.networks.wordpress.content import comment_of, page_of, shown, slug_of
from smmflow.networks.wordpress.library import Json, Library, moment_of, objects
from smmflow.networks.wordpress.talk import (
    comment_path,
    comment_receipt,
    counters_of,
    find_comment,
    read,
)

__all__ = ["WordPressConnection"]

_CLOCKS_DIFFER = timedelta(minutes=1)
_SAME_MOMENT = timedelta(seconds=1)
_SENT = "publish,pending,draft,private"
"""Where a post may be that was sent to be published: plugins put some aside."""


class WordPressConnection(Connection):
    """Publishes under a name made of the part's key, by which a post is found again.

    https://developer.wordpress.org/rest-api/reference/posts/
    """

    def __init__(
        self,
        url: str,
        user: str,
        password: Secret,
        *,
        transport: httpx.BaseTransport | None,
        root: Path,
    ) -> None:
        self._url = url
        http = Http(url, "WordPress", transport=transport)
        self._library = Library(http, user, password, root)
        self._known: Mapping[str, object] | None = None

    def whoami(self) -> Identity:
        """Return the user, and what their role allows."""
        me = self._me()
        able = me.get("capabilities")
        allowed = (
            frozenset(name for name, yes in able.items() if yes)
            if isinstance(able, dict)
            else None
        )
        name = str(me.get("name") or me.get("slug") or me["id"])
        return Identity(str(me["id"]), name, str(me.get("link") or ""), allowed)

    def _me(self) -> Mapping[str, object]:
        if self._known is None:
            asked = {"context": "edit"}
            me = self._library.ask("GET", "/users/me", params=asked).fields()
            if not isinstance(me.get("id"), int):
                raise Unreachable(
                    f"{self._url} does not say whose the password is",
                    hint="check the address in channels.yaml: is that a WordPress?",
                )
            self._known = me
        return self._known

    def _number(self) -> int:
        number = self._me()["id"]
        return number if isinstance(number, int) else 0

    # --- Publishing -------------------------------------------------------------------

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt:
        """Upload the files, make the tags, then publish; or comment below a post.

        Raises:
            NetworkError: Of the kind that fits.
            ConfigurationError: A file can't be used.
        """
        if after is not None:
            return self._comment(after.parent.id, "", post.parts[part].text)
        return self._create(post, part, key, {"status": "publish"})

    def schedule(
        self, post: ChannelPost, part: int, *, at: datetime, key: PartKey
    ) -> Receipt:
        """Give a post to the site for its time."""
        return self._create(post, part, key, {"status": "future", **_time(at)})

    def _create(
        self, post: ChannelPost, part: int, key: PartKey, how: Mapping[str, str]
    ) -> Receipt:
        body = {**self._body(post, part), **how, "slug": slug_of(key)}
        answer = self._library.ask("POST", "/posts", repeatable=False, body=body)
        return _receipt(answer.fields(), how["status"])

    def _body(self, post: ChannelPost, part: int) -> Json:
        content = post.parts[part]
        body: Json = {
            "title": post.title,
            "content": page_of(content, self._library.figures(content)),
            "tags": self._library.tags(post.tags),
        }
        if post.summary:
            body["excerpt"] = post.summary
        return body

    def _comment(self, post: str, parent: str, text: RichText) -> Receipt:
        body: Json = {"post": int(post), "content": comment_of(text.text)}
        if parent:
            body["parent"] = int(parent)
        answer = self._library.ask("POST", "/comments", repeatable=False, body=body)
        comment = answer.fields()
        if comment.get("status", "approved") != "approved":
            raise OutcomeUnknown(
                "the site keeps the comment until somebody approves it"
            )
        return comment_receipt(comment)

    # --- Looking ----------------------------------------------------------------------

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Look for a post by its name, or for a comment by its words.

        Raises:
            OutcomeUnknown: The site puts the post aside, or there are more comments
                than can be looked through.
        """
        content = post.parts[part]
        if part > 0:  # the ledger does not keep that it was a comment
            root = self._named(slug_of(replace(key, part=0)), _SENT)
            return find_comment(
                self._library,
                content.text.text,
                post=root and root.get("id"),
                author=self._number(),
                since=among.since - _CLOCKS_DIFFER,
                others=among.others,
            )
        found = self._named(slug_of(key), _SENT)
        if found is None or str(found.get("id")) in among.others:
            return None
        return _receipt(found, "publish")

    def _named(self, slug: str, status: str) -> Mapping[str, object] | None:
        asked = {"slug": slug, "status": status, "context": "edit"}
        found = objects(self._library.ask("GET", "/posts", params=asked).content())
        return found[0] if found else None

    def adopt(self, url: str) -> Receipt:
        """Return the receipt of a post of this site by its address."""
        try:
            address = urlsplit(url.strip())
        except ValueError:
            address = urlsplit("")
        if not address.netloc or address.netloc != urlsplit(self._url).netloc:
            raise UsageError(
                f"{url} is no address of a post on {self._url}",
                hint="open the post in a browser and copy its address",
            )
        number = parse_qs(address.query).get("p", [""])[0]
        slug = unquote(address.path.rstrip("/").rpartition("/")[2])
        found = None
        if number.isdecimal():
            found = self._library.read(f"/posts/{number}")
        elif slug:
            found = self._named(slug, "publish")
        if found is None or found.get("status") != "publish":
            raise UsageError(f"{url} is gone, or is no post of this site")
        return _receipt(found, "publish")

    def words(self, receipt: Receipt) -> str | None:
        """Return what a post or a comment says; None if it is gone."""
        found = self._library.read(_path(receipt))
        content = None if found is None else found.get("content")
        return shown(str(content.get("raw"))) if isinstance(content, dict) else None

    # --- What waits -------------------------------------------------------------------

    def scheduled(
        self, post: ChannelPost, part: int, *, at: datetime, key: PartKey
    ) -> Receipt | None:
        """Look among what waits, by its name.

        Raises:
            OutcomeUnknown: It waits for another time, as somebody on the site wants.
        """
        del post, part
        found = self._named(slug_of(key), "future")
        if found is None:
            return None
        receipt = _receipt(found, "future")
        if abs(receipt.at - at) >= _SAME_MOMENT:
            raise OutcomeUnknown(f"the site has it waiting for {receipt.at:%F %R} UTC")
        return receipt

    def reschedule(self, receipt: Receipt, *, at: datetime) -> Receipt:
        """Give what waits another time; what went out is left as it is."""
        if not self._waits(receipt):
            raise Rejected("the site has it waiting no more: it went out, or is gone")
        body = {"status": "future", **_time(at)}
        answer = self._library.ask("POST", _path(receipt), repeatable=False, body=body)
        return _receipt(answer.fields(), "future")

    def cancel(self, receipt: Receipt) -> bool:
        """Take back what waits; False if it went out, or is gone."""
        return self._waits(receipt) and self._library.discard(_path(receipt))

    def _waits(self, receipt: Receipt) -> bool:
        found = self._library.read(_path(receipt))
        return found is not None and found.get("status") == "future"

    # --- Afterwards -------------------------------------------------------------------

    def edit(self, receipt: Receipt, post: ChannelPost, part: int) -> Receipt:
        """Change a post with all it has, or a comment's words."""
        path = _path(receipt)
        if comment_path(receipt.id):
            body: Json = {"content": comment_of(post.parts[part].text.text)}
        else:
            body = self._body(post, part)
        answer = self._library.ask("POST", path, repeatable=False, body=body).fields()
        if "id" not in answer:
            raise OutcomeUnknown("the site does not say what it changed")
        url = str(answer.get("link") or receipt.url)
        return Receipt(receipt.id, url, receipt.at, receipt.more)

    def withdraw(self, receipt: Receipt) -> None:
        """Put a post or a comment into the trash; gone already is no error."""
        self._library.discard(_path(receipt))

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        """Count what others commented below posts."""
        author = self._number()
        return {
            each.id: counters_of(self._library, each, author=author)
            for each in receipts
        }

    def messages(self, receipts: Sequence[Receipt], *, after: str) -> Messages:
        """Read comments below posts."""
        return read(self._library, receipts, after, author=self._number())

    def reply(self, message: Message, text: RichText, *, key: str) -> Receipt:
        """Answer below a comment; the site refuses the same words there twice.

        https://developer.wordpress.org/reference/functions/wp_allow_comment/
        """
        del key
        return self._comment(message.more["post"], message.more["comment"], text)

    def close(self) -> None:
        """Let go of sockets."""
        self._library.http.close()


def _path(receipt: Receipt) -> str:
    return comment_path(receipt.id) or f"/posts/{receipt.id}"


def _time(at: datetime) -> dict[str, str]:
    return {"date_gmt": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")}


def _receipt(found: Mapping[str, object], status: str) -> Receipt:
    number, is_now = found.get("id"), found.get("status")
    if not isinstance(number, int):
        raise OutcomeUnknown("the site answered without a post's id")
    if is_now != status:
        raise OutcomeUnknown(f"the site has the post as {is_now}, not as {status}")
    url = str(found.get("link", "")) if status == "publish" else ""
    return Receipt(str(number), url, moment_of(found.get("date_gmt")))
