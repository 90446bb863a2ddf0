"""A Nostr relay on loopback: `nostr-relay` from PyPI, in an environment of its own.

It checks signatures, keeps replaceable events once, honours deletion requests of their
author, and speaks NIP-11. It does not count (NIP-45).
"""

import contextlib
import json
import secrets
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Self

import httpx
from websockets.sync.client import connect

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

PROGRAM = Path(__file__).parent / ".nostr" / "bin" / "nostr-relay"
LONGEST = 65_536


class NostrRelay:
    """`start()`, then everything else, then `stop()`."""

    def __init__(self) -> None:
        self._cleanup = contextlib.ExitStack()
        self.url = ""

    def start(self) -> Self:
        if not PROGRAM.exists():
            raise ServerUnavailable("nostr-relay is not installed: make servers")
        with contextlib.ExitStack() as cleanup:
            directory = Path(
                cleanup.enter_context(
                    tempfile.TemporaryDirectory(prefix="smmflow-nostr-")
                )
            )
            port = free_port()
            log = directory / "log"
            settings = directory / "relay.yaml"
            settings.write_text(json.dumps(_settings(directory, port)))
            process = subprocess.Popen(
                tied_to_us([str(PROGRAM), "-c", str(settings), "serve"], "TERM"),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=cleanup.enter_context(log.open("w")),
                cwd=directory,
                env=plain_environment() | {"NOSTR_CONFIG": str(settings)},
                text=True,
            )
            cleanup.callback(stop, process)
            self.url = f"ws://{LOOPBACK}:{port}"
            self._await_ready(process, log)
            self._cleanup = cleanup.pop_all()
        return self

    def stop(self) -> None:
        self._cleanup.close()

    def new_key(self) -> str:
        """A key that nobody has used here."""
        return f"{secrets.randbits(250):064x}"

    def tell(self, event: dict[str, Any]) -> list[Any]:
        """Give it an event, as anybody can; return its answer."""
        with connect(self.url, close_timeout=1) as socket:
            socket.send(json.dumps(["EVENT", event]))
            answer: list[Any] = json.loads(socket.recv(timeout=10))
            return answer

    def ask(self, **question: object) -> list[dict[str, Any]]:
        """What it has, as anybody can ask."""
        found = []
        with connect(self.url, close_timeout=1) as socket:
            socket.send(json.dumps(["REQ", "test", question]))
            while (message := json.loads(socket.recv(timeout=10)))[0] == "EVENT":
                found.append(message[2])
        return found

    def _await_ready(self, process: subprocess.Popen[str], log: Path) -> None:
        page = self.url.replace("ws", "http", 1)

        def is_ready() -> bool:
            if process.poll() is not None:
                raise ServerUnavailable(f"nostr-relay ended: {last_words(log)}")
            with contextlib.suppress(httpx.HTTPError):
                return httpx.get(page, trust_env=False).is_success
            return False

        poll(is_ready, f"the relay ({log.read_text()[-500:]})", 30, ServerUnavailable)


def _settings(directory: Path, port: int) -> dict[str, object]:
    """YAML is a superset of JSON, so this is written as JSON."""
    return {
        "relay_name": "test",
        "storage": {
            "sqlalchemy.url": f"sqlite+aiosqlite:///{directory}/events.sqlite3",
            "validators": [
                "nostr_relay.validators.is_not_too_large",
                "nostr_relay.validators.is_signed",
                "nostr_relay.validators.is_recent",
            ],
        },
        "max_event_size": LONGEST,
        "oldest_event": 365 * 24 * 60 * 60,
        "gunicorn": {"bind": f"{LOOPBACK}:{port}", "workers": 1, "loglevel": "warning"},
        "message_timeout": 1800,
        "subscription_limit": 32,
    }
