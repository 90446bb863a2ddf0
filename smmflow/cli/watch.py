"""`smmflow watch`: what stands still until a person does something."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smmflow.cli.output import progress, say
from smmflow.cli.summary import add_to_summary

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.errors import SmmflowError
    from smmflow.model.workspace import Workspace

__all__ = ["command"]


@click.command(name="watch")
@click.option(
    "--summary",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Add it in Markdown to this file, as in $GITHUB_STEP_SUMMARY.",
)
@click.option("--sign-in", is_flag=True, help="Also try whether every channel opens.")
@click.pass_obj
def command(folder: Path, summary: Path | None, *, sign_in: bool) -> None:
    """Tell what needs a person: held, missed, refused, in doubt, frozen.

    Asks the remote for the newest state first. Ends with 1 if anything needs a person,
    so that a job which runs it is seen to fail.

    \b
    Examples:
      smmflow watch
      smmflow watch --sign-in --summary "$GITHUB_STEP_SUMMARY"
    """
    from smmflow import proofs, watching, workflow
    from smmflow.clock import SystemClock
    from smmflow.credentials import environment
    from smmflow.store import Known

    clock = SystemClock()
    workspace = workflow.load(folder)
    state = workflow.open_state(workspace, clock)
    progress("reading the state")
    state.fetch()
    known, now = Known.of(state, workspace.channels), clock.now()
    prepared = workflow.prepare(workspace, known, now)
    plan = workflow.make_plan(prepared, now)
    plan = proofs.prove(prepared, plan, environment())
    found = watching.needs(
        plan,
        freezes=known.freezes,
        unreachable=_shut(workspace) if sign_in else {},
    )
    say(watching.as_text(found), nl=False)
    if summary is not None:
        add_to_summary(summary, watching.as_markdown(found))
    if found:
        raise click.exceptions.Exit(1)


def _shut(workspace: Workspace) -> dict[str, SmmflowError]:
    from smmflow.credentials import environment
    from smmflow.networks.line import connected, visit

    channels = workspace.channels.values()
    with connected(channels, environment(), root=workspace.root) as line:
        return {each.channel: each.error for each in visit(line) if each.error}
