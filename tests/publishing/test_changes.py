"""Edits and withdrawals, against real state and a network that shows what is live."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from smmflow.errors import OutcomeUnknown, Rejected, SignInFailed, Unreachable
from smmflow.model.channel_post import ChannelPost, Occurrence
from smmflow.model.plan import Edit, Plan, Withdraw
from smmflow.model.publication import ChangeKind, Outcome, Publication
from smmflow.publishing import LEASE
from tests.publishing.conftest import Desk
from tests.publishing.fakes import (
    NOON,
    FolderConnection,
    Once,
    fail,
    lose_the_answer,
    plan,
    post,
    texts,
)


def edits(desk: Desk, *wanted: ChannelPost) -> Plan:
    known = desk.ledger()
    return Plan(
        NOON,
        tuple(
            Edit(each, Occurrence(each.post, each.post, NOON), known[each.post])
            for each in wanted
        ),
    )


def withdrawal(desk: Desk, name: str) -> Plan:
    record = desk.ledger()[name]
    gone = Withdraw(Occurrence(name, name, NOON), record, "withdrawn in the file")
    return Plan(NOON, (gone,))


def better(name: str, *parts: str) -> ChannelPost:
    made = post(name, *(parts or (f"درود از {name}",)))
    return replace(made, digest=f"sha256:{parts}", title="عنوان نو")


def without_moments(record: Publication) -> Publication:
    return replace(record, updated=NOON, error="")


def test_an_edit_changes_what_is_live_and_the_ledger_follows(desk: Desk) -> None:
    desk.publish(plan(post("a")))
    desk.clock.sleep(3600)
    results = desk.publish(edits(desk, better("a")), run="r2")
    assert texts(desk.postings) == ["درود از a"]
    assert results == desk.ledger()
    record = results["a"]
    assert (record.outcome, record.run) == (Outcome.PUBLISHED, "r1")
    assert (record.digest, record.title) == (better("a").digest, "عنوان نو")
    assert record.parts[0].text == "درود از a"
    assert record.receipts[0].more == {"version": "درود از a"}
    assert record.edited == NOON + timedelta(hours=1)
    assert (record.published, record.change) == (NOON, None)


def test_the_intent_is_on_the_state_branch_before_anything_is_sent(
    desk: Desk, other_desk: Desk
) -> None:
    desk.publish(plan(post("a")))
    seen = {}

    def look() -> None:
        seen.update(other_desk.ledger())

    connection = FolderConnection(desk.postings, Once("before edit", "درود از a", look))
    desk.publish(edits(desk, better("a")), {"folder": connection}, run="r2")
    change = seen["a"].change
    assert change is not None
    assert (change.kind, change.run) == (ChangeKind.EDIT, "r2")
    assert change.words == ("درود از a",)
    assert change.lease_until == NOON + LEASE
    assert seen["a"].parts[0].text == "سلام از a"


def test_posts_go_out_before_what_is_live_is_changed(desk: Desk) -> None:
    desk.publish(plan(post("a")))
    both = Plan(NOON, (*edits(desk, better("a")).actions, *plan(post("b")).actions))
    desk.reported.clear()
    desk.publish(both, run="r2")
    assert [each.occurrence for each in desk.reported] == ["b", "a"]
    assert texts(desk.postings) == ["درود از a", "سلام از b"]


def test_a_thread_is_withdrawn_from_its_end_and_its_words_are_kept(desk: Desk) -> None:
    desk.publish(plan(post("thread", "یک", "دو", "سه")))
    order: list[str] = []

    def note(when: str, text: str) -> None:
        if when == "before withdraw":
            order.append(text)

    connection = FolderConnection(desk.postings, note)
    desk.publish(withdrawal(desk, "thread"), {"folder": connection}, run="r2")
    assert order == ["سه", "دو", "یک"]
    assert texts(desk.postings) == []
    record = desk.ledger()["thread"]
    assert (record.outcome, record.change) == (Outcome.WITHDRAWN, None)
    assert [part.text for part in record.parts] == ["یک", "دو", "سه"]


def test_a_withdrawal_that_breaks_remembers_how_far_it_got(desk: Desk) -> None:
    desk.publish(plan(post("thread", "یک", "دو", "سه")))
    trouble = Once("before withdraw", "دو", fail(Unreachable("no route")), times=5)
    connection = FolderConnection(desk.postings, trouble)
    desk.publish(withdrawal(desk, "thread"), {"folder": connection}, run="r2")
    record = desk.ledger()["thread"]
    assert (record.outcome, record.error) == (Outcome.PUBLISHED, "no route")
    assert [part.gone for part in record.parts] == [False, False, True]
    assert record.change is not None
    assert record.change.lease_until <= desk.clock.now()
    desk.publish(withdrawal(desk, "thread"), run="r3")
    assert texts(desk.postings) == []
    assert desk.ledger()["thread"].outcome is Outcome.WITHDRAWN


def test_what_is_gone_already_is_withdrawn(desk: Desk) -> None:
    desk.publish(plan(post("a")))
    for file in desk.postings.glob("*.json"):
        file.unlink()
    desk.publish(withdrawal(desk, "a"), run="r2")
    assert desk.ledger()["a"].outcome is Outcome.WITHDRAWN


def test_a_refused_edit_keeps_the_live_words_and_the_networks(desk: Desk) -> None:
    desk.publish(plan(post("a"), post("b")))
    before = desk.ledger()["a"]
    no = Once("before edit", "درود از a", fail(Rejected("هرزنامه")))
    connection = FolderConnection(desk.postings, no)
    plans = edits(desk, better("a"), better("b"))
    desk.publish(plans, {"folder": connection}, run="r2")
    assert texts(desk.postings) == ["سلام از a", "درود از b"]
    record = desk.ledger()["a"]
    assert (record.parts, record.digest) == (before.parts, before.digest)
    assert record.error == "هرزنامه"
    assert record.change is not None
    assert record.change.refused
    assert not record.change.uncertain
    assert record.change.digest == better("a").digest


def test_a_thread_of_which_a_part_was_refused_is_known_to_be_half_edited(
    desk: Desk,
) -> None:
    desk.publish(plan(post("thread", "یک", "دو")))
    no = Once("before edit", "two", fail(Rejected("no")))
    connection = FolderConnection(desk.postings, no)
    wanted = edits(desk, better("thread", "one", "two"))
    desk.publish(wanted, {"folder": connection}, run="r2")
    record = desk.ledger()["thread"]
    assert texts(desk.postings) == [part.text for part in record.parts]
    assert texts(desk.postings) == ["one", "دو"]
    assert record.change is not None
    assert record.change.refused
    assert record.change.uncertain


def test_what_certainly_was_not_changed_is_as_it_was_and_stops_the_channel(
    desk: Desk,
) -> None:
    desk.publish(plan(post("a"), post("b")))
    before = desk.ledger()
    no = Once("before edit", "درود از a", fail(SignInFailed("wrong token")))
    connection = FolderConnection(desk.postings, no)
    wanted = edits(desk, better("a"), better("b"))
    desk.publish(wanted, {"folder": connection}, run="r2")
    after = desk.ledger()
    assert {name: without_moments(each) for name, each in after.items()} == {
        name: without_moments(each) for name, each in before.items()
    }
    assert after["a"].error == "wrong token"
    assert after["b"].error == "not sent, after a: wrong token"


@pytest.mark.parametrize("kind", ["edit", "withdraw"])
def test_a_lost_answer_is_asked_for_again(desk: Desk, kind: str) -> None:
    desk.publish(plan(post("a")))
    text = "درود از a" if kind == "edit" else "سلام از a"
    trouble = Once(f"after {kind}", text, lose_the_answer)
    connection = FolderConnection(desk.postings, trouble)
    wanted = edits(desk, better("a")) if kind == "edit" else withdrawal(desk, "a")
    desk.publish(wanted, {"folder": connection}, run="r2")
    assert desk.ledger()["a"].change is None
    assert texts(desk.postings) == (["درود از a"] if kind == "edit" else [])


def test_an_answer_that_never_comes_leaves_the_change_to_the_next_plan(
    desk: Desk,
) -> None:
    desk.publish(plan(post("a")))
    lost = fail(OutcomeUnknown("the connection broke"))
    trouble = Once("after edit", "درود از a", lost, times=5)
    connection = FolderConnection(desk.postings, trouble)
    desk.publish(edits(desk, better("a")), {"folder": connection}, run="r2")
    record = desk.ledger()["a"]
    assert record.parts[0].text == "سلام از a"
    assert record.change is not None
    assert record.change.uncertain
    assert record.change.lease_until <= desk.clock.now()


def test_a_plan_that_is_out_of_date_changes_nothing(
    desk: Desk, other_desk: Desk
) -> None:
    desk.publish(plan(post("a")))
    stale = edits(desk, better("a", "نخست"))
    other_desk.publish(edits(other_desk, better("a", "دوم")), run="faster")
    assert desk.publish(stale, run="slower") == {}
    assert texts(desk.postings) == ["دوم"]


def _dies(when: str) -> Callable[[Desk], None]:
    def die(desk: Desk) -> None:
        ran = subprocess.run(
            [sys.executable, "-m", "tests.publishing.dying_change", desk.root, when],
            cwd=Path(__file__).parents[2],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ},
        )
        assert ran.returncode == -signal.SIGKILL, ran.stderr

    return die


@pytest.mark.parametrize("same_machine", [True, False])
@pytest.mark.parametrize("kind", ["edit", "withdraw"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_dies_at_a_change_is_completed_by_the_next(
    desk: Desk, other_desk: Desk, when: str, kind: str, *, same_machine: bool
) -> None:
    desk.publish(plan(post("thread", "یک", "دو")))
    _dies(f"{when} {kind}")(desk)
    again = desk if same_machine else other_desk
    again.recover()
    record = again.ledger()["thread"]
    assert record.change is not None
    assert record.change.lease_until == NOON + LEASE
    again.clock.sleep(LEASE.total_seconds() + 1)

    if kind == "edit":
        again.publish(edits(again, better("thread", "one", "two")), run="next")
        assert texts(desk.postings) == ["one", "two"]
    else:
        again.publish(withdrawal(again, "thread"), run="next")
        assert texts(desk.postings) == []
    record = again.ledger()["thread"]
    assert record.change is None
    assert record.digest == (
        better("thread", "one", "two").digest if kind == "edit" else "sha256:thread"
    )


def test_a_run_that_dies_before_it_sends_gives_its_intents_back_at_once(
    desk: Desk,
) -> None:
    desk.publish(plan(post("thread", "یک", "دو")))
    _dies("before sending")(desk)
    desk.recover()
    change = desk.ledger()["thread"].change
    assert change is not None
    assert change.lease_until == NOON


def test_what_the_journal_knows_of_a_change_is_recorded_on_the_same_machine(
    desk: Desk,
) -> None:
    desk.publish(plan(post("thread", "یک", "دو")))
    _dies("after the last record")(desk)
    desk.recover()
    record = desk.ledger()["thread"]
    assert [part.text for part in record.parts] == ["one", "two"]
    assert record.change is None
