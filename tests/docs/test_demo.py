"""`make demo` works in a fresh checkout, twice in a row, and leaves it clean."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import git

ROOT = Path(__file__).parents[2]
FILES = (".gitignore", "channels.yaml", "calendar.yaml", "strategy.md", "team.yaml")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """This repository's own workspace, not yet committed, with smmflow installed."""
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "content", folder / "content")
    (folder / "tools").mkdir()
    for name in (*FILES, "tools/demo.sh"):
        shutil.copy(ROOT / name, folder / name)
    (folder / ".git" / "info").mkdir(parents=True)
    # A link is no folder, so the pattern `.venv/` of .gitignore does not match it.
    (folder / ".git" / "info" / "exclude").write_text(".venv\n", encoding="utf-8")
    (folder / ".venv").symlink_to(sys.prefix)
    git(folder, "init", "-q", "-b", "main")
    return folder


def demo(checkout: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "tools/demo.sh"],
        cwd=checkout,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_the_demo_works_twice_in_a_row_and_leaves_the_checkout_clean(
    checkout: Path,
) -> None:
    git(checkout, "add", ".")
    git(checkout, "commit", "-q", "-m", "A checkout")
    for _ in range(2):
        done = demo(checkout)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "published  hello-smmflow on site" in done.stdout
        assert f"{checkout}/public/index.html" in done.stdout
        assert git(checkout, "status", "--porcelain") == ""
        assert git(checkout, "branch", "--format=%(refname:short)") == "main\n"
    page = checkout / "public" / "posts" / "سلام" / "index.html"
    assert 'lang="fa"' in page.read_text(encoding="utf-8")


def test_without_a_commit_the_demo_says_what_to_do(checkout: Path) -> None:
    done = demo(checkout)
    assert done.returncode == 2
    assert "no commit yet" in done.stderr
    assert "git commit" in done.stderr
