"""Real repositories: a user's clone with work of all kinds in it, and its remote."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smmflow.clock import FixedClock
from smmflow.repository import Repository, StateBranch

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def git(folder: Path, *arguments: str) -> str:
    ran = subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return ran.stdout


@dataclass(frozen=True)
class Clone:
    """A user's clone."""

    path: Path

    def git(self, *arguments: str) -> str:
        return git(self.path, *arguments)

    def branch(
        self, remote: str = "origin", clock: FixedClock | None = None
    ) -> StateBranch:
        return Repository(self.path).state_branch(
            "smmflow-state", remote, clock or FixedClock(NOON)
        )

    def user_work(self) -> tuple[object, ...]:
        """Everything of the user's that smmflow must leave alone."""
        files = {
            file.relative_to(self.path): file.read_bytes()
            for file in self.path.rglob("*")
            if file.is_file() and ".git" not in file.parts
        }
        dot_git = self.path / ".git"
        kept = [dot_git / name for name in ("HEAD", "index", "config", "ORIG_HEAD")]
        contents = {file.name: file.read_bytes() for file in kept if file.exists()}
        return (
            files,
            contents,
            self.git("stash", "list"),
            self.git("rev-parse", "main"),
            self.git("status", "--porcelain"),
            (dot_git / "FETCH_HEAD").exists(),
        )


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    path = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(path))
    return path


@pytest.fixture
def make_clone(tmp_path: Path) -> Callable[[str, str], Clone]:
    """Make a clone of a URL; an empty URL makes a repository without a remote."""

    def make(name: str, url: str) -> Clone:
        path = tmp_path / name
        path.mkdir()
        clone = Clone(path)
        clone.git("init", "--quiet", "--initial-branch=main")
        (path / "channels.yaml").write_text("title: گل\n", encoding="utf-8")
        clone.git("add", ".")
        clone.git("commit", "--quiet", "--message=The workspace")
        if url:
            clone.git("remote", "add", "origin", url)
        return clone

    return make


@pytest.fixture
def clone(make_clone: Callable[[str, str], Clone], bare: Path) -> Clone:
    return make_clone("clone", str(bare))


@pytest.fixture
def lonely(make_clone: Callable[[str, str], Clone]) -> Clone:
    """A repository without a remote."""
    return make_clone("lonely", "")
