"""A network in memory: what stages of smmflow talk to in tests, faults included.

It is a whole network, not a set of patches: requests go through the same HTTP code as
everywhere, to a server that is a transport. Faults happen where they happen in the
world: before a request is carried out, or after it, when only the answer is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

import httpx

from smmflow.credentials import Credentials, Secret
from smmflow.errors import UsageError
from smmflow.model.capabilities import (
    Capabilities,
    Limit,
    ScheduleLimits,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.publication import Receipt
from smmflow.networks.http import Http
from smmflow.networks.interface import (
    Among,
    Connection,
    Identity,
    Network,
    Settings,
    Thread,
)
from smmflow.testing.fake_server import LONGEST, FakeServer, Fault, Stored, Waiting

__all__ = ["Fake", "FakeConnection", "FakeServer", "Fault", "Stored", "Waiting"]

_BASE = "https://fake.example"
_MISSING = 404


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
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Look for a part by its key."""
        del post, part, among
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

    def schedule(
        self, post: ChannelPost, part: int, *, at: datetime, key: PartKey
    ) -> Receipt:
        """Give a part to the server for its time."""
        body = {"text": post.parts[part].text.text, "key": key.hex}
        answer = self._http.carry_out(
            "POST",
            "/waiting",
            repeatable=False,
            token=self._token,
            body={**body, "at": at.isoformat()},
        )
        return Receipt(str(answer.fields()["id"]), "", at)

    def scheduled(
        self, post: ChannelPost, part: int, *, at: datetime, key: PartKey
    ) -> Receipt | None:
        """Look among what waits, by its key."""
        del post, part
        answer = self._http.carry_out(
            "GET", "/waiting", repeatable=True, token=self._token
        )
        every = answer.fields()["waiting"]
        found = every if isinstance(every, list) else []
        ids = [each["id"] for each in found if each["key"] == key.hex]
        return Receipt(str(ids[0]), "", at) if ids else None

    def reschedule(self, receipt: Receipt, *, at: datetime) -> Receipt:
        """Give what waits another time."""
        path, body = f"/waiting/{receipt.id}", {"at": at.isoformat()}
        self._http.carry_out(
            "PUT", path, repeatable=False, token=self._token, body=body
        )
        return Receipt(receipt.id, "", at)

    def cancel(self, receipt: Receipt) -> bool:
        """Take back what waits."""
        answer = self._http.exchange(
            "DELETE", f"/waiting/{receipt.id}", repeatable=False, token=self._token
        )
        if answer.status == _MISSING:
            return False
        self._http.accepted(answer, repeatable=False)
        return True

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
        text=Limit(LONGEST, Unit.CODE_POINTS),
        threads=Support.YES,
        edit=Support.YES,
        withdraw=Support.YES,
        schedule=Support.YES,
        schedule_limits=ScheduleLimits(timedelta(minutes=5), per_day=3),
        find=Support.YES,
        idempotent=True,
        measure=Support.YES,
        measure_batch=10,
        followers=Support.YES,
        metrics=("likes",),
    )

    def __init__(self, server: FakeServer | None = None) -> None:
        self.server = server or FakeServer()

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
