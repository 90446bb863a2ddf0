"""`smmflow approvals`: which approvals a post needs, has and lacks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

import click

from smmflow.cli.options import refuse_unknown
from smmflow.cli.output import paint, say
from smmflow.errors import Unreachable
from smmflow.language.dates import numeric_date

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.model.approval import Approval, Asked, Lack, Verdict
    from smmflow.model.calendar import Calendar
    from smmflow.model.plan import Plan
    from smmflow.workflow import Prepared

__all__ = ["command"]


@click.command(name="approvals")
@click.argument("post", required=False, default="")
@click.pass_obj
def command(folder: Path, post: str) -> None:
    """Explain which approvals a post needs, has and lacks, and whom to ask.

    Without POST: everything that would be done now or waits for its time. Where
    team.yaml says `approvals: forge`, the forge is asked; a job's GITHUB_TOKEN is
    enough, and a public repository answers without one. Ends with 4 if it can't be
    asked.

    \b
    Examples:
      smmflow approvals
      smmflow approvals launch
    """
    from smmflow import memory, proofs, workflow
    from smmflow.clock import SystemClock
    from smmflow.credentials import environment
    from smmflow.model.approval import Unknown
    from smmflow.model.team import ApprovalSource

    clock = SystemClock()
    workspace = workflow.load(folder)
    refuse_unknown("post", [post] if post else [], workspace.posts)
    if workspace.team.approvals is ApprovalSource.NONE:
        say("team.yaml says `approvals: none`: nothing needs an approval,")
        say("and whoever can push to this branch can publish")
        return
    now = clock.now()
    prepared = workflow.prepare(workspace, memory.look_up(workspace, clock), now)
    asked = _asked(prepared, workflow.make_plan(prepared, now), post)
    found = proofs.verdicts(workspace, asked, environment())
    for each in asked:
        verdict = found[each.post, each.channel]
        for row in _tell(each, verdict, workspace.calendar):
            say(row)
    if not asked:
        say("nothing is due or waits")
    if any(isinstance(each, Unknown) for each in found.values()):
        raise Unreachable(
            "not everything could be asked about", hint="the reasons stand above"
        )


def _asked(prepared: Prepared, plan: Plan, post: str) -> tuple[Asked, ...]:
    from smmflow import approving
    from smmflow.model.plan import Sensitive, Wait

    if post:
        return approving.asked_about(prepared.workspace, prepared.composed, post)
    near = (each for each in plan.actions if isinstance(each, Sensitive | Wait))
    found = (approving.asked_by(prepared.workspace, each) for each in near)
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _tell(asked: Asked, verdict: Verdict, calendar: Calendar) -> Iterator[str]:
    from smmflow.model.approval import Approved, Missing, Unknown

    what = f"{asked.post} on {asked.channel}"
    match verdict:
        case Approved(approvals=approvals):
            yield f"{paint('approved', 'due')}  {what}"
            yield from (_approval(each, calendar) for each in approvals)
        case Missing(lacks=lacks, approvals=approvals):
            yield f"{paint('not approved', 'held')}  {what}"
            yield from (_approval(each, calendar) for each in approvals)
            for lack in lacks:
                yield from _lack(lack)
        case Unknown(why=why):
            yield f"{paint('not known', 'error')}  {what}: {why}"
        case _:
            assert_never(verdict)


def _approval(approval: Approval, calendar: Calendar) -> str:
    local = approval.at.astimezone(calendar.zone)
    at = f"{numeric_date(local, in_jalali=calendar.jalali)} {local:%H:%M}"
    files = ", ".join(approval.files)
    return f"  + {approval.by} approved {files} ({at}, {approval.where})"


def _lack(lack: Lack) -> Iterator[str]:
    whom = f" (may: {', '.join(lack.whom)})" if lack.whom else ""
    yield f"  - {lack.file} needs {lack.what}{whom}"
    yield f"      {lack.why}"
    yield f"      {lack.remedy}"
