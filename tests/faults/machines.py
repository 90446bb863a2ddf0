"""Machines that publish the same workspace, through every stage of a run."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from smmflow import planning, publishing
from smmflow.clock import FixedClock, SystemClock
from smmflow.errors import SmmflowError
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.plan import Plan
from smmflow.model.post import At, Post
from smmflow.model.publication import Publication
from smmflow.model.workspace import Workspace
from smmflow.networks.interface import Connection
from smmflow.publishing import LEASE, Journal
from smmflow.repository import Repository
from smmflow.store import Key, State
from smmflow.testing import channel_post, part
from tests.faults.targets import CHANNEL, Target
from tests.planning.builders import post as post_file

START = SystemClock().now().replace(microsecond=0)
"""The servers' own clocks can't be set, and what went out is looked for by time."""
DUE = START - timedelta(minutes=10)
WORDS = {"thread": ("یک", "Two", "Three"), "single": ("Alone",)}
Publications = Mapping[Key, Publication]


@dataclass(frozen=True)
class Files:
    """What the workspace says: a thread of three, and one post that is due after it.

    Attributes:
        edition: Raised by every edit; the words of all parts end with it.
        echo: The last part of the thread says the same as the one before it.
        lone: The edition of the post that is no thread, if it is another.
        withdrawn: Both posts are to be taken down.
        threads: There is a thread; else there is only the other post.
        due: When the thread is; the other post a minute later.
    """

    edition: int = 1
    lone: int = 0
    echo: bool = False
    withdrawn: bool = False
    threads: bool = True
    due: datetime = DUE

    def words(self) -> Mapping[str, tuple[str, ...]]:
        thread, single = (
            tuple(f"{word} {self._edition(name)}" for word in words)
            for name, words in WORDS.items()
        )
        if not self.threads:
            return {"single": single}
        if self.echo:
            thread = (*thread[:-1], thread[-2])
        return {"thread": thread, "single": single}

    def workspace(self, root: Path, target: Target) -> Workspace:
        channels = {CHANNEL: target.channel(target.url)}
        posts = {name: self._post(name, late) for late, name in enumerate(self.words())}
        return Workspace(root=root, channels=channels, posts=posts)

    def composed(
        self, root: Path, target: Target
    ) -> dict[tuple[str, str], ChannelPost]:
        channel = target.channel(target.url)
        made = {}
        for name, words in self.words().items():
            capabilities = target.network.capabilities
            shows = target.takes_pictures and name == "single"
            media = (
                (target.picture(root),) if shows or capabilities.media_required else ()
            )
            parts: list[Part] = [part(each, media=media) for each in words]
            made[name, CHANNEL] = channel_post(channel, *parts, post=name)
        return made

    def _edition(self, name: str) -> int:
        return self.lone or self.edition if name == "single" else self.edition

    def _post(self, name: str, late: int) -> Post:
        due = self.due + timedelta(minutes=late)
        return post_file(name, At(due), channels=(CHANNEL,), withdrawn=self.withdrawn)


@dataclass
class Machine:
    """A clone of the workspace, with a clock of its own."""

    root: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(START))

    @property
    def journals(self) -> Path:
        return self.root / ".smmflow" / "journal"

    def state(self) -> State:
        repository = Repository(self.root)
        return State(repository.state_branch("smmflow-state", "origin", self.clock))

    def run(
        self,
        name: str,
        files: Files,
        target: Target,
        connection: Connection,
        *,
        journal: type[Journal] = Journal,
        report: Callable[[Publication], None] = lambda _publication: None,
    ) -> SmmflowError | None:
        """What `smmflow publish` does; return what ended it before its end, if so."""
        state, clock, network = self.state(), self.clock, target.network
        connections, networks = {CHANNEL: connection}, {CHANNEL: network}
        try:
            state.fetch()
            publishing.recover(self.journals, state=state, clock=clock)
            publishing.settle(
                state, connections=connections, networks=networks, clock=clock, run=name
            )
            plan = self.plan(files, target, state.publications())
            with journal(self.journals, name) as book:
                publishing.publish(
                    plan,
                    state=state,
                    connections=connections,
                    networks=networks,
                    clock=clock,
                    journal=book,
                    run=name,
                    report=report,
                )
        except SmmflowError as problem:
            return problem
        return None

    def plan(self, files: Files, target: Target, known: Publications) -> Plan:
        workspace = files.workspace(self.root, target)
        now = self.clock.now()
        wanted = planning.Wanted(
            workspace,
            files.composed(self.root, target),
            planning.appoint(workspace, known, now),
            capabilities={CHANNEL: target.network.capabilities},
        )
        return planning.plan(wanted, known, now)

    def wait_for_the_lease(self) -> None:
        self.clock.sleep(LEASE.total_seconds() + 60)


def remote_at(path: Path) -> Path:
    """A bare repository without hooks."""
    command = ["git", "init", "--quiet", "--bare", "--template=", str(path)]
    subprocess.run(command, check=True)
    (path / "hooks").mkdir()
    return path


def machine_at(root: Path, remote: Path) -> Machine:
    """A fresh clone."""
    for command in (
        ["git", "init", "--quiet", "--template=", str(root)],
        ["git", "-C", str(root), "remote", "add", "origin", str(remote)],
    ):
        subprocess.run(command, check=True)
    return Machine(root)
