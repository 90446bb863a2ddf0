"""`smmflow watch`: what stands still until a person does something."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smmflow.cli.output import progress, say
from smmflow.cli.summary import add_to_summary
from smmflow.cli.tokens import tokens_of

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from collections.abc import Sequence

    from smmflow.clock import Clock
    from smmflow.errors import SmmflowError
    from smmflow.forge import Forge
    from smmflow.model.schedule import Schedule
    from smmflow.model.workspace import Workspace
    from smmflow.networks.line import Visit
    from smmflow.watching import Need

__all__ = ["command"]


@click.command(name="watch")
@click.option(
    "--summary",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Add it in Markdown to this file, as in $GITHUB_STEP_SUMMARY.",
)
@click.option(
    "--sign-in",
    is_flag=True,
    help="Also try whether every channel opens, and until when.",
)
@click.option(
    "--issue",
    is_flag=True,
    help="Also keep one issue on GitHub that says it, and look at the schedules there.",
)
@click.pass_obj
def command(folder: Path, summary: Path | None, *, sign_in: bool, issue: bool) -> None:
    """Tell what needs a person: held, missed, refused, in doubt, unapproved, frozen.

    Asks the remote for the newest state first. With --sign-in it says, too, which
    channels don't open, and which tokens die within a week if nobody renews them. Ends
    with 1 if anything needs a person, so that a job which runs it is seen to fail.

    With --issue one issue on GitHub says it, too: opened when something needs a person,
    kept up to date, closed when nothing does. It needs GITHUB_TOKEN with `issues:
    write`; with `actions: read` it also says when publishing was switched off or has
    not ended well for hours. Ends with 4 if GitHub can't be asked.

    \b
    Examples:
      smmflow watch
      smmflow watch --sign-in --summary "$GITHUB_STEP_SUMMARY"
      smmflow watch --issue
    """
    from smmflow import memory, watching, workflow
    from smmflow.clock import SystemClock
    from smmflow.credentials import environment
    from smmflow.forge import choose

    workspace = workflow.load(folder)
    if not issue:
        found = _needs(workspace, SystemClock(), sign_in=sign_in)
        _say(found, summary)
    else:
        at = memory.repository_of(workspace), workspace.state.remote
        with closing(choose(*at, environment())) as forge:
            schedules, problem = _schedules(forge)
            found = _needs(workspace, SystemClock(), schedules, sign_in=sign_in)
            _say(found, summary)
            if problem is not None:
                raise problem
            told = watching.tell(forge.issues, found)
        if told.issue is not None:
            say(f"issue {told.deed}: {told.issue.url}")
    if found:
        raise click.exceptions.Exit(1)


def _needs(
    workspace: Workspace,
    clock: Clock,
    schedules: Sequence[Schedule] = (),
    *,
    sign_in: bool,
) -> tuple[Need, ...]:
    from smmflow import memory, proofs, watching, workflow
    from smmflow.credentials import environment
    from smmflow.store import Known

    state = memory.open_state(workspace, clock)
    progress("reading the state")
    state.fetch()
    known, now = Known.of(state, workspace.channels), clock.now()
    prepared = workflow.prepare(workspace, known, now)
    plan = workflow.make_plan(prepared, now)
    waits = plan.waits
    plan = proofs.prove(prepared, plan, environment())
    visits = _visits(workspace, clock) if sign_in else ()
    tokens = tokens_of(workspace, visits, lambda: waits)
    return watching.needs(
        plan,
        freezes=known.freezes,
        unreachable={each.channel: each.error for each in visits if each.error},
        dying=[
            watching.Dying(name, each.expires, each.misses)
            for name, each in tokens.items()
            if each.expires is not None and not each.renewed
        ],
        schedules=schedules,
    )


def _say(found: Sequence[Need], summary: Path | None) -> None:
    from smmflow import watching

    say(watching.as_text(found), nl=False)
    if summary is not None:
        add_to_summary(summary, watching.as_markdown(found))


def _schedules(
    forge: Forge,
) -> tuple[tuple[Schedule, ...], SmmflowError | None]:
    """Return the schedules, or why nobody can tell: the rest is said all the same."""
    from smmflow.errors import NetworkError

    try:
        return forge.schedules(), None
    except NetworkError as problem:
        return (), problem


def _visits(workspace: Workspace, clock: Clock) -> tuple[Visit, ...]:
    from smmflow.networks.line import visit
    from smmflow.renewing import opened

    with opened(workspace, workspace.channels, clock) as line:
        return visit(line)
