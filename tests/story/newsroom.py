"""A newsroom on GitHub: its repository, its people and their forks, its robot.

Git goes over HTTP to a server whose main takes no pushes; pull requests, reviews and
issues are the fake's, which holds every request against GitHub's own description;
workflows are run by act; the channel is an account on a real Bluesky network.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from smmflow.scaffolding import Automation, automation
from tests.cli.terminal import git, smmflow
from tests.servers.act import Runner, WorkflowRun
from tests.servers.bluesky import Account, BlueskyNetwork
from tests.servers.git_http import GitRepository, GitServer
from tests.servers.github import NAME, OWNER, GitHub, Proposal
from tests.servers.github_desk import ROBOT

STATE = "smmflow-state"
SECRET = "BLUESKY_APP_PASSWORD"
ACTIONS = sorted(
    {
        action
        for content in automation(Automation()).values()
        for action in re.findall(r"uses: ([\w-]+/[\w-]+@\w+)", content.decode())
    }
)
TEAM = """\
approvals: forge
people:
  sara: {name: Sara, github: sara, roles: [editor]}
  omid: {name: Omid, github: omid, roles: [editor]}
  mina: {name: Mina, github: mina, roles: [writer]}
rules:
  - {approve: [editor], paths: ["content/**"]}
"""
SCHEDULE = {"schedule": "7,22,37,52 * * * *"}


def channels(network: BlueskyNetwork, account: Account) -> str:
    """The newsroom's accounts: one on a real network, and a site for the report."""
    return f"""\
title: News
language: en
channels:
  sky:
    network: bluesky
    handle: {account.handle}
    service: {network.url}
    secrets: {{password: {SECRET}}}
  site: {{network: site, url: https://news.example}}
"""


def written(due: datetime, text: str, title: str = "Hello") -> str:
    """A post's file."""
    return (
        f"---\ntitle: {title}\npublish_at: {due.astimezone(UTC):%Y-%m-%d %H:%M:%S}\n"
        f"channels: [sky]\n---\n{text}\n"
    )


def a_minute_ago() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)


class Newsroom:
    """Founded when made: the team is approved, and no post is there yet."""

    def __init__(
        self,
        folder: Path,
        server: GitServer,
        repository: GitRepository,
        github: GitHub,
        network: BlueskyNetwork,
        account: Account,
    ) -> None:
        self.folder = folder
        self.server = server
        self.repository = repository
        self.github = github
        self.account = account
        self._robot = server.create_token(ROBOT)
        github.accounts[self._robot.secret] = ROBOT
        self.runner = Runner(
            folder,
            repository,
            self._robot,
            *ACTIONS,
            variables={
                "GITHUB_API_URL": github.url,
                "GITHUB_REPOSITORY": f"{OWNER}/{NAME}",
            },
        )
        self._forks: dict[str, GitRepository] = {}
        self._found(channels(network, account))

    def _found(self, accounts: str) -> None:
        home = self.folder / "home"
        home.mkdir()
        (home / "channels.yaml").write_text(accounts, encoding="utf-8")
        (home / "calendar.yaml").write_text("timezone: UTC\n", encoding="utf-8")
        made = smmflow(home, "init", ".", "--title", "News")
        assert made.returncode == 0, made.stderr
        git(home, "add", ".")
        git(home, "commit", "-q", "-m", "A workspace")
        admin = self.repository.url_for(self.server.create_token("admin"))
        git(home, "push", "-q", admin, "HEAD:refs/heads/main")
        # Whoever changes either decides what may go out, so they are approved, too.
        accounts = (home / "channels.yaml").read_text(encoding="utf-8")
        rules = {"team.yaml": TEAM, "channels.yaml": f"# Ours.\n{accounts}"}
        team = self.propose(rules, by="sara", branch="team")
        self.github.review(team, "omid")
        self.github.merge(team)

    # People

    def fork_of(self, person: str) -> Path:
        """A person's clone of their own fork, at the newest main."""
        clone = self.folder / f"clone-of-{person}"
        if person not in self._forks:
            self._forks[person] = self.server.create_repository()
            token = self.server.create_token(person)
            git(self.folder, "clone", "-q", self.repository.url_for(token), str(clone))
            git(clone, "remote", "add", "fork", self._forks[person].url_for(token))
        git(clone, "fetch", "-q", "origin", "main")
        return clone

    def propose(
        self, files: Mapping[str, str], by: str = "mina", branch: str = "post"
    ) -> Proposal:
        """Push a branch to the person's fork and open a pull request."""
        clone = self.fork_of(by)
        git(clone, "checkout", "-q", "-B", branch, "origin/main")
        self._push(clone, files, by, branch)
        return self.github.propose(branch, by, fork=self._forks[by].path)

    def push_more(self, proposal: Proposal, files: Mapping[str, str]) -> None:
        """Push another commit to a pull request."""
        by = proposal.author or ""
        clone = self.fork_of(by)
        git(clone, "checkout", "-q", proposal.branch)
        self._push(clone, files, by, proposal.branch)
        self.github.pushed(proposal.branch, by, self._forks[by].path)

    def push_past_review(self, files: Mapping[str, str], by: str = "admin") -> None:
        """Push to main, as only an administrator can."""
        clone = self.fork_of(by)
        git(clone, "checkout", "-q", "-B", "main", "origin/main")
        self._commit(clone, files, by)
        git(clone, "push", "-q", "origin", "main")
        self.github.pushed("main", by)

    def may_push_to_main(self, person: str) -> bool:
        clone = self.fork_of(person)
        push = ["git", "push", "-q", "origin", "HEAD:main"]
        return subprocess.run(push, cwd=clone, check=False).returncode == 0

    def _push(
        self, clone: Path, files: Mapping[str, str], by: str, branch: str
    ) -> None:
        self._commit(clone, files, by)
        git(clone, "push", "-q", "fork", f"HEAD:refs/heads/{branch}")

    def _commit(self, clone: Path, files: Mapping[str, str], by: str) -> None:
        for path, text in files.items():
            target = clone / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        who = ("-c", f"user.name={by.title()}", "-c", f"user.email={by}@people.example")
        git(clone, "add", "-A")
        git(clone, *who, "commit", "-q", "-m", "Change")

    # The robot

    def clone(self, name: str) -> Path:
        """A job's checkout of main."""
        return self.runner.clone(name)

    def check(self, proposal: Proposal, name: str) -> WorkflowRun:
        """Check a pull request as GitHub does: merged with main, without secrets."""
        clone = self.runner.clone(name)
        base = git(clone, "rev-parse", "HEAD").strip()
        git(clone, "fetch", "-q", str(self.repository.path), proposal.head)
        git(clone, "merge", "-q", "--no-edit", "FETCH_HEAD")
        event = {
            "action": "opened",
            "number": proposal.number,
            "pull_request": {
                "number": proposal.number,
                "base": {"sha": base, "ref": "main"},
                "head": {"sha": proposal.head, "ref": proposal.branch},
            },
        }
        return self.runner.run(clone, "check", "pull_request", event)

    def comment(self, proposal: Proposal, name: str) -> WorkflowRun:
        """What follows a check: main's code, with what the check has left."""
        event = {
            "workflow_run": {
                "id": 1,
                "event": "pull_request",
                "conclusion": "success",
                "head_sha": proposal.head,
                "head_branch": proposal.branch,
                "head_repository": {"full_name": f"{proposal.author}/{NAME}"},
            }
        }
        clone = self.clone(name)
        return self.runner.run(clone, "comment", "workflow_run", event)

    def publish(self, name: str) -> WorkflowRun:
        """The scheduled job, from a checkout of its own to its end."""
        return self.run("publish", name)

    def start_publishing(self, name: str) -> subprocess.Popen[str]:
        """The scheduled job, started."""
        clone = self.clone(name)
        return self.runner.start(clone, "publish", "schedule", SCHEDULE, self.secrets)

    def run(self, workflow: str, name: str) -> WorkflowRun:
        """A scheduled workflow, from a checkout of its own to its end."""
        clone = self.clone(name)
        return self.runner.run(clone, workflow, "schedule", SCHEDULE, self.secrets)

    @property
    def secrets(self) -> dict[str, str]:
        """What the environment `smmflow` keeps for jobs on main."""
        return {SECRET: self.account.password}

    # What is left of it

    def ledger(self, post: str) -> Any:  # noqa: ANN401 - whatever JSON says
        """What the server's state branch says of a post."""
        path = f"{STATE}:ledger/{post}/sky.json"
        return json.loads(git(self.repository.path, "show", path))["publication"]

    def state_files(self, prefix: str) -> list[str]:
        """The files below a folder of the server's state branch."""
        tree = ("ls-tree", "-r", "--name-only", STATE, prefix)
        return git(self.repository.path, *tree).split()
