"""The networks that faults are tried on: two real ones, and three that can do less."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

import httpx
from websockets.sync.client import connect

from smmflow.credentials import Credentials, Secret
from smmflow.model.capabilities import Support
from smmflow.model.channel import Channel
from smmflow.model.media import Attachment
from smmflow.networks import registry
from smmflow.networks.bluesky import Bluesky
from smmflow.networks.interface import Connection, Network
from smmflow.networks.mastodon import Mastodon
from smmflow.networks.nostr import Nostr
from smmflow.networks.nostr.event import Event
from smmflow.networks.nostr.keys import Signer
from smmflow.testing import Fake, FakeServer, picture_file
from tests.faults.proxy import LOOPBACK, Proxy
from tests.vendors.catalogue import VENDORS
from tests.vendors.host import everything
from tests.vendors.vendor import Posting

CHANNEL = "there"
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
        handle: Of the account, if it needs one.
        secret: The password or token.
    """

    kind: str
    url: str
    handle: str = ""
    secret: str = "correct"

    @property
    def network(self) -> Network:
        if self.kind in VENDORS:
            account = VENDORS[self.kind]().account
            return registry.network(account.network).on(account.channel(CHANNEL))
        match self.kind:
            case "bluesky":
                return Bluesky()
            case "nostr":
                return Nostr().on(self.channel(self.url))
            case "mastodon" | "keyless mastodon":
                return Mastodon()
            case kind:
                return FAKES[kind]()

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
        if self.kind in VENDORS:
            return VENDORS[self.kind]().account.channel(CHANNEL)
        if self.kind == "nostr":
            relays = {"relays": [url]}
            secrets = {"key": "SECRET"}
            return Channel(CHANNEL, "nostr", settings=relays, secrets=secrets)
        settings: dict[str, object] = {}
        if self.kind == "bluesky":
            settings = {"handle": self.handle, "service": url}
        elif self.kind in {"mastodon", KEYLESS}:
            settings = {"instance": url}
        name = "password" if self.kind == "bluesky" else "token"
        return Channel(
            CHANNEL, self.network.name, settings=settings, secrets={name: "SECRET"}
        )

    def connect(
        self, root: Path, url: str, transport: httpx.BaseTransport
    ) -> Connection:
        credentials = Credentials({"SECRET": self.secret})
        if self.kind in VENDORS:
            credentials = VENDORS[self.kind]().account.credentials()
        return self.network.connect(
            self.channel(url),
            credentials,
            transport=transport,
            root=root,
        )

    def live(self) -> list[Posting]:
        """Everything that is live, read without smmflow's help."""
        if self.kind in VENDORS:
            return everything(self.url)
        if self.kind == "nostr":
            return _notes(self.url, self.secret)
        with httpx.Client(base_url=self.url, trust_env=False, timeout=30) as client:
            match self.kind:
                case "bluesky":
                    return _records(client, self.handle)
                case "mastodon" | "keyless mastodon":
                    return _statuses(client, self.secret)
                case _:
                    answer = client.get("/everything").raise_for_status()
                    return [Posting(**each) for each in answer.json()]


def _records(client: httpx.Client, handle: str) -> list[Posting]:
    answer = client.get(
        "/xrpc/com.atproto.repo.listRecords",
        params={"repo": handle, "collection": "app.bsky.feed.post", "limit": 100},
    )
    return [
        Posting(
            each["uri"],
            each["value"]["text"],
            each["value"].get("reply", {}).get("parent", {}).get("uri", ""),
        )
        for each in answer.raise_for_status().json()["records"]
    ]


def _statuses(client: httpx.Client, token: str) -> list[Posting]:
    client.headers["Authorization"] = f"Bearer {token}"
    me = client.get("/api/v1/accounts/verify_credentials").raise_for_status().json()
    answer = client.get(f"/api/v1/accounts/{me['id']}/statuses", params={"limit": 40})
    return [
        Posting(
            each["id"],
            each["content"].removeprefix("<p>").removesuffix("</p>"),
            each["in_reply_to_id"] or "",
        )
        for each in answer.raise_for_status().json()
    ]


def _notes(relay: str, secret: str) -> list[Posting]:
    author = Signer(Secret(secret)).public
    with connect(relay, close_timeout=1) as socket:
        socket.send(json.dumps(["REQ", "all", {"authors": [author], "kinds": [1]}]))
        found = []
        while (message := json.loads(socket.recv(timeout=10)))[0] == "EVENT":
            event = Event.of_json(message[2])
            assert event is not None
            found.append(Posting(event.id, event.content, event.parent))
    return found


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
