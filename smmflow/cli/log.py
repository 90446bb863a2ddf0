"""`smmflow log`: the whole story of a post, from the ledger's own history."""

from __future__ import annotations

from pathlib import Path

import click

from smmflow.cli.output import paint, say
from smmflow.errors import UsageError

__all__ = ["command"]


@click.command(name="log")
@click.argument("post", required=False, default="")
@click.option(
    "--fetch", is_flag=True, help="Ask the remote for the newest state first."
)
@click.pass_obj
def command(folder: Path, post: str, *, fetch: bool) -> None:
    """Tell the story of a post: who, when, what words, which receipt, how long it took.

    Reads the history of the ledger on the state branch: claims, publications, edits
    with the words they changed, withdrawals, times that were moved. Without POST,
    every post.

    \b
    Examples:
      smmflow log launch
      smmflow log
    """
    from smmflow import memory, planning, workflow
    from smmflow.clock import SystemClock

    workspace = workflow.load(folder)
    state = memory.open_state(workspace, SystemClock())
    if fetch:
        state.fetch()
    story = state.history(post)
    if post and not story:
        raise UsageError(
            f"the ledger knows nothing of {post}",
            hint="nothing of it was ever claimed; `smmflow plan` says when it is due",
        )
    told = planning.Story(workspace.calendar, paint)
    for version, record in story:
        for row in told.tell(version.author, record):
            say(row)
    if not story:
        say("nothing was published yet")
