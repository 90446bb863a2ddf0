"""`smmflow channels`: every channel, and whether it can be used."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smmflow.cli.output import paint, progress, say
from smmflow.cli.tokens import Token, tokens_of
from smmflow.errors import NetworkError

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.model.capabilities import Capabilities
    from smmflow.model.plan import Wait
    from smmflow.model.workspace import Workspace
    from smmflow.networks.line import Visit

__all__ = ["command"]


@click.command(name="channels")
@click.option(
    "--offline", is_flag=True, help="Ask nobody: settings and abilities only."
)
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json"]),
    default="text",
    help="For people, or for programs.",
)
@click.pass_obj
def command(folder: Path, shape: str, *, offline: bool) -> None:
    """Show every channel: reachable, signed in, as whom, with which limits.

    Signs in to each channel and reads its own limits, which are kept on the state
    branch so that later checks know them offline. Tells which permissions a token
    lacks, when it dies, and which posts would come due after. Publishes nothing. Ends
    with 4 if a channel can't be used.

    \b
    Examples:
      smmflow channels
      smmflow channels --offline
      smmflow channels --format json
    """
    from smmflow import memory, workflow
    from smmflow.clock import SystemClock
    from smmflow.networks.line import visit
    from smmflow.renewing import opened

    clock = SystemClock()
    workspace = workflow.load(folder)
    visits: tuple[Visit, ...] = ()
    if not offline:
        progress(f"asking {len(workspace.channels)} channels")
        with opened(workspace, workspace.channels, clock) as line:
            visits = visit(line)
        memory.remember_limits(workspace, visits, clock)
    known = memory.look_up(workspace, clock)
    able = workflow.capabilities_of(workspace, known)
    answers = {each.channel: each for each in visits}

    def waits() -> Iterable[Wait]:
        now = clock.now()
        prepared = workflow.prepare(workspace, known, now)
        return workflow.make_plan(prepared, now).waits

    tokens = tokens_of(workspace, visits, waits)
    if shape == "json":
        say(_as_json(workspace, able, answers, tokens))
    else:
        say(_as_text(workspace, able, answers, tokens), nl=False)
    failed = sum(each.error is not None for each in visits)
    if failed:
        raise NetworkError(f"{failed} of {len(visits)} channels can't be used now")


def _as_text(
    workspace: Workspace,
    able: Mapping[str, Capabilities],
    answers: Mapping[str, Visit],
    tokens: Mapping[str, Token],
) -> str:
    from smmflow.cli.abilities import describe

    lines = []
    for name, channel in workspace.channels.items():
        lines.append(paint(f"{name} ({channel.network})", "head"))
        answer = answers.get(name)
        if answer is not None and answer.identity is not None:
            who = answer.identity
            lines.append(f"  {paint('signed in', 'due')} as {who.name}  {who.url}")
            lines += [f"  {words}" for words in tokens[name].words()]
        elif answer is not None and answer.error is not None:
            lines.append(f"  {paint('no', 'error')}: {answer.error.message}")
            if answer.error.hint:
                lines.append(f"  hint: {answer.error.hint}")
        for what, words in describe(able[name]):
            lines.append(f"  {what:<14} {words}")
    return "\n".join(lines) + "\n"


def _as_json(
    workspace: Workspace,
    able: Mapping[str, Capabilities],
    answers: Mapping[str, Visit],
    tokens: Mapping[str, Token],
) -> str:
    from smmflow.cli.abilities import describe

    rows = []
    for name, channel in workspace.channels.items():
        row: dict[str, object] = {
            "channel": name,
            "network": channel.network,
            "abilities": dict(describe(able[name])),
        }
        answer = answers.get(name)
        if answer is not None:
            identity, error = answer.identity, answer.error
            row["signed_in_as"] = identity and identity.name
            row["url"] = identity and identity.url
            row["error"] = error and error.message
        if name in tokens:
            row["token"] = tokens[name].plain()
        rows.append(row)
    return json.dumps({"channels": rows}, ensure_ascii=False, indent=2)
