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

_Month = tuple[int, int]
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
    held back by one that does. What waits is only marked: until then somebody can raise
    the bound. The money of a month is spent by what went out in it, or may have gone
    out in it, by the workspace's own calendar month.
    """
    budgets = _Budgets(publications, wanted, now)
    afforded = [
        each if isinstance(each, Wait) else budgets.held(each) for each in actions
    ]
    return tuple(
        budgets.marked(each) if isinstance(each, Wait) else each for each in afforded
    )


class _Budgets:
    """What is left of each channel's months while actions take of it."""

    def __init__(
        self, publications: Collection[Publication], wanted: Wanted, now: datetime
    ) -> None:
        self._publications = publications
        self._wanted = wanted
        self._now = now
        self._spent: dict[tuple[str, _Month], Cost] = {}

    def held(self, action: Action) -> Action:
        """Return what is done now, or a hold if there is no money for it."""
        if not isinstance(action, Publish | HandOver):
            return action
        channel = action.post.channel
        before = self._spend(channel, action.cost, self._moment(action))
        if before is None:
            return action
        return Hold(
            action.post.post,
            channel,
            action.occurrence,
            HoldReason.OVER_BUDGET,
            f"it costs {action.cost}, and {before} of this month's "
            f"{self._cap(channel)} on {channel} are spent or planned; raise `max_cost` "
            "in channels.yaml, or take the link out if that makes it dear",
            action.post.title,
        )

    def marked(self, wait: Wait) -> Wait:
        """Return what waits, marked if there will be no money for it."""
        before = self._spend(wait.post.channel, wait.cost, self._moment(wait))
        return wait if before is None else replace(wait, over_budget=True)

    def _spend(self, channel: str, cost: Cost, moment: datetime) -> Cost | None:
        """Take money; if there is not enough, return what was taken before instead."""
        cap = self._cap(channel)
        if cap is None or not cost:
            return None
        month = _month(moment, self._wanted)
        before = self._spent.get((channel, month))
        if before is None:
            before = _spent(channel, self._publications, self._wanted, month)
        after = Cost.total((before, cost))
        if after.exceeds(cap):
            return before
        self._spent[channel, month] = after
        return None

    def _cap(self, channel: str) -> Cost | None:
        return self._wanted.workspace.channels[channel].max_cost

    def _moment(self, action: Publish | HandOver | Wait) -> datetime:
        """Return when it is charged: what is late is charged now."""
        due = action.occurrence.due
        return self._now if due is None or isinstance(action, Publish) else due


def _cost(post: ChannelPost, wanted: Wanted, live: int = 0) -> Cost:
    network = wanted.networks.get(post.channel)
    if network is None or network.capabilities.price is None:
        return Cost()
    texts = (part.text.text for part in post.parts[live:])
    return _charged(texts, network, network.capabilities.price)


def _spent(
    channel: str, publications: Collection[Publication], wanted: Wanted, month: _Month
) -> Cost:
    network = wanted.networks.get(channel)
    if network is None or network.capabilities.price is None:
        return Cost()
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


def _month(moment: datetime, wanted: Wanted) -> _Month:
    local = moment.astimezone(wanted.workspace.calendar.zone)
    return local.year, local.month
