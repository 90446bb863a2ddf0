"""The state branch at a remote that is reached as a CI job reaches it: over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from smmflow.errors import StateError
from smmflow.repository import StateBranch
from smmflow.repository.plumbing import Plumbing
from tests.repository.conftest import Clone, git
from tests.servers.git_http import GitServer

MakeClone = Callable[[str, str], Clone]


def add(branch: StateBranch, path: str) -> None:
    branch.update(f"Add {path}", lambda _view: {path: b"1"})


def test_state_is_pushed_beside_a_protected_main(
    git_server: GitServer, make_clone: MakeClone
) -> None:
    remote = git_server.create_repository(protected=["main"], may_push=["owner"])
    owner = git_server.create_token("owner")
    job = git_server.create_token("job")
    clone = make_clone("job", remote.url_for(owner))
    clone.git("push", "--quiet", "origin", "main")
    clone.git("remote", "set-url", "origin", remote.url_for(job))
    main = git(remote.path, "rev-parse", "main")

    branch = clone.branch()
    branch.update("First", lambda _view: {"a": b"1"})

    assert git(remote.path, "show", "smmflow-state:a") == "1"
    assert git(remote.path, "rev-parse", "main") == main


def test_a_protected_state_branch_is_refused_at_once_with_the_remotes_words(
    git_server: GitServer, make_clone: MakeClone
) -> None:
    remote = git_server.create_repository(protected=["smmflow-state"])
    clone = make_clone("job", remote.url_for(git_server.create_token()))
    with pytest.raises(StateError, match="refuses pushes to smmflow-state") as caught:
        clone.branch().update("First", lambda _view: {"a": b"1"})
    assert "through a pull request" in caught.value.message
    assert "protected branch" in caught.value.hint


def test_a_token_that_may_only_read_is_refused_at_once_and_not_shown(
    git_server: GitServer, make_clone: MakeClone
) -> None:
    remote = git_server.create_repository()
    token = git_server.create_token(may_write=False)
    clone = make_clone("job", remote.url_for(token))
    with pytest.raises(StateError, match="403") as caught:
        clone.branch().update("First", lambda _view: {"a": b"1"})
    assert "allowed to push" in caught.value.hint
    assert token.secret not in caught.value.message


def test_without_credentials_nobody_is_asked_for_a_password(
    git_server: GitServer, make_clone: MakeClone
) -> None:
    remote = git_server.create_repository()
    clone = make_clone("job", remote.url)
    with pytest.raises(StateError, match="terminal prompts disabled"):
        clone.branch().fetch()


def test_a_push_that_is_overtaken_on_the_way_is_made_again(
    git_server: GitServer, make_clone: MakeClone
) -> None:
    remote = git_server.create_repository()
    url = remote.url_for(git_server.create_token())
    ours, theirs = make_clone("ours", url).branch(), make_clone("theirs", url).branch()
    for name in ("1", "2", "3"):
        git_server.before_next_push(partial(add, theirs, f"theirs/{name}"))
        add(ours, f"ours/{name}")
    ours.fetch()
    assert len(ours.read_all()) == 6


def test_a_remote_that_says_nothing_is_given_up(clone: Clone, tmp_path: Path) -> None:
    silent = tmp_path / "silent-ssh"
    silent.write_text("#!/bin/sh\nsleep 60\n")
    silent.chmod(0o755)
    clone.git("config", "core.sshCommand", str(silent))
    clone.git("remote", "set-url", "origin", "ssh://git@silent.example/x.git")
    plumbing = Plumbing(clone.path / ".git", clone.path, timeout=0.5)
    with pytest.raises(StateError, match=r"git fetch gave no answer for 0\.5 seconds"):
        plumbing.run("fetch", "origin")


def test_a_run_that_is_alone_fetches_once_however_often_it_writes(
    git_server: GitServer, make_clone: MakeClone
) -> None:
    remote = git_server.create_repository()
    branch = make_clone("job", remote.url_for(git_server.create_token())).branch()
    add(branch, "first")
    before = git_server.traffic

    add(branch, "second")
    add(branch, "third")

    after = git_server.traffic
    assert (after.fetches, after.pushes) == (before.fetches, before.pushes + 2)
    assert branch.read_all() == {"first": b"1", "second": b"1", "third": b"1"}


def test_that_nothing_has_to_change_is_believed_of_a_fresh_view_only(
    git_server: GitServer, make_clone: MakeClone
) -> None:
    url = git_server.create_repository().url_for(git_server.create_token())
    ours, theirs = make_clone("ours", url).branch(), make_clone("theirs", url).branch()
    add(ours, "a")
    theirs.update("Take a away", lambda _view: {"a": None})

    landed = ours.update("Have a", lambda _view: {"a": b"1"})

    assert landed == {"a": b"1"}
    theirs.fetch()
    assert theirs.read("a") == b"1"
