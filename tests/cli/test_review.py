from __future__ import annotations

import json
from pathlib import Path

import pytest

from smmflow.reviewing import decode_review
from tests.cli.terminal import git, make_workspace, smmflow

LAUNCH = "content/posts/launch.md"
POST = """\
---
title: شروع
publish_at: 2030-12-24 09:00
channels: [site]
---
"""


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A workspace on a branch that changes one post and adds another."""
    folder = make_workspace(tmp_path)
    write(folder, ".gitignore", ".smmflow/\n")
    write(folder, LAUNCH, POST + "نسخهٔ ۲ می‌آید\n")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=Start")
    git(folder, "checkout", "--quiet", "-b", "change")
    write(folder, LAUNCH, POST + "نسخهٔ ۳ می‌آید\n")
    write(folder, "content/posts/new.md", POST.replace("شروع", "New") + "@octocat\n")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=Change")
    return folder


def write(folder: Path, path: str, text: str) -> None:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def test_a_branch_is_told_as_a_comment(work: Path) -> None:
    ran = smmflow(work, "review")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "### smmflow: 2 posts (1 new, 1 edited)" in ran.stdout
    assert "نسخهٔ <del>۲</del> <ins>۳</ins> می‌آید" in ran.stdout
    assert "Tue 2030-12-24 09:00" in ran.stdout
    assert "@octocat" not in ran.stdout


def test_work_that_is_not_committed_counts(work: Path) -> None:
    (work / LAUNCH).unlink()
    ran = smmflow(work, "review", "--base", "HEAD")
    assert "### smmflow: 1 post (1 removed)" in ran.stdout


def test_what_others_merged_meanwhile_is_not_told(work: Path) -> None:
    git(work, "checkout", "--quiet", "main")
    write(work, "content/posts/other.md", POST + "Other\n")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message=Other")
    git(work, "checkout", "--quiet", "change")
    assert "other" not in smmflow(work, "review").stdout


def test_the_file_holds_the_same_review(work: Path, tmp_path: Path) -> None:
    file = tmp_path / "review.json"
    ran = smmflow(work, "review", "--format", "json", "--output", str(file))
    assert (ran.returncode, ran.stdout) == (0, "")
    review = decode_review(file.read_bytes())
    assert {each.post: each.change for each in review.entries} == {
        "launch": "edited",
        "new": "new",
    }
    assert review.head == git(work, "rev-parse", "HEAD").strip()
    assert json.loads(file.read_bytes())["format"] == 1


def test_nothing_of_the_comparison_is_left_behind(work: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    ran = smmflow(work, "review", secrets={"TMPDIR": str(temporary)})
    assert ran.returncode == 0
    assert list(temporary.iterdir()) == []
    assert git(work, "status", "--porcelain") == ""


@pytest.mark.parametrize("name", ["absent", "--upload-pack=x", "main:channels.yaml"])
def test_a_base_that_is_none_is_refused_in_words(work: Path, name: str) -> None:
    ran = smmflow(work, "review", f"--base={name}")
    assert ran.returncode == 2
    assert "has no commit called" in ran.stderr
    assert "fetch it first" in ran.stderr


def test_a_folder_that_is_no_repository_has_nothing_to_compare(tmp_path: Path) -> None:
    write(tmp_path, "channels.yaml", "title: X\nchannels: {}\n")
    ran = smmflow(tmp_path, "review")
    assert ran.returncode == 2
    assert "not in a git repository" in ran.stderr


def test_a_file_that_cannot_be_written_is_an_error_in_words(work: Path) -> None:
    ran = smmflow(work, "review", "--output", "absent/review.md")
    assert ran.returncode == 2
    assert "can't be written" in ran.stderr
