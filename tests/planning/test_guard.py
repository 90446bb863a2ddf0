from __future__ import annotations

import pytest

from smmflow.errors import PlanRefused
from smmflow.model.channel_post import Occurrence
from smmflow.model.plan import Plan, Publish, Withdraw
from smmflow.model.publication import Outcome, Publication
from smmflow.planning import MAX_PER_RUN, guard
from tests.planning.builders import NOON, channel_post, post, record


def publishes(number: int, channel: str = "mastodon") -> list[Publish]:
    names = [f"p{n}" for n in range(number)]
    return [
        Publish(channel_post(post(name), channel), Occurrence(name, name, NOON))
        for name in names
    ]


def ledger(number: int) -> dict[tuple[str, str], Publication]:
    made = [
        record(channel_post(post(f"p{n}"), "mastodon"), Outcome.PUBLISHED, live=1)
        for n in range(number)
    ]
    return {(each.occurrence, each.channel): each for each in made}


def withdrawals(records: list[Publication]) -> Plan:
    return Plan(
        NOON,
        tuple(
            Withdraw(Occurrence(each.occurrence, each.post, NOON), each, "withdrawn")
            for each in records
        ),
    )


def test_a_run_publishes_so_many_on_a_channel_and_no_more() -> None:
    guard(Plan(NOON, tuple(publishes(MAX_PER_RUN))), {})
    both = (*publishes(MAX_PER_RUN), *publishes(MAX_PER_RUN, "bluesky"))
    guard(Plan(NOON, both), {})
    with pytest.raises(PlanRefused, match="11 posts at once on mastodon") as refused:
        guard(Plan(NOON, tuple(publishes(MAX_PER_RUN + 1))), {})
    assert "--allow-many" in refused.value.hint


@pytest.mark.parametrize(
    ("live", "changed", "refused"),
    [(3, 3, False), (4, 4, True), (20, 6, False), (20, 7, True), (100, 30, False)],
)
def test_a_run_changes_a_third_of_what_is_live_at_most(
    live: int, changed: int, *, refused: bool
) -> None:
    known = ledger(live)
    plan = withdrawals(list(known.values())[:changed])
    if not refused:
        guard(plan, known)
        return
    with pytest.raises(PlanRefused, match=f"{changed} of {live} live posts"):
        guard(plan, known)
