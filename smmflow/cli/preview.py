"""`smmflow preview`: every post as its networks will show it, before it goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smmflow.cli.options import now_option, refuse_unknown
from smmflow.cli.output import complain, say
from smmflow.errors import SmmflowError, UsageError

if TYPE_CHECKING:
    from smmflow.clock import Clock
    from smmflow.site import Shown

__all__ = ["command"]

_PORT = 8321
_GLANCE = 0.3
"""Seconds between two looks at the files."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks to be shown."""

    folder: Path
    base: str
    post: str
    moment: datetime | None


@click.command(name="preview")
@click.option(
    "--output",
    "--out",
    type=click.Path(path_type=Path),
    help="Where to; `preview` in the workspace by default.",
)
@click.option(
    "--base",
    default="",
    metavar="REF",
    help="Mark what is different from this branch, tag or commit, and put review.json "
    "beside the pages.",
)
@click.option("--post", default="", metavar="POST", help="Show only this post.")
@click.option(
    "--serve",
    "is_served",
    is_flag=True,
    help="Show it on this machine while you edit: pages load anew by themselves.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=_PORT,
    show_default=True,
    help="For --serve; 0 is any that is free.",
)
@now_option
@click.pass_obj
def command(  # noqa: PLR0913 - one for each option
    folder: Path,
    output: Path | None,
    *,
    base: str,
    post: str,
    port: int,
    moment: datetime | None,
    is_served: bool,
) -> None:
    """Show every post as its networks will, before anything goes out.

    Pages with the threads, pictures, link cards, polls and folds that readers will see,
    the length beside the limit, the calendar of the coming weeks, and the findings.
    Sends nothing, needs no secret: safe for pull requests from strangers. The pages run
    no JavaScript and load nothing from elsewhere.

    \b
    Examples:
      smmflow preview
      smmflow preview --serve
      smmflow preview --post launch --output /tmp/launch
      smmflow preview --base origin/main --out preview
    """
    from smmflow.clock import SystemClock

    wanted = Wanted(folder, base, post, moment)
    clock = SystemClock()
    if not is_served:
        _write(wanted, output, clock)
    elif output is not None:
        raise UsageError(
            "--serve writes no files", hint="leave out --output, or leave out --serve"
        )
    else:
        _serve(wanted, port, clock)


def _pages(wanted: Wanted, clock: Clock, live: str = "") -> Mapping[str, bytes]:
    from smmflow import memory, proposals, workflow

    workspace = workflow.load(wanted.folder)
    now = wanted.moment or clock.now()
    refuse_unknown(
        "post",
        [wanted.post] if wanted.post else [],
        workspace.posts,
        hint="name its id: the name of its file without .md, or its `id:`",
    )
    prepared = workflow.prepare(workspace, memory.look_up(workspace, clock), now)
    plan = workflow.make_plan(prepared, now)
    review = proposals.make_review(prepared, plan, wanted.base) if wanted.base else None
    return proposals.make_preview(prepared, plan, review, only=wanted.post, live=live)


def _write(wanted: Wanted, output: Path | None, clock: Clock) -> None:
    from smmflow import content, site

    files = _pages(wanted, clock)
    target = output or content.find_root(wanted.folder) / "preview"
    written, deleted = site.write(files, target)
    say(f"{len(files)} files, {written} written, {deleted} deleted")
    say(f"open {target / 'index.html'}")


def _serve(wanted: Wanted, port: int, clock: Clock) -> None:
    from smmflow.content import find_root, stamps
    from smmflow.site import LiveServer, Shown

    root = find_root(wanted.folder)
    seen = stamps(root)
    shown = Shown(_pages(wanted, clock, live="seen=0"))
    try:
        with LiveServer(shown, port) as server:
            say(server.url)
            complain("pages follow your files; Ctrl-C ends this")
            while True:
                clock.sleep(_GLANCE)
                before, seen = seen, stamps(root)
                if seen != before:
                    _show_anew(shown, wanted, clock)
    except KeyboardInterrupt:
        complain("stopped")


def _show_anew(shown: Shown, wanted: Wanted, clock: Clock) -> None:
    try:
        shown.replace(_pages(wanted, clock, live=f"seen={shown.number + 1}"))
    except SmmflowError as problem:
        # Half-way through an edit, files may say nothing: the last pages stay.
        complain(f"{problem.message}; the pages stay as they were")
