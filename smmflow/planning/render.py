"""A plan in words: one way of telling it for terminals, Markdown and programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import assert_never

from smmflow.language.dates import numeric_date
from smmflow.language.markdown import escape
from smmflow.model.calendar import Calendar
from smmflow.model.cost import Cost
from smmflow.model.plan import (
    Cancel,
    Edit,
    Handed,
    HandOver,
    Hold,
    Live,
    Plan,
    Publish,
    Reschedule,
    Wait,
    Withdraw,
)
from smmflow.model.team import ApprovalSource
from smmflow.planning.appoint import HORIZON
from smmflow.planning.render_changes import as_fields, as_lines, as_row

__all__ = ["as_json", "as_markdown", "as_text"]

_WIDTH = 60


def as_text(
    plan: Plan,
    calendar: Calendar,
    approvals: ApprovalSource = ApprovalSource.NONE,
    *,
    style: Callable[[str, str], str] | None = None,
) -> str:
    """Return a plan for a terminal.

    Args:
        plan: What to tell.
        calendar: The workspace's; all times are shown in its zone, Jalali if it is.
        approvals: What proves approvals, which is said in any case.
        style: Colours a piece of text by its role (`due`, `held`, `dim`, `head`);
            None leaves it plain.
    """
    paint = style or (lambda text, _role: text)
    lines = [paint(_headline(plan, calendar), "head")]
    if plan.publishes:
        lines += ["", paint("Due now", "head")]
        lines += [
            paint("  + ", "due") + _publish_line(each, calendar)
            for each in plan.publishes
        ]
    if plan.handovers:
        lines += ["", paint("To be handed over", "head")]
        lines += [
            paint("  > ", "due") + _publish_line(each, calendar)
            for each in plan.handovers
        ]
    if plan.changes:
        lines += ["", paint("To be changed", "head")]
        for change in plan.changes:
            first, *rest = as_lines(change, paint)
            lines += [f"  {first}", *(f"      {each}" for each in rest)]
    if plan.holds:
        lines += ["", paint("Held", "head")]
        for hold in plan.holds:
            lines.append(
                paint("  ! ", "held")
                + f"{hold.occurrence.id} on {hold.channel} ({hold.reason})"
            )
            lines.append(f"      {hold.explanation}")
    for channel, waits in _by_channel(plan):
        lines += ["", paint(f"Next {HORIZON.days} days on {channel}", "head")]
        lines += [
            f"  {paint(_time(each.occurrence.due, calendar), 'dim')}  {_title(each)}"
            + paint(_price(each), "held" if each.over_budget else "dim")
            for each in waits
        ]
    later = _later(plan)
    if later:
        lines += ["", paint(f"{_count(later, 'post')} later than that", "dim")]
    if costs := _costs(plan):
        lines += ["", costs]
    lines += ["", paint(_on_approvals(approvals), "dim"), f"digest {plan.digest}"]
    return "\n".join(lines) + "\n"


def as_markdown(
    plan: Plan, calendar: Calendar, approvals: ApprovalSource = ApprovalSource.NONE
) -> str:
    """Return a plan for a pull request or a job summary."""
    lines = [f"**{escape(_headline(plan, calendar))}**"]
    if plan.publishes:
        lines += ["", "| due now | channel | post | parts |", "|---|---|---|---|"]
        lines += [
            f"| {_time(each.occurrence.due, calendar)} | {escape(each.post.channel)} "
            f"| {escape(each.post.title or each.occurrence.id)} "
            f"| {len(each.post.parts) - each.resume_from} |"
            for each in plan.publishes
        ]
    if plan.handovers:
        lines += ["", "| to be handed over | channel | post |", "|---|---|---|"]
        lines += [
            f"| {_time(each.occurrence.due, calendar)} | {escape(each.post.channel)} "
            f"| {escape(each.post.title or each.occurrence.id)} |"
            for each in plan.handovers
        ]
    if plan.changes:
        lines += ["", "| change | channel | post | what |", "|---|---|---|---|"]
        lines += [as_row(each) for each in plan.changes]
    if plan.holds:
        lines += ["", "| held | channel | why |", "|---|---|---|"]
        lines += [
            f"| {escape(hold.occurrence.id)} | {escape(hold.channel)} "
            f"| {hold.reason}: {escape(hold.explanation)} |"
            for hold in plan.holds
        ]
    waits = [each for _, group in _by_channel(plan) for each in group]
    if waits:
        lines += ["", f"| next {HORIZON.days} days | channel | post |", "|---|---|---|"]
        lines += [
            f"| {_time(each.occurrence.due, calendar)} | {escape(each.post.channel)} "
            f"| {escape(each.post.title or each.occurrence.id)}{_price(each)} |"
            for each in waits
        ]
    if costs := _costs(plan):
        lines += ["", costs]
    lines += ["", _on_approvals(approvals), "", f"Digest `{plan.digest}`"]
    return "\n".join(lines) + "\n"


def as_json(plan: Plan, approvals: ApprovalSource = ApprovalSource.NONE) -> str:
    """Return a plan for programs; times are ISO 8601 with their offset."""
    rows = []
    for action in plan.actions:
        due = action.occurrence.due
        row: dict[str, object] = {
            "action": type(action).__name__.lower(),
            "occurrence": action.occurrence.id,
            "due": due and due.isoformat(),
        }
        match action:
            case Publish(post=post) | HandOver(post=post) | Wait(post=post):
                row |= {"post": post.post, "channel": post.channel}
                row |= {"title": post.title, "digest": post.digest}
                row["parts"] = [part.text.text for part in post.parts]
                row["sources"] = list(post.sources)
                if action.cost:
                    row["cost"] = str(action.cost)
                if isinstance(action, Wait) and action.over_budget:
                    row["over_budget"] = True
            case Edit() | Withdraw() | Reschedule() | Cancel():
                row |= as_fields(action)
            case Hold():
                row |= {"post": action.post, "channel": action.channel}
                row |= {"reason": str(action.reason), "why": action.explanation}
            case Handed():
                row |= {"post": action.post, "channel": action.channel}
            case Live():
                row |= {"post": action.post, "channel": action.channel}
                row["url"] = action.url
        rows.append(row)
    told: dict[str, object] = {"digest": plan.digest, "at": plan.at.isoformat()}
    told |= {"approvals": str(approvals), "cost": str(plan.cost), "actions": rows}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _on_approvals(approvals: ApprovalSource) -> str:
    match approvals:
        case ApprovalSource.NONE:
            return "Approvals: none. Whoever can push to this branch can publish."
        case ApprovalSource.FORGE:
            return "Approvals: asked of the forge when something goes out."
        case ApprovalSource.TRAILERS:
            return "Approvals: proven by signed commits and their trailers."
        case _:
            assert_never(approvals)


def _costs(plan: Plan) -> str:
    """Return what carrying it out costs, and what waits will; empty if nothing does."""
    end = plan.at + HORIZON
    soon = Cost.total(
        each.cost
        for each in plan.waits
        if each.occurrence.due and each.occurrence.due <= end
    )
    if not plan.cost and not soon:
        return ""
    later = f"; the next {HORIZON.days} days cost {soon} more" if soon else ""
    over = sum(each.over_budget for each in plan.waits)
    held = f"; {_count(over, 'post')} of what waits will be held by `max_cost`"
    return f"Costs {plan.cost}{later}{held if over else ''}"


def _headline(plan: Plan, calendar: Calendar) -> str:
    live = sum(isinstance(each, Live) for each in plan.actions)
    handed = sum(isinstance(each, Handed) for each in plan.actions)
    kinds = Counter(type(each) for each in plan.changes)
    changes = (
        (len(plan.handovers), "to hand over"),
        (kinds[Edit], "to edit"),
        (kinds[Withdraw], "to withdraw"),
        (kinds[Reschedule], "to reschedule"),
        (kinds[Cancel], "to cancel"),
        (handed, "handed over"),
    )
    return (
        f"Plan for {_time(plan.at, calendar)} ({calendar.zone.key}): "
        f"{len(plan.publishes)} due, "
        + "".join(f"{number} {what}, " for number, what in changes if number)
        + f"{len(plan.waits)} waiting, {len(plan.holds)} held, {live} live"
    )


def _publish_line(action: Publish | HandOver, calendar: Calendar) -> str:
    parts = len(action.post.parts)
    due = _time(action.occurrence.due, calendar)
    text = f"{action.post.channel}  {due}  {_title(action)}"
    text += _price(action)
    if isinstance(action, Publish) and action.resume_from:
        return f"{text}  (parts {action.resume_from + 1} to {parts} of {parts})"
    return text if parts == 1 else f"{text}  ({parts} parts)"


def _price(action: Publish | HandOver | Wait) -> str:
    if not action.cost:
        return ""
    over = isinstance(action, Wait) and action.over_budget
    return f"  [{action.cost}{', beyond max_cost' if over else ''}]"


def _title(action: Publish | HandOver | Wait) -> str:
    words = action.post.title or action.post.parts[0].text.text.partition("\n")[0]
    short = words if len(words) <= _WIDTH else words[: _WIDTH - 1] + "…"
    return f"{action.occurrence.id}: {short}"


def _by_channel(plan: Plan) -> Iterator[tuple[str, list[Wait]]]:
    end = plan.at + HORIZON
    near = [
        w for w in plan.waits if w.occurrence.due is None or w.occurrence.due <= end
    ]
    near.sort(key=lambda each: each.post.channel)  # stable: stays in order of time
    for channel, group in groupby(near, key=lambda each: each.post.channel):
        yield channel, list(group)


def _later(plan: Plan) -> int:
    end: datetime = plan.at + HORIZON + timedelta(0)
    return sum(
        w.occurrence.due is not None and w.occurrence.due > end for w in plan.waits
    )


def _time(moment: datetime | None, calendar: Calendar) -> str:
    if moment is None:
        return "no time"
    local = moment.astimezone(calendar.zone)
    day = numeric_date(local, in_jalali=calendar.jalali)
    return f"{local:%a} {day} {local:%H:%M}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
