"""`smmflow reconcile`: settle what nobody knows the end of, by what a person saw."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

import click

from smmflow.cli.doubts import as_rows, require_agreement
from smmflow.cli.options import refuse_unknown
from smmflow.cli.output import complain, paint, progress, say
from smmflow.errors import UsageError

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.clock import Clock
    from smmflow.model.publication import Publication
    from smmflow.model.workspace import Workspace
    from smmflow.networks.line import Line
    from smmflow.store import State

__all__ = ["command"]


@click.command(name="reconcile")
@click.argument("post", required=False, default="")
@click.option("--channel", default="", help="Only this channel.")
@click.option(
    "--adopt",
    "urls",
    metavar="URL",
    multiple=True,
    help="It is live, here. Give one for each part of a thread, in order.",
)
@click.option("--forget", is_flag=True, help="I looked, and it is not live.")
@click.option("--owner", help="Who decides it; git's user by default.")
@click.option("--yes", is_flag=True, help="Adopt although other words are live there.")
@click.pass_obj
def command(  # noqa: PLR0913 - options are arguments
    folder: Path,
    post: str,
    channel: str,
    urls: tuple[str, ...],
    owner: str | None,
    *,
    forget: bool,
    yes: bool,
) -> None:
    """Settle what nobody knows the end of: list it, or say what you saw.

    If a network's answer never came, a post may be live or not. Networks that can be
    looked at are looked at first. What is left is listed, with where to look and the
    commands that settle it; then this ends with 1.

    POST is a post or one of its times (`launch@2026-12-01T09:00`). What you decide is
    kept in the ledger with your name; `smmflow log` tells it.

    \b
    Examples:
      smmflow reconcile
      smmflow reconcile launch --adopt https://mastodon.social/@smmflow/1234
      smmflow reconcile launch --channel mastodon --forget
    """
    from smmflow import memory, workflow
    from smmflow.clock import SystemClock

    if urls and forget:
        raise UsageError("it is live, or it is not: give --adopt or --forget")
    if (urls or forget) and not post:
        raise UsageError(
            "which post?", hint="`smmflow reconcile` lists all that is in doubt"
        )
    workspace = workflow.load(folder)
    clock = SystemClock()
    state = memory.open_state(workspace, clock)
    progress("reading the state")
    workflow.recover(workspace, state, clock)
    _refuse_unknown(workspace, state, post, channel)
    desk = _Desk(workspace, state, clock)
    if not (urls or forget):
        desk.list_doubts(post, channel)
        return
    who = owner or memory.person(workspace)
    if urls:
        desk.adopt(post, channel, urls, who, ask=not yes)
    else:
        desk.forget(post, channel, who)


def _refuse_unknown(
    workspace: Workspace, state: State, post: str, channel: str
) -> None:
    """Do nothing, unless neither files nor ledger know what is named."""
    records = state.publications().values()
    posts = {name for each in records for name in (each.post, each.occurrence)}
    channels = {each.channel for each in records}
    names = ", ".join(workspace.channels)
    refuse_unknown(
        "channel",
        [channel] if channel else [],
        {*workspace.channels, *channels},
        hint=f"channels: {names}",
    )
    refuse_unknown(
        "post",
        [post] if post else [],
        {*workspace.posts, *posts},
        hint="a post's name is its file's, without .md, or its `id:`",
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    """A workspace whose doubts are looked through."""

    workspace: Workspace
    state: State
    clock: Clock

    def list_doubts(self, post: str, channel: str) -> None:
        from smmflow import reconciling

        with self._line() as line:
            failures = dict(line.failures)
            self._settle(line)
        left = reconciling.doubts(self.state, self.clock, post=post, channel=channel)
        for record in left:
            for row in as_rows(record, self.workspace, self.clock.now()):
                say(row)
        for name in sorted({each.channel for each in left} & set(failures)):
            complain(f"{name} could not be asked: {failures[name].message}")
        say(f"{len(left)} in doubt" if left else "nothing is in doubt")
        if left:
            raise click.exceptions.Exit(1)

    def adopt(
        self, post: str, channel: str, urls: Sequence[str], owner: str, *, ask: bool
    ) -> None:
        from smmflow import reconciling
        from smmflow.publishing.doubts import name_of

        record = self._chosen(post, channel, adopting=True)
        self._require_channel(record)
        with self._line(record.channel) as line:
            sightings = reconciling.sight(self.state, record, urls, line)
        if ask:
            require_agreement(sightings)
        done = reconciling.adopt(
            self.state, record, sightings, owner=owner, clock=self.clock
        )
        for each in sightings:
            part = f"{name_of(done)}  part {each.part + 1} of {len(done.parts)}"
            say(f"{paint('adopted', 'due')}  {part}  {each.receipt.url}")
        self._say_next(done)

    def forget(self, post: str, channel: str, owner: str) -> None:
        from smmflow import reconciling
        from smmflow.model.publication import Outcome
        from smmflow.publishing.doubts import name_of

        seen = self._chosen(post, channel, adopting=False)
        if seen.channel in self.workspace.channels:
            with self._line(seen.channel) as line:
                self._settle(line)
        key = seen.occurrence, seen.channel
        record = self.state.publications()[key]
        if record.outcome is Outcome.PUBLISHED and record.change is None:
            raise UsageError(
                f"{name_of(record)} is live, says the network: "
                f"{record.receipts[-1].url}; nothing was forgotten",
                hint="write `withdrawn: true` into the post to take it down",
            )
        if record in reconciling.doubts(self.state, self.clock):
            record = reconciling.forget(
                self.state, record, owner=owner, clock=self.clock
            )
        words = record.decided or record.error
        say(f"{paint('forgotten', 'due')}  {name_of(record)}: {words}")
        self._say_next(record)

    def _chosen(self, post: str, channel: str, *, adopting: bool) -> Publication:
        from smmflow.publishing.doubts import choose

        return choose(
            self.state.publications().values(),
            post=post,
            channel=channel,
            now=self.clock.now(),
            adopting=adopting,
        )

    def _require_channel(self, record: Publication) -> None:
        if record.channel not in self.workspace.channels:
            raise UsageError(
                f"{record.channel} is no channel any more, so nobody can be asked",
                hint="put it back into channels.yaml until this is settled",
            )

    def _line(self, channel: str = "") -> AbstractContextManager[Line]:
        from smmflow.renewing import opened

        names = [each for each in self.workspace.channels if channel in {"", each}]
        return opened(self.workspace, names, self.clock)

    def _settle(self, line: Line) -> None:
        from smmflow import workflow
        from smmflow.runs import run_name

        workflow.settle(
            self.workspace,
            state=self.state,
            line=line,
            clock=self.clock,
            run=run_name(self.clock.now()),
        )

    def _say_next(self, record: Publication) -> None:
        """Tell what becomes of it, as the plan has it now."""
        from smmflow import workflow
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
        )
        from smmflow.store import Known

        known = Known.of(self.state, self.workspace.channels)
        now = self.clock.now()
        prepared = workflow.prepare(self.workspace, known, now)
        plan = workflow.make_plan(prepared, now)
        mine = plan.only(channels=[record.channel], posts=[record.occurrence])
        if not mine.actions:
            say("  the files ask for nothing more of it")
        for action in mine.actions:
            match action:
                case Publish(resume_from=0):
                    say("  the next `smmflow publish` sends it")
                case Publish(resume_from=live):
                    say(f"  the next `smmflow publish` goes on with part {live + 1}")
                case Edit() | Withdraw() | Reschedule() | Cancel():
                    say("  the next `smmflow publish` makes it as the file says")
                case HandOver():
                    say("  the next `smmflow publish` hands it over")
                case Hold(reason=reason, explanation=words):
                    say(f"  held ({reason}): {words}")
                case Wait() | Live() | Handed():
                    pass
                case _:
                    assert_never(action)
