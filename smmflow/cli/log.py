"""`smmflow log`: the whole story of a post, from the ledger's own history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from smmflow.cli.output import paint, say
from smmflow.errors import UsageError

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.model.publication import Publication
    from smmflow.repository import Version

__all__ = ["command"]


@click.command(name="log")
@click.argument("post", required=False, default="")
@click.option(
    "--fetch", is_flag=True, help="Ask the remote for the newest state first."
)
@click.pass_obj
def command(folder: Path, post: str, *, fetch: bool) -> None:
    """Tell the story of a post: who, when, what words, which receipt, how long it took.

    Reads the history of the ledger on the state branch. Without POST, every post.

    \b
    Examples:
      smmflow log launch
      smmflow log
    """
    from smmflow import workflow
    from smmflow.clock import SystemClock

    workspace = workflow.load(folder)
    state = workflow.open_state(workspace, SystemClock())
    if fetch:
        state.fetch()
    story = state.history(post)
    if post and not story:
        raise UsageError(
            f"the ledger knows nothing of {post}",
            hint="nothing of it was ever claimed; `smmflow plan` says when it is due",
        )
    before: dict[tuple[str, str], Publication] = {}
    for version, record in story:
        key = record.occurrence, record.channel
        for row in _tell(version, record, before.get(key), workspace.calendar.zone):
            say(row)
        before[key] = record
    if not story:
        say("nothing was published yet")


def _tell(
    version: Version, record: Publication, before: Publication | None, zone: ZoneInfo
) -> Iterator[str]:
    when = paint(f"{record.updated.astimezone(zone):%Y-%m-%d %H:%M:%S}", "dim")
    what = f"{record.occurrence} on {record.channel}"
    yield f"{when}  {paint(str(record.outcome), 'head')}  {what}"
    yield f"    by {version.author}, run {record.run}; due {_due(record, zone)}"
    if record.error:
        yield f"    {record.error}"
    if record.decided not in {"", record.error, before.decided if before else ""}:
        yield f"    {record.decided}"
    old = before.parts if before else ()
    for number, part in enumerate(record.parts):
        known = old[number] if number < len(old) else None
        if known is None or known.text != part.text:
            yield from (f"    | {line}" for line in part.text.splitlines())
        if part.receipt and (known is None or known.receipt != part.receipt):
            yield f"    live {part.receipt.url or part.receipt.id}"
    if before is not None and before.run == record.run:
        took = (record.updated - before.updated).total_seconds()
        yield f"    {took:.1f} s after it was {before.outcome}"


def _due(record: Publication, zone: ZoneInfo) -> str:
    return f"{record.due.astimezone(zone):%Y-%m-%d %H:%M}"
