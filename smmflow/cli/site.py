"""`smmflow site`: the public pages and feeds."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from smmflow.cli.options import now_option
from smmflow.cli.output import say

__all__ = ["command"]


@click.command(name="site")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Where to; `public` in the workspace by default.",
)
@click.option(
    "--period", default="last-30-days", show_default=True, help="Of the report page."
)
@click.option("--no-report", is_flag=True, help="Leave the report page out.")
@now_option
@click.pass_obj
def command(
    folder: Path,
    output: Path | None,
    period: str,
    moment: datetime | None,
    *,
    no_report: bool,
) -> None:
    """Build the public pages and feeds from what went out on the `site` channel.

    Home, a page for every post, campaigns, a calendar, Atom and JSON feeds and a
    report; no JavaScript, no request to anybody else. The same input gives the same
    bytes. Files in the folder that smmflow did not make are never touched.

    \b
    Examples:
      smmflow site
      smmflow site --output /srv/www --no-report
    """
    from smmflow import memory, site, workflow
    from smmflow.clock import SystemClock

    clock = SystemClock()
    workspace = workflow.load(folder)
    now = moment or clock.now()
    known = memory.look_up(workspace, clock, metrics=True)
    report = None if no_report else workflow.make_report(workspace, known, period, now)
    target = output or workspace.root / "public"
    files = workflow.build_site(workspace, known, report, now)
    written, deleted = site.write(files, target)
    say(f"{len(files)} files, {written} written, {deleted} deleted")
    say(f"open {target / 'index.html'}")
