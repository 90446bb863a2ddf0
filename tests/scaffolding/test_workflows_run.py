"""The workflows that `smmflow init` writes, run by act on a protected main."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from smmflow.scaffolding import Automation, automation
from tests.cli.terminal import git, smmflow
from tests.servers.act import Runner
from tests.servers.git_http import GitRepository, GitServer

STATE = "smmflow-state"
POST = """\
---
title: Hello
publish_at: 2026-01-05 09:00
channels: [site]
---
The first post.
"""
ACTIONS = sorted(
    {
        action
        for content in automation(Automation()).values()
        for action in re.findall(r"uses: ([\w-]+/[\w-]+@\w+)", content.decode())
    }
)


class Project:
    """A new workspace on a server whose main takes no pushes, and its runner."""

    def __init__(self, folder: Path, server: GitServer) -> None:
        self.repository: GitRepository = server.create_repository(
            protected=["main"], may_push=["admin"]
        )
        admin = self.repository.url_for(server.create_token("admin"))
        home = folder / "home-of-the-author"
        assert smmflow(folder, "init", str(home), "--title", "News").returncode == 0
        (home / "content/posts/hello.md").write_text(POST, encoding="utf-8")
        git(home, "add", ".")
        git(home, "commit", "-q", "-m", "A workspace")
        git(home, "push", "-q", admin, "main")
        robot = server.create_token("github-actions[bot]")
        self.runner = Runner(folder, self.repository, robot, *ACTIONS)

    def state(self, path: str) -> dict[str, object]:
        """A file of the state branch as it is on the server."""
        found = json.loads(git(self.repository.path, "show", f"{STATE}:{path}"))
        assert isinstance(found, dict)
        return found

    def history(self, *paths: str) -> list[str]:
        """The subjects of the commits that touched these paths, newest first."""
        log = ("log", "--format=%s", STATE, "--", *paths)
        return git(self.repository.path, *log).splitlines()


@pytest.fixture
def project(tmp_path: Path, git_server: GitServer) -> Project:
    return Project(tmp_path, git_server)
