"""`smmflow measure`: read the counters that are due."""

from __future__ import annotations

from pathlib import Path

import click

from smmflow.cli.options import refuse_unknown
from smmflow.cli.output import paint, progress, say
from smmflow.errors import NetworkError

__all__ = ["command"]


@click.command(name="measure")
@click.option("--channel", "channels", multiple=True, help="Only this channel.")
@click.pass_obj
def command(folder: Path, channels: tuple[str, ...]) -> None:
    """Read the counters of live posts and channels, as far as they are due.

    Young posts are read often, old ones rarely. Every run keeps what it read in a file
    of its own on the state branch; a run to which nothing was due writes nothing.

    \b
    Examples:
      smmflow measure
      smmflow measure --channel bluesky
    """
    from smmflow import memory, workflow
    from smmflow.clock import SystemClock
    from smmflow.renewing import opened
    from smmflow.runs import run_name
    from smmflow.store import Known

    clock = SystemClock()
    workspace = workflow.load(folder)
    refuse_unknown("channel", channels, workspace.channels)
    state = memory.open_state(workspace, clock)
    progress("reading the state")
    state.fetch()
    known = Known.of(state, workspace.channels, metrics=True)
    names = workflow.measurable(workspace, known, channels or workspace.channels)
    with opened(workspace, names, clock) as line:
        measured = workflow.measure(
            workspace,
            known,
            state=state,
            line=line,
            clock=clock,
            run=run_name(clock.now()),
        )
        failures = dict(line.failures)
    failures.update({each.channel: each.error for each in measured.failures})
    if measured.snapshot is None:
        say("nothing was due" if not failures else "nothing was read")
    else:
        parts, channel_count = measured.snapshot.parts, measured.snapshot.channels
        gone = sum(each.gone for each in parts)
        say(
            f"read {len(parts)} posts and {len(channel_count)} channels"
            + (f"; {gone} posts are gone from their network" if gone else "")
        )
    for name, problem in sorted(failures.items()):
        say(f"{paint('not read', 'error')}  {name}: {problem.message}")
        if problem.hint:
            say(f"  hint: {problem.hint}")
    if failures:
        raise NetworkError(f"{len(failures)} channels could not be read")
