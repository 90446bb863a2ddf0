"""A small world: files, machines, two channels, and runs that meet every trouble."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from smmflow import publishing, workflow
from smmflow.clock import Clock
from smmflow.credentials import Credentials
from smmflow.errors import SmmflowError
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.freeze import Freeze
from smmflow.model.plan import Plan
from smmflow.model.publication import Pending, Publication, Receipt
from smmflow.networks.interface import Among, Connection, Identity, Network, Thread
from smmflow.publishing import LEASE
from smmflow.repository import Repository
from smmflow.store import Key, Known, State
from tests.faults.history_files import CHANNELS, File, Folder
from tests.faults.history_machine import (
    Life,
    MortalJournal,
    MortalState,
    Time,
    Trouble,
    Wire,
)
from tests.faults.history_network import Bad, Kind, Server, network

__all__ = ["Machine", "World"]

_BRANCH = "smmflow-state"
_CREDENTIALS = Credentials({"TOKEN": "correct"})


@dataclass
class Machine:
    """A clone, and a clock that may be wrong.

    Attributes:
        root: The workspace.
        skew: How far its clock is ahead.
    """

    root: Path
    skew: timedelta = timedelta()

    @property
    def journals(self) -> Path:
        return self.root / workflow.JOURNAL

    def set_up(self, remote: Path) -> None:
        """Clone anew; whatever was on the disk is gone."""
        shutil.rmtree(self.root, ignore_errors=True)
        _git("init", "--quiet", str(self.root))
        _git("-C", str(self.root), "remote", "add", "origin", str(remote))


class World:
    """Everything there is.

    Args:
        folder: An empty one.
        kinds: What the channels' networks are like, by channel.
        machines: How many.
    """

    def __init__(self, folder: Path, kinds: Sequence[Kind], machines: int) -> None:
        self.time = Time()
        self.files = Folder()
        self.kinds = dict(zip(CHANNELS, kinds, strict=True))
        self.servers = {
            name: Server(
                idempotent=kind in {Kind.BOTH, Kind.IDEMPOTENT}, now=self.time.now
            )
            for name, kind in self.kinds.items()
        }
        self.networks: Mapping[str, Network] = {
            name: network(kind, self.servers[name]) for name, kind in self.kinds.items()
        }
        self.broken: list[str] = []
        self.freeze: Freeze | None = None
        self.freezes: list[Freeze] = []
        self._remote = folder / "remote.git"
        _git("init", "--quiet", "--bare", str(self._remote))
        self.machines = [Machine(folder / f"m{n}") for n in range(machines)]
        for machine in self.machines:
            machine.set_up(self._remote)
        calm = Life(self.time, timedelta(), None)
        self._state = State(
            Repository(self._remote).state_branch(_BRANCH, "", calm.clock)
        )
        self._runs = 0

    def ledger(self) -> Mapping[Key, Publication]:
        """Return what the remote's ledger says."""
        self._state.fetch()
        return self._state.publications()

    def lose(self, machine: Machine) -> None:
        """Throw a machine away, with its journals, and get another."""
        machine.set_up(self._remote)

    def change_freeze(self, *, until: datetime | None = None, on: str = "") -> None:
        """Freeze a channel or everything, or end the freeze that holds."""
        now = self.time.now()
        if self.freeze is None:
            channels = (on,) if on else ()
            new = Freeze(f"f{self._runs}", "A bad day", "Sara", now, until, channels)
            self.freeze = new
        else:
            new = replace(self.freeze, lifted=now, lifted_by="Sara")
            self.freeze = None
        self._runs += 1
        self.freezes = [*(f for f in self.freezes if f.id != new.id), new]
        self._state.change_freezes("Freeze", lambda _known: tuple(self.freezes))

    # A run ----------------------------------------------------------------------------

    def run(
        self,
        machine: Machine,
        channel: str,
        *,
        trouble: Trouble | None = None,
        bad: Sequence[Bad | None] = (),
        away: bool = False,
    ) -> Plan | None:
        """Do what `smmflow publish --channel` does; return the plan it came to."""
        self._runs += 1
        life = Life(self.time, machine.skew, trouble)
        server = self.servers[channel]
        with _weather(server, bad, away=away):
            try:
                return self._run(machine, channel, life, f"run-{self._runs}")
            except SmmflowError:
                return None  # it says what is wrong and ends
            except Exception as fault:
                # The run that this one came between would take it for a network's.
                self.broken.append(f"a run ended with {fault!r}")
                raise

    def _run(self, machine: Machine, channel: str, life: Life, run: str) -> Plan:
        self.files.check_out(machine.root)
        workspace = workflow.load(machine.root, remember=False)
        repository = Repository(machine.root)
        branch = repository.state_branch(_BRANCH, "origin", life.clock)
        state = MortalState(branch, life)
        workflow.recover(workspace, state, life.clock)
        connections = {
            channel: _Told(
                self.networks[channel].connect(
                    workspace.channels[channel],
                    _CREDENTIALS,
                    transport=Wire(self.servers[channel], life),
                ),
                self,
                channel,
                life.clock,
                life.clock.now(),
            )
        }
        publishing.settle(
            state,
            connections=connections,
            networks=self.networks,
            clock=life.clock,
            run=run,
        )
        known, now = Known.of(state, workspace.channels), life.clock.now()
        prepared = replace(
            workflow.prepare(workspace, known, now, remember=False),
            networks=self.networks,
            capabilities={n: each.capabilities for n, each in self.networks.items()},
        )
        plan = workflow.make_plan(prepared, now)
        with MortalJournal(machine.journals, run, life) as journal:
            publishing.publish(
                plan.only(channels=[channel]),
                state=state,
                connections=connections,
                networks=self.networks,
                clock=life.clock,
                journal=journal,
                run=run,
                report=life.has_reported,
            )
        return plan

    # What is seen while it happens ----------------------------------------------------

    def is_about_to_send(
        self, channel: str, key: PartKey, started: datetime, now: datetime
    ) -> None:
        """Judge a request before it is made: only what the files want goes out."""
        self.servers[channel].expect(key)
        name = key.occurrence.partition("@")[0]
        file = self.files.names.get(name)
        if file is None or not file.may_go_out or channel not in file.channels:
            self.broken.append(f"{name} was sent on {channel} against its file")
        elif key.part == 0 and not self._is_timely(file, key.occurrence, now):
            self.broken.append(f"{key.occurrence} was sent at {now}, not at its time")
        if self._is_frozen(channel, started, now):  # so it was when it was claimed
            self.broken.append(f"{name} was sent on {channel} in a freeze")

    def _is_timely(self, file: File, occurrence: str, now: datetime) -> bool:
        if file.is_timely(file.dues(occurrence, now), now, LEASE):
            return True
        # A post without a moment of its own keeps the one under which it was claimed.
        keeps = not isinstance(file.when, datetime)
        records = self.ledger().values() if keeps else ()
        claimed = [each.due for each in records if each.occurrence == occurrence]
        return file.is_timely(claimed, now, LEASE)

    def _is_frozen(self, channel: str, *moments: datetime) -> bool:
        return self.freeze is not None and all(
            self.freeze.covers(each) and self.freeze.concerns(channel, "", "")
            for each in moments
        )


@dataclass(frozen=True)
class _Told(Connection):
    """A connection that tells the world what it is about to send."""

    inner: Connection
    world: World
    channel: str
    clock: Clock
    started: datetime

    def whoami(self) -> Identity:
        return self.inner.whoami()

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt | Pending:
        now = self.clock.now()
        self.world.is_about_to_send(self.channel, key, self.started, now)
        return self.inner.publish(post, part, after=after, key=key)

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        return self.inner.find(post, part, key=key, among=among)

    def edit(self, receipt: Receipt, post: ChannelPost, part: int) -> Receipt:
        return self.inner.edit(receipt, post, part)

    def withdraw(self, receipt: Receipt) -> None:
        self.inner.withdraw(receipt)

    def close(self) -> None:
        self.inner.close()


@contextmanager
def _weather(
    server: Server, bad: Sequence[Bad | None], *, away: bool
) -> Iterator[None]:
    """Let things go wrong at a server for a while."""
    before = server.bad, server.away
    server.bad, server.away = list(bad), away
    try:
        yield
    finally:
        server.bad, server.away = before


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True)
