from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.measuring import (
    SAMPLING,
    due,
    followers_due,
    next_reading,
    sampling_table,
)
from smmflow.model.publication import Outcome
from smmflow.model.snapshot import Snapshot
from tests.reporting.samples import (
    NOON,
    followers,
    ledger,
    part,
    publication,
    snapshot,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (timedelta(0), 30 * MINUTE),
        (DAY - MINUTE, 30 * MINUTE),
        (DAY, 3 * HOUR),
        (3 * DAY, DAY),
        (30 * DAY, 7 * DAY),
        (365 * DAY, 90 * DAY),
        (3000 * DAY, 90 * DAY),
    ],
)
def test_the_older_a_post_is_the_rarer_it_is_read(
    age: timedelta, wait: timedelta
) -> None:
    last = NOON + age

    assert next_reading(NOON, last) == last + wait


def test_what_was_never_read_is_due_at_once_and_not_before_it_is_live() -> None:
    assert next_reading(NOON, None) == NOON


@pytest.mark.parametrize(
    ("outcome", "asked"),
    [
        (Outcome.PUBLISHED, ["launch"]),
        # Its first part is live, whatever became of the others.
        (Outcome.FAILED, ["launch"]),
        (Outcome.WITHDRAWN, []),
    ],
)
def test_what_is_live_is_asked_for(outcome: Outcome, asked: list[str]) -> None:
    found = due(ledger(publication("launch", outcome=outcome)), [], NOON)

    assert [each.occurrence for each in found] == asked


def test_a_claim_that_sent_nothing_yet_is_not_asked_for() -> None:
    claimed = publication("launch", parts=0, outcome=Outcome.CLAIMED)

    assert due(ledger(claimed), [], NOON) == ()


def test_parts_of_a_thread_know_our_own_next_part_and_come_in_order() -> None:
    found = due(ledger(publication("b", parts=3), publication("a")), [], NOON)

    assert [(it.receipt.id, it.next_part) for it in found] == [
        ("a/0", ""),
        ("b/0", "b/1"),
        ("b/1", "b/2"),
        ("b/2", ""),
    ]


def test_a_part_that_is_gone_is_not_asked_for_again_and_replies_to_nothing() -> None:
    gone = snapshot(HOUR, part("b/0"), part("b/1", gone=True))

    found = due(ledger(publication("b", parts=2)), [gone], NOON + 100 * DAY)

    assert [(it.receipt.id, it.next_part) for it in found] == [("b/0", "")]


def test_a_post_that_was_sent_anew_starts_from_nothing() -> None:
    old = snapshot(HOUR, part("another-name", likes=3))

    found = due(ledger(publication("launch")), [old], NOON + HOUR)

    assert [it.receipt.id for it in found] == ["launch/0"]


@given(st.lists(st.integers(0, 500 * 24 * 60), min_size=1, max_size=60))
def test_a_part_is_never_asked_for_twice_within_its_interval(
    minutes: list[int],
) -> None:
    found = ledger(publication("launch"))
    snapshots: list[Snapshot] = []
    for minute in sorted(minutes):
        now = NOON + minute * MINUTE
        if due(found, snapshots, now):
            snapshots.append(snapshot(minute * MINUTE, part("launch/0", likes=1)))

    taken = [each.taken for each in snapshots]
    for before, after in pairwise(taken):
        age = before - NOON
        step = next(it for it in SAMPLING if it.below is None or age < it.below)
        assert after - before >= step.every


@given(
    read=st.none() | st.integers(0, 10**6),
    first=st.integers(0, 10**6),
    later=st.integers(0, 10**6),
)
def test_what_is_due_stays_due(read: int | None, first: int, later: int) -> None:
    found = ledger(publication("launch"))
    start = read or 0
    snapshots = (
        [] if read is None else [snapshot(read * MINUTE, part("launch/0", likes=1))]
    )
    now = NOON + (start + first) * MINUTE

    if due(found, snapshots, now):
        assert due(found, snapshots, now + later * MINUTE)


@given(st.permutations(range(5)))
def test_the_order_of_snapshots_does_not_decide_what_is_due(order: list[int]) -> None:
    found = ledger(publication("a"), publication("b"))
    snapshots = [
        snapshot(n * HOUR, part("a/0" if n % 2 else "b/0", likes=n)) for n in range(5)
    ]
    now = NOON + 4 * HOUR + 10 * MINUTE

    assert due(found, [snapshots[n] for n in order], now) == due(found, snapshots, now)


def test_followers_are_read_once_a_day_even_where_the_answer_is_unknown() -> None:
    read = [snapshot(timedelta(0), followers("bluesky", None))]

    channels = ["mastodon", "bluesky"]
    assert followers_due(channels, read, NOON + DAY - MINUTE) == ("mastodon",)
    assert followers_due(channels, read, NOON + DAY) == ("bluesky", "mastodon")


def test_the_table_of_the_docs_says_what_the_code_does() -> None:
    assert sampling_table() == (
        "| age of the post | read again after |\n"
        "| --- | --- |\n"
        "| up to 1 day | 30 minutes |\n"
        "| up to 3 days | 3 hours |\n"
        "| up to 30 days | 1 day |\n"
        "| up to 365 days | 7 days |\n"
        "| 365 days and older | 90 days |\n"
        "| followers of a channel | 1 day |\n"
    )
