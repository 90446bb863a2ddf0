"""Carrying out plans, against real state and a network that counts its postings."""

from __future__ import annotations

import subprocess
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from smmflow.clock import FixedClock
from smmflow.errors import (
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    StateError,
    Unreachable,
)
from smmflow.model.channel_post import Part
from smmflow.model.media import Attachment, MediaFacts, MediaKind
from smmflow.model.post import Poll
from smmflow.model.publication import Outcome, Publication, Receipt
from smmflow.model.text import RichText
from smmflow.publishing import LEASE, Journal
from smmflow.publishing.claims import claim
from smmflow.publishing.sending import Sender
from tests.publishing.conftest import Desk
from tests.publishing.fakes import (
    FINDS,
    NOON,
    BlindNetwork,
    FindsNetwork,
    FolderConnection,
    IdempotentNetwork,
    Once,
    fail,
    lose_the_answer,
    plan,
    post,
    postings,
    texts,
)


def test_what_is_planned_goes_out_and_is_in_the_ledger(desk: Desk) -> None:
    results = desk.publish(plan(post("نوروز"), post("یلدا")))
    assert texts(desk.postings) == ["سلام از نوروز", "سلام از یلدا"]
    assert desk.ledger() == results
    record = results["نوروز"]
    assert record.outcome is Outcome.PUBLISHED
    assert record.receipts[0].id == postings(desk.postings)[0]["id"]
    assert record.published == NOON
    assert (record.post, record.title, record.run) == ("نوروز", "نوروز", "r1")
    assert desk.reported == list(results.values())
    assert list(desk.journals.iterdir()) == []


def test_a_plan_with_nothing_to_publish_writes_nothing(desk: Desk, bare: Path) -> None:
    assert desk.publish(plan()) == {}
    assert list(desk.journals.iterdir()) == []
    assert list((bare / "refs" / "heads").iterdir()) == []


def test_everything_is_claimed_and_pushed_before_anything_is_sent(
    desk: Desk, other_desk: Desk
) -> None:
    seen = {}

    def look() -> None:
        seen.update(other_desk.ledger())

    connection = FolderConnection(desk.postings, Once("before", "سلام از a", look))
    desk.publish(plan(post("a"), post("b")), {"folder": connection})
    assert {name: each.outcome for name, each in seen.items()} == {
        "a": Outcome.CLAIMED,
        "b": Outcome.CLAIMED,
    }
    assert seen["a"].lease_until == NOON + LEASE


def test_what_another_run_took_meanwhile_is_left_to_it(
    desk: Desk, other_desk: Desk
) -> None:
    both = plan(post("a"), post("b"))
    other_desk.publish(plan(post("a")), run="faster")
    assert set(desk.publish(both, run="slower")) == {"b"}
    assert sorted(texts(desk.postings)) == ["سلام از a", "سلام از b"]


def test_a_channel_without_a_connection_is_left_alone(desk: Desk) -> None:
    results = desk.publish(plan(post("a", channel="closed"), post("b")))
    assert set(results) == set(desk.ledger()) == {"b"}


def test_the_parts_of_a_thread_follow_each_other(desk: Desk) -> None:
    desk.publish(plan(post("thread", "یک", "دو", "سه")))
    found = postings(desk.postings)
    assert [each["text"] for each in found] == ["یک", "دو", "سه"]
    ids = [each["id"] for each in found]
    assert [each["parent"] for each in found] == ["", ids[0], ids[1]]
    assert desk.ledger()["thread"].format == "thread"


def test_a_thread_that_breaks_goes_on_from_there_in_the_next_run(desk: Desk) -> None:
    thread = post("thread", "یک", "دو", "سه")
    trouble = Once("before", "دو", fail(Unreachable("no route")), times=5)
    broken = desk.publish(
        plan(thread), {"folder": FolderConnection(desk.postings, trouble)}
    )["thread"]
    assert (broken.outcome, broken.error) == (Outcome.FAILED, "no route")
    assert len(broken.receipts) == 1

    desk.publish(plan(thread, known=desk.ledger()), run="r2")
    found = postings(desk.postings)
    assert [each["text"] for each in found] == ["یک", "دو", "سه"]
    assert found[1]["parent"] == found[0]["id"]
    assert desk.ledger()["thread"].outcome is Outcome.PUBLISHED


def test_what_certainly_was_not_sent_is_sent_again(desk: Desk) -> None:
    trouble = Once("before", "سلام از a", fail(Unreachable("no route")), times=3)
    desk.publish(plan(post("a")), {"folder": FolderConnection(desk.postings, trouble)})
    assert texts(desk.postings) == ["سلام از a"]
    assert 7 <= sum(desk.clock.slept) <= 14


def test_a_rate_limit_is_waited_for_as_long_as_the_network_says(desk: Desk) -> None:
    limited = RateLimited("slow down", retry_after=300)
    trouble = Once("before", "سلام از a", fail(limited))
    desk.publish(plan(post("a")), {"folder": FolderConnection(desk.postings, trouble)})
    assert texts(desk.postings) == ["سلام از a"]
    assert 300 <= sum(desk.clock.slept) <= 301


def test_a_rate_limit_beyond_the_lease_is_left_to_the_next_run(desk: Desk) -> None:
    limited = RateLimited("come back tomorrow", retry_after=86_400)
    trouble = Once("before", "سلام از a", fail(limited))
    connection = FolderConnection(desk.postings, trouble)
    results = desk.publish(plan(post("a"), post("b")), {"folder": connection})
    assert desk.clock.slept == []
    assert texts(desk.postings) == []
    assert {each.outcome for each in results.values()} == {Outcome.FAILED}
    assert results["b"].error == "not sent, after a: come back tomorrow"
    desk.publish(plan(post("a"), post("b"), known=desk.ledger()), run="r2")
    assert texts(desk.postings) == ["سلام از a", "سلام از b"]


def test_refused_content_is_recorded_with_the_networks_words_and_the_next_goes_out(
    desk: Desk,
) -> None:
    trouble = Once("before", "سلام از a", fail(Rejected("خیلی بلند است")))
    connection = FolderConnection(desk.postings, trouble)
    results = desk.publish(plan(post("a"), post("b")), {"folder": connection})
    assert results["a"].outcome is Outcome.REFUSED
    assert results["a"].error == "خیلی بلند است"
    assert results["b"].outcome is Outcome.PUBLISHED
    assert desk.publish(plan(post("a")), run="r2") == {}


def test_a_wrong_password_releases_the_channel_and_stops_no_other(desk: Desk) -> None:
    trouble = Once("before", "سلام از a", fail(SignInFailed("wrong password")))
    connections = {
        "one": FolderConnection(desk.postings, trouble),
        "two": desk.connection(),
    }
    results = desk.publish(
        plan(
            post("a", channel="one"), post("b", channel="one"), post("c", channel="two")
        ),
        connections,
    )
    outcomes = {name: each.outcome for name, each in results.items()}
    assert outcomes == {
        "a": Outcome.FAILED,
        "b": Outcome.FAILED,
        "c": Outcome.PUBLISHED,
    }


def test_channels_do_not_wait_for_each_other(desk: Desk) -> None:
    second_done = threading.Event()
    connections = {
        "slow": FolderConnection(
            desk.postings,
            Once("before", "سلام از a", lambda: second_done.wait(60)),
        ),
        "quick": FolderConnection(
            desk.postings, Once("after", "سلام از b", second_done.set)
        ),
    }
    desk.publish(
        plan(post("a", channel="slow"), post("b", channel="quick")), connections
    )
    assert texts(desk.postings) == ["سلام از b", "سلام از a"]


def test_a_lost_answer_is_settled_by_looking(desk: Desk) -> None:
    trouble = Once("after", "سلام از a", lose_the_answer)
    connection = FolderConnection(desk.postings, trouble)
    record = desk.publish(plan(post("a")), {"folder": connection})["a"]
    assert record.outcome is Outcome.PUBLISHED
    assert record.receipts[0].id == postings(desk.postings)[0]["id"]
    assert len(postings(desk.postings)) == 1


def test_a_lost_answer_is_repeated_where_the_same_key_posts_once(desk: Desk) -> None:
    trouble = Once("after", "سلام از a", lose_the_answer)
    connection = FolderConnection(desk.postings, trouble, keyed=True)
    networks = {"folder": IdempotentNetwork()}
    record = desk.publish(plan(post("a")), {"folder": connection}, networks)["a"]
    assert record.outcome is Outcome.PUBLISHED
    assert len(postings(desk.postings)) == 1


def test_a_lost_answer_is_held_where_nobody_can_know(desk: Desk) -> None:
    trouble = Once("after", "سلام از a", lose_the_answer)
    connection = FolderConnection(desk.postings, trouble)
    networks = {"folder": BlindNetwork()}
    results = desk.publish(plan(post("a"), post("b")), {"folder": connection}, networks)
    assert results["a"].outcome is Outcome.IN_DOUBT
    assert results["a"].error == "the connection broke"
    assert results["b"].outcome is Outcome.PUBLISHED
    desk.clock.sleep(LEASE.total_seconds() + 1)
    assert desk.settle(BlindNetwork()) == {}
    assert desk.publish(plan(post("a")), networks=networks, run="r2") == {}
    assert texts(desk.postings) == ["سلام از a", "سلام از b"]


def test_once_in_doubt_no_later_refusal_makes_it_certain(desk: Desk) -> None:
    troubles = [Rejected("duplicate"), OutcomeUnknown("the connection broke")]

    def trouble(when: str, _text: str) -> None:
        if when == "before" and troubles:
            raise troubles.pop()

    connection = FolderConnection(desk.postings, trouble, keyed=True)
    networks = {"folder": IdempotentNetwork()}
    record = desk.publish(plan(post("a")), {"folder": connection}, networks)["a"]
    assert (record.outcome, record.error) == (Outcome.IN_DOUBT, "the connection broke")


def test_an_adapters_own_fault_is_held_and_named(desk: Desk) -> None:
    trouble = Once("after", "سلام از a", fail(KeyError("uri")))
    connection = FolderConnection(desk.postings, trouble)
    results = desk.publish(plan(post("a"), post("b")), {"folder": connection})
    assert results["a"].outcome is Outcome.IN_DOUBT
    assert results["a"].error == "KeyError: 'uri'"
    assert results["b"].outcome is Outcome.PUBLISHED


def test_a_network_that_takes_its_time_is_waited_for(desk: Desk) -> None:
    connection = FolderConnection(desk.postings, steps=3)
    record = desk.publish(plan(post("a")), {"folder": connection})["a"]
    assert record.outcome is Outcome.PUBLISHED
    assert desk.clock.slept == [2.0, 2.0, 2.0]
    assert len(postings(desk.postings)) == 1


def test_a_network_that_never_finishes_leaves_a_doubt(desk: Desk) -> None:
    connection = FolderConnection(desk.postings, steps=10_000)
    record = desk.publish(plan(post("a")), {"folder": connection})["a"]
    assert record.outcome is Outcome.IN_DOUBT
    assert 600 <= sum(desk.clock.slept) <= 605


def test_a_network_that_is_away_for_a_moment_while_it_works_is_asked_again(
    desk: Desk,
) -> None:
    connection = FolderConnection(
        desk.postings,
        Once("resume", "سلام از a", fail(Unreachable("no route"))),
        steps=2,
    )
    record = desk.publish(plan(post("a")), {"folder": connection})["a"]
    assert record.outcome is Outcome.PUBLISHED
    assert len(postings(desk.postings)) == 1


def test_a_network_that_stays_away_while_it_works_leaves_a_doubt(desk: Desk) -> None:
    trouble = Once("resume", "سلام از a", fail(Unreachable("no route")), times=99)
    connection = FolderConnection(desk.postings, trouble, steps=2)
    record = desk.publish(plan(post("a")), {"folder": connection})["a"]
    assert (record.outcome, record.error) == (Outcome.IN_DOUBT, "no route")


def test_what_only_a_request_of_ours_publishes_is_known_not_to_be_live(
    desk: Desk,
) -> None:
    connection = FolderConnection(desk.postings, steps=10_000, unseen=True)
    record = desk.publish(plan(post("a")), {"folder": connection})["a"]
    assert record.outcome is Outcome.FAILED
    assert postings(desk.postings) == []


def test_what_only_a_request_of_ours_publishes_is_begun_anew_while_there_is_time(
    desk: Desk,
) -> None:
    trouble = Once("resume", "سلام از a", fail(Unreachable("no route")), times=5)
    connection = FolderConnection(desk.postings, trouble, steps=2, unseen=True)
    record = desk.publish(plan(post("a")), {"folder": connection})["a"]
    assert record.outcome is Outcome.PUBLISHED
    assert len(postings(desk.postings)) == 1


@pytest.mark.parametrize("unseen", [True, False])
def test_nothing_is_sent_after_a_wait_that_was_longer_than_the_lease(
    desk: Desk, *, unseen: bool
) -> None:
    wait = 31 * 60.0
    connection = FolderConnection(desk.postings, steps=1, wait=wait, unseen=unseen)
    desk.publish(plan(post("a")), {"folder": connection})
    assert connection.resumed == []
    assert postings(desk.postings) == []


def test_a_network_that_asks_for_more_time_than_there_is_is_not_waited_for(
    desk: Desk,
) -> None:
    limit = RateLimited("slow down", retry_after=3600.0)
    trouble = Once("resume", "سلام از a", fail(limit), times=99)
    connection = FolderConnection(desk.postings, trouble, steps=2)
    record = desk.publish(plan(post("a")), {"folder": connection})["a"]
    assert record.outcome is Outcome.IN_DOUBT
    assert sum(desk.clock.slept) < 610


def test_a_look_that_fails_leaves_a_doubt(desk: Desk) -> None:
    class Blinded(FolderConnection):
        def find(self, *_: object, **__: object) -> Receipt | None:
            message = "no route"
            raise Unreachable(message)

    connection = Blinded(desk.postings, Once("after", "سلام از a", lose_the_answer))
    record = desk.publish(plan(post("a")), {"folder": connection})["a"]
    assert (record.outcome, record.error) == (Outcome.IN_DOUBT, "the connection broke")


def test_a_run_that_waits_is_interrupted_within_a_second(desk: Desk) -> None:
    stopping = threading.Event()

    class Waiting(FixedClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            stopping.set()

    clock = Waiting(NOON)
    limited = RateLimited("slow down", retry_after=300)
    connection = FolderConnection(
        desk.postings, Once("before", "سلام از a", fail(limited), times=99)
    )
    with Journal(desk.journals, "r1") as journal:
        (won,) = claim(
            plan(post("a")), desk.state, channels=["folder"], run="r1", clock=clock
        ).claims
        record = Sender(connection, FINDS, clock, journal).send(won, stopping)
    assert (record.outcome, record.error) == (Outcome.FAILED, "slow down")
    assert clock.slept == [1.0]


def picture(kind: MediaKind) -> Attachment:
    facts = MediaFacts("content/media/گل", "00ff", 10, kind, "image/png")
    return Attachment(facts, "یک گل")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (Part(RichText("a")), "text"),
        (Part(RichText("a"), media=(picture(MediaKind.IMAGE),)), "image"),
        (Part(RichText("a"), media=(picture(MediaKind.VIDEO),)), "video"),
        (Part(RichText("a"), poll=Poll(("بله", "نه"))), "poll"),
    ],
)
def test_the_ledger_says_what_kind_of_post_it_is(
    desk: Desk, part: Part, words: str
) -> None:
    desk.publish(plan(replace(post("a"), parts=(part,))))
    record = desk.ledger()["a"]
    assert record.format == words
    pictures = [("content/media/گل", "00ff", "یک گل")] if part.media else []
    assert list(record.parts[0].media) == pictures


def test_a_claim_that_was_taken_over_is_not_overwritten(
    desk: Desk, other_desk: Desk
) -> None:
    """A machine sleeps through its own lease: what the other run knows stays."""

    def sleep_through() -> None:
        other_desk.clock.sleep(LEASE.total_seconds() + 1)
        other_desk.settle(FindsNetwork())
        other_desk.publish(plan(post("a")), run="r2")

    trouble = Once("before", "سلام از a", sleep_through)
    connection = FolderConnection(desk.postings, trouble, keyed=True)
    desk.publish(plan(post("a")), {"folder": connection})
    assert desk.ledger()["a"].run == "r2"
    assert len(postings(desk.postings)) == 1


def test_nothing_is_sent_when_the_lease_is_nearly_over(desk: Desk) -> None:
    def dawdle() -> None:
        desk.clock.sleep((LEASE - timedelta(minutes=1)).total_seconds())

    trouble = Once("before", "سلام از a", dawdle)
    connection = FolderConnection(desk.postings, trouble)
    results = desk.publish(plan(post("a"), post("b")), {"folder": connection})
    assert results["b"].outcome is Outcome.FAILED
    assert texts(desk.postings) == ["سلام از a"]


def test_an_interrupted_run_ends_what_it_began_and_releases_the_rest(
    desk: Desk,
) -> None:
    def interrupt(_publication: Publication) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.publish(plan(*(post(f"p{n}") for n in range(50))), report=interrupt)
    ledger = desk.ledger()
    outcomes = [each.outcome for each in ledger.values()]
    assert set(outcomes) <= {Outcome.PUBLISHED, Outcome.FAILED}
    assert outcomes.count(Outcome.PUBLISHED) == len(postings(desk.postings))
    assert desk.recover() == {}


def test_without_the_remote_nothing_is_claimed_and_nothing_sent(
    desk: Desk, bare: Path
) -> None:
    state = desk.state
    bare.rename(bare.with_suffix(".gone"))
    with pytest.raises(StateError, match="can't be fetched from origin"):
        desk.publish(plan(post("a")), state=state)
    assert texts(desk.postings) == []


def test_outcomes_that_can_not_be_pushed_wait_in_the_journal(
    desk: Desk, bare: Path
) -> None:
    gone = bare.with_suffix(".gone")
    trouble = Once("before", "سلام از b", lambda: bare.rename(gone))
    connection = FolderConnection(desk.postings, trouble)
    with pytest.raises(StateError, match="could not be recorded") as caught:
        desk.publish(plan(post("a"), post("b")), {"folder": connection})
    assert "the next run here records it" in caught.value.hint
    gone.rename(bare)
    assert {each.outcome for each in desk.ledger().values()} == {Outcome.CLAIMED}
    assert desk.recover() == desk.ledger()
    assert {each.outcome for each in desk.ledger().values()} == {Outcome.PUBLISHED}
    assert list(desk.journals.iterdir()) == []


def test_two_hundred_posts_take_few_pushes(desk: Desk, bare: Path) -> None:
    results = desk.publish(plan(*(post(f"p{n}") for n in range(200))))
    assert len(results) == len(postings(desk.postings)) == 200
    count = ["git", "-C", str(bare), "rev-list", "--count", "smmflow-state"]
    ran = subprocess.run(count, check=True, capture_output=True, text=True)
    assert int(ran.stdout) <= 1 + 200 / 10


def test_a_lane_that_is_ended_ends_the_run_when_the_others_are_done(desk: Desk) -> None:
    def end() -> None:
        raise SystemExit(9)

    other = desk.root.parent / "other-network"
    other.mkdir()
    ending = FolderConnection(desk.postings, Once("before", "سلام از a", end))
    connections = {"folder": ending, "other": FolderConnection(other)}
    posts = (post("a"), post("b"), post("c", channel="other"))
    with pytest.raises(SystemExit):
        desk.publish(plan(*posts), connections)
    ledger = desk.ledger()
    assert ledger["c"].outcome is Outcome.PUBLISHED
    assert {ledger["a"].outcome, ledger["b"].outcome} == {Outcome.CLAIMED}
    released = desk.recover()
    assert released["b"].outcome is Outcome.FAILED
    assert "a" not in released  # nobody knows what became of it yet
