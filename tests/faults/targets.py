"""The networks that faults are tried on: two real ones, and three that can do less."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlsplit

import httpx
from websockets.sync.client import connect

from smmflow.credentials import Secret
from smmflow.model.capabilities import Support
from smmflow.model.channel import Channel
from smmflow.model.media import Attachment
from smmflow.networks import registry
from smmflow.networks.interface import Connection, Network
from smmflow.networks.nostr.event import Event
from smmflow.networks.nostr.keys import Signer
from smmflow.testing import Fake, FakeServer, picture_file
from tests.faults.proxy import LOOPBACK, Proxy
from tests.servers.smtp import MailServer
from tests.vendors.catalogue import VENDORS
from tests.vendors.host import all_that_waits, everything, send_all
from tests.vendors.vendor import Account, Posting

CHANNEL = "there"
_TAGS = re.compile(r"<[^>]*>")
IMPATIENCE = 0.25
"""Seconds until silence counts as such, where a fault makes silence."""


class FindsOnly(Fake):
    """Can be looked at; takes the same key twice."""

    capabilities = replace(Fake.capabilities, idempotent=False)


class KeyedOnly(Fake):
    """Takes the same key only once; can't be looked at."""

    capabilities = replace(Fake.capabilities, find=Support.UNSUPPORTED)


class Blind(Fake):
    """Neither: after a lost answer nobody can know."""

    capabilities = replace(
        Fake.capabilities, find=Support.UNSUPPORTED, idempotent=False
    )


MAILBOXES: dict[str, Callable[[], list[Posting]]] = {}
"""What lists have got, by their servers' addresses: known to who runs the server."""
FAKES: Mapping[str, type[Fake]] = {
    "finds only": FindsOnly,
    "keys only": KeyedOnly,
    "blind": Blind,
}
KEYLESS = "keyless mastodon"
"""A server that speaks Mastodon's API and ignores Idempotency-Key."""
KINDS = ("bluesky", "mastodon", KEYLESS, *FAKES)


@dataclass(frozen=True)
class Target:
    """An account on a server.

    Attributes:
        kind: One of `KINDS`.
        url: The server.
        handle: Of the account, if it needs one; of Nostr, where its files are kept.
        secret: The password or token.
        handover: It is given posts before their time, to send them itself.
    """

    kind: str
    url: str
    handle: str = ""
    secret: str = "correct"
    handover: bool = False

    @property
    def network(self) -> Network:
        if self.kind in FAKES:
            return FAKES[self.kind]()
        channel = self.channel(self.url)
        return registry.network(channel.network).on(channel)

    @property
    def takes_pictures(self) -> bool:
        return bool(self.network.capabilities.media)

    def picture(self, root: Path) -> Attachment:
        """A picture that it takes."""
        if self.kind in VENDORS:
            return VENDORS[self.kind]().picture(root)
        return picture_file(root)

    def channel(self, url: str) -> Channel:
        """The channel as channels.yaml would have it, with the server there."""
        return replace(self._account(url).channel(CHANNEL), handover=self.handover)

    def connect(
        self, root: Path, url: str, transport: httpx.BaseTransport
    ) -> Connection:
        account = self._account(url)
        return self.network.connect(
            account.channel(CHANNEL),
            account.credentials(),
            # Events go through the proxy by themselves, and files to their own host.
            transport=None if self.kind == "nostr" else transport,
            root=root,
        )

    def signing_in(self, url: str) -> tuple[Channel, Mapping[str, str]]:
        """The channel with the server there, and its secrets by the network's names."""
        account = self._account(url)
        return account.channel(CHANNEL), account.secrets

    def live(self) -> list[Posting]:
        """Everything that is live, read without smmflow's help."""
        return everything(self.url) if self.kind in VENDORS else _LIVE[self.kind](self)

    def waiting(self) -> list[Posting]:
        """Everything that waits there for its time, read without smmflow's help."""
        if self.kind in VENDORS:
            return all_that_waits(self.url)
        return _WAITING[self.kind](self) if self.kind in _WAITING else []

    def send_due(self) -> bool:
        """Let the network send what waits; False where its own clock alone can."""
        if self.kind in VENDORS:
            send_all(self.url)
        elif self.kind == "wordpress":
            _publish_all(self)
        else:
            return False
        return True

    def _account(self, url: str) -> Account:
        if self.kind == "newsletter":
            there = urlsplit(url)
            server = MailServer(host=str(there.hostname), port=there.port or 0)
            return server.account()
        if self.kind in VENDORS:
            return VENDORS[self.kind]().account
        name, settings, secret = self._parts(url)
        return Account(name, settings, {secret: self.secret})

    def _parts(self, url: str) -> tuple[str, dict[str, object], str]:
        """The network, its settings, and what it calls its secret."""
        match self.kind:
            case "bluesky":
                return "bluesky", {"handle": self.handle, "service": url}, "password"
            case "mastodon" | "keyless mastodon":
                return "mastodon", {"instance": url}, "token"
            case "matrix":
                return "matrix", {"homeserver": url, "room": self.handle}, "token"
            case "nostr":
                return "nostr", {"relays": [url], "media_host": self.handle}, "key"
            case "wordpress":
                return "wordpress", {"url": url, "user": self.handle}, "password"
            case _:
                return Fake.name, {}, "token"


def _client(target: Target) -> httpx.Client:
    return httpx.Client(base_url=target.url, trust_env=False, timeout=30)


def _records(target: Target) -> list[Posting]:
    collection = "app.bsky.feed.post"
    with _client(target) as client:
        answer = client.get(
            "/xrpc/com.atproto.repo.listRecords",
            params={"repo": target.handle, "collection": collection, "limit": 100},
        )
    return [
        Posting(
            each["uri"],
            each["value"]["text"],
            each["value"].get("reply", {}).get("parent", {}).get("uri", ""),
        )
        for each in answer.raise_for_status().json()["records"]
    ]


def _statuses(target: Target) -> list[Posting]:
    with _client(target) as client:
        client.headers["Authorization"] = f"Bearer {target.secret}"
        me = client.get("/api/v1/accounts/verify_credentials").raise_for_status()
        path = f"/api/v1/accounts/{me.json()['id']}/statuses"
        answer = client.get(path, params={"limit": 40})
    return [
        Posting(
            each["id"],
            each["content"].removeprefix("<p>").removesuffix("</p>"),
            each["in_reply_to_id"] or "",
        )
        for each in answer.raise_for_status().json()
    ]


def _scheduled(target: Target) -> list[Posting]:
    with _client(target) as client:
        client.headers["Authorization"] = f"Bearer {target.secret}"
        answer = client.get("/api/v1/scheduled_statuses", params={"limit": 40})
    return [
        Posting(each["id"], each["params"]["text"])
        for each in answer.raise_for_status().json()
    ]


def _said(target: Target) -> list[Posting]:
    with _client(target) as client:
        answer = client.get(
            f"/_matrix/client/v3/rooms/{quote(target.handle, safe='')}/messages",
            params={"dir": "f", "limit": 1000},
            headers={"Authorization": f"Bearer {target.secret}"},
        ).raise_for_status()
    return [
        Posting(
            each["event_id"],
            each["content"]["body"],
            each["content"]
            .get("m.relates_to", {})
            .get("m.in_reply_to", {})
            .get("event_id", ""),
        )
        for each in answer.json()["chunk"]
        if each["type"] == "m.room.message" and "body" in each["content"]
    ]


def _notes(target: Target) -> list[Posting]:
    author = Signer(Secret(target.secret)).public
    with connect(target.url, close_timeout=1) as socket:
        socket.send(json.dumps(["REQ", "all", {"authors": [author], "kinds": [1]}]))
        found = []
        while (message := json.loads(socket.recv(timeout=10)))[0] == "EVENT":
            event = Event.of_json(message[2])
            assert event is not None
            words = event.content.partition(f"\n\n{target.handle}/")[0]
            found.append(Posting(event.id, words, event.parent))
    return found


def _blogged(target: Target, status: str = "publish") -> list[Posting]:
    with _blog(target) as client:
        asked = {"status": status, "context": "edit", "per_page": "100"}
        answer = client.get("/posts", params=asked).raise_for_status()
    return [
        Posting(str(each["id"]), _TAGS.sub("", each["content"]["raw"]).strip())
        for each in answer.json()
    ]


def _publish_all(target: Target) -> None:
    """Give what waits the present as its time: nobody sets WordPress's clock."""
    with _blog(target) as client:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        for each in target.waiting():
            changed = {"status": "publish", "date_gmt": now}
            client.post(f"/posts/{each.id}", json=changed).raise_for_status()


def _blog(target: Target) -> httpx.Client:
    return httpx.Client(
        base_url=f"{target.url}/wp-json/wp/v2",
        auth=(target.handle, target.secret),
        trust_env=False,
        timeout=30,
    )


def _kept(target: Target) -> list[Posting]:
    with _client(target) as client:
        answer = client.get("/everything").raise_for_status()
        return [Posting(**each) for each in answer.json()]


_LIVE: Mapping[str, Callable[[Target], list[Posting]]] = {
    **dict.fromkeys(FAKES, _kept),
    "bluesky": _records,
    "mastodon": _statuses,
    KEYLESS: _statuses,
    "matrix": _said,
    "newsletter": lambda target: MAILBOXES[target.url](),
    "nostr": _notes,
    "wordpress": _blogged,
}
_WAITING: Mapping[str, Callable[[Target], list[Posting]]] = {
    "mastodon": _scheduled,
    "wordpress": lambda target: _blogged(target, "future"),
}


class Towards(httpx.BaseTransport):
    """Carries requests to one server, whatever address they name.

    Where the proxy is about to be silent it loses patience sooner than smmflow would,
    so that no test waits half a minute; it never waits longer than smmflow would.

    Args:
        url: The server.
        proxy: What stands at that address, if it is one.
    """

    def __init__(self, url: str, proxy: Proxy | None = None) -> None:
        self._there = httpx.URL(url)
        self._proxy = proxy
        self._inner = httpx.HTTPTransport(verify=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(
            scheme=self._there.scheme, host=self._there.host, port=self._there.port
        )
        if self._proxy and request.method != "GET" and self._proxy.will_be_silent():
            self.hurry(request)
        return self._inner.handle_request(request)

    def hurry(self, request: httpx.Request) -> None:
        """Wait for the answer of this request less long than smmflow would."""
        patience = dict(request.extensions["timeout"], read=IMPATIENCE)
        request.extensions = {**request.extensions, "timeout": patience}

    def close(self) -> None:
        self._inner.close()


class FakeHost:
    """A fake network's server as a server: `start()`, `target()` as often as need be.

    What its network can't do it can't either: only where it `finds` does it show what
    is there, except to the test at `/everything`.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._lock = threading.Lock()
        host = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                if len(body) < length:  # cut on its way
                    self.close_connection = True
                    return
                headers = dict(self.headers.items())
                status, content = host.answer(self.command, self.path, headers, body)
                with suppress(ConnectionError):
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - its names

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self._fake = FakeServer()

    def start(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        ).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def target(self) -> Target:
        """The server, with nothing on it."""
        keyed = FAKES[self._kind].capabilities.idempotent
        with self._lock:
            self._fake = FakeServer(idempotent=keyed)
        return Target(self._kind, f"http://{LOOPBACK}:{self._server.server_port}")

    def answer(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        finds = FAKES[self._kind].capabilities.find is Support.YES
        with self._lock:
            if path == "/everything":
                every = [
                    {"id": each.id, "text": each.text, "parent": each.parent}
                    for each in self._fake.posts
                ]
                return 200, json.dumps(every).encode()
            if (method, path) == ("GET", "/posts") and not finds:
                return 404, b'{"error": "nothing to be seen here"}'
            request = httpx.Request(
                method, f"http://fake{path}", headers=headers, content=body
            )
            response = self._fake.handle_request(request)
        return response.status_code, response.read()
