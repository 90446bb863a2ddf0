from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.model.series import follower_series, followers_near, latest
from tests.reporting.samples import NOON, followers, part, snapshot

DAY = timedelta(days=1)

HISTORY = [
    snapshot(1 * DAY, part("a/0", likes=1), followers("mastodon", 10)),
    snapshot(2 * DAY, part("a/0", likes=5), followers("mastodon", None)),
    snapshot(3 * DAY, part("a/0", gone=True), followers("mastodon", 30)),
]


@pytest.mark.parametrize(
    ("day", "likes", "gone"), [(1, 1, False), (2, 5, False), (3, 5, True)]
)
def test_the_latest_counters_at_a_moment_are_those_read_at_or_before_it(
    day: int,
    likes: int,
    gone: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    state = latest(HISTORY, NOON + day * DAY)["mastodon", "a/0"]

    assert (state.counters["likes"], state.gone) == (likes, gone)


def test_before_the_first_reading_nothing_is_known() -> None:
    assert latest(HISTORY, NOON) == {}


def test_a_part_that_was_gone_when_first_asked_for_has_no_counters() -> None:
    state = latest(HISTORY[2:], NOON + 3 * DAY)["mastodon", "a/0"]

    assert (state.counters, state.read, state.gone) == ({}, None, True)


def test_a_series_of_followers_holds_known_readings_only() -> None:
    series = follower_series(HISTORY, "mastodon", NOON + 3 * DAY)

    assert [each.followers for each in series.points] == [10, 30]
    assert (series.latest, series.change) == (30, 20)


def test_one_reading_is_no_change() -> None:
    assert follower_series(HISTORY, "mastodon", NOON + DAY).change is None


@pytest.mark.parametrize(
    ("day", "count"), [(0, 10), (1, 10), (2, 10), (2.1, 30), (4, 30), (6, None)]
)
def test_the_nearest_reading_counts_and_the_earlier_of_two_equally_near(
    day: float, count: int | None
) -> None:
    series = follower_series(HISTORY, "mastodon", NOON + 9 * DAY)

    near = followers_near(series, NOON + day * DAY, 2 * DAY)

    assert (near and near.followers) == count


@given(st.permutations(range(3)), st.integers(0, 4))
def test_the_order_of_snapshots_changes_nothing(order: list[int], day: int) -> None:
    shuffled = [HISTORY[n] for n in order]
    moment = NOON + day * DAY

    assert latest(shuffled, moment) == latest(HISTORY, moment)
    assert follower_series(shuffled, "mastodon", moment) == follower_series(
        HISTORY, "mastodon", moment
    )
