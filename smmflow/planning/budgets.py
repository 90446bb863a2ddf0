"""Budgets: what a plan costs, and what is held because a month's money is spent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from smmflow.model.capabilities import Price
from smmflow.model.channel_post import ChannelPost
from smmflow.model.cost import Cost
from smmflow.model.plan import (
    Action,
    HandOver,
    Hold,
    HoldReason,
    Publish,
    Wait,
)
from smmflow.model.publication import Outcome, Publication
from smmflow.networks.interface import Network
from smmflow.planning.case import Wanted

__all__ = ["with_costs", "within_budgets"]

_MAYBE_SENT = frozenset({Outcome.CLAIMED, Outcome.IN_DOUBT})


def with_costs(actions: Iterable[Action], wanted: Wanted) -> Iterator[Action]:
    """Yield actions with what the network charges for each."""
    for action in actions:
        match action:
            case Publish(post=post, resume_from=live):
                yield replace(action, cost=_cost(post, wanted, live))
            case HandOver(post=post) | Wait(post=post):
                yield replace(action, cost=_cost(post, wanted))
            case _:
                yield action


def within_budgets(
    actions: Iterable[Action],
    publications: Collection[Publication],
    wanted: Wanted,
    now: datetime,
) -> tuple[Action, ...]:
    """Return actions of which none goes beyond its channel's `max_cost`.

    What is too much is held, in the order of doing; channels that cost nothing are not
    held back by one that does. The money of a month is spent by what went out in it, or
    may have gone out in it, by the workspace's own calendar month.
    """
    spent = {
        name: _spent(name, publications, wanted, now)
        for name, channel in wanted.workspace.channels.items()
        if channel.max_cost is not None
    }
    return tuple(_afforded(each, spent, wanted) for each in actions)


def _afforded(action: Action, spent: dict[str, Cost], wanted: Wanted) -> Action:
    if not isinstance(action, Publish | HandOver) or not action.cost:
        return action
    channel = action.post.channel
    cap = wanted.workspace.channels[channel].max_cost
    if cap is None:
        return action
    after = Cost.total((spent[channel], action.cost))
    if not after.exceeds(cap):
        spent[channel] = after
        return action
    return Hold(
        action.post.post,
        channel,
        action.occurrence,
        HoldReason.OVER_BUDGET,
        f"it costs {action.cost}, and {spent[channel]} of this month's {cap} on "
        f"{channel} are spent or planned; raise `max_cost` in channels.yaml, or take "
        "the link out if that makes it dear",
        action.post.title,
    )


def _cost(post: ChannelPost, wanted: Wanted, live: int = 0) -> Cost:
    network = wanted.networks.get(post.channel)
    if network is None or network.capabilities.price is None:
        return Cost()
    texts = (part.text.text for part in post.parts[live:])
    return _charged(texts, network, network.capabilities.price)


def _spent(
    channel: str, publications: Collection[Publication], wanted: Wanted, now: datetime
) -> Cost:
    network = wanted.networks.get(channel)
    if network is None or network.capabilities.price is None:
        return Cost()
    month = _month(now, wanted)
    texts = (
        part.text
        for record in publications
        if record.channel == channel
        and _month(record.published or record.due, wanted) == month
        for part in record.parts
        if part.receipt is not None or record.outcome in _MAYBE_SENT
    )
    return _charged(texts, network, network.capabilities.price)


def _charged(texts: Iterable[str], network: Network, price: Price) -> Cost:
    return Cost.total(
        Cost.of(price.link if network.has_link(text) else price.post, price.currency)
        for text in texts
    )


def _month(moment: datetime, wanted: Wanted) -> tuple[int, int]:
    local = moment.astimezone(wanted.workspace.calendar.zone)
    return local.year, local.month
