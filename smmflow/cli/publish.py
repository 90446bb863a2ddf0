"""`smmflow publish`: send what is due, each post once."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smmflow.cli.output import paint, progress
from smmflow.errors import NetworkError, PlanRefused, UsageError

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.model.plan import Plan
    from smmflow.model.publication import Publication
    from smmflow.model.workspace import Workspace
    from smmflow.networks.line import Line

__all__ = ["command", "run_name"]


@click.command(name="publish")
@click.option("--dry-run", is_flag=True, help="Tell what would be sent; send nothing.")
@click.option("--channel", "channels", multiple=True, help="Only this channel.")
@click.option("--post", "posts", multiple=True, help="Only this post.")
@click.option(
    "--expect",
    metavar="DIGEST",
    help="Carry out the plan of this digest, or nothing.",
)
@click.option("--yes", is_flag=True, help="Don't ask, not even at a terminal.")
@click.pass_obj
def command(  # noqa: PLR0913 - options are arguments
    folder: Path,
    channels: tuple[str, ...],
    posts: tuple[str, ...],
    expect: str | None,
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    """Send what is due, each post once.

    Everything this run will send is claimed on the state branch before anything is
    sent; what became of it is recorded at once. At a terminal it asks first; without
    one it never asks. Ends with 3 if the plan is refused, with 4 if a network refused
    a post or could not be reached.

    \b
    Examples:
      smmflow publish --dry-run
      smmflow publish --channel mastodon --post launch
      smmflow publish --expect 3f0a1c52b7d94e86 --yes
    """
    from smmflow import workflow

    workspace = workflow.load(folder)
    _refuse_unknown(workspace, channels, posts)
    wanted = _Wanted(channels, posts, expect, ask=not yes and _is_interactive())
    if dry_run:
        _rehearse(workspace, wanted)
    else:
        _publish(workspace, wanted)


@dataclass(frozen=True, slots=True)
class _Wanted:
    channels: tuple[str, ...]
    posts: tuple[str, ...]
    expect: str | None
    ask: bool

    def part_of(self, plan: Plan) -> Plan:
        wanted = plan.only(channels=self.channels, posts=self.posts)
        if self.expect is not None and self.expect != wanted.digest:
            raise PlanRefused(
                f"the plan is {wanted.digest} now, not {self.expect}; nothing was sent",
                hint="look at `smmflow plan` again: something changed since",
            )
        return wanted


def _is_interactive() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _rehearse(workspace: Workspace, wanted: _Wanted) -> None:
    from smmflow import workflow
    from smmflow.clock import SystemClock

    clock = SystemClock()
    known, now = workflow.look_up(workspace, clock), clock.now()
    prepared = workflow.prepare(workspace, known, now)
    _tell(wanted.part_of(workflow.make_plan(prepared, now)))


def _publish(workspace: Workspace, wanted: _Wanted) -> None:
    from smmflow import workflow
    from smmflow.clock import SystemClock
    from smmflow.credentials import environment
    from smmflow.networks.line import connected
    from smmflow.store import Known

    clock = SystemClock()
    run = run_name(clock.now())
    state = workflow.open_state(workspace, clock)
    progress("reading the state")
    workflow.recover(workspace, state, clock)
    asked = [workspace.channels[n] for n in wanted.channels or workspace.channels]
    with connected(asked, environment(), root=workspace.root) as line:
        workflow.settle(workspace, state=state, line=line, clock=clock, run=run)
        known, now = Known.of(state, workspace.channels), clock.now()
        prepared = workflow.prepare(workspace, known, now)
        plan = wanted.part_of(workflow.make_plan(prepared, now))
        if plan.publishes and wanted.ask:
            _tell(plan)
            click.confirm("Publish this?", abort=True)
        results = workflow.publish(
            prepared, plan, state=state, line=line, clock=clock, run=run, report=_say
        )
    _conclude(plan, results, _say_unable(plan, line))


def _say_unable(plan: Plan, line: Line) -> int:
    """Tell which posts have no connection to go out on; return how many."""
    unable = [each for each in plan.publishes if each.post.channel in line.failures]
    for action in unable:
        what = f"{action.occurrence.id} on {action.post.channel}"
        problem = line.failures[action.post.channel]
        click.echo(f"{paint('not sent', 'error')}  {what}: {problem.message}")
        if problem.hint:
            click.echo(f"  hint: {problem.hint}")
    return len(unable)


def run_name(now: datetime) -> str:
    """Return a name for a run that no other run has, and that sorts by time."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


def _refuse_unknown(
    workspace: Workspace, channels: Sequence[str], posts: Sequence[str]
) -> None:
    for name in channels:
        if name not in workspace.channels:
            raise UsageError(
                f"no channel is called {name}",
                hint=f"channels: {', '.join(workspace.channels)}",
            )
    for name in posts:
        if name.partition("@")[0] not in workspace.posts:
            raise UsageError(
                f"no post is called {name}",
                hint="a post's name is its file's, without .md, or its `id:`",
            )


def _tell(plan: Plan) -> None:
    if not plan.publishes:
        click.echo("nothing is due")
    for action in plan.publishes:
        head = f"{action.occurrence.id} on {action.post.channel}"
        click.echo(f"{paint('would send', 'due')}  {head}")
        for number, part in enumerate(action.post.parts, start=1):
            if len(action.post.parts) > 1:
                click.echo(paint(f"  part {number}", "dim"))
            for row in part.text.text.splitlines():
                click.echo(f"  | {row}")
            for attached in part.media:
                click.echo(f"  + {attached.facts.path}: {attached.alt}")
    for hold in plan.holds:
        click.echo(
            f"{paint('held', 'held')}  {hold.occurrence.id} on {hold.channel} "
            f"({hold.reason}): {hold.explanation}"
        )
    click.echo(f"digest {plan.digest}")


def _say(result: Publication) -> None:
    from smmflow.model.publication import Outcome

    what = f"{result.occurrence} on {result.channel}"
    if result.outcome is Outcome.PUBLISHED:
        url = result.receipts[0].url if result.receipts else ""
        click.echo(f"{paint('published', 'due')}  {what}  {url}")
    else:
        words = result.error or "see `smmflow plan`"
        click.echo(f"{paint(str(result.outcome), 'error')}  {what}: {words}")


def _conclude(plan: Plan, results: Sequence[Publication], unable: int) -> None:
    from smmflow.model.publication import Outcome

    out = sum(each.outcome is Outcome.PUBLISHED for each in results)
    failed = len(results) - out + unable
    held = len(plan.holds)
    click.echo(f"{out} published, {failed} not, {held} held")
    if failed:
        raise NetworkError(
            f"{failed} of {out + failed} could not be published",
            hint="`smmflow plan` says what becomes of them",
        )
