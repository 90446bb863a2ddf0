"""A workspace with state in a real repository, and everything a run needs."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from smmflow.clock import FixedClock
from smmflow.model.plan import Plan
from smmflow.model.publication import Publication
from smmflow.networks.interface import Connection, Network
from smmflow.publishing import Journal, publish, recover, settle
from smmflow.repository import Repository
from smmflow.store import State
from tests.publishing.fakes import NOON, FindsNetwork, FolderConnection


@dataclass
class Desk:
    """One machine that publishes."""

    root: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))
    reported: list[Publication] = field(default_factory=list)

    @property
    def postings(self) -> Path:
        folder = self.root.parent / "network"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def journals(self) -> Path:
        return self.root / ".smmflow" / "journal"

    @property
    def state(self) -> State:
        repository = Repository(self.root)
        state = State(repository.state_branch("smmflow-state", "origin", self.clock))
        state.fetch()
        return state

    def connection(self) -> FolderConnection:
        return FolderConnection(self.postings)

    def publish(
        self,
        plan: Plan,
        connections: Mapping[str, Connection] | None = None,
        networks: Mapping[str, Network] | None = None,
        *,
        run: str = "r1",
        state: State | None = None,
        report: Callable[[Publication], None] | None = None,
    ) -> dict[str, Publication]:
        connections = connections or {"folder": self.connection()}
        networks = networks or dict.fromkeys(connections, FindsNetwork())
        with Journal(self.journals, run) as journal:
            results = publish(
                plan,
                state=state or self.state,
                connections=connections,
                networks=networks,
                clock=self.clock,
                journal=journal,
                run=run,
                report=report or self.reported.append,
            )
        return {each.occurrence: each for each in results}

    def recover(self) -> dict[str, Publication]:
        found = recover(self.journals, state=self.state, clock=self.clock)
        return {each.occurrence: each for each in found}

    def settle(
        self, network: Network, connection: Connection | None = None
    ) -> dict[str, Publication]:
        found = settle(
            self.state,
            connections={"folder": connection or self.connection()},
            networks={"folder": network},
            clock=self.clock,
            run="settling",
        )
        return {each.occurrence: each for each in found}

    def ledger(self) -> dict[str, Publication]:
        return {key[0]: each for key, each in self.state.publications().items()}


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    path = tmp_path / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(path)], check=True)
    return path


def make_desk(root: Path, remote: Path | str) -> Desk:
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    command = ["git", "-C", str(root), "remote", "add", "origin", str(remote)]
    subprocess.run(command, check=True)
    return Desk(root)


@pytest.fixture
def desk(tmp_path: Path, bare: Path) -> Desk:
    return make_desk(tmp_path / "desk", bare)


@pytest.fixture
def other_desk(tmp_path: Path, bare: Path) -> Desk:
    return make_desk(tmp_path / "other", bare)
