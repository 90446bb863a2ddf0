"""`smmflow unfreeze`: let publishing go on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smmflow.cli.options import refuse_unknown
from smmflow.cli.output import say
from smmflow.errors import UsageError

if TYPE_CHECKING:  # loading it costs more than `--help` may
    from smmflow.model.freeze import Freeze

__all__ = ["command"]


@click.command(name="unfreeze")
@click.option("--channel", "channels", multiple=True, help="Only freezes of this one.")
@click.option("--owner", help="Who orders it; git's user by default.")
@click.pass_obj
def command(folder: Path, channels: tuple[str, ...], owner: str | None) -> None:
    """Let publishing go on.

    Ends every freeze that holds now. What came due meanwhile stays held as missed.

    \b
    Examples:
      smmflow unfreeze
      smmflow unfreeze --channel mastodon
    """
    from smmflow import memory, workflow
    from smmflow.clock import SystemClock

    clock = SystemClock()
    workspace = workflow.load(folder)
    refuse_unknown("channel", channels, workspace.channels)
    who = owner or memory.person(workspace)
    now = clock.now()
    ended: list[Freeze] = []

    def lift(known: tuple[Freeze, ...]) -> tuple[Freeze, ...]:
        ended[:] = [
            each
            for each in known
            if each.covers(now) and (not channels or set(channels) & set(each.channels))
        ]
        return tuple(
            replace(each, lifted=now, lifted_by=who) if each in ended else each
            for each in known
        )

    state = memory.open_state(workspace, clock)
    state.change_freezes("Unfreeze", lift)
    if not ended:
        raise UsageError(
            "nothing is frozen", hint="`smmflow plan` says why a post is held"
        )
    for each in ended:
        say(f"ended: {each.reason} (by {each.owner}, {each.since:%F %H:%M} UTC)")
