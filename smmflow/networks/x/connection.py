"""A signed-in account on X: posts, their files, their counters, and what others say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from smmflow.credentials import Secret
from smmflow.errors import NetworkError, OutcomeUnknown, Rejected, UsageError
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.message import Message, Messages
from smmflow.model.publication import Pending, Receipt
from smmflow.model.text import RichText
from smmflow.networks.http import Http
from smmflow.networks.interface import Among, Connection, Identity, Thread
from smmflow.networks.x.account import Account, is_duplicate
from smmflow.networks.x.address import moment_of, post_id
from smmflow.networks.x.post import (
    Json,
    Sought,
    count,
    counters_of,
    data_of,
    follows,
    objects,
    polls_of,
    post_body,
    receipt_of,
    references_of,
    text_of,
)
from smmflow.networks.x.talk import message_of
from smmflow.networks.x.upload import still_worked_on, upload

if TYPE_CHECKING:
    from smmflow.networks.x.network import X

__all__ = ["XConnection"]

_CLOCKS_DIFFER = timedelta(minutes=1)
_LOOK_BACK = timedelta(days=7)


class XConnection(Connection):
    """Publishes without a key, because X knows none: a lost answer is looked up.

    X itself refuses to say the same twice within some time, but not for sure.
    """

    def __init__(
        self,
        service: str,
        token: Secret,
        network: X,
        *,
        transport: httpx.BaseTransport | None,
        root: Path,
    ) -> None:
        http = Http(service, network.title, transport=transport)
        self._account = Account(http, token)
        self._root = root

    def whoami(self) -> Identity:
        """Return the account that the token belongs to."""
        user = self._account.me()
        name = str(user["username"])
        return Identity(str(user["id"]), f"@{name}", f"https://x.com/{name}")

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt | Pending:
        """Upload the files, then send the post unless a file is still worked on.

        Raises:
            NetworkError: Of the kind that fits.
            ConfigurationError: A file can't be used.
        """
        sent = [
            upload(self._account, each, self._root) for each in post.parts[part].media
        ]
        body = post_body(post, part, after, [media for media, _ in sent])
        waiting = {media: wait for media, wait in sent if wait is not None}
        if not waiting:
            return self._send(body, key.due)
        token = {
            "body": json.dumps(body),
            "due": key.due.isoformat(),
            "waiting": " ".join(waiting),
        }
        return Pending(token, max(waiting.values()), unseen=True)

    def resume(self, pending: Pending) -> Receipt | Pending:
        """Ask for the files still worked on, and send the post once all are ready."""
        waiting = {
            media: wait
            for media in pending.token["waiting"].split()
            if (wait := still_worked_on(self._account, media)) is not None
        }
        if waiting:
            token = {**pending.token, "waiting": " ".join(waiting)}
            return Pending(token, max(waiting.values()), unseen=True)
        due = datetime.fromisoformat(pending.token["due"])
        return self._send(json.loads(pending.token["body"]), due)

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Look among the account's own posts for one that says the same.

        Raises:
            OutcomeUnknown: So much was posted since that not all of it was read.
        """
        del key
        sought = Sought.of_part(post.parts[part], answer=part > 0)
        since = among.since - _CLOCKS_DIFFER
        found = None
        for page in self._account.own(since):
            polls = polls_of(page)
            for each in objects(page.get("data")):
                other = str(each.get("id")) in among.others
                # What a part follows is one of ours, and live for certain.
                astray = part > 0 and not follows(each, among.others)
                if not other and not astray and sought.is_(each, polls):
                    receipt = receipt_of(each)
                    # The oldest wins: they come newest first.
                    found = receipt if receipt.at >= since else found
        return found

    def adopt(self, url: str) -> Receipt:
        """Return the receipt of a post of this account by its address."""
        name = post_id(url)
        if name is None:
            raise UsageError(
                f"{url} is no address of a post on X",
                hint="copy it from the post's own page, as in "
                "https://x.com/name/status/1234567890",
            )
        post = self._account.post(name)
        if post is None:
            raise UsageError(f"{url} is gone, or never was")
        me = self._account.me()
        if post.get("author_id") != me["id"]:
            raise UsageError(
                f"{url} is another account's post, and this channel is "
                f"@{me['username']}"
            )
        if any(each.get("type") == "retweeted" for each in references_of(post)):
            raise UsageError(f"{url} is a repost of somebody's post")
        return receipt_of(post)

    def words(self, receipt: Receipt) -> str | None:
        """Return what a post says, its links written out."""
        post = self._account.post(receipt.id)
        return None if post is None else text_of(post)

    def withdraw(self, receipt: Receipt) -> None:
        """Delete a post; one that is gone already is no error.

        https://docs.x.com/x-api/posts/delete-post
        """
        path = f"/2/tweets/{receipt.id}"
        answer = self._account.exchange("DELETE", path, repeatable=False)
        if answer.status == HTTPStatus.NOT_FOUND:
            return
        said = self._account.accepted(answer, repeatable=False)
        deleted = data_of(said).get("deleted")
        if deleted is not True and self._account.post(receipt.id) is not None:
            raise OutcomeUnknown(f"X did not say that it deleted {receipt.id}")

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        """Read counters of at most 100 posts in one request.

        https://docs.x.com/x-api/posts/get-posts-by-ids
        """
        posts = self._account.posts([each.id for each in receipts])
        return {
            name: None if post is None else counters_of(post)
            for name, post in posts.items()
        }

    def followers(self) -> int | None:
        """Read how many accounts follow this one, anew at each call."""
        metrics = data_of(self._account.me(anew=True), "public_metrics")
        return count(metrics.get("followers_count"))

    def messages(self, receipts: Sequence[Receipt], *, after: str) -> Messages:
        """Read what names us: replies to our posts, and mentions elsewhere.

        X serves the 800 newest: https://docs.x.com/x-api/users/get-mentions
        """
        me = str(self._account.me()["id"])
        ours = frozenset(each.id for each in receipts)
        since = {"since_id": after} if after else {}
        read: dict[str, Message] = {}
        for page in self._account.pages(f"/2/users/{me}/mentions", **since):
            users = objects(data_of(page, "includes").get("users"))
            authors = {str(each.get("id")): each for each in users}
            for each in objects(page.get("data")):
                message = message_of(each, authors, me=me, ours=ours)
                read[message.id] = message
        newest = max(map(int, (*read, after or "0")))
        return Messages(
            tuple(
                read[name]
                for name in sorted(read, key=int)
                if read[name].author.id != me
            ),
            str(newest) if newest else "",
        )

    def reply(self, message: Message, text: RichText, *, key: str) -> Receipt:
        """Answer a message; X allows it where its author named us."""
        del key
        body: Json = {
            "text": text.text,
            "reply": {"in_reply_to_tweet_id": message.id},
        }
        return self._send(body, message.at)

    def close(self) -> None:
        """Let go of sockets."""
        self._account.http.close()

    def _send(self, body: Json, due: datetime) -> Receipt:
        """Make a post public.

        https://docs.x.com/x-api/posts/create-post
        """
        answer = self._account.exchange(
            "POST", "/2/tweets", repeatable=False, body=body
        )
        if is_duplicate(answer):
            raise self._duplicate(Sought.of_body(body), due)
        if not answer.ok and answer.status != HTTPStatus.PAYMENT_REQUIRED:
            raise self._account.refused(answer, body)
        said = self._account.accepted(answer, repeatable=False)
        return receipt_of(data_of(said))

    def _duplicate(self, sought: Sought, due: datetime) -> NetworkError:
        """Return what it means that X has a post that says the same.

        Ours may be live from a sending whose answer was lost. Only an older post that
        says the same, and none since, proves that this one was refused for good.
        """
        unknown = OutcomeUnknown(
            "X has a post that says the same, which may be this one",
            hint="look at the account; if it is another post, change the words",
        )
        older = False
        try:
            for page in self._account.own(due - _LOOK_BACK):
                for each in filter(sought.says, objects(page.get("data"))):
                    if moment_of(str(each.get("id"))) >= due - _CLOCKS_DIFFER:
                        return unknown
                    older = True
        except (NetworkError, ValueError):
            return unknown
        if not older:
            return unknown
        return Rejected(
            "X refuses to say the same again so soon",
            hint="change the words of this post, or give it a later time",
        )
