"""A run of publishing: look at everything, plan, carry it out; then wait, and again."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from smmflow import workflow
from smmflow.clock import Clock
from smmflow.errors import UsageError
from smmflow.model.plan import Plan, Wait
from smmflow.model.publication import Publication
from smmflow.networks.line import Line
from smmflow.store import Known, State
from smmflow.workflow import Prepared

__all__ = ["LEAD", "Run", "Shard", "run_name"]

LEAD = timedelta(seconds=10)
"""How long before its second a post is claimed: the push must be over by then."""


def run_name(now: datetime) -> str:
    """Return a name for a run that no other run has, and that sorts by time."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several parts of the channels, for a matrix of jobs.

    Attributes:
        number: Which, from 1.
        of: How many there are.
    """

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Return the shard written as `2/5`.

        Raises:
            UsageError: It is written in another way, or there is no such part.
        """
        number, _, of = text.partition("/")
        if number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of):
            return cls(int(number), int(of))
        raise UsageError(f"{text} is no shard", hint="write 2/5: the second of five")

    def part_of(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return this shard's names: with all shards, each name exactly once."""
        return tuple(sorted(names)[self.number - 1 :: self.of])


@dataclass(frozen=True, slots=True)
class Run:
    """One run on one machine.

    Attributes:
        root: The workspace.
        name: As `run_name` makes it.
        state: What smmflow remembers.
        line: Connections to the channels that this run serves.
        clock: Tells the time and waits.
    """

    root: Path
    name: str
    state: State
    line: Line
    clock: Clock

    def look(self, at: datetime | None = None) -> tuple[Prepared, Plan]:
        """Read everything anew, settle what was in doubt, and plan.

        Args:
            at: The moment to plan for; None for now.

        Raises:
            StateError: The state can't be read or written.
        """
        workspace = workflow.load(self.root)
        workflow.recover(workspace, self.state, self.clock)
        workflow.settle(
            workspace,
            state=self.state,
            line=self.line,
            clock=self.clock,
            run=self.name,
        )
        moment = at or self.clock.now()
        known = Known.of(self.state, workspace.channels)
        prepared = workflow.prepare(workspace, known, moment)
        return prepared, workflow.make_plan(prepared, moment)

    def carry_out(
        self, prepared: Prepared, plan: Plan, report: Callable[[Publication], None]
    ) -> tuple[Publication, ...]:
        """Do what a plan says; see `smmflow.publishing`.

        What a plan for a moment to come publishes goes out when its second has come.
        """
        return workflow.publish(
            prepared,
            plan,
            state=self.state,
            line=self.line,
            clock=self.clock,
            run=self.name,
            report=report,
        )

    def next_due(self, plan: Plan, until: datetime) -> tuple[Wait, ...]:
        """Return what is due next on the channels of this run, all at one moment."""
        soon = [
            (each.occurrence.due, each)
            for each in plan.waits
            if each.occurrence.due is not None
            and each.occurrence.due <= until
            and each.post.channel in self.line.connections
        ]
        first = min((due for due, _ in soon), default=None)
        return tuple(each for due, each in soon if due == first)

    def wait_for(self, due: datetime) -> None:
        """Wait until it is time to claim what is due at a moment."""
        self.clock.sleep((due - LEAD - self.clock.now()).total_seconds())
