"""Fixtures: real servers, started once and when first asked for, and a closed world.

Closed means: no developer's git configuration, no credentials, no proxies, and no
connection to any other machine.
"""

import contextlib
import ipaddress
import itertools
import os
import socket
import subprocess
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from tests.servers.bluesky import Account, BlueskyNetwork
from tests.servers.browser import chromium
from tests.servers.company import Company, found
from tests.servers.git_http import GitServer
from tests.servers.github import GitHub
from tests.servers.mastodon import MastodonServer
from tests.servers.nostr import NostrRelay
from tests.servers.processes import ServerUnavailable
from tests.servers.synapse import SynapseServer
from tests.servers.wordpress import WordPressServer

SERVER_FIXTURES = {
    "bluesky_network",
    "browser",
    "git_server",
    "mastodon_server",
    "nostr_relay",
    "wordpress_server",
    "synapse_server",
}

# Shared machines stall, so an example that took long says nothing. In CI the examples
# are the same every time, so that a change is blamed only for what it did.
settings.register_profile("default", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("default")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they use: `pytest -m 'not servers'` is the quick run."""
    for item in items:
        if SERVER_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.servers)


# --- A closed world -------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            # A hook's GIT_DIR, a job's GITHUB_TOKEN, a proxy in front of loopback.
            if name.startswith(("GIT_", "GITHUB_")) or name.lower().endswith("_proxy"):
                patch.delenv(name)
        home = tmp_path_factory.mktemp("home")
        patch.setenv("HOME", str(home))
        patch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("GIT_TERMINAL_PROMPT", "0")
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", "Test Author")
            patch.setenv(f"GIT_{role}_EMAIL", "author@example.com")
        yield


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    """Fail a test that connects, or asks for the address of, another machine.

    The failure is no Exception, so no error handling in tested code can hide it.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        look_up = socket.getaddrinfo

        def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            if not _is_local(host):
                _forbid(host)
            return look_up(host, *args, **kwargs)

        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


def _guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guarded_connect(self: socket.socket, address: Any) -> Any:  # noqa: ANN401
        if self.family != socket.AF_UNIX and not _is_local(address[0]):
            _forbid(address)
        return connect(self, address)

    return guarded_connect


def _is_local(host: str | bytes | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False


def _forbid(target: object) -> NoReturn:
    pytest.fail(f"a test may talk to this machine only, and it tried {target}")


# --- Servers --------------------------------------------------------------------------


@contextlib.contextmanager
def _or_skip() -> Iterator[None]:
    """Without a server, skip on a developer's machine and fail in CI."""
    try:
        yield
    except ServerUnavailable as error:
        if os.environ.get("SMMFLOW_REQUIRE_SERVERS") == "1":
            pytest.fail(f"no server: {error}")
        pytest.skip(f"no server: {error}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, None, None]:
    with _or_skip():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, None, None]:
    with _or_skip():  # a test may start a server of its own
        yield


@pytest.fixture(scope="session")
def bluesky_network() -> Iterator[BlueskyNetwork]:
    network = BlueskyNetwork().start()
    yield network
    network.stop()


@pytest.fixture(scope="session")
def _bluesky_names() -> Iterator[str]:
    return (f"account{number}" for number in itertools.count(1))


@pytest.fixture
def bluesky_account(
    bluesky_network: BlueskyNetwork, _bluesky_names: Iterator[str]
) -> Account:
    """An account that no other test has touched."""
    return bluesky_network.create_account(next(_bluesky_names))


@pytest.fixture(scope="session")
def mastodon_server() -> Iterator[MastodonServer]:
    server = MastodonServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def nostr_relay() -> Iterator[NostrRelay]:
    relay = NostrRelay().start()
    yield relay
    relay.stop()


@pytest.fixture(scope="session")
def synapse_server() -> Iterator[SynapseServer]:
    server = SynapseServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def wordpress_server() -> Iterator[WordPressServer]:
    server = WordPressServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def git_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitServer]:
    root: Path = tmp_path_factory.mktemp("git-server")
    server = GitServer(root).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHub]:
    """GitHub with an empty repository; all that was asked of it must fit its rules."""
    bare = tmp_path / "remote.git"
    command = ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(bare)]
    subprocess.run(command, check=True)
    server = GitHub(bare).start()
    yield server
    server.stop()
    assert server.bad == []


@pytest.fixture
def company(github: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """A company on GitHub whose team was approved, and nothing else yet."""
    for name, value in github.variables.items():
        monkeypatch.setenv(name, value)
    for role in ("AUTHOR", "COMMITTER"):  # each commit says who made it
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    return found(github, tmp_path / "clone")
