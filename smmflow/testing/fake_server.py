"""The fake network's server: a transport that keeps posts, and fails as it is told.

Faults happen where they happen in the world: before a request is carried out, or after
it, when only the answer is lost.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum

import httpx

__all__ = ["LONGEST", "FakeServer", "Fault", "Stored", "Waiting"]

LONGEST = 280
"""Code points that it takes."""
_OK, _MISSING, _TOO_LONG, _DENIED = 200, 404, 422, 401


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


@dataclass(frozen=True, slots=True)
class Waiting:
    """A part that the fake server keeps until its time."""

    id: str
    key: str
    text: str
    at: datetime


@dataclass(slots=True)
class FakeServer(httpx.BaseTransport):
    """The network's server, as a transport.

    Attributes:
        token: The only one it accepts.
        idempotent: The same key twice stores one part.
        posts: What is live, in order of arrival.
        waiting: What it sends at its time, when somebody calls `send_due`.
        faults: What goes wrong with the next writes, in order; None goes well.
        requests: Every request that arrived or was refused.
    """

    token: str = "correct"  # noqa: S105 - a server that exists only in memory
    idempotent: bool = True
    posts: list[Stored] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
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

    def send_due(self, now: datetime) -> None:
        """Send what waits and is due."""
        for each in [each for each in self.waiting if each.at <= now]:
            self.waiting.remove(each)
            self.posts.append(Stored(each.id, each.key, each.text, ""))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return httpx.Response(_DENIED, json={"error": "no such token"})
        if request.url.path.startswith("/waiting"):
            return self._waiting(request)
        name = request.url.path.removeprefix("/posts/")
        routes: Mapping[str, Callable[[], httpx.Response]] = {
            "POST": lambda: self._post(json.loads(request.read())),
            "PUT": lambda: self._put(name, json.loads(request.read())),
            "DELETE": lambda: self._delete(name),
            "GET": lambda: self._get(request.url.path),
        }
        return routes[request.method]()

    def _post(self, body: Mapping[str, str]) -> httpx.Response:
        if len(body["text"]) > LONGEST:
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

    def _waiting(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.removeprefix("/waiting").removeprefix("/")
        there = next((each for each in self.waiting if each.id == name), None)
        if request.method == "GET":
            every = [
                {"id": w.id, "key": w.key, "at": w.at.isoformat()} for w in self.waiting
            ]
            return httpx.Response(_OK, json={"waiting": every})
        if request.method == "POST":
            body = json.loads(request.read())
            same = [each for each in self.waiting if each.key == body["key"]]
            if not same or not self.idempotent:
                self._given += 1
                at = datetime.fromisoformat(body["at"])
                same = [Waiting(str(self._given), body["key"], body["text"], at)]
                self.waiting += same
            return httpx.Response(_OK, json={"id": same[0].id})
        if there is None:
            return httpx.Response(_MISSING, json={"error": "nothing of it waits"})
        self.waiting.remove(there)
        if request.method == "PUT":
            at = datetime.fromisoformat(json.loads(request.read())["at"])
            self.waiting.append(replace(there, at=at))
        return httpx.Response(_OK, json={"id": name})

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
