"""The workflows that `smmflow init` writes, run by act on a protected main."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

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

    def clone(self, name: str) -> Path:
        """A new checkout; the step that writes issues would need GitHub itself."""
        return self.runner.clone(name, without="Tell whom it concerns")

    def state(self, path: str) -> Any:  # noqa: ANN401 - whatever JSON says
        """A file of the state branch as it is on the server."""
        return json.loads(git(self.repository.path, "show", f"{STATE}:{path}"))

    def history(self, *paths: str) -> list[str]:
        """The subjects of the commits that touched these paths, newest first."""
        if not git(self.repository.path, "branch", "--list", STATE):
            return []
        log = ("log", "--format=%s", STATE, "--", *paths)
        return git(self.repository.path, *log).splitlines()


@pytest.fixture
def project(tmp_path: Path, git_server: GitServer) -> Project:
    return Project(tmp_path, git_server)


def form(**answers: str) -> dict[str, object]:
    """What GitHub tells a workflow about a form that somebody sent."""
    blank = dict.fromkeys(("reason", "channel", "except", "until"), "")
    return {"inputs": {**blank, **answers}}


SCHEDULE = {"schedule": "7,22,37,52 * * * *"}


def test_a_pull_request_with_a_fault_fails_and_names_the_line(
    project: Project,
) -> None:
    clone = project.runner.clone("fork")
    base = git(clone, "rev-parse", "HEAD").strip()
    broken = POST.replace("channels: [site]", "channels: [myspace]")
    (clone / "content/posts/broken.md").write_text(broken, encoding="utf-8")
    proposal = {"pull_request": {"number": 7, "base": {"sha": base}}}
    run = project.runner.run(clone, "check", "pull_request", proposal)
    assert not run.succeeded
    assert "file=content/posts/broken.md,line=4" in run.log
    assert "broken.md" in run.summary
    assert project.history() == []


def test_a_scheduled_run_publishes_and_pushes_the_ledger_past_a_protected_main(
    project: Project,
) -> None:
    main = git(project.repository.path, "rev-parse", "main")
    run = project.runner.run(project.clone("a"), "publish", "schedule", SCHEDULE)
    assert run.succeeded, run.log
    assert "published  hello on site  https://example.org/posts/hello/" in run.output
    assert (
        project.state("ledger/hello/site.json")["publication"]["outcome"] == "published"
    )
    assert git(project.repository.path, "rev-parse", "main") == main


def test_what_was_published_is_on_the_pages_of_the_same_run(project: Project) -> None:
    clone = project.clone("a")
    first = project.runner.run(clone, "publish", "schedule", SCHEDULE)
    assert first.succeeded, first.log
    again = project.runner.run(project.clone("b"), "publish", "schedule", SCHEDULE)
    assert again.succeeded, again.log
    # The site is built by the run that changed the state, and not by the other.
    assert "files, " in first.output
    assert "0 published" in again.output
    assert "files, " not in again.output


def test_two_runs_at_once_publish_once(project: Project) -> None:
    clones = [project.clone(name) for name in ("a", "b")]
    started = [
        project.runner.start(each, "publish", "schedule", SCHEDULE) for each in clones
    ]
    runs = [project.runner.finish(each) for each in started]
    assert [run.succeeded for run in runs] == [True, True], runs[0].log + runs[1].log
    assert sum("published  hello on site" in run.output for run in runs) == 1
    claims = [line for line in project.history("ledger") if "claim" in line]
    assert len(claims) == 1


def test_the_token_is_neither_printed_nor_left_on_the_disk(project: Project) -> None:
    clone = project.clone("a")
    run = project.runner.run(clone, "publish", "schedule", SCHEDULE)
    assert run.succeeded, run.log
    secret = project.runner.token.secret
    assert secret not in run.log
    config = (clone / ".git" / "config").read_text(encoding="utf-8")
    assert secret not in config


@pytest.mark.parametrize("workflow", ["publish", "measure"])
def test_nothing_runs_on_another_branch_or_in_a_fork(
    project: Project, workflow: str
) -> None:
    branch = project.clone("a")
    git(branch, "checkout", "-q", "-b", "proposal")
    fork = {"repository": {"fork": True}}
    for clone, payload in ((branch, {}), (project.clone("b"), fork)):
        run = project.runner.run(clone, workflow, "workflow_dispatch", payload)
        assert run.succeeded, run.log
        assert "smmflow" not in run.output
    assert project.history() == []


def test_a_measurement_finds_nothing_due_on_a_site(project: Project) -> None:
    run = project.runner.run(project.clone("a"), "measure", "schedule")
    assert run.succeeded, run.log
    assert "nothing was due" in run.output


def test_the_form_freezes_and_lets_go_again(project: Project) -> None:
    answers = form(action="freeze", reason="An earthquake", channel="site")
    frozen = project.runner.run(
        project.clone("a"), "freeze", "workflow_dispatch", answers
    )
    assert frozen.succeeded, frozen.log
    assert "frozen: site, until `smmflow unfreeze`, by sara: An earth" in frozen.output
    held = project.runner.run(project.clone("b"), "publish", "schedule", SCHEDULE)
    assert held.succeeded, held.log
    assert "0 published, 0 not, 1 held" in held.output
    answers = form(action="unfreeze")
    freed = project.runner.run(
        project.clone("c"), "freeze", "workflow_dispatch", answers
    )
    assert freed.succeeded, freed.log
    assert "ended: An earthquake (by sara" in freed.output


@pytest.mark.parametrize(
    "reason",
    [
        '"; touch pwned; "',
        "$(touch pwned) `touch pwned` && touch pwned",
        "' || touch pwned #",
        "--owner=mallory",
        "${{ secrets.GITHUB_TOKEN }} $GITHUB_TOKEN",
        "زلزله در شمال؛ فعلاً هیچ چیز شاد",
    ],
)
def test_a_reason_is_words_and_never_commands(project: Project, reason: str) -> None:
    clone = project.clone("a")
    answers = form(action="freeze", reason=reason)
    run = project.runner.run(clone, "freeze", "workflow_dispatch", answers)
    assert run.succeeded, run.log
    (freeze,) = project.state("freeze.json")["freezes"]
    assert (freeze["reason"], freeze["owner"]) == (reason, "sara")
    assert not (clone / "pwned").exists()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("channel", "site; touch pwned"),
        ("channel", "--help"),
        ("except", "$(touch pwned)"),
        ("except", "*"),
        ("until", "2030-01-01 --owner=mallory"),
        ("action", "freeze; touch pwned"),
    ],
)
def test_other_answers_of_the_form_are_names_and_never_commands(
    project: Project, field: str, text: str
) -> None:
    clone = project.clone("a")
    answers = form(**{"action": "freeze", "reason": "No", field: text})
    project.runner.run(clone, "freeze", "workflow_dispatch", answers)
    assert project.history() == []
    assert not (clone / "pwned").exists()
