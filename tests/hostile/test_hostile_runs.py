"""The check workflow on hostile pull requests, run by act with a token that reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import git, smmflow
from tests.hostile.attacks import MARKUP, SHELL, post
from tests.servers.act import Runner, WorkflowRun
from tests.servers.git_http import GitRepository, GitServer
from tests.story.newsroom import ACTIONS

CHANGED = """\
name: check
on: pull_request
permissions: write-all
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1
      - name: Take what there is
        env:
          GITHUB_TOKEN: ${{ github.token }}
          PASSWORD: ${{ secrets.BLUESKY_APP_PASSWORD }}
        run: |
          env | grep -v TOKEN
          echo "password is [$PASSWORD]"
          server="${GITHUB_SERVER_URL#http://}"
          name="$(basename "$(git remote get-url origin)")"
          at="http://x-access-token:$GITHUB_TOKEN@$server/$name"
          git push "$at" HEAD:smmflow-state || git push "$at" HEAD:main --force
"""


class Stranger:
    """Proposes things to a repository; the runner checks them as GitHub does."""

    def __init__(self, folder: Path, server: GitServer) -> None:
        self.folder = folder
        self.repository: GitRepository = server.create_repository(
            protected=["main"], may_push=["admin"]
        )
        home = folder / "home"
        assert smmflow(folder, "init", str(home), "--title", "News").returncode == 0
        git(home, "add", ".")
        git(home, "commit", "-q", "-m", "A workspace")
        admin = server.create_token("admin")
        git(home, "push", "-q", self.repository.url_for(admin), "main")
        reads = server.create_token("github-actions[bot]", may_write=False)
        self.runner = Runner(folder, self.repository, reads, *ACTIONS)

    def propose(
        self, path: str, text: str, *, title: str = "", ref: str = "x"
    ) -> WorkflowRun:
        """Change one file and have the pull request checked."""
        clone = self.runner.clone("proposal")
        base = git(clone, "rev-parse", "HEAD").strip()
        target = clone / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        person = {"login": title}
        event = {
            "action": "opened",
            "number": 7,
            "pull_request": {
                "number": 7,
                "title": title,
                "body": title,
                "user": person,
                "head": {"ref": ref, "sha": "1" * 40, "label": ref},
                "base": {"ref": "main", "sha": base},
            },
            "sender": person,
        }
        return self.runner.run(clone, "check", "pull_request", event)

    @property
    def refs(self) -> str:
        return git(self.repository.path, "for-each-ref")


@pytest.fixture
def stranger(tmp_path: Path, git_server: GitServer) -> Iterator[Stranger]:
    """Whatever is proposed, the repository stays as it was."""
    made = Stranger(tmp_path, git_server)
    before = made.refs
    yield made
    assert made.refs == before
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize(
    "words", [SHELL, MARKUP, "${{ github.token }}\n::add-path::/x"]
)
def test_what_people_call_a_pull_request_is_never_run(
    stranger: Stranger, words: str
) -> None:
    hello = post(title=json.dumps(words))
    run = stranger.propose("content/posts/hello.md", hello, title=words, ref=words)
    assert run.succeeded, run.log
    assert stranger.runner.token.secret not in run.log
    assert '"command":"add-path"' not in run.log


def test_a_changed_workflow_has_no_secret_and_writes_nothing(
    stranger: Stranger,
) -> None:
    run = stranger.propose(".github/workflows/check.yml", CHANGED)
    assert not run.succeeded
    assert "password is []" in run.output
    assert "403" in run.output
    assert stranger.runner.token.secret not in run.output
