"""`smmflow report`: what went out, and what came of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from smmflow.cli.options import now_option
from smmflow.cli.output import say

__all__ = ["command"]


@click.command(name="report")
@click.option(
    "--period",
    default="last-30-days",
    show_default=True,
    help="last-30-days, 2026-11, 2026-W47, 2026-11-01..2026-11-30 or all.",
)
@click.option(
    "--format",
    "shape",
    type=click.Choice(["markdown", "csv"]),
    default="markdown",
    help="For people, or for a spreadsheet.",
)
@click.option("--locale", help="Language of the report; the workspace's by default.")
@now_option
@click.pass_obj
def command(
    folder: Path, period: str, shape: str, locale: str | None, moment: datetime | None
) -> None:
    """Show what went out and what came of it, in a period.

    Each number stands with its definition; what is not known is said to be unknown,
    never zero. Reads the state on this machine; asks no network.

    \b
    Examples:
      smmflow report
      smmflow report --period 2026-11 > november.md
      smmflow report --period 1405-09 --locale fa
      smmflow report --format csv --period all > posts.csv
    """
    from smmflow import memory, reporting, workflow
    from smmflow.clock import SystemClock

    clock = SystemClock()
    workspace = workflow.load(folder)
    now = moment or clock.now()
    known = memory.look_up(workspace, clock, metrics=True)
    report = workflow.make_report(workspace, known, period, now)
    if shape == "csv":
        say(reporting.csv(report), nl=False)
    else:
        words = reporting.markdown(report, locale or workspace.language)
        say(words, nl=False)
