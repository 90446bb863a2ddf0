"""Secrets never reach files, logs, errors, state or process lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.accounts import HOSTS, KINDS, account
from tests.hostile.hosts import ELSEWHERE, Hosts, Temper, certificate
from tests.hostile.traces import Machine

HOSTILE = [each for each in Temper if each not in {Temper.WORKS, Temper.SPOILS}]
SIGNING_IN = (
    ("channels",),
    ("channels", "--format", "json"),
    ("watch", "--sign-in", "--issue"),
    ("publish", "--yes", "--allow-many"),
    ("publish", "--yes", "--allow-many"),
    ("measure",),
    ("reconcile",),
)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("certificate"), lambda: list(HOSTS))


@pytest.mark.parametrize("temper", HOSTILE)
def test_nothing_leaks_where_every_server(
    temper: Temper, tmp_path: Path, pair: tuple[Path, Path]
) -> None:
    machine = Machine(tmp_path, [account(kind) for kind in KINDS])
    machine.set_up()
    hosts = Hosts(machine.secrets, pair).start()
    try:
        hosts.temper = temper
        for command in SIGNING_IN:
            machine.run(*command, **hosts.variables)
    finally:
        hosts.stop()
    assert ELSEWHERE not in hosts.asked
    assert machine.found() == []
