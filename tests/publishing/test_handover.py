"""Posts that a network sends at their time: given, moved, taken back, lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from smmflow.credentials import Credentials
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, Occurrence
from smmflow.model.freeze import Freeze
from smmflow.model.plan import Cancel, HandOver, Plan, Reschedule
from smmflow.model.publication import Outcome, Publication
from smmflow.networks.interface import Connection
from smmflow.publishing import LEASE, Journal
from smmflow.publishing.claims import claim
from smmflow.publishing.outcomes import key_of
from smmflow.testing import Fake, FakeServer, Fault
from tests.publishing.conftest import Desk
from tests.publishing.fakes import NOON, post

DUE = NOON + timedelta(hours=2)
LATER = NOON + timedelta(hours=5)


class Bench:
    """A desk, and a network that keeps posts until their time."""

    def __init__(self, desk: Desk, server: FakeServer) -> None:
        self.desk, self.server, self.network = desk, server, Fake(server)
        self._runs = iter(f"run-{number}" for number in range(99))

    @property
    def connection(self) -> Connection:
        channel = Channel("folder", "fake", secrets={"token": "TOKEN"})
        return self.network.connect(channel, Credentials({"TOKEN": "correct"}))

    def run(self, *actions: HandOver | Reschedule | Cancel) -> Publication:
        """Carry out what a plan says; return the record of the only post."""
        self.desk.publish(
            Plan(self.desk.clock.now(), actions),
            {"folder": self.connection},
            {"folder": self.network},
            run=next(self._runs),
        )
        return self.record

    def settle(self) -> Publication:
        self.desk.recover()
        self.desk.settle(self.network, self.connection)
        return self.record

    @property
    def record(self) -> Publication:
        return self.desk.ledger()["launch"]

    @property
    def waiting(self) -> list[tuple[str, datetime]]:
        return [(each.text, each.at) for each in self.server.waiting]

    @property
    def live(self) -> list[str]:
        return [each.text for each in self.server.posts]


@pytest.fixture
def bench(desk: Desk) -> Bench:
    return Bench(desk, FakeServer())


def launch(words: str = "سلام") -> ChannelPost:
    return replace(post("launch", words), digest=f"sha256:{words}")


def at(due: datetime) -> Occurrence:
    return Occurrence("launch", "launch", due)


def hand_over(words: str = "سلام", due: datetime = DUE) -> HandOver:
    return HandOver(launch(words), at(due))


def test_what_is_handed_over_goes_out_by_itself_and_the_ledger_hears_of_it(
    bench: Bench,
) -> None:
    record = bench.run(hand_over())
    assert (record.outcome, record.due, record.receipts) == (Outcome.SCHEDULED, DUE, ())
    assert bench.waiting == [("سلام", DUE)]
    assert bench.settle() == record

    bench.desk.clock.moment = DUE
    bench.server.send_due(DUE)
    record = bench.settle()
    assert record.outcome is Outcome.PUBLISHED
    assert record.receipts[0].id == bench.server.posts[0].id
    assert record.waiting is None
    assert bench.live == ["سلام"]


def test_another_time_reaches_the_network(bench: Bench) -> None:
    before = bench.run(hand_over())
    record = bench.run(Reschedule(launch(), at(LATER), before))
    assert (record.outcome, record.due, record.change) == (
        *(Outcome.SCHEDULED, LATER),
        None,
    )
    assert bench.waiting == [("سلام", LATER)]
    bench.desk.clock.moment = LATER
    bench.server.send_due(LATER)
    assert bench.settle().outcome is Outcome.PUBLISHED


def test_what_is_taken_back_can_be_handed_over_anew_under_another_key(
    bench: Bench,
) -> None:
    before = bench.run(hand_over())
    record = bench.run(Cancel(at(DUE), before, "other words"))
    assert (record.outcome, record.waiting) == (Outcome.CANCELLED, None)
    assert bench.waiting == []
    again = bench.run(hand_over("درود"))
    assert again.outcome is Outcome.SCHEDULED
    assert again.attempt == before.attempt + 1
    assert bench.waiting == [("درود", DUE)]


def test_what_went_out_before_it_could_be_taken_back_is_published(bench: Bench) -> None:
    before = bench.run(hand_over())
    bench.server.send_due(DUE)
    record = bench.run(Cancel(at(DUE), before, "withdrawn in the file"))
    assert (record.outcome, len(record.receipts)) == (Outcome.PUBLISHED, 1)
    assert bench.live == ["سلام"]


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.BAD_GATEWAY, Fault.HTML])
@pytest.mark.parametrize("idempotent", [True, False])
def test_a_lost_answer_hands_over_once(
    bench: Bench, fault: Fault, *, idempotent: bool
) -> None:
    bench.server.idempotent = idempotent
    bench.server.faults = [fault]
    assert bench.run(hand_over()).outcome is Outcome.SCHEDULED
    assert bench.waiting == [("سلام", DUE)]


def test_what_got_lost_is_handed_over_by_a_later_run_whatever_keys_promise(
    bench: Bench,
) -> None:
    # Keys are promised for posts. What seems lost may be late: the lease makes it safe.
    bench.server.faults = [Fault.LOST_REQUEST]
    assert bench.run(hand_over()).outcome is Outcome.IN_DOUBT
    assert bench.waiting == []
    bench.desk.clock.moment += LEASE + timedelta(minutes=1)
    assert bench.settle().outcome is Outcome.FAILED
    assert bench.run(hand_over()).outcome is Outcome.SCHEDULED
    assert bench.waiting == [("سلام", DUE)]


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.BAD_GATEWAY, Fault.HTML])
@pytest.mark.parametrize("deed", ["reschedule", "cancel"])
def test_a_lost_answer_of_a_change_changes_once(
    bench: Bench, fault: Fault, deed: str
) -> None:
    before = bench.run(hand_over())
    bench.server.faults = [fault]
    if deed == "cancel":
        record = bench.run(Cancel(at(DUE), before, "other words"))
        assert (record.outcome, bench.waiting) == (Outcome.CANCELLED, [])
    else:
        record = bench.run(Reschedule(launch(), at(LATER), before))
        assert (record.due, bench.waiting) == (LATER, [("سلام", LATER)])


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("found", ["before its time", "after its time"])
def test_a_run_that_died_handing_over_is_found_out_about(
    bench: Bench, found: str, *, after: bool
) -> None:
    desk = bench.desk
    (won,) = claim(
        Plan(NOON, (hand_over(),)),
        desk.state,
        channels=["folder"],
        run="dies",
        clock=desk.clock,
    ).claims
    with Journal(desk.journals, "dies") as journal:
        journal.sending(won.record)
        if after:
            key = key_of(won.record, 0)
            bench.connection.schedule(won.post, 0, at=DUE, key=key)
    if found == "after its time":
        bench.server.send_due(DUE)
        bench.desk.clock.moment = DUE
    bench.desk.clock.sleep(LEASE.total_seconds() + 1)
    record = bench.settle()
    if not after:
        assert record.outcome is Outcome.FAILED
    elif found == "before its time":
        assert record.outcome is Outcome.SCHEDULED
    else:
        assert record.outcome is Outcome.PUBLISHED
    assert len(bench.waiting) + len(bench.live) == int(after)


def test_what_the_network_neither_keeps_nor_shows_is_never_sent_again(
    bench: Bench,
) -> None:
    bench.run(hand_over())
    bench.server.waiting.clear()
    bench.desk.clock.moment = DUE + timedelta(minutes=1)
    assert bench.settle().outcome is Outcome.SCHEDULED
    bench.desk.clock.moment = DUE + timedelta(minutes=11)
    record = bench.settle()
    assert record.outcome is Outcome.IN_DOUBT
    assert "neither keeps nor shows it" in record.error
    assert bench.settle() == record
    assert bench.run(hand_over()) == record


def test_nothing_is_handed_over_too_near_its_time(bench: Bench) -> None:
    record = bench.run(hand_over(due=NOON + timedelta(minutes=4)))
    assert record.outcome is Outcome.FAILED
    assert "too near" in record.error
    assert bench.waiting == []


def test_a_freeze_stops_what_is_handed_over_but_not_what_is_taken_back(
    bench: Bench,
) -> None:
    before = bench.run(hand_over())
    freeze = Freeze("f", "زلزله", "سارا", NOON)
    bench.desk.state.change_freezes("Freeze", lambda known: (*known, freeze))
    assert bench.run(Reschedule(launch(), at(LATER), before)) == before
    cancelled = bench.run(Cancel(at(DUE), before, "frozen"))
    assert cancelled.outcome is Outcome.CANCELLED
    assert bench.run(hand_over()) == cancelled


def test_the_ledger_must_be_as_the_plan_saw_it(bench: Bench) -> None:
    before = bench.run(hand_over())
    moved = bench.run(Reschedule(launch(), at(LATER), before))
    assert bench.run(Cancel(at(DUE), before, "too late")) == moved
