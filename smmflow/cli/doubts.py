"""Doubts in words: what nobody knows, where to look, and which command settles it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from smmflow.cli.output import complain, is_interactive, paint
from smmflow.errors import UsageError

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.model.publication import Publication
    from smmflow.model.workspace import Workspace
    from smmflow.publishing import Sighting

__all__ = ["as_rows", "require_agreement"]


def as_rows(record: Publication, workspace: Workspace, now: datetime) -> Iterator[str]:
    """Tell of a doubt: what, its words, since when, where to look, what settles it."""
    from smmflow.publishing.doubts import has_change_in_doubt, name_of
    from smmflow.publishing.sending import claimed_at

    target = f"{shlex.quote(record.occurrence)} --channel {shlex.quote(record.channel)}"
    not_done = f"smmflow reconcile {target} --forget"
    if record.change is not None and has_change_in_doubt(record, now):
        what, number = f"{record.change.kind} of {name_of(record)}", 0
        since, run = record.updated, record.change.run
        remedies = [
            ("finish it", f"smmflow publish --post {target}"),
            ("not done", not_done),
        ]
    else:
        number = len(record.receipts)
        what = f"{name_of(record)}, part {number + 1} of {len(record.parts)}"
        since, run = claimed_at(record), record.run
        remedies = [
            ("live", f"smmflow reconcile {target} --adopt URL"),
            ("not live", not_done),
        ]
    first_line = next(iter(record.parts[number].text.strip().splitlines()), "")
    yield f"{paint('in-doubt', 'held')}  {what}"
    yield f"    | {first_line}"
    when = f"{since.astimezone(workspace.calendar.zone):%Y-%m-%d %H:%M}"
    yield f"    sent {when} by run {run}"
    yield f"    {record.error or 'that run never said what became of it'}"
    yield f"    look at {_place(record, workspace)}"
    yield from (f"    {f'{if_so}:':<10} {remedy}" for if_so, remedy in remedies)


def _place(record: Publication, workspace: Workspace) -> str:
    from smmflow import workflow

    channel = workspace.channels.get(record.channel)
    if channel is None:
        return f"{record.network}; {record.channel} is no channel any more"
    network = workflow.networks_of(workspace)[record.channel]
    return network.profile(channel) or record.channel


def require_agreement(sightings: Sequence[Sighting]) -> None:
    """Do nothing, unless what is live there may not be what was sent.

    Raises:
        UsageError: It may not, and nobody is there to be asked.
        click.Abort: Somebody was asked, and it is not the post.
    """
    doubtful = [each for each in sightings if each.differs or not each.asked]
    for each in doubtful:
        if each.asked:
            complain(f"{each.receipt.url} says something else than was sent:")
            complain(f"  sent | {each.sent}")
            complain(f"  live | {each.says}")
        else:
            complain(
                f"{each.receipt.url} is kept as you gave it, because the network can't "
                "be asked; smmflow may be unable to edit, count or withdraw it"
            )
    if not doubtful:
        return
    if not is_interactive():
        raise UsageError(
            "nothing was adopted", hint="if that is the post, say so with --yes"
        )
    click.confirm("Is that the post?", abort=True)
