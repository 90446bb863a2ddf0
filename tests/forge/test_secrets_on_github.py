"""Secrets for jobs on GitHub: sealed with its key, or not sent at all."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from smmflow.credentials import Secret
from smmflow.errors import ConfigurationError, OutcomeUnknown, Unreachable
from smmflow.forge import GitHubSecrets
from smmflow.forge.github import GitHub as Client
from tests.servers.github import NAME, OWNER, TOKEN, GitHub

HOME = f"{OWNER}/{NAME}"


@pytest.fixture
def client(github: GitHub) -> Iterator[Client]:
    with closing(Client(HOME, Secret(TOKEN), api=github.url)) as client:
        yield client


def test_what_is_put_is_what_github_reads_whatever_stands_in_it(
    github: GitHub, client: Client
) -> None:
    github.vaults["my news"] = {}
    secrets = GitHubSecrets(client.client, HOME, "my news")
    for words in ("رمز 🔑", "a'b\"c\nd", "x" * 40_000):
        secrets.put("TOKEN", Secret(words))
        assert github.vaults["my news"] == {"TOKEN": words}
    assert github.bad == []


def test_an_environment_that_is_not_there_is_not_made(
    github: GitHub, client: Client
) -> None:
    secrets = GitHubSecrets(client.client, HOME, "nowhere")
    with pytest.raises(ConfigurationError, match="no environment nowhere"):
        secrets.put("TOKEN", Secret("words"))
    assert github.vaults == {"": {}}


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"key_id": "1", "key": "not base64!"},
        {"key_id": "1", "key": base64.b64encode(b"short").decode()},
        {"key_id": "", "key": base64.b64encode(bytes(32)).decode()},
    ],
)
def test_without_a_key_nothing_is_sent(answer: dict[str, str]) -> None:
    asked: list[str] = []

    def github(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(200, json=answer)

    transport = httpx.MockTransport(github)
    with closing(Client(HOME, Secret(TOKEN), transport=transport)) as client:
        with pytest.raises(Unreachable, match="without a key"):
            GitHubSecrets(client.client, HOME, "").put("TOKEN", Secret("words"))
        assert asked == ["GET"]


def test_a_lost_answer_is_told_and_putting_it_again_does_no_harm() -> None:
    key = {"key_id": "1", "key": base64.b64encode(bytes(31) + b"\x09").decode()}

    def github(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json=key)
        raise httpx.ReadTimeout("no answer")

    transport = httpx.MockTransport(github)
    with closing(Client(HOME, Secret(TOKEN), transport=transport)) as client:
        secrets = GitHubSecrets(client.client, HOME, "")
        with pytest.raises(OutcomeUnknown) as raised:
            secrets.put("TOKEN", Secret("some-secret-words"))
    assert "some-secret-words" not in str(raised.value)
