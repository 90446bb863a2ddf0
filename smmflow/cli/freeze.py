"""`smmflow freeze`: stop publishing, everywhere or in part, within one run."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from smmflow.cli.options import Moment, refuse_unknown
from smmflow.cli.output import say
from smmflow.errors import UsageError

__all__ = ["command"]


@click.command(name="freeze")
@click.argument("reason")
@click.option("--channel", "channels", multiple=True, help="Only this channel.")
@click.option(
    "--except", "spared", multiple=True, help="A post or campaign that goes out anyway."
)
@click.option(
    "--until", type=Moment(), help="End by itself, as in 2026-12-01T09:00+03:30."
)
@click.option("--owner", help="Who orders it; git's user by default.")
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - options are arguments
    folder: Path,
    reason: str,
    channels: tuple[str, ...],
    spared: tuple[str, ...],
    until: datetime | None,
    owner: str | None,
) -> None:
    """Stop publishing, everywhere or in part, within one run.

    The freeze is written to the state branch, where every run looks before it claims
    anything. What comes due meanwhile is held as missed and never floods out later:
    `smmflow reschedule` gives it a new time when the freeze is over.

    \b
    Examples:
      smmflow freeze "Earthquake in the north, nothing cheerful now"
      smmflow freeze "Account taken over" --channel mastodon
      smmflow freeze "Crisis" --except statement --until 2026-12-02T18:00+03:30
    """
    from smmflow import memory, workflow
    from smmflow.clock import SystemClock
    from smmflow.model.freeze import Freeze
    from smmflow.runs import run_name

    if not reason.strip():
        raise UsageError("a freeze needs a reason", hint="say it in one sentence")
    clock = SystemClock()
    workspace = workflow.load(folder)
    now = clock.now()
    refuse_unknown("channel", channels, workspace.channels)
    spareable = {*workspace.posts, *workspace.campaigns}
    refuse_unknown("post or campaign", spared, spareable)
    if until is not None and until <= now:
        raise UsageError("--until is over already", hint="name a moment to come")
    who = owner or memory.person(workspace)
    freeze = Freeze(run_name(now), reason.strip(), who, now, until, channels, spared)
    state = memory.open_state(workspace, clock)
    state.change_freezes(f"Freeze: {freeze.reason}", lambda known: (*known, freeze))
    where = ", ".join(channels) or "every channel"
    end = f"until {until.isoformat()}" if until else "until `smmflow unfreeze`"
    say(f"frozen: {where}, {end}, by {who}: {freeze.reason}")
