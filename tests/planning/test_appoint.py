from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from smmflow.model.calendar import Blackout, Calendar, Slot
from smmflow.model.post import Frequency, InSlot, Repeating, Unscheduled, Weekday
from smmflow.model.publication import Outcome
from smmflow.planning import appoint
from tests.planning.builders import (
    BERLIN,
    NOON,
    TEHRAN,
    channel_post,
    post,
    record,
    workspace,
)

MORNINGS = Calendar(
    zone=TEHRAN, slots=(Slot("mornings", (time(9, 30),), (Weekday.MON, Weekday.WED)),)
)


def dues(found: object) -> list[str]:
    assert isinstance(found, tuple)
    return [f"{each.due:%Y-%m-%d %H:%M %z}" for each in found]


def test_a_post_at_a_time_has_one_occurrence_named_after_it() -> None:
    (only,) = appoint(workspace(post("salam")), {}, NOON)["salam"]
    assert (only.id, only.due) == ("salam", NOON)


def test_a_draft_has_no_occurrence() -> None:
    assert appoint(workspace(post(draft=True)), {}, NOON) == {}


def test_a_post_without_a_time_has_an_occurrence_without_one() -> None:
    (only,) = appoint(workspace(post("idea", Unscheduled())), {}, NOON)["idea"]
    assert only.due is None


def test_a_post_that_failed_and_lost_its_time_waits_for_another() -> None:
    idea = post("idea", Unscheduled())
    sent = channel_post(idea, "mastodon")

    def due(outcome: Outcome, **more: object) -> datetime | None:
        known = {("idea", "mastodon"): record(sent, outcome, **more)}  # type: ignore[arg-type]  # fields by name
        (only,) = appoint(workspace(idea), known, NOON)["idea"]
        return only.due

    assert due(Outcome.FAILED) is due(Outcome.REFUSED) is None
    assert due(Outcome.FAILED, uncertain=True) == NOON
    assert due(Outcome.FAILED, live=1) == due(Outcome.PUBLISHED, live=1) == NOON


def test_a_weekly_post_keeps_its_wall_clock_time_across_daylight_saving() -> None:
    rule = Repeating(Frequency.WEEKLY, time(9), date(2026, 10, 12), (Weekday.MON,))
    space = workspace(post("tip", rule), calendar=Calendar(zone=BERLIN))
    start = datetime(2026, 10, 13, tzinfo=UTC)
    found = appoint(space, {}, start)["tip"]
    assert dues(found) == [
        "2026-10-12 09:00 +0200",
        "2026-10-19 09:00 +0200",
        "2026-10-26 09:00 +0100",
    ]
    assert [each.id for each in found][-1] == "tip@2026-10-26T09:00"


def test_a_time_that_the_clocks_skip_becomes_the_time_they_jump_to() -> None:
    rule = Repeating(Frequency.DAILY, time(2, 30), date(2027, 3, 28), count=1)
    space = workspace(post("night", rule), calendar=Calendar(zone=BERLIN))
    found = appoint(space, {}, datetime(2027, 3, 27, tzinfo=UTC))["night"]
    assert dues(found) == ["2027-03-28 03:30 +0200"]
    assert found[0].id == "night@2027-03-28T02:30"


def test_a_monthly_post_leaves_out_months_that_are_too_short() -> None:
    rule = Repeating(Frequency.MONTHLY, time(8), date(2027, 1, 31), day=31)
    space = workspace(post("end", rule), calendar=Calendar(zone=TEHRAN))
    found = appoint(space, {}, datetime(2027, 1, 30, tzinfo=UTC), timedelta(days=70))
    assert [f"{each.due:%m-%d}" for each in found["end"]] == ["01-31", "03-31"]


def test_a_recurring_post_ends_with_its_count_and_its_last_day() -> None:
    counted = Repeating(Frequency.DAILY, time(8), date(2026, 12, 2), count=2)
    until = Repeating(
        Frequency.DAILY, time(8), date(2026, 12, 2), until=date(2026, 12, 4)
    )
    space = workspace(post("a", counted), post("b", until))
    found = appoint(space, {}, NOON)
    assert [len(found["a"]), len(found["b"])] == [2, 3]


def test_slots_fill_by_priority_then_age_then_name() -> None:
    early = NOON - timedelta(days=3)
    late = NOON - timedelta(days=1)
    space = workspace(
        post("b", InSlot("mornings"), created=early),
        post("a", InSlot("mornings"), created=early),
        post("young", InSlot("mornings"), created=late),
        post("urgent", InSlot("mornings"), created=late, priority=5),
        calendar=MORNINGS,
    )
    found = appoint(space, {}, NOON)
    assert {name: dues(each)[0][:16] for name, each in found.items()} == {
        "urgent": "2026-12-02 09:30",
        "a": "2026-12-07 09:30",
        "b": "2026-12-09 09:30",
        "young": "2026-12-14 09:30",
    }


def test_a_slot_that_just_came_still_belongs_to_its_post() -> None:
    created = NOON - timedelta(days=3)
    space = workspace(post("x", InSlot("mornings"), created=created), calendar=MORNINGS)
    place = datetime(2026, 12, 2, 9, 30, tzinfo=TEHRAN)
    found = appoint(space, {}, place + timedelta(minutes=7))["x"]
    assert found[0].due == place


def test_a_post_made_after_a_slot_came_does_not_jump_into_it() -> None:
    place = datetime(2026, 12, 2, 9, 30, tzinfo=TEHRAN)
    created = place + timedelta(minutes=5)
    space = workspace(post("x", InSlot("mornings"), created=created), calendar=MORNINGS)
    found = appoint(space, {}, created)["x"]
    assert dues(found) == ["2026-12-07 09:30 +0330"]


def test_a_place_the_ledger_knows_is_taken_and_stays_with_its_post() -> None:
    place = datetime(2026, 12, 2, 9, 30, tzinfo=TEHRAN)
    out = post("out", InSlot("mornings"))
    made = record(channel_post(out, "mastodon"), Outcome.PUBLISHED, live=1, due=place)
    space = workspace(out, post("next", InSlot("mornings")), calendar=MORNINGS)
    found = appoint(space, {("out", "mastodon"): made}, NOON)
    assert found["out"][0].due == place
    assert dues(found["next"]) == ["2026-12-07 09:30 +0330"]


def test_slots_avoid_blackouts() -> None:
    wednesday = datetime(2026, 12, 2, tzinfo=TEHRAN)
    calendar = Calendar(
        zone=TEHRAN,
        slots=MORNINGS.slots,
        blackouts=(Blackout(wednesday, wednesday + timedelta(days=1), "mourning"),),
    )
    space = workspace(post("x", InSlot("mornings")), calendar=calendar)
    assert dues(appoint(space, {}, NOON)["x"]) == ["2026-12-07 09:30 +0330"]


def test_a_slot_for_other_channels_has_no_place_for_a_post() -> None:
    slot = replace(MORNINGS.slots[0], channels=("bluesky",))
    calendar = replace(MORNINGS, slots=(slot,))
    space = workspace(post("x", InSlot("mornings")), calendar=calendar)
    assert appoint(space, {}, NOON)["x"][0].due is None


@given(
    ages=st.lists(st.integers(1, 40), min_size=1, max_size=8, unique=True),
    minutes=st.integers(0, 60 * 24 * 20),
)
def test_adding_a_younger_post_moves_no_older_one(
    ages: list[int], minutes: int
) -> None:
    now = NOON + timedelta(minutes=minutes)
    old = [
        post(f"p{age}", InSlot("mornings"), created=NOON - timedelta(days=age))
        for age in ages
    ]
    young = post("young", InSlot("mornings"), created=NOON)
    before = appoint(workspace(*old, calendar=MORNINGS), {}, now)
    after = appoint(workspace(*old, young, calendar=MORNINGS), {}, now)
    assert all(after[name] == found for name, found in before.items())


@given(st.integers(0, 60 * 24 * 40))
def test_two_posts_never_share_a_place(minutes: int) -> None:
    now = NOON + timedelta(minutes=minutes)
    posts = [post(f"p{n}", InSlot("mornings"), created=NOON) for n in range(6)]
    found = appoint(workspace(*posts, calendar=MORNINGS), {}, now)
    places = [each[0].due for each in found.values()]
    assert len(set(places)) == len(places)
