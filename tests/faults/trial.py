"""A trial: one combination, from its fault over two more runs to the verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from smmflow.clock import FixedClock
from smmflow.errors import SmmflowError
from smmflow.model.publication import Publication
from tests.faults.machines import START, Files, Machine, machine_at, remote_at
from tests.faults.proxy import Fault, Proxy
from tests.faults.targets import Target, Towards
from tests.faults.verdict import Verdict, judge


@dataclass
class Trial:
    """Two machines, one remote, one account, and a proxy before its server."""

    target: Target
    proxy: Proxy
    remote: Path
    machine: Machine
    other: Machine
    _runs: int = field(default=0)

    def run(
        self,
        machine: Machine,
        files: Files,
        *,
        report: Callable[[Publication], None] = lambda _publication: None,
    ) -> SmmflowError | None:
        """One whole run of a machine, with a connection of its own."""
        self._runs += 1
        towards = Towards(self.proxy.url, self.proxy)
        connection = self.target.connect(machine.root, self.proxy.url, towards)
        try:
            name = f"run-{self._runs}"
            return machine.run(name, files, self.target, connection, report=report)
        finally:
            connection.close()

    def run_into(
        self, fault: Fault, write: int, files: Files, *, times: int = 1
    ) -> None:
        """A run, some of whose writes are spoiled; then all is well again."""
        self.proxy.spoil(fault, write, times)
        if times == 1:  # else the outage lasts as long as the run
            self.machine.clock = _EndingOutages(START, proxy=self.proxy)
        self.run(self.machine, files)
        self.proxy.heal()

    def verdict_two_runs_later(
        self,
        files: Files,
        second: Machine,
        third: Machine,
        judge: Callable[[Machine, Files, Target], Verdict] = judge,
    ) -> Verdict:
        """Run at once and when every lease is over, without faults; then judge."""
        now = max(self.machine.clock.now(), self.other.clock.now())
        second.clock = FixedClock(now + timedelta(seconds=1))
        problem = self.run(second, files)
        assert problem is None, problem
        third.clock = FixedClock(second.clock.now())
        third.wait_for_the_lease()
        problem = self.run(third, files)
        assert problem is None, problem
        return judge(third, files, self.target)


@dataclass
class _EndingOutages(FixedClock):
    """Time heals: whoever waits finds the proxy listening again."""

    proxy: Proxy | None = None

    def sleep(self, seconds: float) -> None:
        FixedClock.sleep(self, seconds)
        if self.proxy is not None:
            self.proxy.recover()


def trial_in(folder: Path, target: Target, proxy: Proxy) -> Trial:
    remote = remote_at(folder / "remote.git")
    machine = machine_at(folder / "machine", remote)
    other = machine_at(folder / "other", remote)
    return Trial(target, proxy, remote, machine, other)
