from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from smmflow.model.calendar import Blackout, Calendar
from smmflow.model.channel import Channel
from smmflow.model.freeze import Freeze
from smmflow.model.plan import Hold, HoldReason, Live, Publish, Wait
from smmflow.model.post import At, InSlot, Unscheduled
from smmflow.model.publication import Change, ChangeKind, Outcome, Publication
from smmflow.model.workspace import Workspace
from smmflow.planning import appoint, plan
from tests.planning.builders import NOON, channel_post, post, record, wanted, workspace

SOON = NOON + timedelta(minutes=10)


def planned(
    space: Workspace,
    *records: Publication,
    words: Mapping[str, tuple[str, ...]] | None = None,
    faults: Mapping[tuple[str, str], str] | None = None,
) -> list[object]:
    known = {(each.occurrence, each.channel): each for each in records}
    occurrences = appoint(space, known, SOON)
    asked = wanted(space, occurrences, faults=faults, words=words)
    return list(plan(asked, known, SOON).actions)


def reason_of(action: object) -> HoldReason:
    assert isinstance(action, Hold)
    return action.reason


def test_what_is_due_is_published_and_what_is_not_waits() -> None:
    later = post("later", At(NOON + timedelta(days=1)))
    first, second = planned(workspace(post("now"), later))
    assert isinstance(first, Publish)
    assert isinstance(second, Wait)


def test_a_post_later_than_the_limit_is_missed_not_sent() -> None:
    old = post("old", At(NOON - timedelta(hours=2)))
    assert reason_of(planned(workspace(old))[0]) is HoldReason.MISSED


def test_a_channel_may_have_a_longer_limit_of_its_own() -> None:
    old = post("old", At(NOON - timedelta(days=40)), channels=("site",))
    site = Channel("site", "site", max_lateness=timedelta(days=3650))
    assert isinstance(planned(workspace(old, channels=[site]))[0], Publish)


def test_a_post_with_an_error_is_held_on_the_channel_of_the_error_only() -> None:
    both = post(channels=("bluesky", "mastodon"))
    faults = {("hello", "bluesky"): "content/posts/hello.md: text-too-long: 312 of 300"}
    held, sent = planned(workspace(both), faults=faults)
    assert isinstance(held, Hold)
    assert (held.channel, held.reason) == ("bluesky", HoldReason.FINDINGS)
    assert isinstance(sent, Publish)


def test_a_blackout_holds_what_falls_into_it() -> None:
    night = Blackout(NOON - timedelta(hours=1), NOON + timedelta(hours=1), "mourning")
    held = planned(workspace(post(), calendar=Calendar(blackouts=(night,))))[0]
    assert isinstance(held, Hold)
    assert held.reason is HoldReason.BLACKOUT
    assert "mourning" in held.explanation


def test_a_post_without_a_time_is_held() -> None:
    assert reason_of(planned(workspace(post("x", Unscheduled())))[0]) is (
        HoldReason.UNSCHEDULED
    )
    assert reason_of(planned(workspace(post("x", InSlot("none"))))[0]) is (
        HoldReason.NO_SLOT
    )


def test_drafts_withdrawn_posts_and_unknown_channels_make_no_action() -> None:
    space = workspace(
        post("draft", draft=True),
        post("gone", withdrawn=True),
        post("lost", channels=("myspace",)),
    )
    assert planned(space) == []


def test_what_is_live_as_wanted_needs_nothing() -> None:
    made = record(channel_post(post(), "mastodon"), Outcome.PUBLISHED, live=1)
    (live,) = planned(workspace(post()), made)
    assert isinstance(live, Live)
    assert live.url == "https://m.example/0"


def test_a_live_post_whose_words_changed_is_held_and_never_sent_again() -> None:
    made = record(channel_post(post(), "mastodon"), Outcome.PUBLISHED, live=1)
    action = planned(workspace(post(body="Hello again")), made)[0]
    assert reason_of(action) is HoldReason.CHANGED


def test_a_claim_with_a_running_lease_is_left_to_its_run() -> None:
    made = record(channel_post(post(), "mastodon"), Outcome.CLAIMED, due=NOON)
    assert reason_of(planned(workspace(post()), made)[0]) is HoldReason.CLAIMED


def test_a_claim_whose_lease_is_over_is_in_doubt() -> None:
    old = NOON - timedelta(hours=1)
    made = record(channel_post(post(), "mastodon"), Outcome.CLAIMED, due=old)
    assert reason_of(planned(workspace(post()), made)[0]) is HoldReason.IN_DOUBT


def test_refused_words_are_tried_again_only_after_they_change() -> None:
    made = record(channel_post(post(), "mastodon"), Outcome.REFUSED, error="too spammy")
    held = planned(workspace(post()), made)[0]
    assert isinstance(held, Hold)
    assert held.reason is HoldReason.REFUSED
    assert "too spammy" in held.explanation
    assert isinstance(planned(workspace(post(body="Better")), made)[0], Publish)


def test_what_failed_before_anything_was_sent_is_tried_again() -> None:
    made = record(channel_post(post(), "mastodon"), Outcome.FAILED)
    assert isinstance(planned(workspace(post()), made)[0], Publish)


@pytest.mark.parametrize("hours", [0, 30])
def test_a_broken_thread_goes_on_from_the_part_that_failed(hours: int) -> None:
    thread = post("thread", At(NOON - timedelta(hours=hours)))
    words = {"thread": ("one", "two", "three")}
    made = record(
        channel_post(thread, "mastodon", *words["thread"]), Outcome.FAILED, live=2
    )
    (action,) = planned(workspace(thread), made, words=words)
    assert isinstance(action, Publish)
    assert action.resume_from == 2


def test_a_broken_thread_whose_live_words_changed_is_held() -> None:
    thread = post("thread")
    made = record(
        channel_post(thread, "mastodon", "one", "two"), Outcome.FAILED, live=1
    )
    action = planned(workspace(thread), made, words={"thread": ("uno", "two")})[0]
    assert reason_of(action) is HoldReason.CHANGED


def test_actions_come_in_order_of_time_then_channel() -> None:
    space = workspace(
        post("b", channels=("site", "bluesky")),
        post("a", At(NOON - timedelta(minutes=1))),
    )
    order = [
        (each.occurrence.id, each.post.channel)
        for each in planned(space)
        if isinstance(each, Publish)
    ]
    assert order == [("a", "mastodon"), ("b", "bluesky"), ("b", "site")]


def test_the_digest_names_the_deeds_and_not_what_waits() -> None:
    def digest(*posts: object, words: str = "Hello") -> str:
        space = workspace(post("now", body=words), *posts)  # type: ignore[arg-type]  # posts by name
        occurrences = appoint(space, {}, SOON)
        return plan(wanted(space, occurrences), {}, SOON).digest

    waiting = post("later", At(NOON + timedelta(days=1)))
    assert digest() == digest(waiting)
    assert digest() != digest(words="Hello!")


def test_a_freeze_holds_what_is_due_and_what_came_due_in_it_is_missed() -> None:
    freeze = Freeze("f", "زلزله", "sara", NOON - timedelta(hours=1))
    lifted = replace(freeze, lifted=NOON + timedelta(minutes=5))

    def held(*freezes: Freeze) -> object:
        space = workspace(post())
        occurrences = appoint(space, {}, SOON)
        asked = replace(wanted(space, occurrences), freezes=freezes)
        return plan(asked, {}, SOON).actions[0]

    frozen, missed = held(freeze), held(lifted)
    assert reason_of(frozen) is HoldReason.FROZEN
    assert isinstance(frozen, Hold)
    assert frozen.explanation == "frozen by sara: زلزله"
    assert reason_of(missed) is HoldReason.MISSED
    assert isinstance(held(replace(freeze, spared=("hello",))), Publish)
    assert isinstance(held(replace(freeze, channels=("bluesky",))), Publish)


def test_a_published_file_that_is_renamed_does_not_go_out_again() -> None:
    old = post("old")
    made = record(channel_post(old, "mastodon"), Outcome.PUBLISHED, live=1)
    renamed = post("new", title=old.title)
    held = planned(workspace(renamed), made)[0]
    assert reason_of(held) is HoldReason.RENAMED
    assert isinstance(held, Hold)
    assert "write `id: old` into it" in held.explanation
    assert isinstance(planned(workspace(post("new", body="Else")), made)[0], Publish)
    assert isinstance(planned(workspace(old, renamed), made)[0], Publish | Live)


def test_a_renamed_file_with_another_title_does_not_go_out_again() -> None:
    made = record(channel_post(post("old"), "mastodon"), Outcome.PUBLISHED, live=1)
    (held,) = planned(workspace(post("new", title="A better title")), made)
    assert reason_of(held) is HoldReason.RENAMED


def test_the_words_of_an_edit_that_may_be_live_do_not_go_out_again() -> None:
    edit = Change(ChangeKind.EDIT, "sha256:new", ("Corrected",), "r2", NOON)
    live = channel_post(post("old"), "mastodon")
    made = record(live, Outcome.PUBLISHED, live=1, change=edit)
    (held,) = planned(workspace(post("new", body="Corrected")), made)
    assert reason_of(held) is HoldReason.RENAMED


def test_what_was_withdrawn_or_never_went_out_holds_no_other_post() -> None:
    old = channel_post(post("old"), "mastodon")
    renamed = post("new", title="Old")
    for outcome in (Outcome.WITHDRAWN, Outcome.REFUSED, Outcome.FAILED):
        made = record(old, outcome)
        assert isinstance(planned(workspace(renamed), made)[0], Publish)


def test_what_may_be_live_under_its_key_is_sent_again_as_it_was_or_not_at_all() -> None:
    sent = channel_post(post(), "mastodon")
    known = record(sent, Outcome.FAILED, uncertain=True, error="no answer")
    (again,) = planned(workspace(post()), known)
    assert isinstance(again, Publish)

    withdrawn = post(withdrawn=True)
    late = post(schedule=At(NOON - timedelta(days=3)))
    for other in (post(body="دیگر"), late, withdrawn):
        held = planned(workspace(other), known)
        assert [reason_of(each) for each in held] == [HoldReason.IN_DOUBT], other
        assert "may be live already: no answer" in str(held[0])

    renamed = planned(workspace(post("other", title="Hello")), known)
    assert [reason_of(each) for each in renamed] == [HoldReason.RENAMED]
