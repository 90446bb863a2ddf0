"""Two machines with one remote, and a sign-in server that lets a token be used once."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs

import httpx
import pytest

from smmflow.clock import FixedClock
from smmflow.credentials import Credentials
from smmflow.model.channel import Channel
from smmflow.model.workspace import Workspace
from smmflow.networks.interface import Network
from smmflow.networks.mastodon import Mastodon
from smmflow.networks.signing import Renewal, Rotating, renew
from smmflow.renewing import Renewed, Renewing
from smmflow.repository import Repository
from smmflow.store import State
from smmflow.store.sealing import new_key

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
KEY = new_key().reveal()
ROTATING = Rotating(
    "https://sign-in.example/2/oauth2/token",
    margin=timedelta(minutes=20),
    life=timedelta(hours=2),
)


class RotatingNetwork(Mastodon):
    secrets: ClassVar[Mapping[str, str]] = {
        "token": "made by hand",
        "refresh_token": "likewise",
        "client_id": "likewise",
    }
    renewal: ClassVar[Renewal | None] = ROTATING


@dataclass
class SignIn(httpx.BaseTransport):
    """Gives the next token for the newest refresh token, and refuses used ones.

    Holds every request against RFC 6749, section 6, for a public client.
    """

    newest: int = 0
    asked: list[str] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    after: Callable[[httpx.Response], httpx.Response] = lambda answer: answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.before()
        return self.after(self._answer(request))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        assert request.method == "POST"
        assert str(request.url) == ROTATING.address
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        form = {k: v[0] for k, v in parse_qs(request.read().decode()).items()}
        assert form.keys() == {"grant_type", "refresh_token", "client_id"}
        assert (form["grant_type"], form["client_id"]) == ("refresh_token", "app")
        self.asked.append(form["refresh_token"])
        if form["refresh_token"] != f"refresh-{self.newest}":
            return httpx.Response(400, json={"error": "invalid_grant"})
        self.newest += 1
        return httpx.Response(
            200,
            json={
                "token_type": "bearer",
                "expires_in": 7200,
                "access_token": f"access-{self.newest}",
                "refresh_token": f"refresh-{self.newest}",
            },
        )


@dataclass
class Machine:
    root: Path
    server: httpx.BaseTransport
    network: Network
    clock: FixedClock
    values: dict[str, str]
    run: str

    @property
    def state(self) -> State:
        repository = Repository(self.root)
        return State(repository.state_branch("smmflow-state", "origin", self.clock))

    def renew(self, *names: str) -> Renewed:
        names = names or ("x",)
        channels = {
            name: Channel(
                name,
                "mastodon",
                secrets={
                    "token": "X_TOKEN",
                    "refresh_token": "X_REFRESH",
                    "client_id": "X_CLIENT",
                },
            )
            for name in ("x", "xx")
        }
        workspace = Workspace(self.root, channels=channels)
        return Renewing(
            workspace,
            self.state,
            Credentials(self.values),
            self.clock,
            self.run,
            networks=dict.fromkeys(channels, self.network),
            ask=partial(renew, transport=self.server),
        ).renewed(names)

    def token(self) -> str:
        renewed = self.renew()
        assert renewed.shut == {}, renewed.shut
        return renewed.credentials.secret("X_TOKEN", channel="x").reveal()

    def why(self) -> str:
        problem = self.renew().shut["x"]
        return f"{problem.message}; {problem.hint}"


def git(folder: Path, *arguments: str) -> str:
    command = ["git", *arguments]
    ran = subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return ran.stdout.decode(errors="replace")


@pytest.fixture
def server() -> SignIn:
    return SignIn()


@pytest.fixture
def make_machine(tmp_path: Path, server: SignIn) -> Callable[[str], Machine]:
    bare = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", str(bare))

    def make(name: str) -> Machine:
        root = tmp_path / name
        git(tmp_path, "init", "--quiet", "--initial-branch=main", str(root))
        git(root, "remote", "add", "origin", f"file://{bare}")
        values = {
            "X_TOKEN": "access-0",
            "X_REFRESH": "refresh-0",
            "X_CLIENT": "app",
            "SMMFLOW_KEY": KEY,
        }
        return Machine(root, server, RotatingNetwork(), FixedClock(NOON), values, name)

    return make


@pytest.fixture
def one(make_machine: Callable[[str], Machine]) -> Machine:
    return make_machine("one")


@pytest.fixture
def two(make_machine: Callable[[str], Machine]) -> Machine:
    return make_machine("two")
