"""Matrix at every fault, through a proxy before a real homeserver: always once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from smmflow.credentials import Credentials
from smmflow.model.channel import Channel
from smmflow.networks.interface import Connection
from smmflow.networks.matrix import Matrix
from tests.faults.machines import Files
from tests.faults.proxy import Fault, Proxy
from tests.faults.targets import CHANNEL, Target
from tests.faults.trial import Trial, trial_in
from tests.faults.verdict import Verdict
from tests.servers.synapse import SynapseServer
from tests.vendors.vendor import Posting

SECOND_PART, UPLOAD, PICTURE = 2, 4, 5
"""Writes of a run: three parts of a thread, a file, and the post that shows it."""


@dataclass(frozen=True, kw_only=True)
class RoomTarget(Target):
    """A room; `handle` is its id."""

    server: SynapseServer

    @property
    def network(self) -> Matrix:
        return Matrix()

    def channel(self, url: str) -> Channel:
        settings = {"homeserver": url, "room": self.handle}
        return Channel(CHANNEL, "matrix", settings=settings, secrets={"token": "TOKEN"})

    def connect(
        self, root: Path, url: str, transport: httpx.BaseTransport
    ) -> Connection:
        credentials = Credentials({"TOKEN": self.secret})
        return self.network.connect(
            self.channel(url), credentials, transport=transport, root=root
        )

    def live(self) -> list[Posting]:
        return self.server.live(self.handle)


@pytest.fixture
def trial(synapse_server: SynapseServer, tmp_path: Path) -> Iterator[Trial]:
    """Two fresh machines, and a room in which nothing was said."""
    target = RoomTarget(
        kind="matrix",
        url=synapse_server.url,
        handle=synapse_server.create_room(),
        secret=synapse_server.author.access_token,
        server=synapse_server,
    )
    proxy = Proxy(target.url).start()
    yield trial_in(tmp_path, target, proxy)
    proxy.stop()


@pytest.mark.parametrize("write", [SECOND_PART, UPLOAD, PICTURE])
@pytest.mark.parametrize("fault", Fault)
def test_whatever_becomes_of_a_request_each_part_is_live_once(
    trial: Trial, fault: Fault, write: int
) -> None:
    files = Files()
    trial.run_into(fault, write, files)
    verdict = trial.verdict_two_runs_later(files, trial.machine, trial.other)
    assert verdict is Verdict.ONCE


def test_a_room_keeps_what_was_said_once_however_often_the_run_dies_before_it_knows(
    trial: Trial,
) -> None:
    files = Files()
    trial.run_into(Fault.DROPPED_ANSWER, 1, files, times=10)
    verdict = trial.verdict_two_runs_later(files, trial.other, trial.machine)
    assert verdict is Verdict.ONCE
