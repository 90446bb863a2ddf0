"""A newsletter at everything that goes wrong on its way: once, or held for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from smmflow.clock import FixedClock
from smmflow.model.channel import Channel
from smmflow.networks.interface import Connection
from smmflow.networks.newsletter import Newsletter
from tests.faults.machines import Files, Machine, machine_at, remote_at
from tests.faults.targets import CHANNEL, Target
from tests.faults.verdict import Verdict, judge
from tests.servers.smtp import MailServer, Spoil, SpoiltWay
from tests.vendors.vendor import Posting

FILES = Files(threads=False)
HELD = {Spoil.LOST_IN_DATA, Spoil.LOST_ANSWER, Spoil.FOREIGN_ANSWER, Spoil.CLOSING}
"""After these nobody can know, and nobody looks into mailboxes."""
REFUSED = {Spoil.REFUSED_DATA}


@dataclass(frozen=True, kw_only=True)
class ListTarget(Target):
    """A mailing list."""

    server: MailServer

    @property
    def network(self) -> Newsletter:
        return Newsletter()

    def channel(self, url: str) -> Channel:
        del url
        return self.server.account().channel(CHANNEL)

    def connect(
        self, root: Path, url: str, transport: httpx.BaseTransport
    ) -> Connection:
        port = httpx.URL(url).port
        account = self.server.account(port=port)
        return self.network.connect(
            account.channel(CHANNEL),
            account.credentials(),
            transport=transport,
            root=root,
        )

    def live(self) -> list[Posting]:
        return [Posting(each.id, each.text) for each in self.server.live()]


@pytest.fixture
def target() -> Iterator[ListTarget]:
    server = MailServer().start()
    url = f"smtp://{server.host}:{server.port}"
    yield ListTarget(kind="newsletter", url=url, server=server)
    server.stop()


def _run(machine: Machine, target: ListTarget, spoil: Spoil) -> None:
    way = SpoiltWay(target.server, spoil).start()
    transport = httpx.MockTransport(lambda _: httpx.Response(500))
    url = f"smtp://{target.server.host}:{way.port}"
    connection = target.connect(machine.root, url, transport)
    problem = machine.run(f"run-{spoil.name}", FILES, target, connection)
    connection.close()
    way.stop()
    assert problem is None, problem


@pytest.mark.parametrize("spoil", sorted(set(Spoil) - REFUSED))
def test_nobody_gets_a_letter_twice_whatever_happens_on_its_way(
    target: ListTarget, tmp_path: Path, spoil: Spoil
) -> None:
    remote = remote_at(tmp_path / "remote.git")
    first = machine_at(tmp_path / "first", remote)
    second = machine_at(tmp_path / "second", remote)
    _run(first, target, spoil)
    second.clock = FixedClock(first.clock.now() + timedelta(seconds=1))
    _run(second, target, Spoil.NOTHING)
    second.wait_for_the_lease()
    _run(second, target, Spoil.NOTHING)
    verdict = judge(second, FILES, target)
    assert verdict is (Verdict.HELD if spoil in HELD else Verdict.ONCE)
    assert len(target.live()) <= 1
