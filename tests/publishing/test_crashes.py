"""A run is killed at every step; the next ones post nothing twice and lose nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from smmflow.errors import Rejected, StateError, Unreachable
from smmflow.model.channel_post import ChannelPost, Occurrence, PartKey
from smmflow.model.plan import Plan, Publish
from smmflow.model.publication import Outcome, Publication, Receipt
from smmflow.networks.interface import Among
from smmflow.publishing import LEASE, Journal, settle
from smmflow.publishing.claims import claim
from smmflow.publishing.journal import left_behind
from smmflow.store import State
from tests.publishing.conftest import Desk
from tests.publishing.dying_run import NETWORKS, POSTS
from tests.publishing.fakes import (
    NOON,
    FolderConnection,
    Once,
    fail,
    lose_the_answer,
    plan,
    post,
    postings,
    texts,
)

ALL_TEXTS = ["یک", "دو", "سه", "سلام از after"]
MOMENTS = [
    "before the journal says sending",
    "after the journal says sending",
    "before the request",
    "after the request",
    "before the journal has the receipt",
    "after the journal has the receipt",
]


def run_and_die(desk: Desk, when: str, kind: str) -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.publishing.dying_run",
            str(desk.root),
            when,
            kind,
        ],
        cwd=Path(__file__).parents[2],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ},
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr


def run_again(desk: Desk, kind: str, run: str) -> None:
    """What `smmflow publish` does, with the planner's rule for what may be sent."""
    connection = FolderConnection(desk.postings, keyed=kind == "idempotent")
    desk.recover()
    desk.settle(NETWORKS[kind], connection)
    known = desk.ledger()
    free = [
        each
        for each in POSTS
        if each.post not in known or known[each.post].outcome is Outcome.FAILED
    ]
    networks = {"folder": NETWORKS[kind]}
    desk.publish(plan(*free, known=known), {"folder": connection}, networks, run=run)


@pytest.mark.parametrize("same_machine", [True, False])
@pytest.mark.parametrize("when", MOMENTS)
@pytest.mark.parametrize("kind", ["finds", "idempotent"])
def test_everything_is_live_exactly_once_two_runs_later(
    desk: Desk, other_desk: Desk, kind: str, when: str, *, same_machine: bool
) -> None:
    run_and_die(desk, when, kind)
    again = desk if same_machine else other_desk
    run_again(again, kind, "second")
    again.clock.sleep(LEASE.total_seconds() + 1)
    run_again(again, kind, "third")

    assert sorted(texts(desk.postings)) == sorted(ALL_TEXTS)
    ledger = again.ledger()
    assert {each.outcome for each in ledger.values()} == {Outcome.PUBLISHED}
    live = [
        part.text for each in ledger.values() for part in each.parts if part.receipt
    ]
    assert sorted(live) == sorted(ALL_TEXTS)


@pytest.mark.parametrize("same_machine", [True, False])
@pytest.mark.parametrize("when", MOMENTS)
def test_where_nobody_can_know_nothing_is_sent_twice_and_doubts_are_held(
    desk: Desk, other_desk: Desk, when: str, *, same_machine: bool
) -> None:
    run_and_die(desk, when, "blind")
    again = desk if same_machine else other_desk
    run_again(again, "blind", "second")
    again.clock.sleep(LEASE.total_seconds() + 1)
    run_again(again, "blind", "third")

    found = texts(desk.postings)
    assert len(found) == len(set(found))
    for each in again.ledger().values():
        missing = {part.text for part in each.parts} - set(found)
        assert not missing or each.outcome is Outcome.IN_DOUBT


def test_where_only_the_key_protects_the_very_same_is_sent_again_and_nothing_else(
    desk: Desk,
) -> None:
    run_and_die(desk, "after the request", "idempotent")
    desk.clock.sleep(LEASE.total_seconds() + 1)
    desk.recover()
    desk.settle(NETWORKS["idempotent"])
    sent = desk.ledger()["thread"]
    assert (sent.outcome, sent.uncertain) == (Outcome.FAILED, True)

    later = NOON + timedelta(hours=1)
    changed = replace(post("thread", "یک", "دو", "دیگر"), digest="sha256:changed")
    connection = FolderConnection(desk.postings, keyed=True)
    networks = {"folder": NETWORKS["idempotent"]}

    def publish(post: ChannelPost) -> Publication:
        action = Publish(post, Occurrence("thread", "thread", later), resume_from=1)
        desk.publish(Plan(later, (action,)), {"folder": connection}, networks, run="r2")
        return desk.ledger()["thread"]

    assert publish(changed) == sent
    known = publish(POSTS[0])
    assert (known.outcome, known.uncertain) == (Outcome.PUBLISHED, False)
    assert known.due == sent.due
    assert sorted(texts(desk.postings)) == ["دو", "سه", "یک"]


def test_a_refusal_does_not_make_certain_what_an_earlier_run_may_have_sent(
    desk: Desk,
) -> None:
    run_and_die(desk, "after the request", "idempotent")
    desk.clock.sleep(LEASE.total_seconds() + 1)
    desk.recover()
    desk.settle(NETWORKS["idempotent"])
    refusing = FolderConnection(
        desk.postings, Once("before", "دو", fail(Rejected("duplicate")))
    )
    again = Publish(POSTS[0], Occurrence("thread", "thread", NOON), resume_from=1)
    networks = {"folder": NETWORKS["idempotent"]}
    desk.publish(Plan(NOON, (again,)), {"folder": refusing}, networks, run="r2")
    assert desk.ledger()["thread"].outcome is Outcome.IN_DOUBT


@pytest.mark.parametrize(
    "when", ["before the journal says sending", "after the journal has the receipt"]
)
def test_what_the_journal_knows_is_put_right_at_once(desk: Desk, when: str) -> None:
    run_and_die(desk, when, "blind")
    run_again(desk, "blind", "second")
    assert sorted(texts(desk.postings)) == sorted(ALL_TEXTS)
    assert {each.outcome for each in desk.ledger().values()} == {Outcome.PUBLISHED}


def test_a_claim_is_left_alone_while_its_lease_lasts(
    desk: Desk, other_desk: Desk
) -> None:
    run_and_die(desk, "before the request", "finds")
    other_desk.clock.sleep(LEASE.total_seconds() - 1)
    assert other_desk.recover() == other_desk.settle(NETWORKS["finds"]) == {}
    assert other_desk.publish(plan(*POSTS), run="second") == {}
    assert texts(desk.postings) == ["یک"]


def test_a_run_that_is_alive_keeps_its_journal_and_its_claims(desk: Desk) -> None:
    with Journal(desk.journals, "alive") as journal:
        assert desk.recover() == {}
        assert journal.path.exists()
    desk.recover()
    assert not journal.path.exists()


def test_a_network_that_can_not_be_reached_settles_nothing(desk: Desk) -> None:
    run_and_die(desk, "before the request", "finds")
    desk.clock.sleep(LEASE.total_seconds() + 1)
    before = desk.ledger()
    assert desk.settle(NETWORKS["finds"], _Unreachable(desk.postings)) == {}
    assert desk.ledger() == before


class _Unreachable(FolderConnection):
    def find(self, *_: object, **__: object) -> None:
        message = "no route"
        raise Unreachable(message)


def test_two_machines_that_settle_at_once_agree(desk: Desk, other_desk: Desk) -> None:
    run_and_die(desk, "after the request", "finds")
    for each in (desk, other_desk):
        each.clock.sleep(LEASE.total_seconds() + 1)
    stale = other_desk.state
    settled = desk.settle(NETWORKS["finds"])
    assert [p.text for p in settled["thread"].parts if p.receipt] == ["یک", "دو"]
    run_again(desk, "finds", "second")
    assert settle_with(other_desk, stale) == ()
    assert sorted(texts(desk.postings)) == sorted(ALL_TEXTS)


def settle_with(desk: Desk, state: State) -> tuple[Publication, ...]:
    return settle(
        state,
        connections={"folder": desk.connection()},
        networks={"folder": NETWORKS["finds"]},
        clock=desk.clock,
        run="late",
    )


def test_a_torn_last_line_of_a_journal_is_no_obstacle(desk: Desk) -> None:
    run_and_die(desk, "after the journal has the receipt", "finds")
    journal = next(desk.journals.iterdir())
    with journal.open("ab") as file:
        file.write(b'{"publication": {"occ')
    run_again(desk, "finds", "second")
    assert sorted(texts(desk.postings)) == sorted(ALL_TEXTS)


def test_a_journal_that_was_never_begun_is_removed(desk: Desk) -> None:
    desk.journals.mkdir(parents=True)
    (desk.journals / "empty.jsonl").touch()
    assert desk.recover() == {}
    assert list(desk.journals.iterdir()) == []


def test_a_closed_journal_takes_no_more(desk: Desk) -> None:
    with Journal(desk.journals, "r1") as journal:
        pass
    with pytest.raises(StateError, match="is closed"):
        journal.record(desk.publish(plan(post("a")))["a"])


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.IN_DOUBT])
def test_whatever_the_journal_says_last_is_what_the_ledger_gets(
    desk: Desk, outcome: Outcome
) -> None:
    clock = desk.clock
    claims = claim(
        plan(post("a")), desk.state, channels=["folder"], run="r1", clock=clock
    ).claims
    with Journal(desk.journals, "r1") as journal:
        journal.sending(claims[0].record)
        said = replace(claims[0].record, outcome=outcome, error="نه")
        journal.record(said)
    assert desk.recover() == {"a": said}
    assert desk.ledger() == {"a": said}


def test_what_was_being_sent_stays_claimed_until_the_lease_is_over(desk: Desk) -> None:
    (won,) = claim(
        plan(post("a")), desk.state, channels=["folder"], run="r1", clock=desk.clock
    ).claims
    with Journal(desk.journals, "r1") as journal:
        journal.sending(won.record)
    assert desk.recover() == {}
    assert desk.ledger() == {"a": won.record}
    assert list(desk.journals.iterdir()) == []


def test_two_runs_may_recover_at_once(desk: Desk) -> None:
    for run in ("r1", "r2"):
        Journal(desk.journals, run).close()
    found = left_behind(desk.journals)
    assert next(found)[1].run == "r1"
    assert [told.run for _path, told in left_behind(desk.journals)] == ["r2"]
    (desk.journals / "r2.jsonl").unlink()
    assert list(found) == []


def test_what_was_settled_elsewhere_is_not_unsettled_by_an_old_journal(
    desk: Desk, other_desk: Desk
) -> None:
    run_and_die(desk, "before the request", "finds")
    other_desk.clock.sleep(LEASE.total_seconds() + 1)
    run_again(other_desk, "finds", "second")
    before = other_desk.ledger()
    assert desk.recover() == {}
    assert desk.ledger() == before


def test_a_broken_journal_is_named_and_kept(desk: Desk) -> None:
    journal = desk.journals / "old.jsonl"
    desk.journals.mkdir(parents=True)
    journal.write_text('{"format": 1, "run": "old"}\nnonsense\n')
    with pytest.raises(StateError, match=r"old.jsonl, line 2 can't be read"):
        desk.recover()
    assert journal.exists()


def test_two_runs_of_one_name_do_not_share_a_journal(desk: Desk) -> None:
    with (
        Journal(desk.journals, "r1"),
        pytest.raises(StateError, match="a run called r1 is going on here"),
    ):
        Journal(desk.journals, "r1")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a tiny disk")
def test_nothing_is_sent_that_a_full_disk_could_not_remember(desk: Desk) -> None:
    desk.journals.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=8k", "none", str(desk.journals)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        many = plan(*(post(f"p{n}") for n in range(40)))
        results = desk.publish(many)
        outcomes = [each.outcome for each in results.values()]
        live = outcomes.count(Outcome.PUBLISHED)
        assert 0 < live < 40
        assert set(outcomes) == {Outcome.PUBLISHED, Outcome.FAILED}
        assert len(texts(desk.postings)) == live
        assert "can't be written: No space left" in results["p39"].error
        assert desk.ledger() == results
    finally:
        subprocess.run(["umount", str(desk.journals)], check=True)


def test_a_journal_that_can_not_be_written_is_said_to_be_so(desk: Desk) -> None:
    desk.journals.parent.mkdir()
    desk.journals.write_text("in the way")
    with pytest.raises(StateError, match="can't be written: File exists"):
        Journal(desk.journals, "r1")


class _ByWords(FolderConnection):
    """A network that is looked at by words, as Mastodon is."""

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        del key
        for posting in postings(self.folder):
            same = posting["text"] == post.parts[part].text.text
            if same and posting["id"] not in among.others:
                return Receipt(posting["id"], "", NOON)
        return None


@pytest.mark.parametrize("arrived", [True, False])
def test_a_post_is_not_taken_for_another_that_says_the_same(
    desk: Desk, *, arrived: bool
) -> None:
    connection = _ByWords(desk.postings)
    desk.publish(plan(post("first", "صبح بخیر")), {"folder": connection})
    second = post("second", "صبح بخیر")
    trouble = Once("after" if arrived else "before", "صبح بخیر", lose_the_answer)
    losing = _ByWords(desk.postings, trouble)
    ledger = desk.publish(plan(second), {"folder": losing}, run="r2")
    if not arrived:  # nothing was found, so it stays in doubt until the lease is over
        assert ledger["second"].outcome is Outcome.IN_DOUBT
        desk.clock.sleep(LEASE.total_seconds() + 1)
        ledger = desk.settle(NETWORKS["finds"], connection)
        assert ledger["second"].outcome is Outcome.FAILED
    else:
        first = desk.ledger()["first"].receipts[0].id
        assert ledger["second"].outcome is Outcome.PUBLISHED
        assert ledger["second"].receipts[0].id != first
