"""`smmflow new`: start a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from smmflow.cli.options import now_option
from smmflow.errors import UsageError

__all__ = ["command"]


@click.group(name="new")
def command() -> None:
    """Start a file of the workspace, with what it needs already in it.

    \b
    Examples:
      smmflow new post "Version 1 is out"
    """


@command.command(name="post")
@click.argument("title")
@click.option("--channel", "channels", multiple=True, help="Where it goes; repeatable.")
@click.option("--at", "publish_at", metavar="TIME", help="As in '2026-12-01 09:00'.")
@click.option("--slot", help="A slot of the calendar, instead of a time.")
@click.option("--language", help="As in en or fa; the workspace's by default.")
@now_option
@click.pass_obj
def post(  # noqa: PLR0913, PLR0917 - options are arguments
    folder: Path,
    title: str,
    channels: tuple[str, ...],
    publish_at: str | None,
    slot: str | None,
    language: str | None,
    moment: datetime | None,
) -> None:
    """Start a post, as a draft of your own words.

    Prints the path of the new file. Never overwrites one.

    \b
    Examples:
      smmflow new post "Version 1 is out" --at "2026-12-01 09:00"
      smmflow new post "نسخهٔ یک آمد" --language fa --slot mornings
    """
    from smmflow import scaffolding, workflow
    from smmflow.clock import SystemClock

    workspace = workflow.load(folder)
    path, text = scaffolding.new_post(
        workspace,
        title,
        channels=channels,
        publish_at=_wall_clock(publish_at, workspace.calendar.zone),
        slot=slot or "",
        language=language or "",
        created=moment or SystemClock().now(),
    )
    file = workspace.root / path
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except OSError as problem:
        raise UsageError(f"{file} can't be made: {problem.strerror}") from problem
    click.echo(path)


def _wall_clock(text: str | None, zone: ZoneInfo) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{text!r} is no time", hint="write it as in '2026-12-01 09:00'"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
