"""What is tried on every network: posts that go out now, and one for later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from smmflow.clock import FixedClock
from smmflow.model.capabilities import Support
from tests.faults.machines import START, Files
from tests.faults.targets import Target
from tests.faults.trial import Trial
from tests.faults.verdict import Verdict, judge, judge_waiting

_DUE = START + timedelta(hours=3)
"""After every lease, later than networks ask for, and sooner than they take at most."""


class Story(Protocol):
    """What the workspace says, and what has to have come of it."""

    def target(self, target: Target) -> Target:
        """The account, as this story has it in channels.yaml."""
        ...

    def files(self, target: Target) -> Files:
        """What is to be published there."""
        ...

    def end(self, trial: Trial) -> Verdict:
        """Let undisturbed runs follow, and judge."""
        ...


@dataclass(frozen=True)
class Now:
    """A post, and a thread where there are threads, both due."""

    def target(self, target: Target) -> Target:
        return target

    def files(self, target: Target) -> Files:
        return Files(threads=target.network.capabilities.threads is Support.YES)

    def end(self, trial: Trial) -> Verdict:
        files = self.files(trial.target)
        return trial.verdict_two_runs_later(files, trial.machine, trial.other)


@dataclass(frozen=True)
class Later:
    """A post that the network is given hours before its time, and sends itself."""

    def target(self, target: Target) -> Target:
        return replace(target, handover=True)

    def files(self, target: Target) -> Files:
        del target
        return Files(threads=False, due=_DUE)

    def end(self, trial: Trial) -> Verdict:
        files = self.files(trial.target)
        verdict = trial.verdict_two_runs_later(
            files, trial.machine, trial.other, judge_waiting
        )
        if trial.target.send_due():
            trial.machine.clock = FixedClock(_DUE + timedelta(minutes=20))
            problem = trial.run(trial.machine, files)
            assert problem is None, problem
            end = judge(trial.machine, files, trial.target)
            assert end is verdict, f"{verdict} while it waited, {end} when it was sent"
        return verdict


NOW, LATER = Now(), Later()
