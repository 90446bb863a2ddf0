"""`smmflow new`: start a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from smmflow.cli.options import now_option
from smmflow.cli.output import say
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
    from smmflow import content, scaffolding, workflow
    from smmflow.clock import SystemClock

    workspace = workflow.load(folder)
    at = None
    if publish_at is not None:
        at = content.parse_moment(publish_at, workspace.calendar)
    path, text = scaffolding.new_post(
        workspace,
        title,
        channels=channels,
        publish_at=at,
        slot=slot or "",
        language=language or "",
        created=moment or SystemClock().now(),
    )
    _write_new(workspace.root / path, text)
    say(path)


def _write_new(file: Path, text: str) -> None:
    """Write a file that is not there yet: all of it, or nothing."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        opened = file.open("x", encoding="utf-8", newline="\n")
    except OSError as problem:
        raise _unmade(file, problem) from problem
    try:
        with opened:
            opened.write(text)
    except OSError as problem:
        file.unlink(missing_ok=True)
        raise _unmade(file, problem) from problem


def _unmade(file: Path, problem: OSError) -> UsageError:
    return UsageError(
        f"{file} can't be made: {problem.strerror}",
        hint="see that the disk has room and that you may write there",
    )
