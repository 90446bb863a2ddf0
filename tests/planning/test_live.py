"""What is live follows the files, as far as its network lets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time, timedelta

import pytest

from smmflow.model.capabilities import Capabilities, Limit, Support
from smmflow.model.channel_post import Occurrence
from smmflow.model.freeze import Freeze
from smmflow.model.plan import (
    Action,
    Edit,
    Hold,
    HoldReason,
    Live,
    Plan,
    Publish,
    Withdraw,
)
from smmflow.model.post import Frequency, Post, Repeating
from smmflow.model.publication import (
    Change,
    ChangeKind,
    Outcome,
    PartRecord,
    Publication,
)
from smmflow.planning import appoint, plan
from tests.planning.builders import NOON, channel_post, post, record, wanted, workspace

SOON = NOON + timedelta(minutes=10)
ABLE = Capabilities(Limit(500), edit=Support.YES, withdraw=Support.YES)
UNABLE = Capabilities(Limit(500))
UNWRITTEN = Capabilities(
    Limit(500), edit=Support.NOT_WRITTEN, withdraw=Support.NOT_WRITTEN
)


def planned(
    file: Post,
    *records: Publication,
    able: Capabilities = ABLE,
    words: tuple[str, ...] = (),
    faults: Mapping[tuple[str, str], str] | None = None,
    freezes: tuple[Freeze, ...] = (),
) -> Plan:
    space = workspace(file)
    known = {(each.occurrence, each.channel): each for each in records}
    said = {file.id: words} if words else None
    asked = wanted(space, appoint(space, known, SOON), faults=faults, words=said)
    asked = replace(
        asked, capabilities=dict.fromkeys(space.channels, able), freezes=freezes
    )
    return plan(asked, known, SOON)


def only(made: Plan) -> Action:
    (action,) = made.actions
    return action


def held(made: Plan) -> tuple[HoldReason, str]:
    action = only(made)
    assert isinstance(action, Hold)
    return action.reason, action.explanation


def live(file: Post | None = None, *words: str, **more: object) -> Publication:
    made = channel_post(file or post(), "mastodon", *words)
    parts = len(made.parts)
    return replace(record(made, Outcome.PUBLISHED, live=parts), **more)  # type: ignore[arg-type]  # fields by name, for brevity


def begun(kind: ChangeKind, **more: object) -> Change:
    change = Change(kind, "sha256:x", (), "r7", SOON - timedelta(minutes=1))
    return replace(change, **more)  # type: ignore[arg-type]  # as above


def test_changed_words_are_edited_where_the_network_can() -> None:
    before = live()
    action = only(planned(post(body="درود"), before))
    assert isinstance(action, Edit)
    assert action.live == before
    assert action.post.parts[0].text.text == "درود"


@pytest.mark.parametrize(
    ("able", "why"),
    [(UNABLE, "nobody can change a live post"), (UNWRITTEN, "smmflow can't yet")],
)
def test_what_can_not_be_edited_stays_and_the_plan_says_what_to_do(
    able: Capabilities, why: str
) -> None:
    reason, words = held(planned(post(body="Better"), live(), able=able))
    assert reason is HoldReason.CHANGED
    assert why in words
    assert "put it back as it was, or write `withdrawn: true`" in words


def test_another_number_of_parts_can_not_be_edited() -> None:
    thread = live(None, "یک", "دو")
    reason, words = held(planned(post(), thread, words=("یک", "دو", "سه")))
    assert reason is HoldReason.CHANGED
    assert "2 parts are live and the file has 3 now" in words


@pytest.mark.parametrize("fixed", ["media", "poll", "visibility"])
def test_what_is_fixed_on_a_network_holds_an_edit_only_if_it_changed(
    fixed: str,
) -> None:
    able = replace(ABLE, fixed=frozenset({fixed}))
    assert isinstance(only(planned(post(body="Better"), live(), able=able)), Edit)
    then = {
        "media": live(parts=(replace(_part(), media=(("a.png", "ff", "گل"),)),)),
        "poll": live(parts=(replace(_part(), poll=("بله", "نه")),)),
        "visibility": live(visibility="unlisted"),
    }
    made = planned(post(body="Better"), then[fixed], able=able)
    assert f"can't change the {fixed}" in held(made)[1]


def _part() -> PartRecord:
    return live().parts[0]


def test_a_fault_holds_an_edit_and_a_freeze_does_too() -> None:
    better = post(body="Better")
    faults = {("hello", "mastodon"): "hello.md: text-too-long"}
    assert held(planned(better, live(), faults=faults))[0] is HoldReason.FINDINGS
    freeze = Freeze("f", "earthquake", "sara", NOON)
    assert held(planned(better, live(), freezes=(freeze,)))[0] is HoldReason.FROZEN


def test_neither_holds_a_withdrawal() -> None:
    gone = post(withdrawn=True)
    faults = {("hello", "mastodon"): "hello.md: text-too-long"}
    freeze = Freeze("f", "earthquake", "sara", NOON)
    made = planned(gone, live(), faults=faults, freezes=(freeze,))
    assert isinstance(only(made), Withdraw)


def test_a_withdrawn_post_stays_live_where_nobody_can_take_it_down() -> None:
    reason, words = held(planned(post(withdrawn=True), live(), able=UNABLE))
    assert reason is HoldReason.WITHDRAWN
    assert "do it there by hand" in words


def test_what_is_live_of_a_broken_thread_is_withdrawn_too() -> None:
    made = record(channel_post(post(), "mastodon", "a", "b"), Outcome.FAILED, live=1)
    assert isinstance(only(planned(post(withdrawn=True), made)), Withdraw)


def test_a_recurring_post_is_withdrawn_wherever_it_went_out() -> None:
    rule = Repeating(Frequency.DAILY, time(9, 30), NOON.date())
    old = live(occurrence="hello@2026-06-01T09:30")
    made = planned(post("hello", rule, withdrawn=True), old)
    assert only(made) == Withdraw(
        Occurrence("hello@2026-06-01T09:30", "hello", NOON),
        old,
        "withdrawn in the file",
    )


def test_todays_words_of_a_recurring_post_are_for_the_times_to_come() -> None:
    day = (NOON - timedelta(days=1)).date()
    rule = Repeating(Frequency.DAILY, time(9, 30), day, until=day)
    occurrence = f"hello@{day}T09:30"
    made = planned(post("hello", rule, body="New"), live(occurrence=occurrence))
    assert isinstance(only(made), Live)


def test_a_file_that_moves_and_keeps_its_id_changes_nothing() -> None:
    moved = post(path="content/posts/elsewhere/renamed.md")
    assert isinstance(only(planned(moved, live())), Live)


def test_a_post_whose_file_is_deleted_stays_live() -> None:
    assert planned(post("other"), live()).changes == ()


def test_what_was_taken_down_never_goes_out_again_under_its_id() -> None:
    gone = live(outcome=Outcome.WITHDRAWN)
    assert planned(post(withdrawn=True), gone).actions == ()
    reason, words = held(planned(post(), gone))
    assert reason is HoldReason.WITHDRAWN
    assert "give it another `id:`" in words


def test_what_another_run_is_changing_is_left_to_it() -> None:
    busy = begun(ChangeKind.EDIT, lease_until=SOON + timedelta(minutes=1))
    reason, words = held(planned(post(body="Better"), live(change=busy)))
    assert reason is HoldReason.CLAIMED
    assert "run r7 is at it (edit)" in words
    gone = planned(post(withdrawn=True), live(change=busy))
    assert held(gone)[0] is HoldReason.CLAIMED


def test_an_edit_that_nobody_heard_the_end_of_is_made_again() -> None:
    doubtful = live(change=begun(ChangeKind.EDIT))
    assert isinstance(only(planned(post(body="Better"), doubtful)), Edit)
    # Put back meanwhile: what is live may say otherwise.
    assert isinstance(only(planned(post(), doubtful)), Edit)


def test_a_withdrawal_that_nobody_heard_the_end_of_is_only_ever_finished() -> None:
    doubtful = live(change=begun(ChangeKind.WITHDRAW))
    assert isinstance(only(planned(post(withdrawn=True), doubtful)), Withdraw)
    assert held(planned(post(), doubtful))[0] is HoldReason.CHANGED
    broken = replace(doubtful, outcome=Outcome.FAILED)
    assert held(planned(post(), broken))[0] is HoldReason.CHANGED


def test_a_refused_edit_is_tried_again_only_after_the_words_change() -> None:
    better = post(body="Better")
    digest = channel_post(better, "mastodon").digest
    no = begun(ChangeKind.EDIT, digest=digest, uncertain=False, refused=True)
    refused = live(change=no, error="too spammy")
    reason, words = held(planned(better, refused))
    assert reason is HoldReason.REFUSED
    assert "too spammy" in words
    assert isinstance(only(planned(post(body="Best"), refused)), Edit)
    assert isinstance(only(planned(post(), refused)), Live)


def test_changes_come_after_what_is_published_and_count_in_the_digest() -> None:
    space = workspace(post(body="Better"), post("new"))
    known = {("hello", "mastodon"): live()}
    asked = wanted(space, appoint(space, known, SOON), able=ABLE)
    made = plan(asked, known, SOON)
    assert [type(each) for each in made.actions] == [Publish, Edit]
    assert made.digest != made.only(posts=["new"]).digest
    assert made.only(posts=["hello"]).changes == made.edits
    assert made.only(channels=["site"]).actions == ()
    alone = workspace(post("new"))
    without = plan(wanted(alone, appoint(alone, {}, SOON)), {}, SOON)
    assert made.only(posts=["new"]).digest == without.digest
