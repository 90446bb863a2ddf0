"""What a run would do and has done, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from smmflow.cli.output import paint, say
from smmflow.errors import NetworkError, PlanRefused

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.model.channel_post import ChannelPost
    from smmflow.model.plan import Hold, Plan, Wait
    from smmflow.model.publication import Publication
    from smmflow.networks.line import Line

__all__ = [
    "conclude",
    "say_outcome",
    "say_stopped",
    "say_unable",
    "say_waiting",
    "tell",
]


def tell(plan: Plan, soon: Sequence[Wait] = ()) -> None:
    """Tell what a run would do now, and what it would wait for."""
    from smmflow import planning

    if not plan.publishes:
        say("nothing is due")
    for action in plan.publishes:
        head = f"{action.occurrence.id} on {action.post.channel}"
        say(f"{paint('would send', 'due')}  {head}")
        _tell_parts(action.post)
    for handover in plan.handovers:
        head = f"{handover.occurrence.id} on {handover.post.channel}"
        say(f"{paint('would hand over', 'due')}  {head}")
    for change in plan.changes:
        first, *rest = planning.as_lines(change, paint)
        say(f"would change  {first}")
        for row in rest:
            say(f"  {row}")
    for hold in plan.holds:
        _say_held(hold)
    for wait in soon:
        say(f"would wait  {_awaited(wait)}")
    say(f"digest {plan.digest}")


def say_stopped(plan: Plan) -> None:
    """Tell what would have been done if it were approved, or if there were money."""
    from smmflow.model.plan import HoldReason

    stopped = {HoldReason.UNAPPROVED, HoldReason.UNPROVEN, HoldReason.OVER_BUDGET}
    for hold in plan.holds:
        if hold.reason in stopped:
            _say_held(hold)


def _say_held(hold: Hold) -> None:
    say(
        f"{paint('held', 'held')}  {hold.occurrence.id} on {hold.channel} "
        f"({hold.reason}): {hold.explanation}"
    )


def _tell_parts(post: ChannelPost) -> None:
    for number, part in enumerate(post.parts, start=1):
        if len(post.parts) > 1:
            say(paint(f"  part {number}", "dim"))
        for row in part.text.text.splitlines():
            say(f"  | {row}")
        for attached in part.media:
            say(f"  + {attached.facts.path}: {attached.alt}")


def say_waiting(waits: Sequence[Wait]) -> None:
    """Tell what the run waits for now."""
    for wait in waits:
        say(f"waiting  {_awaited(wait)}")


def _awaited(wait: Wait) -> str:
    due = wait.occurrence.due
    at = f" until {due:%H:%M:%S} UTC" if due else ""
    return f"{wait.occurrence.id} on {wait.post.channel}{at}"


def say_outcome(result: Publication) -> None:
    """Tell what became of one thing."""
    from smmflow.model.publication import Outcome

    what = f"{result.occurrence} on {result.channel}"
    url = result.receipts[0].url if result.receipts else ""
    if _succeeded(result):
        say(f"{paint(_deed(result), 'due')}  {what}  {url}")
    elif result.outcome in {Outcome.PUBLISHED, Outcome.SCHEDULED}:
        say(f"{paint('not changed', 'error')}  {what}: {result.error}")
    else:
        words = result.error or "see `smmflow plan`"
        say(f"{paint(str(result.outcome), 'error')}  {what}: {words}")


def _succeeded(result: Publication) -> bool:
    from smmflow.model.publication import Outcome

    failures = {Outcome.REFUSED, Outcome.FAILED, Outcome.IN_DOUBT, Outcome.CLAIMED}
    return result.outcome not in failures and not result.error


def _deed(result: Publication) -> str:
    """Return what was done, by the record it left."""
    from smmflow.model.publication import Outcome

    # What was published just now was never edited.
    if result.outcome is Outcome.PUBLISHED and result.edited is not None:
        return "edited"
    handed = result.outcome is Outcome.SCHEDULED
    return "handed over" if handed else str(result.outcome)


def conclude(plan: Plan, results: Sequence[Publication], unable: int) -> None:
    """Tell what a run did, in numbers.

    Args:
        plan: The last one, which says what is held.
        results: What became of everything.
        unable: How many things had no connection.

    Raises:
        NetworkError: Some of it could not be carried out, or not be proven.
        PlanRefused: Some of it is held because it costs too much.
    """
    from smmflow.model.plan import HoldReason

    done = Counter(_deed(each) for each in results if _succeeded(each))
    unproven = sum(each.reason is HoldReason.UNPROVEN for each in plan.holds)
    failed = len(results) - done.total() + unable + unproven
    counts = [f"{done.pop('published', 0)} published"]
    counts += [f"{number} {deed}" for deed, number in sorted(done.items())]
    say(", ".join([*counts, f"{failed} not", f"{len(plan.holds) - unproven} held"]))
    if failed:
        raise NetworkError(
            f"{failed} of {len(results) + unable + unproven} could not be carried out",
            hint="`smmflow plan` says what becomes of them",
        )
    dear = sum(each.reason is HoldReason.OVER_BUDGET for each in plan.holds)
    if dear:
        raise PlanRefused(
            f"{dear} held, because `max_cost` of channels.yaml does not allow more",
            hint="`smmflow plan` says what each costs",
        )


def say_unable(plan: Plan, line: Line) -> int:
    """Tell what has no connection to be sent on; return how many things."""
    from smmflow.model.plan import target

    deeds = ((each, target(each)[1]) for each in plan.deeds)
    unable = [(each, channel) for each, channel in deeds if channel in line.failures]
    for action, channel in unable:
        what = f"{action.occurrence.id} on {channel}"
        problem = line.failures[channel]
        say(f"{paint('not sent', 'error')}  {what}: {problem.message}")
        if problem.hint:
            say(f"  hint: {problem.hint}")
    return len(unable)
