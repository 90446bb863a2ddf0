"""When posts are given to networks before their time, and when taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from smmflow.model.calendar import Blackout, Calendar
from smmflow.model.capabilities import Capabilities, Limit, ScheduleLimits, Support
from smmflow.model.channel import Channel
from smmflow.model.freeze import Freeze
from smmflow.model.plan import (
    Action,
    Cancel,
    Handed,
    HandOver,
    Hold,
    HoldReason,
    Live,
    Plan,
    Reschedule,
    Wait,
)
from smmflow.model.post import At, Post, Unscheduled
from smmflow.model.publication import (
    Change,
    ChangeKind,
    Outcome,
    Publication,
    Receipt,
)
from smmflow.model.workspace import Workspace
from smmflow.planning import Wanted, appoint, as_json, as_text, guard, plan
from tests.planning.builders import NOON, channel_post, post, record, wanted, workspace

DUE = NOON + timedelta(hours=3)
ABLE = Capabilities(
    Limit(500),
    schedule=Support.YES,
    schedule_limits=ScheduleLimits(timedelta(minutes=5), per_day=2),
    find=Support.YES,
)
TOOT = Channel("mastodon", "mastodon", handover=True)


def space(
    *posts: Post, channel: Channel = TOOT, calendar: Calendar | None = None
) -> Workspace:
    return workspace(*posts, channels=[channel], calendar=calendar)


def planned(
    of: Workspace,
    *records: Publication,
    able: Capabilities = ABLE,
    now: datetime = NOON,
    freezes: tuple[Freeze, ...] = (),
    faults: dict[tuple[str, str], str] | None = None,
) -> Plan:
    known = {(each.occurrence, each.channel): each for each in records}
    occurrences = appoint(of, known, now)
    asked: Wanted = wanted(of, occurrences, able=able, faults=faults)
    return plan(replace(asked, freezes=freezes), known, now)


def only(of: Plan) -> Action:
    (action,) = of.actions
    return action


def handed(of: Post, *, due: datetime = DUE, **more: object) -> Publication:
    waiting = Receipt("w1", "", due)
    made = record(channel_post(of, "mastodon"), Outcome.SCHEDULED, due=due)
    return replace(made, handover=True, waiting=waiting, **more)  # type: ignore[arg-type]  # fields by name


def test_what_is_due_soon_is_handed_over_where_the_channel_says_so() -> None:
    later = post(schedule=At(DUE))
    assert isinstance(only(planned(space(later))), HandOver)
    by_runs = Channel("mastodon", "mastodon")
    assert isinstance(only(planned(space(later, channel=by_runs))), Wait)


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param(At(NOON + timedelta(minutes=6)), id="too near"),
        pytest.param(At(NOON + timedelta(hours=25)), id="not within a day"),
    ],
)
def test_what_is_too_near_or_too_far_stays_ours(kept: At) -> None:
    assert isinstance(only(planned(space(post(schedule=kept)))), Wait)


def test_what_can_not_be_handed_over_waits_for_a_run() -> None:
    later = post(schedule=At(DUE))
    unable = replace(ABLE, schedule=Support.NOT_WRITTEN)
    blind = replace(ABLE, find=Support.UNSUPPORTED)
    for able in (unable, blind):
        assert isinstance(only(planned(space(later), able=able)), Wait)
    freeze = Freeze("f", "زلزله", "سارا", NOON, NOON + timedelta(hours=1))
    assert isinstance(only(planned(space(later), freezes=(freeze,))), Wait)
    closed = Calendar(blackouts=(Blackout(DUE, DUE + timedelta(hours=1), "نوروز"),))
    assert isinstance(only(planned(space(later, calendar=closed))), Wait)


def test_a_thread_is_not_handed_over() -> None:
    later = post(schedule=At(DUE))
    of = space(later)
    asked = wanted(of, appoint(of, {}, NOON), able=ABLE, words={"hello": ("یک", "دو")})
    assert isinstance(only(plan(asked, {}, NOON)), Wait)


def test_no_more_are_handed_over_for_a_day_than_the_network_takes() -> None:
    posts = [
        post(f"p{n}", At(DUE + timedelta(minutes=n)), body=f"{n}") for n in range(3)
    ]
    kinds = [type(each) for each in planned(space(*posts)).actions]
    assert kinds == [HandOver, HandOver, Wait]
    there = handed(posts[2], due=DUE + timedelta(minutes=2))
    after = [type(each) for each in planned(space(*posts), there).actions]
    assert after == [HandOver, Wait, Handed]


def test_what_waits_there_as_it_is_wanted_needs_nothing() -> None:
    later = post(schedule=At(DUE))
    of = planned(space(later), handed(later))
    assert isinstance(only(of), Handed)
    assert of.deeds == ()
    assert "1 handed over" in as_text(of, Calendar())


def test_another_time_is_told_to_the_network() -> None:
    later = post(schedule=At(DUE + timedelta(hours=1)))
    moved = only(planned(space(later), handed(later)))
    assert isinstance(moved, Reschedule)
    near = post(schedule=At(NOON + timedelta(minutes=5)))
    back = only(planned(space(near), handed(near)))
    assert isinstance(back, Cancel)
    assert back.why == "its time changed"


def test_whatever_stands_against_it_takes_it_back() -> None:
    later = post(schedule=At(DUE))
    known = handed(later)
    freeze = Freeze("f", "زلزله", "سارا", NOON)
    plans = {
        "frozen by سارا: زلزله": planned(space(later), known, freezes=(freeze,)),
        "says something else": planned(space(replace(later, body="نو")), known),
        "withdrawn": planned(space(replace(later, withdrawn=True)), known),
        "does not ask for it": planned(space(), known),
        "ask for it": planned(space(replace(later, draft=True)), known),
        "too long": planned(
            space(later), known, faults={("hello", "mastodon"): "too long"}
        ),
        "its time changed": planned(space(post(schedule=Unscheduled())), known),
        "not for it any more": planned(space(replace(later, channels=())), known),
    }
    for words, of in plans.items():
        cancel = only(of)
        assert isinstance(cancel, Cancel), words
        if words != "not for it any more":
            assert words in cancel.why
        guard(of, {})


def test_a_renamed_file_is_not_handed_over_while_the_old_one_waits() -> None:
    before, after = post(schedule=At(DUE)), post("other", At(DUE))
    found = planned(space(after), handed(before)).actions
    assert sorted(type(each).__name__ for each in found) == ["Cancel", "Hold"]
    (held,) = (each for each in found if isinstance(each, Hold))
    assert held.reason is HoldReason.RENAMED
    cancelled = replace(handed(before), outcome=Outcome.CANCELLED, waiting=None)
    assert isinstance(only(planned(space(after), cancelled)), HandOver)


def test_what_was_taken_back_is_handed_over_as_it_is_now() -> None:
    later = post(schedule=At(DUE), body="نو")
    known = replace(handed(post(schedule=At(DUE))), outcome=Outcome.CANCELLED)
    assert isinstance(only(planned(space(later), known)), HandOver)


def test_nothing_is_changed_in_the_last_minute_and_then_the_network_is_waited_for() -> (
    None
):
    later = post(schedule=At(DUE), body="نو")
    known = handed(post(schedule=At(DUE)))
    for minutes in (-1, 0, 14):
        now = DUE + timedelta(minutes=minutes)
        assert isinstance(only(planned(space(later), known, now=now)), Handed), minutes
    late = only(planned(space(later), known, now=DUE + timedelta(minutes=16)))
    assert isinstance(late, Hold)
    assert late.reason is HoldReason.IN_DOUBT


def test_a_change_that_has_no_end_is_finished_and_one_under_way_is_left_alone() -> None:
    later = post(schedule=At(DUE))
    change = Change(ChangeKind.CANCEL, "", (), "r1", NOON + timedelta(minutes=20))
    held = only(planned(space(later), handed(later, change=change)))
    assert isinstance(held, Hold)
    assert held.reason is HoldReason.CLAIMED
    over = replace(change, lease_until=NOON)
    assert isinstance(only(planned(space(later), handed(later, change=over))), Cancel)
    moving = replace(over, kind=ChangeKind.RESCHEDULE, due=DUE)
    assert isinstance(
        only(planned(space(later), handed(later, change=moving))), Reschedule
    )


def test_what_is_too_far_ahead_for_the_network_waits_for_a_later_run() -> None:
    for latest, kind in ((timedelta(hours=1), Wait), (timedelta(days=30), HandOver)):
        limits = ScheduleLimits(timedelta(minutes=5), latest=latest)
        able = replace(ABLE, schedule_limits=limits)
        far = post("a", At(NOON + timedelta(hours=3)))
        assert isinstance(only(planned(space(far), able=able)), kind)


def test_a_plan_with_every_kind_of_deed_is_told_and_named_by_its_digest() -> None:
    first, second = post("a", At(DUE), body="a"), post("b", At(DUE), body="b")
    moved = handed(second, due=DUE + timedelta(hours=1))
    unbounded = replace(ABLE, schedule_limits=ScheduleLimits(timedelta(minutes=5)))
    of = planned(space(first, second), moved, handed(post("c")), able=unbounded)
    text = as_text(of, Calendar())
    assert "1 to hand over, 1 to reschedule, 1 to cancel" in text
    assert "~ reschedule  b on mastodon" in text
    assert '"action": "cancel"' in as_json(of)
    assert of.digest != planned(space(first, second), moved, able=unbounded).digest
    assert not [each for each in of.actions if isinstance(each, Live)]
