from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.terminal import CHANNELS, git, make_workspace, smmflow

POST = """\
---
title: Mine
publish_at: 2026-01-05 09:00
---
Words.
"""


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


@pytest.mark.parametrize("locale", ["en", "fa"])
def test_a_new_workspace_passes_check_and_says_three_next_steps(
    tmp_path: Path, locale: str
) -> None:
    run = smmflow(tmp_path, "init", "news", "--locale", locale, "--title", "خبر")
    assert (run.returncode, run.stderr) == (0, "")
    steps = run.stdout.partition("\n\n")[2].splitlines()
    assert [line[:2] for line in steps[1:]] == ["1.", "2.", "3."]
    checked = smmflow(tmp_path / "news", "check", "--strict")
    assert checked.stdout == "1 post checked: no fault found\n"
    assert (tmp_path / "news/.github/workflows/publish.yml").is_file()


def test_it_makes_a_repository_whose_first_branch_is_main(tmp_path: Path) -> None:
    assert smmflow(tmp_path, "init", "news").returncode == 0
    assert git(tmp_path / "news", "symbolic-ref", "HEAD") == "refs/heads/main\n"
    git(tmp_path / "news", "add", ".")
    git(tmp_path / "news", "commit", "-q", "-m", "A workspace")
    assert smmflow(tmp_path / "news", "publish", "--yes").returncode == 0
    assert git(tmp_path / "news", "status", "--short") == ""


def test_the_folder_in_which_it_runs_can_be_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "our-news").mkdir()
    assert smmflow(tmp_path / "our-news", "init").returncode == 0
    text = (tmp_path / "our-news/channels.yaml").read_text(encoding="utf-8")
    assert "title: our-news\n" in text


def test_a_second_time_it_changes_nothing_and_says_so(tmp_path: Path) -> None:
    assert smmflow(tmp_path, "init", "news").returncode == 0
    before = contents(tmp_path / "news")
    run = smmflow(tmp_path, "init", "news", "--title", "Another", "--locale", "fa")
    assert run.returncode == 0
    assert "left  .github/workflows/publish.yml: it is there already" in run.stdout
    assert "new " not in run.stdout
    assert contents(tmp_path / "news") == before


def test_in_a_repository_of_code_it_adds_what_is_missing(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "trunk")
    mine = {"README.md": "mine", ".gitignore": "*.o\n", "requirements.txt": "flask\n"}
    for name, text in mine.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    run = smmflow(tmp_path, "init", ".")
    assert run.returncode == 0
    assert "left  README.md: it is there already" in run.stdout
    assert "see that it has the lines `.smmflow/`" in run.stdout
    for name, text in mine.items():
        assert (tmp_path / name).read_text(encoding="utf-8") == text
    publish = (tmp_path / ".github/workflows/publish.yml").read_text(encoding="utf-8")
    assert 'branches: ["trunk"]' in publish
    assert smmflow(tmp_path, "check").returncode == 0


def test_a_workspace_gets_the_workflows_and_keeps_its_settings(tmp_path: Path) -> None:
    channels = CHANNELS + (
        "  m: {network: mastodon, instance: 'https://mastodon.social', handle: x,\n"
        "      secrets: {token: OUR_TOKEN}}\nstate: {branch: memory}\n"
    )
    files = {"channels.yaml": channels, "content/posts/mine.md": POST}
    folder = make_workspace(tmp_path / "news", files)
    before = contents(folder)
    run = smmflow(tmp_path, "init", "news")
    assert run.returncode == 0
    after = contents(folder)
    assert {path: after[path] for path in before} == before
    assert {path.partition("/")[0] for path in after.keys() - before.keys()} == {
        ".github",
        ".gitignore",
    }
    publish = after[".github/workflows/publish.yml"].decode()
    assert "OUR_TOKEN: ${{ secrets.OUR_TOKEN }}" in publish
    assert "BLUESKY" not in publish
    assert "refs/remotes/origin/memory" in publish
    assert "hello.md" not in run.stdout


def test_a_file_is_no_place_for_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "news").write_text("precious")
    for name in ("news", "news/inside"):
        run = smmflow(tmp_path, "init", name)
        assert (run.returncode, run.stdout) == (2, "")
        assert "news is a file" in run.stderr
    assert (tmp_path / "news").read_text() == "precious"


def test_a_workspace_inside_another_is_refused(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    before = contents(tmp_path)
    for name in ("inner", "content/posts"):
        run = smmflow(tmp_path, "init", name)
        assert (run.returncode, run.stdout) == (2, "")
        assert f"lies in the workspace {tmp_path}" in run.stderr
    assert contents(tmp_path) == before


def test_a_folder_below_the_top_of_a_repository_is_refused(tmp_path: Path) -> None:
    """GitHub would never see its workflows."""
    git(tmp_path, "init", "-q")
    run = smmflow(tmp_path, "init", "social")
    assert (run.returncode, run.stdout) == (2, "")
    assert "at the top of a repository" in run.stderr
    assert "git init" in run.stderr
    assert not (tmp_path / "social").exists()


def test_a_bare_repository_and_the_inside_of_one_are_refused(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "bare.git")
    git(tmp_path, "init", "-q", "code")
    before = contents(tmp_path)
    for name in ("bare.git", "code/.git"):
        run = smmflow(tmp_path, "init", name)
        assert (run.returncode, run.stdout) == (2, "")
        assert "hint: " in run.stderr
    assert contents(tmp_path) == before


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="only Linux has /proc")
def test_a_place_that_takes_no_folder_is_named(tmp_path: Path) -> None:
    run = smmflow(tmp_path, "init", "/proc/news")
    assert (run.returncode, run.stdout) == (2, "")
    assert "/proc/news" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    run = smmflow(tmp_path, "init", "locked/news")
    assert (run.returncode, run.stdout) == (2, "")
    assert "locked" in run.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--timezone", "Mars"), "there is no time zone Mars"),
        (("--title", " "), "a workspace needs a title"),
        (("--github", "x"), "x is no repository of GitHub"),
        (("--locale", "xx"), "'xx' is not one of"),
    ],
)
def test_what_can_not_be_meant_is_refused_and_nothing_made(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    run = smmflow(tmp_path, "init", "news", *arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert words in run.stderr
    assert not (tmp_path / "news").exists()
