"""Clones of one workspace whose posts are due, and runs of the real command in them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.cli.terminal import git
from tests.servers.bluesky import Account, BlueskyNetwork, Json
from tests.servers.git_http import GitRepository, GitServer

__all__ = ["STATE", "Crowd", "Finished", "Job", "text"]

STATE = "refs/heads/smmflow-state"
_GAP = timedelta(minutes=20)
"""More than the rules about posts close together have anything to say about."""


@dataclass(frozen=True)
class Finished:
    """How a run of the command ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Job:
    """What there is to do: posts due on one account, and where the state is kept."""

    network: BlueskyNetwork
    account: Account
    remote: GitRepository
    url: str
    posts: int

    @classmethod
    def make(
        cls, folder: Path, server: GitServer, network: BlueskyNetwork, name: str, n: int
    ) -> Job:
        """Write a workspace of `n` plain posts and push it to a remote of its own."""
        account = network.create_account(name)
        remote = server.create_repository(protected=["main"], may_push=["author"])
        job = cls(
            network, account, remote, remote.url_for(server.create_token("author")), n
        )
        posts = folder / "content" / "posts"
        posts.mkdir(parents=True)
        (folder / "channels.yaml").write_text(_channels(network, account))
        (folder / "calendar.yaml").write_text("timezone: UTC\n")
        (folder / ".gitignore").write_text(".smmflow/\n")
        last = datetime.now(UTC) - _GAP
        for number in range(n):
            at = last - _GAP * (n - number)
            (posts / f"p{number:03}.md").write_text(_post(number, at), encoding="utf-8")
        git(folder, "init", "-q", "-b", "main")
        git(folder, "config", "user.name", "Author")
        git(folder, "config", "user.email", "author@example.com")
        git(folder, "add", ".")
        git(folder, "commit", "-q", "-m", "Posts")
        git(folder, "push", "-q", job.url, "main")
        return job

    def clone(self, folder: Path) -> Path:
        """A clone on a machine that has not run smmflow before."""
        git(folder.parent, "clone", "-q", self.url, folder.name)
        return folder

    def start(self, folder: Path) -> subprocess.Popen[str]:
        """Begin `smmflow publish` in a clone."""
        return subprocess.Popen(
            [sys.executable, "-m", "smmflow", "publish", "--allow-many"],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONUTF8": "1",
                "SKY_PASSWORD": self.account.password,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def live(self) -> tuple[str, ...]:
        """The texts of the account's posts, as its own server lists them."""
        return tuple(each["value"]["text"] for each in self.records())

    def records(self) -> list[Json]:
        """The account's posts, newest first."""
        records: list[Json] = []
        page: dict[str, str | int] = {"limit": 100}
        while True:
            listed = self.network.query(
                "com.atproto.repo.listRecords",
                {"repo": self.account.did, "collection": "app.bsky.feed.post", **page},
            )
            records += listed["records"]
            if "cursor" not in listed:
                return records
            page["cursor"] = listed["cursor"]

    def commits(self) -> int:
        """How many commits the state has at the remote."""
        return int(git(self.remote.path, "rev-list", "--count", STATE))


@dataclass(frozen=True)
class Crowd:
    """Several publishers at once, each in a clone of its own."""

    job: Job
    clones: Sequence[Path]

    def publish(self) -> tuple[tuple[Finished, ...], float]:
        """Run them all to their ends; how they ended, and after how many seconds."""
        began = time.perf_counter()
        runs = [self.job.start(clone) for clone in self.clones]
        words = [run.communicate(timeout=240) for run in runs]
        took = time.perf_counter() - began
        ended = zip(runs, words, strict=True)
        return tuple(Finished(run.returncode, *said) for run, said in ended), took


def text(number: int) -> str:
    """What a post says: nothing that any network has to look up."""
    return f"Number {number}: the calendar is a branch."


def _channels(network: BlueskyNetwork, account: Account) -> str:
    return f"""\
title: Load
description: Many posts, due at once.
language: en
channels:
  sky:
    network: bluesky
    handle: {account.handle}
    service: {network.url}
    max_lateness: 365d
    secrets: {{password: SKY_PASSWORD}}
"""


def _post(number: int, at: datetime) -> str:
    return f"""\
---
title: Number {number}
publish_at: {at:%Y-%m-%d %H:%M}
channels: [sky]
language: en
---
{text(number)}
"""
