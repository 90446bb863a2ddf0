"""A signed-in Threads account: posts, their answers, and counters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import httpx

from smmflow.clock import SystemClock
from smmflow.credentials import Secret
from smmflow.errors import NetworkError, OutcomeUnknown, RateLimited, UsageError
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.message import Message, Messages
from smmflow.model.publication import Pending, Receipt
from smmflow.model.text import RichText
from smmflow.networks.containers import Containers, Published
from smmflow.networks.cursors import Cursor
from smmflow.networks.graph import Graph, next_cursor
from smmflow.networks.http import Http
from smmflow.networks.interface import Among, Connection, Identity, Thread
from smmflow.networks.public_media import PublicMedia
from smmflow.networks.threads.inspection import inspected
from smmflow.networks.threads.post import (
    FIELDS,
    file_params,
    matches,
    message_of,
    parent_of,
    receipt_of,
    whole_params,
)

__all__ = ["ThreadsConnection"]

_TITLE = "Threads"
_METRICS = ("views", "likes", "replies", "reposts", "quotes", "shares")
_PAGE = "50"
_PAGES = 20
_CLOCKS_DIFFER = timedelta(minutes=1)
_QUOTA_HOLDS = 3600.0
"""Seconds after which a full quota is looked at again: it counts the last day."""


class ThreadsConnection(Connection):
    """Publishes by containers; nothing that is published twice is recognised."""

    def __init__(
        self,
        service: str,
        media_url: str,
        token: Secret,
        *,
        transport: httpx.BaseTransport | None,
    ) -> None:
        self._http = Http(service, _TITLE, transport=transport)
        self._token = token
        self._graph = Graph(self._http, token, _TITLE)
        self._files = PublicMedia(media_url, transport=transport)
        self._containers = Containers(
            self._graph,
            "/me/threads",
            "/me/threads_publish",
            state="status",
            reason="error_message",
            listed=",".join,
        )
        self._me: Identity | None = None

    def whoami(self) -> Identity:
        """Return the account, and of its token what it allows and until when."""
        return inspected(self._graph, self._token, self._account())

    def _account(self) -> Identity:
        if self._me is None:
            found = self._read("/me", fields="id,username")
            name = str(found.get("username") or found.get("id"))
            page = f"https://www.threads.net/@{name}"
            self._me = Identity(str(found.get("id")), f"@{name}", page)
        return self._me

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt | Pending:
        """Look for the files at their public addresses, then make the containers.

        Raises:
            NetworkError: Of the kind that fits.
            ConfigurationError: A file is not where everybody can read it.
        """
        del key
        content = post.parts[part]
        whole = whole_params(post, content, after)
        files = [
            file_params(each, self._files.address(each.facts)) for each in content.media
        ]
        self._refuse_over_quota(answer=after is not None)
        if len(files) > 1:
            return self._containers.begin({**whole, "media_type": "CAROUSEL"}, files)
        only = files[0] if files else {"media_type": "TEXT"}
        return self._containers.begin({**only, **whole})

    def resume(self, pending: Pending) -> Receipt | Pending:
        """Take the next step: the last one publishes."""
        step = self._containers.go_on(pending)
        return self._receipt(step.id) if isinstance(step, Published) else step

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Look among the account's own posts, or its answers, for the same words.

        Raises:
            OutcomeUnknown: So much was posted since that not all of it was read.
        """
        del key
        content, answer = post.parts[part], part > 0
        path = "/me/replies" if answer else "/me/threads"
        found = None
        for each in self._every(path, since=among.since - _CLOCKS_DIFFER):
            other = str(each.get("id")) in among.others
            # What a part follows is one of ours, and live for certain.
            astray = answer and parent_of(each) not in among.others
            if not other and not astray and matches(each, content, answer=answer):
                found = each  # the oldest wins: they come newest first
        return None if found is None else receipt_of(found)

    def adopt(self, url: str) -> Receipt:
        """Return the receipt of a post of this account, by its address."""
        if "/post/" in url:
            for path in ("/me/threads", "/me/replies"):
                for each in self._every(path):
                    if _code(str(each.get("permalink"))) == _code(url):
                        return receipt_of(each)
        raise UsageError(
            f"{url or 'nothing'} is no address of a post of {self._account().name}",
            hint="open the post and copy its address, as in "
            "https://www.threads.net/@name/post/Abc123",
        )

    def words(self, receipt: Receipt) -> str | None:
        """Return what a live post says; None if it is gone."""
        answer = self._graph.exchange(
            "GET", f"/{receipt.id}", repeatable=True, params={"fields": "id,text"}
        )
        if self._graph.is_gone(answer):
            return None
        found = self._graph.accepted(answer, repeatable=True)
        return str(found.get("text") or "")

    def withdraw(self, receipt: Receipt) -> None:
        """Delete a post; one that is gone already is no error.

        https://developers.facebook.com/docs/threads/posts/delete-posts
        """
        answer = self._graph.exchange("DELETE", f"/{receipt.id}", repeatable=False)
        if self._graph.is_gone(answer):
            self._graph.must_be_gone(receipt.id)
        else:
            self._graph.accepted(answer, repeatable=False)

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        """Read the insights of one post.

        https://developers.facebook.com/docs/threads/insights
        """
        return {each.id: self._counters(each.id) for each in receipts}

    def followers(self) -> int | None:
        """Read how many accounts follow this one."""
        found = self._read("/me/threads_insights", metric="followers_count")
        for each in _objects(found.get("data")):
            total = each.get("total_value")
            value = total.get("value") if isinstance(total, dict) else None
            return value if isinstance(value, int) else None
        return None

    def messages(self, receipts: Sequence[Receipt], *, after: str) -> Messages:
        """Read answers below posts, and mentions of the account anywhere.

        https://developers.facebook.com/docs/threads/reply-management
        """
        own = self._account().name
        found = [
            message_of(each, receipt.id)
            for receipt in receipts
            for each in self._every(f"/{receipt.id}/replies", since=None)
        ]
        found += [message_of(each, "") for each in self._every("/me/mentions")]
        once = {each.id: each for each in reversed(found) if each.author.name != own}
        return Cursor.parse(after).past(once.values())

    def reply(self, message: Message, text: RichText, *, key: str) -> Receipt:
        """Answer at once: of words alone, container and publishing are one request.

        The network knows no key: after a lost answer nobody can send it again safely.
        """
        del key
        answer = self._graph.ask(
            "POST",
            "/me/threads",
            repeatable=False,
            params={
                "media_type": "TEXT",
                "text": text.text,
                "reply_to_id": message.id,
                "auto_publish_text": "true",
            },
        )
        if not answer.get("id"):
            raise OutcomeUnknown("the server answered without an answer's id")
        return self._receipt(str(answer["id"]))

    def close(self) -> None:
        """Let go of sockets."""
        self._http.close()
        self._files.close()

    def _receipt(self, name: str) -> Receipt:
        """Return proof of what is live for certain, with its address if it is given."""
        try:
            return receipt_of(self._read(f"/{name}", fields="id,permalink,timestamp"))
        except NetworkError:
            return Receipt(name, "", SystemClock().now())

    def _refuse_over_quota(self, *, answer: bool) -> None:
        """Refuse before anything is made if the network would refuse at the end.

        https://developers.facebook.com/docs/threads/troubleshooting#retrieve-publishing-quota-limit
        """
        kind = "reply_" if answer else ""
        fields = (f"{kind}quota_usage", f"{kind}config")
        found = self._read("/me/threads_publishing_limit", fields=",".join(fields))
        for each in _objects(found.get("data")):
            used, config = each.get(fields[0]), each.get(fields[1])
            total = config.get("quota_total") if isinstance(config, dict) else None
            if isinstance(used, int) and isinstance(total, int) and used >= total:
                raise RateLimited(
                    f"Threads takes {total} posts a day, and {used} are out",
                    retry_after=_QUOTA_HOLDS,
                )

    def _counters(self, name: str) -> Mapping[str, int | None] | None:
        answer = self._graph.exchange(
            "GET",
            f"/{name}/insights",
            repeatable=True,
            params={"metric": ",".join(_METRICS)},
        )
        if self._graph.is_gone(answer):
            return None
        found = self._graph.accepted(answer, repeatable=True)
        counters: dict[str, int | None] = dict.fromkeys(_METRICS)
        for each in _objects(found.get("data")):
            values = _objects(each.get("values"))
            value = values[0].get("value") if values else None
            if each.get("name") in counters and isinstance(value, int):
                counters[str(each["name"])] = value
        return counters

    def _read(self, path: str, **params: str) -> Mapping[str, object]:
        return self._graph.ask("GET", path, repeatable=True, params=params)

    def _every(
        self, path: str, *, since: datetime | None = None
    ) -> Iterator[Mapping[str, object]]:
        """Yield what a list has, the newest first.

        Raises:
            OutcomeUnknown: It has more than anybody should read.
        """
        params = {"fields": FIELDS}
        if path.startswith("/me/"):
            params["limit"] = _PAGE
        if since is not None:
            params["since"] = str(int(since.timestamp()))
        for _ in range(_PAGES):
            page = self._read(path, **params)
            yield from _objects(page.get("data"))
            if not (after := _further(page)):
                return
            params["after"] = after
        raise OutcomeUnknown(f"{path} has more than anybody should read at once")


def _further(page: Mapping[str, object]) -> str:
    """Return where a list goes on; it need not say that it does."""
    if told := next_cursor(page):
        return told
    paging = page.get("paging")
    cursors = paging.get("cursors") if isinstance(paging, dict) else None
    after = cursors.get("after") if isinstance(cursors, dict) else None
    return str(after) if after and _objects(page.get("data")) else ""


def _code(url: str) -> str:
    return url.partition("?")[0].rstrip("/").rpartition("/post/")[2]


def _objects(value: object) -> list[Mapping[str, object]]:
    every = value if isinstance(value, list) else []
    return [each for each in every if isinstance(each, dict)]
