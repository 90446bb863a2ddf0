"""`smmflow reschedule`: another time for a post, in its file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

import click

from smmflow.cli.options import now_option
from smmflow.cli.output import say
from smmflow.errors import UsageError

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.model.plan import Action
    from smmflow.model.post import Post
    from smmflow.model.workspace import Workspace

__all__ = ["command"]


@click.command(name="reschedule")
@click.argument("name", metavar="POST")
@click.argument("time")
@now_option
@click.pass_obj
def command(folder: Path, name: str, time: str, moment: datetime | None) -> None:
    """Give a post another time, in its file; bring back one that was missed.

    Sets `publish_at` and takes `slot` away; nothing else in the file changes. TIME is
    written as in files, in the workspace's zone and calendar: '2026-12-01 09:00', with
    an offset if need be. 'tomorrow 09:00' and '+2h' will do as well.

    \b
    Examples:
      smmflow reschedule launch "2026-12-01 09:00"
      smmflow reschedule launch "tomorrow 09:00"
      smmflow reschedule launch +2h
      smmflow reschedule نوروز "فردا ۰۹:۳۰"
    """
    from smmflow import content, memory, scaffolding, workflow
    from smmflow.clock import SystemClock

    clock = SystemClock()
    now = moment or clock.now()
    workspace = workflow.load(folder)
    post = _find(workspace, name)
    when = content.parse_moment(time, workspace.calendar, now)
    known = memory.look_up(workspace, clock)
    scaffolding.refuse_unmovable(post, when, known.publications, now)
    changed = workflow.reschedule(workspace, post, when)

    again = workflow.load(folder)
    plan = workflow.make_plan(workflow.prepare(again, known, now), now)
    written = scaffolding.written(when, workspace.calendar)
    done = "publish_at is now" if changed else "publish_at was already"
    say(f"{post.path}: {done} {written} ({workspace.calendar.zone.key})")
    for action in plan.only(posts=(post.id,)).actions:
        say(f"  {_told(action, written)}")
    for row in _next_steps(workspace, changed=changed):
        say(row)


def _find(workspace: Workspace, name: str) -> Post:
    post = workspace.posts.get(name)
    if post is not None:
        return post
    if any(Path(path).stem == name for path in workspace.unreadable):
        raise UsageError(
            f"the file of {name} has faults that keep it from being read",
            hint="`smmflow check` says which; put them right first",
        )
    stem = name.partition("@")[0]
    if stem in workspace.posts:
        return workspace.posts[stem]  # one time of a recurring post: refused as such
    raise UsageError(
        f"no post is called {name}",
        hint="a post is called by its `id:`, or its file's name without `.md`",
    )


def _told(action: Action, written: str) -> str:
    from smmflow.model.plan import (
        Cancel,
        Edit,
        Handed,
        HandOver,
        Hold,
        Live,
        Publish,
        Reschedule,
        Wait,
        Withdraw,
        target,
    )

    _, channel = target(action)
    match action:
        case Wait() | HandOver() | Handed():
            words = f"goes out at {written}"
        case Reschedule() | Cancel():
            words = "the network has it; the next run tells it the new time"
        case Publish():
            words = "goes out with the next `smmflow publish`"
        case Hold():
            words = f"held ({action.reason}): {action.explanation}"
        case Live():
            words = f"is live already and stays as it is {action.url}"
        case Edit():
            words = "is live already and will be edited"
        case Withdraw():
            words = "will be taken down"
        case _:
            assert_never(action)
    return f"{channel}: {words}"


def _next_steps(workspace: Workspace, *, changed: bool) -> Iterator[str]:
    if not changed:
        return
    yield "commit and push the file: a run publishes what is committed where it runs"
    if workspace.team.approvals != "none":
        yield "the change needs approval like any other, as team.yaml says"
