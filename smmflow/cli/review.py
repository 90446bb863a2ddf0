"""`smmflow review`: what a change does to what appears, for reviewers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from smmflow.cli.options import now_option
from smmflow.cli.output import complain, say

__all__ = ["command"]


@click.command(name="review")
@click.option(
    "--base",
    default="main",
    show_default=True,
    metavar="REF",
    help="What to compare with: a branch, a tag or a commit.",
)
@click.option(
    "--format",
    "shape",
    type=click.Choice(["markdown", "json"]),
    default="markdown",
    help="For a pull request, or for `smmflow comment`.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it to this file instead.",
)
@now_option
@click.pass_obj
def command(
    folder: Path, base: str, shape: str, output: Path | None, moment: datetime | None
) -> None:
    """Show reviewers what a change does: new, edited, withdrawn, moved.

    Compares the files as they are with the commit where this work left REF. Tells of
    every post and channel what will appear, part by part, with lengths beside limits,
    alt texts, times, faults, and what is different from before or from what is live.
    Sends nothing, needs no secret: safe for pull requests from strangers.

    \b
    Examples:
      smmflow review
      smmflow review --base origin/main
      smmflow review --base "$BASE" --format json --output review.json
    """
    from smmflow import memory, proposals, reviewing, workflow
    from smmflow.clock import SystemClock
    from smmflow.errors import UsageError

    clock = SystemClock()
    workspace = workflow.load(folder)
    now = moment or clock.now()
    prepared = workflow.prepare(workspace, memory.look_up(workspace, clock), now)
    found = proposals.make_review(prepared, workflow.make_plan(prepared, now), base)
    told = (
        reviewing.encode_review(found)
        if shape == "json"
        else reviewing.as_markdown(found).encode("utf-8", "replace")
    )
    if output is None:
        say(told.decode(), nl=False)
        return
    try:
        output.write_bytes(told)
    except OSError as problem:
        raise UsageError(
            f"the review can't be written to {output}: {problem.strerror}",
            hint="name a file in a folder that exists",
        ) from problem
    complain(f"written to {output}")
