"""Fates: what the plan does with a post on a channel, in words for a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from smmflow.language.controls import visible
from smmflow.model.plan import (
    Action,
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
    target,
)

__all__ = ["NOTHING", "Fate", "actions", "fate_of"]

_PRESSING = (
    Edit,
    Withdraw,
    Reschedule,
    Cancel,
    Publish,
    HandOver,
    Hold,
    Handed,
    Wait,
    Live,
)
"""What is told of a recurring post that has many actions: the first of these."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What the plan does with a post on a channel.

    Attributes:
        kind: `due`, `edit`, `withdraw`, `held`, `waits`, `live` or `none`.
        words: In English, for a person.
        why: Explains a hold, in English.
        url: Where readers see it now.
    """

    kind: str
    words: str
    why: str = ""
    url: str = ""


NOTHING = Fate("none", "Nothing is planned")


def actions(plan: Plan) -> Mapping[tuple[str, str], Action]:
    """Return the most pressing action by post and channel."""
    found: dict[tuple[str, str], Action] = {}
    for action in plan.actions:
        before = found.get(target(action))
        if before is None or _rank(action) < _rank(before):
            found[target(action)] = action
    return found


def _rank(action: Action) -> int:
    return next(at for at, kind in enumerate(_PRESSING) if isinstance(action, kind))


def fate_of(action: Action | None) -> Fate:  # noqa: C901, PLR0911 - one for each kind
    """Return in words what the plan does."""
    match action:
        case None:
            return NOTHING
        case Publish():
            return Fate("due", "Goes out with the next run")
        case HandOver():
            return Fate("due", "The next run hands it to the network")
        case Reschedule():
            return Fate("edit", "On the network; the next run moves it")
        case Cancel():
            return Fate("withdraw", "On the network; the next run takes it back")
        case Handed():
            return Fate("waits", "Waits on the network for its time")
        case Edit():
            return Fate("edit", "Live; the next run changes it", url=_url(action))
        case Withdraw():
            words = "Live; the next run takes it down"
            return Fate("withdraw", words, url=_url(action))
        case Hold():
            return Fate("held", "Held", why=visible(action.explanation))
        case Wait():
            return Fate("waits", "Waits for its time")
        case Live():
            return Fate("live", "Live", url=action.url)
        case _:
            assert_never(action)


def _url(action: Edit | Withdraw) -> str:
    return next((each.url for each in action.live.receipts), "")
