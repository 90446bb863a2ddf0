"""A signed-in account on Instagram: posts, a first comment, numbers, and comments."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import httpx

from smmflow.clock import SystemClock
from smmflow.credentials import Secret
from smmflow.errors import (
    NetworkError,
    OutcomeUnknown,
    Rejected,
    SignInFailed,
    UsageError,
)
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.message import Message, Messages
from smmflow.model.publication import Pending, Receipt
from smmflow.model.text import RichText
from smmflow.networks.containers import Containers, Published
from smmflow.networks.graph import Graph
from smmflow.networks.http import Http
from smmflow.networks.instagram.account import Account
from smmflow.networks.instagram.address import is_story, named_by
from smmflow.networks.instagram.counting import Counting
from smmflow.networks.instagram.post import (
    MEDIA_FIELDS,
    Json,
    Sought,
    check,
    containers_of,
    moment_of,
    receipt_of,
)
from smmflow.networks.instagram.talk import Comments
from smmflow.networks.interface import Among, Connection, Identity, Thread
from smmflow.networks.public_media import PublicMedia
from smmflow.networks.words import comparable

__all__ = ["InstagramConnection"]

_CLOCKS_DIFFER = timedelta(minutes=1)
_LOOK_BACK = timedelta(days=7)
"""A comment's post may have gone out in an earlier run."""


class InstagramConnection(Connection):
    """Publishes without a key, for Instagram knows none: a lost answer is looked up.

    Args:
        service: Address of the API, its version at the end.
        account: Number of the account.
        token: What opens it.
        media_url: Where files are public; empty if nowhere.
        transport: What carries requests; None for the real network.
    """

    def __init__(
        self,
        service: str,
        account: str,
        token: Secret,
        media_url: str,
        *,
        transport: httpx.BaseTransport | None,
    ) -> None:
        self._http = Http(service, "Instagram", transport=transport)
        self._account = Account(Graph(self._http, token, "Instagram"), account)
        self._files = PublicMedia(media_url, transport=transport)
        self._containers = Containers(
            self._account.graph,
            f"/{account}/media",
            f"/{account}/media_publish",
            state="status_code",
            reason="status",
            listed=json.dumps,
        )
        self._comments = Comments(self._account)
        self._counting = Counting(self._account)

    def whoami(self) -> Identity:
        """Return the account that the channel names, if the token opens it."""
        name = self._account.name
        if not name:
            raise SignInFailed(
                f"the token opens no account {self._account.number} on Instagram",
                hint="take the number from "
                "https://graph.instagram.com/me?fields=user_id",
            )
        page = f"https://www.instagram.com/{name}/"
        return Identity(self._account.number, f"@{name}", page)

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt | Pending:
        """Let Instagram fetch the files, then publish once it has them.

        Raises:
            NetworkError: Of the kind that fits.
            ConfigurationError: A file is not where it should be public.
        """
        del key
        content = post.parts[part]
        if content.comment:
            if after is None or is_story(after.root.url):
                raise Rejected("a comment needs a live post to stand below")
            return self._comments.add(after.root, content.text.text)
        if after is not None:
            raise Rejected("Instagram has no threads: a post there is one part")
        check(post, content)
        self._account.must_have_room()
        addresses = [self._files.address(each.facts) for each in content.media]
        return self._containers.begin(*containers_of(post, content, addresses))

    def resume(self, pending: Pending) -> Receipt | Pending:
        """Ask for files that Instagram was fetching, and go on."""
        step = self._containers.go_on(pending)
        return self._receipt(step.id) if isinstance(step, Published) else step

    def _receipt(self, name: str) -> Receipt:
        """Return proof of what is live for certain, with its address if it is given."""
        try:
            media = self._account.read(name, MEDIA_FIELDS)
        except NetworkError:
            media = None
        return receipt_of({**(media or {}), "id": name}, otherwise=SystemClock().now())

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Look among the account's posts, or comments, for one that says the same.

        Raises:
            OutcomeUnknown: Not everything could be looked at.
        """
        del key
        since = among.since - _CLOCKS_DIFFER
        if post.parts[part].comment:
            return self._find_comment(post, part, since, among.others)
        sought = Sought.of_part(post, post.parts[part])
        same = [
            receipt_of(each, otherwise=since)
            for each in self._since(since, story=sought.story)
            if str(each.get("id")) not in among.others and sought.is_(each)
        ]
        return min(same, key=lambda each: each.at, default=None)

    def _find_comment(
        self, post: ChannelPost, part: int, since: datetime, others: frozenset[str]
    ) -> Receipt | None:
        sought = Sought.of_part(post, post.parts[0])
        words = comparable(post.parts[part].text.text)
        above = [
            each
            for each in self._since(since - _LOOK_BACK)
            if str(each.get("id")) in others and sought.is_(each)
        ]
        if not above:
            raise OutcomeUnknown("the post that the comment is below can't be seen")
        same = [
            receipt
            for media in above
            for receipt, text in self._comments.own_below(media)
            if receipt.id not in others
            and receipt.at >= since
            and comparable(text) == words
        ]
        return min(same, key=lambda each: each.at, default=None)

    def _since(self, since: datetime, *, story: bool = False) -> Iterator[Json]:
        """Yield what went live since a moment, the newest first."""
        if story:
            stories = list(self._account.stories())
            yield from (e for e in stories if moment_of(e, otherwise=since) >= since)
            return
        yield from self._account.media(since)

    def adopt(self, url: str) -> Receipt:
        """Return the receipt of a live post or story of this account by its address."""
        sought = named_by(url)
        if sought is None:
            raise UsageError(
                f"{url} is no address of a post on Instagram",
                hint="copy it from the post's own page, as in "
                "https://www.instagram.com/p/Abc123/",
            )
        _, story = sought
        for each in self._account.stories() if story else self._account.media():
            if named_by(str(each.get("permalink"))) == sought:
                return receipt_of(each, otherwise=SystemClock().now())
        raise UsageError(f"{url} is gone, or another account's")

    def words(self, receipt: Receipt) -> str | None:
        """Return a live post's caption, or what a comment says."""
        if "media" in receipt.more:
            return self._comments.text(receipt.id)
        media = self._account.read(receipt.id, "caption")
        return None if media is None else str(media.get("caption") or "")

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        """Read counters of one post, story or comment."""
        return {each.id: self._counting.of(each) for each in receipts}

    def followers(self) -> int | None:
        """Read how many accounts follow this one."""
        return self._counting.followers()

    def messages(self, receipts: Sequence[Receipt], *, after: str) -> Messages:
        """Read comments below our posts, and answers to them."""
        return self._comments.read(receipts, after)

    def reply(self, message: Message, text: RichText, *, key: str) -> Receipt:
        """Answer a comment where it stands."""
        del key
        return self._comments.answer(message, text.text)

    def close(self) -> None:
        """Let go of sockets."""
        self._http.close()
        self._files.close()
