"""`smmflow publish`: send what is due, and make what is live follow the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smmflow.cli import outcomes
from smmflow.cli.options import Span, refuse_unknown
from smmflow.cli.output import is_interactive, progress, say
from smmflow.errors import PlanRefused, UsageError

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.model.plan import Plan, Wait
    from smmflow.model.publication import Publication
    from smmflow.model.workspace import Workspace
    from smmflow.runs import Run
    from smmflow.workflow import Prepared

__all__ = ["command"]


@click.command(name="publish")
@click.option("--dry-run", is_flag=True, help="Tell what would be sent; send nothing.")
@click.option("--channel", "channels", multiple=True, help="Only this channel.")
@click.option("--post", "posts", multiple=True, help="Only this post.")
@click.option(
    "--shard", metavar="I/N", help="Only the I-th of N parts of the channels."
)
@click.option(
    "--look-ahead",
    type=Span(),
    default=timedelta(),
    help="Wait for what is due so soon, as in 15m, and send it at its very second.",
)
@click.option(
    "--expect",
    metavar="DIGEST",
    help="Carry out the plan of this digest, or nothing.",
)
@click.option(
    "--allow-many",
    is_flag=True,
    help="Carry out a plan that refuses itself for doing too much at once.",
)
@click.option("--yes", is_flag=True, help="Don't ask, not even at a terminal.")
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - options are arguments
    folder: Path,
    channels: tuple[str, ...],
    posts: tuple[str, ...],
    shard: str | None,
    look_ahead: timedelta,
    expect: str | None,
    *,
    allow_many: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Send what is due, each post once, and make what is live follow the files.

    Everything this run will do is claimed on the state branch before anything is
    sent; what became of it is recorded at once. At a terminal it asks first; without
    one it never asks. A plan refuses itself if it publishes more than 10 posts on a
    channel, or edits or withdraws more than 30 % of a channel's live posts (and more
    than 3). What is not proven to be approved is held; see `smmflow approvals`. Ends
    with 3 if the plan is refused, with 4 if a network refused something, or one or the
    forge could not be reached.

    With --look-ahead the run stays for what comes due meanwhile. It looks at the files
    and the state again before each, so a freeze stops it, too. With --shard a matrix
    of jobs divides the channels among its machines.

    \b
    Examples:
      smmflow publish --dry-run
      smmflow publish --channel mastodon --post launch
      smmflow publish --expect 3f0a1c52b7d94e86 --yes
      smmflow publish --yes --look-ahead 15m --shard 2/5
    """
    from smmflow import workflow

    if expect is not None and look_ahead:
        raise UsageError(
            "--expect is about one plan, and --look-ahead makes several",
            hint="leave one of them out",
        )
    workspace = workflow.load(folder)
    _refuse_unknown(workspace, channels, posts)
    names = _in_shard(shard, channels or tuple(workspace.channels))
    if not names:
        say(f"no channel is in shard {shard}")
        return
    wanted = _Wanted(
        names,
        posts,
        expect,
        look_ahead=look_ahead,
        ask=not yes and is_interactive(),
        guarded=not allow_many,
    )
    if dry_run:
        _rehearse(workspace, wanted)
    else:
        _publish(workspace, wanted)


@dataclass(frozen=True, slots=True)
class _Wanted:
    channels: tuple[str, ...]
    posts: tuple[str, ...]
    expect: str | None
    look_ahead: timedelta
    ask: bool
    guarded: bool

    def part_of(
        self, prepared: Prepared, plan: Plan, before: Sequence[Plan] = ()
    ) -> Plan:
        """Return what is wanted of a plan, unless all of this run is too much."""
        from smmflow import proofs, workflow
        from smmflow.credentials import environment
        from smmflow.model.plan import Plan

        part = plan.only(channels=self.channels, posts=self.posts)
        wanted = proofs.prove(prepared, part, environment())
        if self.expect is not None and self.expect != wanted.digest:
            raise PlanRefused(
                f"the plan is {wanted.digest} now, not {self.expect}; nothing was sent",
                hint="look at `smmflow plan` again: something changed since",
            )
        if self.guarded:
            done = (each for plan in before for each in plan.deeds)
            workflow.guard(prepared, Plan(plan.at, (*done, *wanted.actions)))
        return wanted


def _rehearse(workspace: Workspace, wanted: _Wanted) -> None:
    from smmflow import memory, workflow
    from smmflow.clock import SystemClock

    clock = SystemClock()
    known, now = memory.look_up(workspace, clock), clock.now()
    prepared = workflow.prepare(workspace, known, now)
    plan = wanted.part_of(prepared, workflow.make_plan(prepared, now))
    until = now + wanted.look_ahead
    outcomes.tell(plan, [each for each in plan.waits if _is_due(each, until)])


def _is_due(wait: Wait, until: datetime) -> bool:
    return wait.occurrence.due is not None and wait.occurrence.due <= until


def _publish(workspace: Workspace, wanted: _Wanted) -> None:
    from smmflow import memory
    from smmflow.clock import SystemClock
    from smmflow.renewing import opened
    from smmflow.runs import Run, run_name

    clock = SystemClock()
    state = memory.open_state(workspace, clock)
    progress("reading the state")
    with opened(workspace, wanted.channels, clock) as line:
        run = Run(workspace.root, run_name(clock.now()), state, line, clock)
        _turns(run, wanted)


def _turns(run: Run, wanted: _Wanted) -> None:
    """Carry out what is due, then wait for what is due soon, as long as wanted."""
    until = run.clock.now() + wanted.look_ahead
    plans: list[Plan] = []
    results: list[Publication] = []
    due: datetime | None = None
    while not plans or due is not None:
        prepared, plan = run.look(due)
        plan = wanted.part_of(prepared, plan, plans)
        waits = run.next_due(plan, until)
        if wanted.ask and not plans and (plan.deeds or waits):
            outcomes.tell(plan, waits)
            click.confirm("Do this?", abort=True)
        plans.append(plan)
        results += run.carry_out(prepared, plan, outcomes.say_outcome)
        due = waits[0].occurrence.due if waits else None
        if due is not None:
            outcomes.say_waiting(waits)
            run.wait_for(due)
    unable = sum(outcomes.say_unable(plan, run.line) for plan in plans)
    outcomes.say_stopped(plans[-1])
    outcomes.conclude(plans[-1], results, unable)


def _in_shard(shard: str | None, names: tuple[str, ...]) -> tuple[str, ...]:
    from smmflow.runs import Shard

    return names if shard is None else Shard.parse(shard).part_of(names)


def _refuse_unknown(
    workspace: Workspace, channels: Sequence[str], posts: Sequence[str]
) -> None:
    names = ", ".join(workspace.channels)
    refuse_unknown("channel", channels, workspace.channels, hint=f"channels: {names}")
    refuse_unknown(
        "post",
        (name for name in posts if name.partition("@")[0] not in workspace.posts),
        known=(),
        hint="a post's name is its file's, without .md, or its `id:`",
    )
