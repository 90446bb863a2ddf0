"""`smmflow plan`: what is due, what waits, what is held and why."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from smmflow.cli.options import now_option
from smmflow.cli.output import complain, paint, say

__all__ = ["command"]


@click.command(name="plan")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="For a terminal, a program, or a pull request.",
)
@click.option(
    "--fetch", is_flag=True, help="Ask the remote for the newest state first."
)
@now_option
@click.pass_obj
def command(folder: Path, shape: str, moment: datetime | None, *, fetch: bool) -> None:
    """Show what is due, what waits and what is held, and why.

    Compares what the files want with what the ledger says is live. Sends nothing,
    needs no secret; approvals on a forge are asked about when something goes out, and
    by `smmflow approvals`. The digest at the end names exactly these deeds:
    `smmflow publish --expect DIGEST` carries them out, or nothing.

    \b
    Examples:
      smmflow plan
      smmflow plan --now 2026-12-01T09:00+03:30
      smmflow plan --format markdown >> "$GITHUB_STEP_SUMMARY"
    """
    from smmflow import memory, planning, proofs, workflow
    from smmflow.clock import SystemClock
    from smmflow.credentials import Credentials
    from smmflow.errors import PlanRefused
    from smmflow.model.team import ApprovalSource

    clock = SystemClock()
    workspace = workflow.load(folder)
    if fetch:
        memory.open_state(workspace, clock).fetch()
    known = memory.look_up(workspace, clock)
    at = moment or clock.now()
    prepared = workflow.prepare(workspace, known, at)
    plan = workflow.make_plan(prepared, at)
    calendar, approvals = workspace.calendar, workspace.team.approvals
    if approvals is ApprovalSource.TRAILERS:  # which are in git: nobody is asked
        plan = proofs.prove(prepared, plan, Credentials({}))
    match shape:
        case "json":
            say(planning.as_json(plan, approvals), nl=False)
        case "markdown":
            say(planning.as_markdown(plan, calendar, approvals), nl=False)
        case _:
            say(planning.as_text(plan, calendar, approvals, style=paint), nl=False)
    try:
        workflow.guard(prepared, plan)
    except PlanRefused as refusal:
        complain(f"`smmflow publish` would refuse this: {refusal.message}")
        complain(f"  hint: {refusal.hint}")
