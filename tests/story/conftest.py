"""The newsroom that the stories are about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.bluesky import Account, BlueskyNetwork
from tests.servers.git_http import GitServer
from tests.servers.github import GitHub
from tests.story.newsroom import Newsroom


@pytest.fixture
def newsroom(
    tmp_path: Path,
    git_server: GitServer,
    bluesky_network: BlueskyNetwork,
    bluesky_account: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Newsroom]:
    """A newsroom; all that was asked of its GitHub must fit GitHub's description."""
    for role in ("AUTHOR", "COMMITTER"):  # each commit says who made it
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "2")
    for number, (key, value) in enumerate(
        {"user.name": "Setup", "user.email": "setup@people.example"}.items()
    ):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    repository = git_server.create_repository(protected=["main"], may_push=["admin"])
    github = GitHub(repository.path).start()
    try:
        yield Newsroom(
            tmp_path, git_server, repository, github, bluesky_network, bluesky_account
        )
    finally:
        github.stop()
    assert github.bad == []
