"""A Matrix homeserver on loopback: Synapse, in a virtual environment of its own.

It keeps everything in SQLite in a folder that goes away, talks to no other server, and
limits no rates. Nobody can register; accounts are made by its admin API with a secret
that only this file knows.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import httpx

from tests.servers.processes import (
    LOOPBACK,
    ServerUnavailable,
    free_port,
    last_words,
    plain_environment,
    poll,
    stop,
    tied_to_us,
)
from tests.vendors.vendor import Account, Posting

PYTHON = Path(__file__).parent / ".synapse" / "bin" / "python"
STARTING_SECONDS = 60
_UNLIMITED = {"per_second": 10_000, "burst_count": 10_000}


@dataclass(frozen=True)
class MatrixAccount:
    user_id: str
    access_token: str


class SynapseServer:
    """`start()`, then everything else, then `stop()`.

    Attributes:
        author: Posts.
        reader: Is in every room, too.
    """

    author: MatrixAccount
    reader: MatrixAccount

    def __init__(self) -> None:
        self._cleanup = contextlib.ExitStack()
        self._secret = base64.b64encode(os.urandom(24)).decode()
        self.url = ""

    def start(self) -> Self:
        if not PYTHON.exists():
            raise ServerUnavailable("Synapse is not installed: make servers")
        with contextlib.ExitStack() as cleanup:
            directory = Path(
                cleanup.enter_context(
                    tempfile.TemporaryDirectory(prefix="smmflow-synapse-")
                )
            )
            port = free_port()
            self.url = f"http://{LOOPBACK}:{port}"
            log = directory / "log"
            command = [str(PYTHON), "-m", "synapse.app.homeserver", "--config-path"]
            command.append(str(self._configure(directory, port)))
            process = subprocess.Popen(
                tied_to_us(command, "TERM"),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=cleanup.enter_context(log.open("w")),
                cwd=directory,
                env=plain_environment(),
                text=True,
            )
            cleanup.callback(stop, process)
            self._await_ready(process, log)
            self.author = self.create_account("author")
            self.reader = self.create_account("reader")
            self._cleanup = cleanup.pop_all()
        return self

    def stop(self) -> None:
        self._cleanup.close()

    def create_account(self, name: str) -> MatrixAccount:
        """https://element-hq.github.io/synapse/latest/admin_api/register_api.html"""
        path = "/_synapse/admin/v1/register"
        nonce = self._request("GET", path).json()["nonce"]
        signed = f"{nonce}\0{name}\0password\0notadmin"
        mac = hmac.new(self._secret.encode(), signed.encode(), hashlib.sha1)
        body = {
            "nonce": nonce,
            "username": name,
            "password": "password",
            "admin": False,
            "mac": mac.hexdigest(),
        }
        made = self._request("POST", path, content=body).json()
        return MatrixAccount(made["user_id"], made["access_token"])

    def create_room(self, *, alias: str = "", encrypted: bool = False) -> str:
        """Make a room with both accounts in it; return its id."""
        body: dict[str, Any] = {"preset": "public_chat", "name": "News"}
        if alias:
            body["room_alias_name"] = alias
        if encrypted:
            body["initial_state"] = [
                {
                    "type": "m.room.encryption",
                    "state_key": "",
                    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
                }
            ]
        room = self.call("POST", "/createRoom", self.author, **body)["room_id"]
        self.call("POST", f"/join/{quote(room, safe='')}")
        return str(room)

    def account(self, room: str) -> Account:
        """The author in a room, as a workspace would have it."""
        settings = {"homeserver": self.url, "room": room}
        return Account("matrix", settings, {"token": self.author.access_token})

    def call(
        self,
        method: str,
        path: str,
        account: MatrixAccount | None = None,
        **content: Any,  # noqa: ANN401 - whatever the endpoint takes
    ) -> Any:  # noqa: ANN401 - an object, by endpoint
        """A request of the client API as this account, the reader unless given."""
        whole = path if path.startswith("/_") else f"/_matrix/client/v3{path}"
        sent = None if method == "GET" else content
        answer = self._request(method, whole, account or self.reader, sent)
        assert answer.is_success, f"{answer.url}: {answer.status_code} {answer.text}"
        return answer.json()

    def event(self, room: str, event: str) -> Any:  # noqa: ANN401 - an object
        """An event as the reader sees it, the newest edit with it."""
        return self.call("GET", f"/rooms/{quote(room, safe='')}/event/{quote(event)}")

    def say(
        self,
        room: str,
        words: str,
        *,
        on: str = "",
        more: Mapping[str, object] | None = None,
    ) -> str:
        """Let the reader say something, in the thread of `on` if it is given."""
        content: dict[str, Any] = {"msgtype": "m.text", "body": words, **(more or {})}
        if on:
            content["m.relates_to"] = {
                "rel_type": "m.thread",
                "event_id": on,
                "is_falling_back": True,
                "m.in_reply_to": {"event_id": on},
            }
        number = os.urandom(8).hex()
        path = f"/rooms/{quote(room, safe='')}/send/m.room.message/{number}"
        return str(self.call("PUT", path, **content)["event_id"])

    def react(self, room: str, event: str, emoji: str) -> None:
        """Let the reader react to an event."""
        relation = {"rel_type": "m.annotation", "event_id": event, "key": emoji}
        path = f"/rooms/{quote(room, safe='')}/send/m.reaction/{os.urandom(8).hex()}"
        content: dict[str, Any] = {"m.relates_to": relation}
        self.call("PUT", path, **content)

    def live(self, room: str) -> list[Posting]:
        """Every message in a room that was not taken back, the oldest first.

        Each as it was sent: edits are left out.
        """
        path = f"/rooms/{quote(room, safe='')}/messages?dir=f&limit=1000"
        found = []
        for event in self.call("GET", path)["chunk"]:
            content = event["content"]
            relates = content.get("m.relates_to", {})
            said = event["type"] == "m.room.message" and "body" in content
            if said and relates.get("rel_type") != "m.replace":
                parent = relates.get("m.in_reply_to", {}).get("event_id", "")
                found.append(Posting(event["event_id"], content["body"], parent))
        return found

    def _request(
        self,
        method: str,
        path: str,
        account: MatrixAccount | None = None,
        content: dict[str, Any] | None = None,
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {account.access_token}"} if account else {}
        return httpx.request(
            method,
            f"{self.url}{path}",
            headers=headers,
            json=content,
            trust_env=False,
            timeout=30,
        )

    def _configure(self, directory: Path, port: int) -> Path:
        key = base64.b64encode(os.urandom(32)).decode().rstrip("=")
        (directory / "signing.key").write_text(f"ed25519 a_test {key}\n")
        log = {"version": 1, "root": {"level": "ERROR"}}
        (directory / "log.yaml").write_text(json.dumps(log))
        rates = ("message", "registration", "admin_redaction", "joins_per_room")
        config: dict[str, Any] = {
            "server_name": "localhost",
            "public_baseurl": self.url,
            "pid_file": str(directory / "pid"),
            "listeners": [
                {
                    "port": port,
                    "bind_addresses": [LOOPBACK],
                    "type": "http",
                    "tls": False,
                    "resources": [{"names": ["client"], "compress": False}],
                }
            ],
            "database": {
                "name": "sqlite3",
                "args": {"database": str(directory / "homeserver.db")},
            },
            "log_config": str(directory / "log.yaml"),
            "media_store_path": str(directory / "media"),
            "signing_key_path": str(directory / "signing.key"),
            "registration_shared_secret": self._secret,
            "macaroon_secret_key": self._secret,
            "form_secret": self._secret,
            "enable_registration": False,
            "report_stats": False,
            "presence": {"enabled": False},
            "trusted_key_servers": [],
            "federation_domain_whitelist": [],
            **{f"rc_{each}": _UNLIMITED for each in rates},
            "rc_joins": {"local": _UNLIMITED, "remote": _UNLIMITED},
            "rc_room_creation": _UNLIMITED,
        }
        path = directory / "homeserver.yaml"
        path.write_text(json.dumps(config), encoding="utf-8")  # JSON is YAML
        return path

    def _await_ready(self, process: subprocess.Popen[str], log: Path) -> None:
        def answers() -> bool:
            if process.poll() is not None:
                raise ServerUnavailable(f"Synapse ended: {last_words(log)}")
            try:
                return client.get(f"{self.url}/health").is_success
            except httpx.TransportError:
                return False

        with httpx.Client(trust_env=False) as client:
            poll(answers, "Synapse", STARTING_SECONDS, ServerUnavailable)
