"""`smmflow publish`: send what is due, each post once."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Sequence
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
    from smmflow.clock import SystemClock
    from smmflow.credentials import environment
    from smmflow.networks.line import connected
    from smmflow.store import Known

    clock = SystemClock()
    workspace = workflow.load(folder)
    _refuse_unknown(workspace, channels, posts)
    if dry_run:
        known = workflow.look_up(workspace, clock)
        now = clock.now()
        plan = workflow.make_plan(workflow.prepare(workspace, known, now), now)
        _tell(plan.only(channels=channels, posts=posts))
        return
    run = run_name(clock.now())
    state = workflow.open_state(workspace, clock)
    progress("reading the state")
    workflow.recover(workspace, state, clock)
    names = channels or tuple(workspace.channels)
    with connected((workspace.channels[name] for name in names), environment()) as line:
        workflow.settle(workspace, state=state, line=line, clock=clock, run=run)
        known = Known.of(state, workspace.channels)
        now = clock.now()
        prepared = workflow.prepare(workspace, known, now)
        plan = workflow.make_plan(prepared, now).only(channels=channels, posts=posts)
        _refuse_unexpected(plan, expect)
        unable = [each for each in plan.publishes if each.post.channel in line.failures]
        if plan.publishes and not yes and sys.stdin.isatty() and sys.stdout.isatty():
            _tell(plan)
            click.confirm("Publish this?", abort=True)
        results = workflow.publish(
            prepared, plan, state=state, line=line, clock=clock, run=run, report=_say
        )
        for action in unable:
            problem = line.failures[action.post.channel]
            click.echo(
                f"{paint('not sent', 'error')}  {action.occurrence.id} on "
                f"{action.post.channel}: {problem.message}"
            )
            if problem.hint:
                click.echo(f"  hint: {problem.hint}")
    _conclude(plan, results, len(unable))


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


def _refuse_unexpected(plan: Plan, expect: str | None) -> None:
    if expect is not None and expect != plan.digest:
        raise PlanRefused(
            f"the plan is {plan.digest} now, not {expect}; nothing was sent",
            hint="look at `smmflow plan` again: something changed since",
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
