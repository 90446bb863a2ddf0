"""A company: its repository, its GitHub, and the clone that publishes.

`found(github, folder)` makes one whose team was approved, and nothing else yet.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from smmflow import memory, proofs, workflow
from smmflow.clock import SystemClock
from smmflow.credentials import environment
from smmflow.model.approval import Approved, Missing, Unknown, Verdict
from tests.servers.github import GitHub, Proposal

TEAM = """\
approvals: forge
people:
  sara: {name: Sara, github: sara, roles: [editor]}
  omid: {name: Omid, github: omid, roles: [editor]}
  mina: {name: Mina, github: mina, roles: [writer]}
  lena: {name: Lena, github: lena, roles: [lawyer]}
rules:
  - {approve: [editor], paths: ["content/**"]}
  - {approve: [lawyer], risk: [high]}
"""
CHANNELS = """\
title: Company
language: en
channels:
  site: {network: site, url: https://example.org, max_lateness: 3650d}
"""
FILES = {
    "channels.yaml": CHANNELS,
    "calendar.yaml": "timezone: Asia/Tehran\n",
    "content/templates/footer.md": "---\ntitle: Footer\n---\nSee you.\n",
}
POST = """\
---
title: Launch
publish_at: 2026-11-01 09:00
channels: [site]
---
We are here.
"""
LAUNCH = "content/posts/launch.md"


@dataclass
class Company:
    """People who change files through GitHub."""

    github: GitHub
    folder: Path
    """The clone that publishes."""

    def git(self, *arguments: str, by: str = "setup") -> str:
        who = ["-c", f"user.name={by.title()}", "-c", f"user.email={by}@people.example"]
        ran = subprocess.run(
            ["git", *who, *arguments],
            cwd=self.folder,
            check=True,
            capture_output=True,
            text=True,
        )
        return ran.stdout.strip()

    def write(self, files: Mapping[str, str | None]) -> None:
        for path, text in files.items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                target.unlink()
            else:
                target.write_text(text, encoding="utf-8")

    def commit(self, files: Mapping[str, str | None], by: str) -> None:
        self.write(files)
        self.git("add", "--all", by=by)
        self.git("commit", "--quiet", "--message=Change", by=by)

    def propose(
        self,
        files: Mapping[str, str | None],
        by: str = "mina",
        branch: str = "change",
        start: str = "origin/main",
    ) -> Proposal:
        """Push a branch with a commit and open a pull request."""
        self.git("checkout", "--quiet", "-B", branch, start)
        self.commit(files, by)
        self.push(branch, by)
        return self.github.propose(branch, by)

    def push(self, branch: str, by: str) -> None:
        self.git("push", "--quiet", "--force", "origin", f"HEAD:{branch}")
        self.github.pushed(branch, by)

    def push_more(self, proposal: Proposal, files: Mapping[str, str], by: str) -> None:
        """Push another commit to a pull request."""
        self.git("checkout", "--quiet", "-B", proposal.branch, proposal.head)
        self.commit(files, by)
        self.push(proposal.branch, by)

    def push_directly(self, files: Mapping[str, str | None], by: str = "mina") -> None:
        """Push to the main branch without asking anybody."""
        self.pull()
        self.commit(files, by)
        self.push("main", by)

    def pull(self) -> None:
        self.git("fetch", "--quiet", "origin")
        self.git("checkout", "--quiet", "-B", "main", "origin/main")

    def verdict(self, post: str = "launch") -> Verdict:
        """What is proven of a post on the site, as the main branch has it."""
        self.pull()
        return self.verdict_here(post)

    def verdict_here(self, post: str = "launch") -> Verdict:
        from smmflow import approving  # noqa: PLC0415 - with what it is asked about

        workspace = workflow.load(self.folder)
        clock = SystemClock()
        known = memory.look_up(workspace, clock)
        prepared = workflow.prepare(workspace, known, clock.now())
        asked = approving.asked_about(workspace, prepared.composed, post)
        found = proofs.verdicts(workspace, asked, environment())
        return found[post, "site"]

    def said(self, post: str = "launch") -> str:
        """The verdict in words."""
        match self.verdict(post):
            case Approved(approvals=approvals):
                return "approved by " + ", ".join(sorted({a.by for a in approvals}))
            case Missing(lacks=lacks):
                return "; ".join(f"{e.file}: {e.what}: {e.why}" for e in lacks)
            case Unknown(why=why):
                return f"unknown: {why}"


def found(github: GitHub, folder: Path) -> Company:
    """A company that has just begun, in a folder that is not there yet."""
    folder.mkdir()
    company = Company(github, folder)
    company.git("init", "--quiet", "--initial-branch=main")
    company.git("remote", "add", "origin", str(github.repository))
    (folder / ".gitignore").write_text(".smmflow/\npublic/\n", encoding="utf-8")
    company.commit({**FILES, "channels.yaml": "title: Company\n"}, "setup")
    company.push("main", "setup")
    company.git("fetch", "--quiet", "origin")
    rules = {"team.yaml": TEAM, "channels.yaml": CHANNELS}
    team = company.propose(rules, by="lena", branch="team")
    github.review(team, "omid")
    github.merge(team)
    company.git("fetch", "--quiet", "origin")
    return company
