"""The gate: nothing goes out, is edited or taken down without proof of approval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from smmflow.model.approval import Approved, Lack, Missing, Unknown, Verdict
from smmflow.model.plan import (
    Action,
    Cancel,
    Edit,
    Handed,
    HandOver,
    Hold,
    HoldReason,
    Live,
    Plan,
    Publish,
    Reschedule,
    Sensitive,
    Wait,
    Withdraw,
    target,
)

__all__ = ["explanation", "gate"]


def gate(plan: Plan, verdicts: Mapping[tuple[str, str], Verdict]) -> Plan:
    """Return the plan with what is not proven to be approved held.

    What is approved carries its proof, for the ledger.

    Args:
        plan: What would be done.
        verdicts: By post and channel. What has none is held: nobody asked about it.
    """
    return Plan(plan.at, tuple(_gated(each, verdicts) for each in plan.actions))


def _gated(action: Action, verdicts: Mapping[tuple[str, str], Verdict]) -> Action:
    match action:
        case Wait() | Hold() | Live() | Handed() | Cancel():
            return action
        case Publish() | HandOver() | Edit() | Withdraw() | Reschedule():
            verdict = verdicts.get(target(action), Unknown("nobody asked about it"))
        case _:
            assert_never(action)
    match verdict:
        case Approved(approvals=approvals):
            return replace(action, approvals=approvals)
        case Missing():
            return _hold(action, HoldReason.UNAPPROVED, explanation(verdict))
        case Unknown(why=why):
            words = f"nobody can tell whether it is approved: {why}"
            return _hold(action, HoldReason.UNPROVEN, words)
        case _:
            assert_never(verdict)


def _hold(action: Sensitive, reason: HoldReason, explanation: str) -> Hold:
    post, channel = target(action)
    title = action.live.title if isinstance(action, Withdraw) else action.post.title
    return Hold(post, channel, action.occurrence, reason, explanation, title)


def explanation(missing: Missing) -> str:
    """Return what is missing, why, and what to do, in one line."""
    return " · ".join(map(_lack, missing.lacks))


def _lack(lack: Lack) -> str:
    return f"{lack.file} needs {lack.what}: {lack.why}; {lack.remedy}"
