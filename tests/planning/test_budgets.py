"""What a plan costs, and what is held because the money of a month is spent."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.model.calendar import Calendar
from smmflow.model.capabilities import Price
from smmflow.model.channel import Channel
from smmflow.model.cost import Cost
from smmflow.model.plan import Hold, HoldReason, Plan, Publish
from smmflow.model.post import At, Post
from smmflow.model.publication import Outcome, Publication
from smmflow.planning import appoint, as_json, as_markdown, as_text, plan
from smmflow.testing import Fake
from tests.planning.builders import (
    BERLIN,
    NOON,
    channel_post,
    post,
    record,
    wanted,
    workspace,
)

LINK = "See https://example.org"


class Dear(Fake):
    """Charges as X did in April 2026."""

    capabilities = replace(
        Fake.capabilities,
        price=Price(
            post=Decimal("0.015"),
            link=Decimal("0.20"),
            currency="USD",
            since=date(2026, 4, 20),
            source="https://docs.x.com/x-api/getting-started/pricing",
        ),
    )


def planned(
    *posts: Post,
    records: tuple[Publication, ...] = (),
    cap: str = "",
    now: datetime = NOON,
) -> Plan:
    cost = Cost.parse(cap) if cap else None
    space = workspace(
        *posts,
        channels=[Channel("dear", "dear", max_cost=cost), Channel("free", "free")],
        calendar=Calendar(zone=BERLIN),
    )
    known = {(each.occurrence, each.channel): each for each in records}
    asked = wanted(space, appoint(space, known, now))
    networks = {"dear": Dear(), "free": Fake()}
    return plan(replace(asked, networks=networks), known, now)


def test_a_plan_sums_what_its_posts_cost_links_more_than_words() -> None:
    words = post("words", channels=("dear", "free"))
    link = post("link", channels=("dear",), body=LINK)
    made = planned(words, link)
    assert str(made.cost) == "0.215 USD"
    assert "Costs 0.215 USD" in as_text(made, Calendar())
    assert "Costs 0.215 USD" in as_markdown(made, Calendar())
    told = json.loads(as_json(made))
    assert told["cost"] == "0.215 USD"
    costs = {(e["post"], e["channel"]): e.get("cost") for e in told["actions"]}
    assert costs == {
        ("words", "dear"): "0.015 USD",
        ("words", "free"): None,
        ("link", "dear"): "0.2 USD",
    }


def test_a_plan_that_costs_nothing_says_nothing_of_money() -> None:
    assert "Costs" not in as_text(planned(post(channels=("free",))), Calendar())


def test_what_waits_is_told_and_holds_nothing_back() -> None:
    later = post("later", At(NOON + timedelta(days=1)), channels=("dear",), body=LINK)
    made = planned(later, cap="0.1 USD")
    assert len(made.waits) == 1
    assert "days cost 0.2 USD more" in as_text(made, Calendar())


def test_what_waits_is_marked_if_its_month_will_have_no_money_left() -> None:
    # Noon of 1 December: one goes out now, the others on the 2nd, the 30th and later.
    days = {"now": 0, "soon": 1, "later": 29, "january": 31}
    posts = [
        post(name, At(NOON + timedelta(days=after)), channels=("dear",), body=LINK)
        for name, after in days.items()
    ]
    made = planned(*posts, cap="0.4 USD")
    assert [each.occurrence.id for each in made.publishes] == ["now"]
    marked = {each.occurrence.id: each.over_budget for each in made.waits}
    assert marked == {"soon": False, "later": True, "january": False}
    assert "1 post of what waits will be held by `max_cost`" in as_text(
        made, Calendar()
    )
    told = json.loads(as_json(made))["actions"]
    assert [e["occurrence"] for e in told if e.get("over_budget")] == ["later"]
    near = planned(
        post("a", At(NOON + timedelta(days=1)), channels=("dear",)), cap="0 USD"
    )
    for words in (as_text(near, Calendar()), as_markdown(near, Calendar())):
        assert "[0.015 USD, beyond max_cost]" in words


def test_what_goes_beyond_the_months_money_is_held_and_the_rest_goes_out() -> None:
    posts = [
        post(f"p{n}", At(NOON - timedelta(minutes=9 - n)), channels=("dear", "free"))
        for n in range(3)
    ]
    made = planned(*posts, cap="0.03 USD")
    sent = [(e.occurrence.id, e.post.channel) for e in made.publishes]
    assert sent == [
        ("p0", "dear"),
        ("p0", "free"),
        ("p1", "dear"),
        ("p1", "free"),
        ("p2", "free"),
    ]
    [held] = made.holds
    assert (held.occurrence.id, held.reason) == ("p2", HoldReason.OVER_BUDGET)
    assert "0.03 USD of this month's 0.03 USD" in held.explanation


@pytest.mark.parametrize(
    ("outcome", "live", "published", "fits"),
    [
        (Outcome.PUBLISHED, 1, NOON - timedelta(hours=1), False),
        (Outcome.IN_DOUBT, 0, None, False),  # it may have been charged
        (Outcome.CLAIMED, 0, None, False),
        (Outcome.REFUSED, 0, None, True),
        # The last of November in UTC is the first of December in Berlin.
        (Outcome.PUBLISHED, 1, datetime(2026, 11, 30, 23, 30, tzinfo=UTC), False),
        (Outcome.PUBLISHED, 1, datetime(2026, 11, 30, 22, 30, tzinfo=UTC), True),
    ],
)
def test_a_month_is_spent_by_what_went_out_or_may_have(
    outcome: Outcome, live: int, published: datetime | None, *, fits: bool
) -> None:
    before = channel_post(post("before", body=LINK), "dear")
    spent = record(before, outcome, live=live, published=published)
    made = planned(post("now", channels=("dear",)), records=(spent,), cap="0.2 USD")
    [action] = [each for each in made.actions if each.occurrence.id == "now"]
    assert isinstance(action, Publish if fits else Hold)


def test_a_thread_that_goes_on_pays_for_what_is_left_of_it() -> None:
    thread = post("thread", channels=("dear",))
    before = record(channel_post(thread, "dear"), Outcome.FAILED)
    assert str(planned(thread, records=(before,)).cost) == "0.015 USD"


@pytest.mark.parametrize("text", ["", "20", "USD 20", "20 usd", "-1 USD", "1e9 USD"])
def test_money_is_written_in_one_way(text: str) -> None:
    with pytest.raises(ValueError, match="no amount of money"):
        Cost.parse(text)


amounts = st.builds(
    Cost.of,
    st.decimals(0, 1000, places=3),
    st.sampled_from(["EUR", "USD"]),
)


@given(st.lists(amounts), st.lists(amounts))
def test_costs_add_up_in_any_order(some: list[Cost], others: list[Cost]) -> None:
    together = Cost.total((*some, *others))
    assert together == Cost.total((Cost.total(others), Cost.total(some)))
    assert not together.exceeds(together)
