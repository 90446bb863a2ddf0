"""A signed-in LinkedIn account: what members and organizations can both do."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import httpx

from smmflow.clock import SystemClock
from smmflow.credentials import Secret
from smmflow.errors import OutcomeUnknown, Rejected
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.publication import Pending, Receipt
from smmflow.networks.interface import Connection, Identity, Thread
from smmflow.networks.linkedin.api import Api
from smmflow.networks.linkedin.attached import Attached
from smmflow.networks.linkedin.comments import Comments
from smmflow.networks.linkedin.introspection import Application, introspected
from smmflow.networks.linkedin.little_text import commentary
from smmflow.networks.linkedin.share import body_of, wording_of
from smmflow.networks.linkedin.uploads import Uploads
from smmflow.networks.linkedin.urn import encoded, is_comment, is_post, page
from smmflow.networks.safe_fetch import SafeFetch

__all__ = ["LinkedInConnection"]

_FIRST_WAIT = 2.0
_LONGEST_WAIT = 30.0


class LinkedInConnection(Connection):
    """Publishes posts and a comment of our own below them.

    Nothing that LinkedIn takes tells a request from its repetition, except that it
    refuses words that are live already.

    Args:
        author: URN of who posts.
        token: What opens the account.
        version: Month of the API.
        application: What the token was made for; None if it isn't known.
        transport: What carries requests; None for the real network.
        root: The workspace, which paths of media are relative to.
        pages: Reads pages that cards are about.
    """

    def __init__(  # noqa: PLR0913 - what a channel has, and where it is
        self,
        author: str,
        token: Secret,
        version: str,
        *,
        application: Application | None = None,
        transport: httpx.BaseTransport | None,
        root: Path,
        pages: SafeFetch | None = None,
    ) -> None:
        self._author = author
        self._token = token
        self._application = application
        self._api = Api(token, version, transport=transport)
        self._comments = Comments(self._api, author)
        self._uploads = Uploads(self._api, author, root)
        self._attached = Attached(self._uploads, pages or SafeFetch(), root)

    def whoami(self) -> Identity:
        """Return the account, and of the token what the application may ask.

        Raises:
            SignInFailed: The token is not that of the author, or no longer good.
            NetworkError: Of the kind that fits.
        """
        account = self._account()
        if self._application is None:
            return account
        facts = introspected(self._api.http, self._token, self._application)
        return replace(account, scopes=facts.scopes, expires=facts.expires)

    @abstractmethod
    def _account(self) -> Identity:
        """Return the account that posts."""

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt | Pending:
        """Upload the files, then send the post unless a file is still worked on.

        Raises:
            NetworkError: Of the kind that fits.
            ConfigurationError: A file can't be used.
        """
        del key
        content = post.parts[part]
        if content.comment:
            if after is None:
                raise Rejected("a comment needs a live post to stand below")
            return self._comments.add(after.root.id, content.text.text)
        if after is not None:
            raise Rejected("LinkedIn has no threads: a post there is one part")
        wording = wording_of(post, content)
        shown = self._attached.of(post, content, wording)
        body = body_of(self._author, wording, shown.content)
        token = {"body": json.dumps(body), "question": wording.question}
        if shown.waiting:
            return Pending(
                {**token, "waiting": shown.waiting}, _FIRST_WAIT, unseen=True
            )
        return self._send(token)

    def resume(self, pending: Pending) -> Receipt | Pending:
        """Ask for the file still worked on, and send the post once it is ready."""
        if not self._uploads.ready(pending.token["waiting"]):
            return replace(pending, wait=min(pending.wait * 2, _LONGEST_WAIT))
        return self._send(pending.token)

    def edit(self, receipt: Receipt, post: ChannelPost, part: int) -> Receipt:
        """Change the words of a live post or comment: nothing else of it can be.

        https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api#update-posts

        Raises:
            NetworkError: Of the kind that fits.
        """
        content = post.parts[part]
        if is_comment(receipt.id):
            self._comments.change(receipt.id, content.text.text)
            return receipt
        wording = wording_of(post, content)
        if wording.question != receipt.more.get("question", ""):
            raise Rejected(
                "a poll's question can't be changed on LinkedIn once it is live",
                hint="withdraw the post and publish it anew",
            )
        self._api.ask(
            "POST",
            f"/rest/posts/{encoded(receipt.id)}",
            repeatable=False,
            action="PARTIAL_UPDATE",
            body={"patch": {"$set": {"commentary": commentary(wording.text)}}},
        )
        return receipt

    def withdraw(self, receipt: Receipt) -> None:
        """Delete a post or a comment; one that is gone already is no error.

        https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api#delete-posts
        """
        if is_comment(receipt.id):
            self._comments.remove(receipt.id)
        else:
            self._api.remove(f"/rest/posts/{encoded(receipt.id)}")

    def close(self) -> None:
        """Let go of sockets."""
        self._api.http.close()

    def _send(self, token: Mapping[str, str]) -> Receipt:
        answer = self._api.create("/rest/posts", json.loads(token["body"]))
        name = answer.headers.get("x-restli-id", "")
        if not is_post(name):
            raise OutcomeUnknown("LinkedIn answered without a post's name")
        question = token["question"]
        more = {"question": question} if question else {}
        return Receipt(name, page(name), answer.at or SystemClock().now(), more)
