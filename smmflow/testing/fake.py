"""A network in memory: what stages of smmflow talk to in tests, faults included.

It is a whole network, not a set of patches: requests go through the same HTTP code as
everywhere, to a server that is a transport. Faults happen where they happen in the
world: before a request is carried out, or after it, when only the answer is lost.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

import httpx

from smmflow.credentials import Credentials, Secret
from smmflow.errors import UsageError
from smmflow.language.measures import (
    code_points,
    grapheme_count,
    utf8_length,
    utf16_length,
)
from smmflow.model.capabilities import Capabilities, Limit, Support, Unit
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.publication import Receipt
from smmflow.model.text import RichText
from smmflow.networks.http import Http
from smmflow.networks.interface import (
    Connection,
    Identity,
    Network,
    Settings,
    Thread,
)

__all__ = ["Fake", "FakeConnection", "FakeServer", "Fault", "Stored"]

_BASE = "https://fake.example"
_OK, _MISSING, _TOO_LONG, _DENIED = 200, 404, 422, 401
_LONGEST = 280


class Fault(StrEnum):
    """What goes wrong with the next request."""

    REFUSED_CONNECTION = "nobody listens; nothing happens"
    LOST_ANSWER = "it is carried out and the answer is lost"
    LOST_REQUEST = "it is lost on the way, and so is an answer"
    BAD_GATEWAY = "502 although it was carried out"
    RATE_LIMIT = "429, and nothing happens"
    HTML = "carried out, and answered with a page"
    DENIED = "401, and nothing happens"


@dataclass(frozen=True, slots=True)
class Stored:
    """A part as the fake server keeps it."""

    id: str
    key: str
    text: str
    parent: str
    due: str = ""


@dataclass(slots=True)
class FakeServer(httpx.BaseTransport):
    """The network's server, as a transport.

    Attributes:
        token: The only one it accepts.
        idempotent: The same key twice stores one part.
        posts: What is live, in order of arrival.
        faults: What goes wrong with the next writes, in order; None goes well.
        requests: Every request that arrived or was refused.
    """

    token: str = "correct"  # noqa: S105 - a server that exists only in memory
    idempotent: bool = True
    posts: list[Stored] = field(default_factory=list)
    faults: list[Fault | None] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    _given: int = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, or fail as the next fault says; reading never uses up a fault."""
        self.requests.append(f"{request.method} {request.url.path}")
        fault = self.faults.pop(0) if self.faults and request.method != "GET" else None
        match fault:
            case None:
                return self._answer(request)
            case Fault.REFUSED_CONNECTION:
                raise httpx.ConnectError("connection refused", request=request)
            case Fault.LOST_REQUEST:
                raise httpx.ReadTimeout("no answer", request=request)
            case Fault.RATE_LIMIT:
                return httpx.Response(429, headers={"Retry-After": "7"}, json={})
            case Fault.DENIED:
                return httpx.Response(_DENIED, json={"error": "no such token"})
            case Fault.LOST_ANSWER:
                self._answer(request)
                raise httpx.ReadTimeout("no answer", request=request)
            case Fault.BAD_GATEWAY:
                self._answer(request)
                return httpx.Response(502, text="<html>Bad gateway</html>")
            case Fault.HTML:
                self._answer(request)
                return httpx.Response(200, html="<html>Welcome</html>")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return httpx.Response(_DENIED, json={"error": "no such token"})
        name = request.url.path.removeprefix("/posts/")
        routes: Mapping[str, Callable[[], httpx.Response]] = {
            "POST": lambda: self._post(json.loads(request.read())),
            "PUT": lambda: self._put(name, json.loads(request.read())),
            "DELETE": lambda: self._delete(name),
            "GET": lambda: self._get(request.url.path),
        }
        return routes[request.method]()

    def _post(self, body: Mapping[str, str]) -> httpx.Response:
        if len(body["text"]) > _LONGEST:
            return httpx.Response(_TOO_LONG, json={"error": "text is too long"})
        earlier = [each for each in self.posts if each.key == body["key"]]
        if earlier and self.idempotent:
            return httpx.Response(_OK, json={"id": earlier[0].id})
        self._given += 1
        stored = Stored(
            str(self._given), body["key"], body["text"], body["parent"], body["due"]
        )
        self.posts.append(stored)
        return httpx.Response(_OK, json={"id": stored.id})

    def _put(self, name: str, body: Mapping[str, str]) -> httpx.Response:
        for index, each in enumerate(self.posts):
            if each.id == name:
                self.posts[index] = replace(each, text=body["text"])
                return httpx.Response(_OK, json={"id": name})
        return httpx.Response(_MISSING, json={"error": "no such post"})

    def _delete(self, name: str) -> httpx.Response:
        self.posts[:] = [each for each in self.posts if each.id != name]
        return httpx.Response(_OK, json={})

    def _get(self, path: str) -> httpx.Response:
        if path == "/me":
            return httpx.Response(_OK, json={"id": "me", "followers": 3})
        posts = [asdict(each) for each in self.posts]
        return httpx.Response(_OK, json={"posts": posts})


class FakeConnection(Connection):
    """A signed-in account of the fake network."""

    def __init__(self, http: Http, token: Secret) -> None:
        self._http = http
        self._token = token

    def whoami(self) -> Identity:
        """Return the only account there is."""
        self._http.carry_out("GET", "/me", repeatable=True, token=self._token)
        return Identity("me", "@me", f"{_BASE}/@me")

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt:
        """Send one part."""
        body = {
            "text": post.parts[part].text.text,
            "key": key.hex,
            "parent": after.parent.id if after else "",
            "due": key.due.isoformat(),
        }
        answer = self._http.carry_out(
            "POST", "/posts", repeatable=False, token=self._token, body=body
        )
        return _receipt(str(answer.fields()["id"]), key.due)

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, since: datetime
    ) -> Receipt | None:
        """Look for a part by its key."""
        del post, part, since
        for each in self._posts():
            if each["key"] == key.hex:
                return _receipt(each["id"], key.due)
        return None

    def adopt(self, url: str) -> Receipt:
        """Return the receipt of a part by its address."""
        name = url.removeprefix(f"{_BASE}/posts/")
        if name == url:
            raise UsageError(f"{url} is no address of a post on {_BASE}")
        for each in self._posts():
            if each["id"] == name:
                return _receipt(name, datetime.fromisoformat(each["due"]))
        raise UsageError(f"{url} is gone, or never was")

    def words(self, receipt: Receipt) -> str | None:
        """Return what a part says."""
        texts = {each["id"]: each["text"] for each in self._posts()}
        return texts.get(receipt.id)

    def edit(self, receipt: Receipt, post: ChannelPost, part: int) -> Receipt:
        """Change a live part."""
        self._http.carry_out(
            "PUT",
            f"/posts/{receipt.id}",
            repeatable=False,
            token=self._token,
            body={"text": post.parts[part].text.text},
        )
        return receipt

    def withdraw(self, receipt: Receipt) -> None:
        """Take a part down."""
        self._http.carry_out(
            "DELETE", f"/posts/{receipt.id}", repeatable=False, token=self._token
        )

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        """Read counters: nobody ever likes anything here."""
        live = {each["id"] for each in self._posts()}
        return {each.id: {"likes": 0} if each.id in live else None for each in receipts}

    def followers(self) -> int | None:
        """Read how many follow the only account."""
        answer = self._http.carry_out("GET", "/me", repeatable=True, token=self._token)
        count = answer.fields().get("followers")
        return count if isinstance(count, int) else None

    def close(self) -> None:
        """Let go of nothing."""
        self._http.close()

    def _posts(self) -> Sequence[Mapping[str, str]]:
        answer = self._http.carry_out(
            "GET", "/posts", repeatable=True, token=self._token
        )
        posts = answer.fields()["posts"]
        return posts if isinstance(posts, list) else []


class Fake(Network):
    """The fake network's offline half.

    Args:
        server: Where its connections go; its own unless given.
    """

    name = "fake"
    title = "Fake"
    documentation = _BASE
    settings = Settings
    secrets: ClassVar[Mapping[str, str]] = {"token": "any word the fake server knows"}
    capabilities = Capabilities(
        text=Limit(_LONGEST, Unit.CODE_POINTS),
        threads=Support.YES,
        edit=Support.YES,
        withdraw=Support.YES,
        find=Support.YES,
        idempotent=True,
        measure=Support.YES,
        measure_batch=10,
        followers=Support.YES,
        metrics=("likes",),
    )

    def __init__(self, server: FakeServer | None = None) -> None:
        self.server = server or FakeServer()

    def length(self, text: RichText, unit: Unit) -> int:
        """Return the plain measure."""
        match unit:
            case Unit.GRAPHEMES:
                return grapheme_count(text.text)
            case Unit.CODE_POINTS | Unit.WEIGHTED:
                return code_points(text.text)
            case Unit.UTF8:
                return utf8_length(text.text)
            case Unit.UTF16:
                return utf16_length(text.text)

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> FakeConnection:
        """Return a connection to the server in memory."""
        del root
        token = credentials.secret(channel.secrets["token"], channel=channel.name)
        http = Http(_BASE, self.title, transport=transport or self.server)
        return FakeConnection(http, token)


def _receipt(name: str, at: datetime) -> Receipt:
    return Receipt(name, f"{_BASE}/posts/{name}", at)
