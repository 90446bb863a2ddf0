"""`smmflow publish`: send what is due, and make what is live follow the files."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smmflow.cli.options import refuse_unknown
from smmflow.cli.output import paint, progress, say
from smmflow.errors import NetworkError, PlanRefused

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.model.plan import Plan
    from smmflow.model.publication import Publication
    from smmflow.model.workspace import Workspace
    from smmflow.networks.line import Line
    from smmflow.workflow import Prepared

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
@click.option(
    "--allow-many",
    is_flag=True,
    help="Carry out a plan that refuses itself for doing too much at once.",
)
@click.option("--yes", is_flag=True, help="Don't ask, not even at a terminal.")
@click.pass_obj
def command(  # noqa: PLR0913 - options are arguments
    folder: Path,
    channels: tuple[str, ...],
    posts: tuple[str, ...],
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
    than 3). Ends with 3 if the plan is refused, with 4 if a network refused something
    or could not be reached.

    \b
    Examples:
      smmflow publish --dry-run
      smmflow publish --channel mastodon --post launch
      smmflow publish --expect 3f0a1c52b7d94e86 --yes
    """
    from smmflow import workflow

    workspace = workflow.load(folder)
    _refuse_unknown(workspace, channels, posts)
    ask = not yes and _is_interactive()
    wanted = _Wanted(channels, posts, expect, ask=ask, guarded=not allow_many)
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
    guarded: bool

    def part_of(self, prepared: Prepared, plan: Plan) -> Plan:
        from smmflow import workflow

        wanted = plan.only(channels=self.channels, posts=self.posts)
        if self.expect is not None and self.expect != wanted.digest:
            raise PlanRefused(
                f"the plan is {wanted.digest} now, not {self.expect}; nothing was sent",
                hint="look at `smmflow plan` again: something changed since",
            )
        if self.guarded:
            workflow.guard(prepared, wanted)
        return wanted


def _is_interactive() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _rehearse(workspace: Workspace, wanted: _Wanted) -> None:
    from smmflow import workflow
    from smmflow.clock import SystemClock

    clock = SystemClock()
    known, now = workflow.look_up(workspace, clock), clock.now()
    prepared = workflow.prepare(workspace, known, now)
    _tell(wanted.part_of(prepared, workflow.make_plan(prepared, now)))


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
        plan = wanted.part_of(prepared, workflow.make_plan(prepared, now))
        if wanted.ask and (plan.publishes or plan.changes):
            _tell(plan)
            click.confirm("Do this?", abort=True)
        results = workflow.publish(
            prepared, plan, state=state, line=line, clock=clock, run=run, report=_say
        )
    _conclude(plan, results, _say_unable(plan, line))


def _say_unable(plan: Plan, line: Line) -> int:
    from smmflow.model.plan import target

    """Tell what has no connection to be sent on; return how many things."""
    deeds = ((each, target(each)[1]) for each in (*plan.publishes, *plan.changes))
    unable = [(each, channel) for each, channel in deeds if channel in line.failures]
    for action, channel in unable:
        what = f"{action.occurrence.id} on {channel}"
        problem = line.failures[channel]
        say(f"{paint('not sent', 'error')}  {what}: {problem.message}")
        if problem.hint:
            say(f"  hint: {problem.hint}")
    return len(unable)


def run_name(now: datetime) -> str:
    """Return a name for a run that no other run has, and that sorts by time."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


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


def _tell(plan: Plan) -> None:
    from smmflow import planning

    if not plan.publishes:
        say("nothing is due")
    for action in plan.publishes:
        head = f"{action.occurrence.id} on {action.post.channel}"
        say(f"{paint('would send', 'due')}  {head}")
        for number, part in enumerate(action.post.parts, start=1):
            if len(action.post.parts) > 1:
                say(paint(f"  part {number}", "dim"))
            for row in part.text.text.splitlines():
                say(f"  | {row}")
            for attached in part.media:
                say(f"  + {attached.facts.path}: {attached.alt}")
    for change in plan.changes:
        first, *rest = planning.as_lines(change, paint)
        say(f"would change  {first}")
        for row in rest:
            say(f"  {row}")
    for hold in plan.holds:
        say(
            f"{paint('held', 'held')}  {hold.occurrence.id} on {hold.channel} "
            f"({hold.reason}): {hold.explanation}"
        )
    say(f"digest {plan.digest}")


def _say(result: Publication) -> None:
    from smmflow.model.publication import Outcome

    what = f"{result.occurrence} on {result.channel}"
    url = result.receipts[0].url if result.receipts else ""
    if _succeeded(result):
        done = "edited" if _is_edit(result) else str(result.outcome)
        say(f"{paint(done, 'due')}  {what}  {url}")
    elif result.outcome is Outcome.PUBLISHED:
        say(f"{paint('not changed', 'error')}  {what}: {result.error}")
    else:
        words = result.error or "see `smmflow plan`"
        say(f"{paint(str(result.outcome), 'error')}  {what}: {words}")


def _succeeded(result: Publication) -> bool:
    from smmflow.model.publication import Outcome

    good = result.outcome in {Outcome.PUBLISHED, Outcome.WITHDRAWN}
    return good and not result.error


def _is_edit(result: Publication) -> bool:
    from smmflow.model.publication import Outcome

    # What was published just now was never edited.
    return result.outcome is Outcome.PUBLISHED and result.edited is not None


def _conclude(plan: Plan, results: Sequence[Publication], unable: int) -> None:
    from smmflow.model.publication import Outcome

    done = [each for each in results if _succeeded(each)]
    edited = sum(map(_is_edit, done))
    gone = sum(each.outcome is Outcome.WITHDRAWN for each in done)
    failed = len(results) - len(done) + unable
    counts = [f"{len(done) - edited - gone} published"]
    counts += [f"{edited} edited"] if edited else []
    counts += [f"{gone} withdrawn"] if gone else []
    say(", ".join([*counts, f"{failed} not", f"{len(plan.holds)} held"]))
    if failed:
        raise NetworkError(
            f"{failed} of {len(done) + failed} could not be carried out",
            hint="`smmflow plan` says what becomes of them",
        )
