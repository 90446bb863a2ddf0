"""What a repository says about itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from smmflow.errors import ConfigurationError, StateError, UsageError
from smmflow.repository import Repository
from smmflow.repository.plumbing import Answer, Plumbing
from tests.repository.conftest import Clone, git


def test_a_folder_outside_any_repository_is_a_mistake_with_a_way_out(
    tmp_path: Path,
) -> None:
    with pytest.raises(ConfigurationError, match="not in a git repository") as caught:
        Repository(tmp_path)
    assert "git init" in caught.value.hint


def test_without_git_the_words_say_what_to_install(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from smmflow.errors import ConfigurationError, StateError
from smmflow.repository import Repository
from smmflow.repository.plumbing import Answer, Plumbing
try:
    Repository(Path(sys.argv[1]))
except ConfigurationError as problem:
    print(problem, problem.hint)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": "/nowhere", "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert ran.stdout.startswith("git is not installed, or not on the PATH")


def test_importing_the_package_does_not_import_gitpython() -> None:
    script = "import smmflow.repository, sys; print('git' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert ran.stdout == "False\n"


def test_a_new_repository_has_no_head_and_no_remotes(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    repository = Repository(tmp_path)
    assert repository.head is None
    assert repository.remotes == ()


def test_a_workspace_below_the_top_belongs_to_the_repository(clone: Clone) -> None:
    below = clone.path / "marketing" / "تبلیغ"
    below.mkdir(parents=True)
    repository = Repository(below)
    assert repository.head == clone.git("rev-parse", "HEAD").strip()
    assert repository.remotes == ("origin",)


def test_a_hooks_git_dir_does_not_lead_elsewhere(
    clone: Clone, lonely: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(lonely.path / ".git"))
    assert Repository(clone.path).remotes == ("origin",)


def test_a_remote_with_a_relative_url_is_found_from_a_folder_below(
    clone: Clone, bare: Path
) -> None:
    clone.git("remote", "set-url", "origin", f"../{bare.name}")
    below = clone.path / "below"
    below.mkdir()
    branch = Clone(below).branch()
    branch.update("First", lambda _view: {"a": b"1"})
    assert git(bare, "show", "smmflow-state:a") == "1"


def test_a_linked_work_tree_shares_the_state(clone: Clone, tmp_path: Path) -> None:
    clone.git("worktree", "add", "--quiet", str(tmp_path / "linked"), "-b", "topic")
    linked = Clone(tmp_path / "linked").branch()
    linked.update("First", lambda _view: {"a": b"1"})
    assert clone.branch().read("a") == b"1"


def test_a_repository_that_this_git_does_not_understand_is_said_to_be_so(
    clone: Clone,
) -> None:
    clone.git("config", "core.repositoryFormatVersion", "1")
    clone.git("config", "extensions.fromTheFuture", "true")
    with pytest.raises(
        ConfigurationError, match=r"git can't work in .*: fromthefuture"
    ):
        Repository(clone.path)


def test_an_empty_remote_keeps_the_state_on_this_machine(
    clone: Clone, bare: Path
) -> None:
    clone.branch(remote="").update("First", lambda _view: {"a": b"1"})
    assert clone.git("show", "smmflow-state:a") == "1"
    assert git(bare, "for-each-ref") == ""


def test_words_for_people_hold_no_credentials_and_say_when_the_disk_is_full(
    clone: Clone,
) -> None:
    plumbing = Plumbing(clone.path / ".git", clone.path)
    answer = plumbing.run("fetch", "https://sara:s3cret@127.0.0.1:1/x.git")
    assert "s3cret" not in answer.words
    assert "127.0.0.1" in answer.error("it failed").message
    full = Answer(128, b"", "fatal: write error: No space left on device\n")
    assert "make room on the disk" in full.error("it failed").hint
    assert Answer(-9, b"", "").error("it failed").message == (
        "it failed: git was ended by SIGKILL"
    )
    with pytest.raises(StateError, match="git rev-parse failed"):
        plumbing.must("rev-parse", "--verify", "nothing")


def test_a_folder_that_is_not_there_yet_becomes_a_repository(tmp_path: Path) -> None:
    made = Repository.at(tmp_path / "deep" / "news")
    assert made.top == tmp_path / "deep" / "news"
    assert (made.head, made.main_branch) == (None, "main")
    assert Repository.at(tmp_path / "deep" / "news").top == made.top


def test_a_folder_within_a_repository_does_not_get_one_of_its_own(
    tmp_path: Path,
) -> None:
    git(tmp_path, "init", "-q")
    with pytest.raises(UsageError, match="at the top of a repository"):
        Repository.at(tmp_path / "news")
    assert not (tmp_path / "news").exists()


def test_the_main_branch_is_the_remotes_else_the_usual_one_else_the_current(
    tmp_path: Path,
) -> None:
    git(tmp_path, "init", "-q", "-b", "trunk")
    assert Repository(tmp_path).main_branch == "trunk"
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "First")
    git(tmp_path, "branch", "master")
    assert Repository(tmp_path).main_branch == "master"
    git(tmp_path, "update-ref", "refs/remotes/origin/next", "HEAD")
    origin = ("refs/remotes/origin/HEAD", "refs/remotes/origin/next")
    git(tmp_path, "symbolic-ref", *origin)
    assert Repository(tmp_path).main_branch == "next"
