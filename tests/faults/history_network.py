"""A network of every kind, on a server that remembers all it ever showed to readers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

import httpx

from smmflow.model.capabilities import Support
from smmflow.model.channel_post import PartKey
from smmflow.testing import Fake, FakeServer, Fault
from smmflow.testing.fake import Stored

__all__ = ["Bad", "Kind", "Late", "Server", "network"]


class Kind(StrEnum):
    """What a network offers to whoever got no answer."""

    BOTH = "it can be looked at and knows a key twice"
    FINDS = "it can be looked at"
    IDEMPOTENT = "it knows a key twice"
    BLIND = "it offers nothing"


class Late(StrEnum):
    """What the shipped faults have not: a request that takes its time."""

    LATE = "it is carried out ten minutes later, and the answer is lost"


Bad = Fault | Late
_LATE_BY = timedelta(minutes=10)


@dataclass
class Server(FakeServer):
    """A server that notices what readers must never see.

    Attributes:
        now: Tells the world's time.
        bad: What goes wrong with the next writes, in order; None goes well.
        away: Nothing can be read.
        hides: Whoever looks is told that nothing is there.
        names: Occurrence and part by key, as those who send tell them.
        broken: Promises that were broken, in words.
    """

    now: Callable[[], datetime] = field(kw_only=True)
    bad: list[Bad | None] = field(default_factory=list)
    away: bool = False
    hides: bool = False
    names: dict[str, tuple[str, int]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    _late: list[tuple[datetime, httpx.Request]] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _taken_down: set[tuple[str, int]] = field(default_factory=set)

    def expect(self, key: PartKey) -> None:
        """Learn what a key stands for, from whoever is about to send it."""
        self.names[key.hex] = key.occurrence, key.part

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, or fail, and see what became of what is live."""
        self._deliver()
        writes = request.method != "GET"
        if not writes and self.away:
            raise httpx.ConnectError("connection refused", request=request)
        if not writes and self.hides:
            return httpx.Response(200, json={"posts": []})
        bad = self.bad.pop(0) if writes and self.bad else None
        if isinstance(bad, Late) and request.method == "POST":
            self._late.append((self.now() + _LATE_BY, request))
            raise httpx.ReadTimeout("no answer", request=request)
        self.faults[:] = [bad] if isinstance(bad, Fault) else []
        return self._watched(request)

    def live(self, name: str) -> Stored | None:
        """Return what readers see under an id; None if it is not there."""
        self._deliver()
        return next((each for each in self.posts if each.id == name), None)

    def _deliver(self) -> None:
        arrived = [request for at, request in self._late if at <= self.now()]
        self._late = [each for each in self._late if each[0] > self.now()]
        for request in arrived:
            key = json.loads(request.read())["key"]
            if not (self.idempotent and key in self._seen):
                self.faults.clear()
                self._watched(request)

    def _watched(self, request: httpx.Request) -> httpx.Response:
        before = {each.id: each for each in self.posts}
        try:
            return super().handle_request(request)
        finally:
            after = {each.id: each for each in self.posts}
            for name in before.keys() - after.keys():
                self._taken_down.add(self.names[before[name].key])
            for name in after.keys() - before.keys():
                self._seen.add(after[name].key)
                self._judge(after[name])

    def _judge(self, new: Stored) -> None:
        occurrence, part = name = self.names[new.key]
        others = [each for each in self.posts if each is not new]
        if any(self.names[each.key] == name for each in others):
            self.broken.append(f"part {part} of {occurrence} is live twice")
        # The words of a recurring post are live once for each of its times.
        once = [each for each in others if "@" not in self.names[each.key][0]]
        if "@" not in occurrence and any(each.text == new.text for each in once):
            self.broken.append(f"the words {new.text!r} are live twice")
        if name in self._taken_down:
            self.broken.append(f"{occurrence} was taken down and went out again")


class _Finds(Fake):
    capabilities = replace(Fake.capabilities, idempotent=False)


class _Idempotent(Fake):
    capabilities = replace(Fake.capabilities, find=Support.UNSUPPORTED)


class _Blind(Fake):
    capabilities = replace(_Idempotent.capabilities, idempotent=False)


def network(kind: Kind, server: Server) -> Fake:
    """Return the offline half of a network of a kind, which leads to a server."""
    match kind:
        case Kind.BOTH:
            return Fake(server)
        case Kind.FINDS:
            return _Finds(server)
        case Kind.IDEMPOTENT:
            return _Idempotent(server)
        case Kind.BLIND:
            return _Blind(server)
