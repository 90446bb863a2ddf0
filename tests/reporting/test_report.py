from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.language.messages import translator
from smmflow.model.calendar import Calendar
from smmflow.model.campaign import Campaign
from smmflow.model.channel import Channel
from smmflow.model.metric import METRICS
from smmflow.model.publication import Outcome, Publication
from smmflow.model.report import Dimension, Period, Report, Standing, Tally
from smmflow.model.snapshot import Snapshot
from smmflow.model.strategy import Goal, Pillar, Strategy
from smmflow.model.workspace import Workspace
from smmflow.reporting import report
from tests.reporting.samples import (
    NOON,
    followers,
    ledger,
    part,
    publication,
    snapshot,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
NOVEMBER = Period(
    "2026-11", datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
)


def workspace(
    *goals: Goal,
    pillars: tuple[Pillar, ...] = (),
    channels: tuple[str, ...] = ("site", "mastodon", "bluesky"),
) -> Workspace:
    return Workspace(
        Path(),
        calendar=Calendar(),
        strategy=Strategy(goals=goals, pillars=pillars),
        channels={name: Channel(name, name) for name in channels},
        campaigns={"launch": Campaign("launch", "", "The launch", goal="readers")},
    )


def made(
    *publications: object,
    snapshots: Sequence[Snapshot] = (),
    now: datetime = NOON + 10 * DAY,
    of: Workspace | None = None,
) -> Report:
    found = ledger(*publications)  # type: ignore[arg-type]  # publications, all of them
    return report(of or workspace(), found, snapshots, NOVEMBER, now)


@pytest.mark.parametrize(
    ("terms", "value", "partial"),
    [
        ((), None, False),
        ((None,), None, False),
        ((None, None), None, False),
        ((None, 3), 3, True),
        ((0, None), 0, True),
        ((1, 3), 4, False),
        ((0,), 0, False),
    ],
)
def test_a_sum_says_whether_a_part_of_it_is_unknown(
    terms: tuple[int | None, ...],
    value: int | None,
    partial: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    tally = Tally.over(terms)

    assert (tally.value, tally.partial) == (value, partial)


def test_a_post_that_was_never_read_has_unknown_counters_not_zeros() -> None:
    read = snapshot(HOUR, part("other/0", likes=1))

    [row, _] = made(publication("launch"), publication("other"), snapshots=[read]).rows

    assert row.counters["likes"].value is None
    assert row.engagements.value is None
    assert row.rate is None


def test_counters_of_a_thread_are_summed_over_its_parts() -> None:
    read = snapshot(
        HOUR, part("launch/0", likes=3, quotes=None), part("launch/1", likes=2)
    )

    [row] = made(publication("launch", parts=2), snapshots=[read]).rows

    assert row.counters["likes"] == Tally(5, 2, 2)
    assert row.counters["quotes"] == Tally(None, 0, 2)
    assert row.engagements == Tally(5, 2, 2)


def test_a_thread_of_which_one_part_was_not_read_is_partial_and_has_no_rate() -> None:
    read = snapshot(HOUR, part("launch/0", likes=3), followers("mastodon", 100))

    [row] = made(publication("launch", parts=2), snapshots=[read]).rows

    assert row.engagements.partial
    assert row.rate is None


def test_a_rate_is_by_the_followers_nearest_to_publishing() -> None:
    snapshots = [
        snapshot(-3 * DAY, followers("mastodon", 50)),
        snapshot(1 * DAY, followers("mastodon", 200)),
        snapshot(5 * DAY, followers("mastodon", 999), part("launch/0", likes=10)),
    ]

    [row] = made(publication("launch"), snapshots=snapshots).rows

    assert row.rate is not None
    assert (row.rate.percent, row.rate.denominator, row.rate.base) == (
        5.0,
        "followers",
        200,
    )


@pytest.mark.parametrize(
    "audience",
    [
        snapshot(-8 * DAY, followers("mastodon", 50)),
        snapshot(HOUR, followers("bluesky", 50)),
        snapshot(HOUR, followers("mastodon", None)),
        snapshot(HOUR, followers("mastodon", 0)),
    ],
    ids=["too long ago", "of another channel", "unknown", "nobody"],
)
def test_without_a_usable_follower_count_there_is_no_rate_and_a_caveat(
    audience: Snapshot,
) -> None:
    read = snapshot(2 * HOUR, part("launch/0", likes=10))

    told = made(publication("launch"), snapshots=[audience, read])

    assert told.rows[0].rate is None
    assert told.totals.median_rate is None
    assert any("have no rate" in str(each) for each in told.caveats)


def test_readings_after_the_moment_of_the_report_do_not_count() -> None:
    snapshots = [
        snapshot(HOUR, part("launch/0", likes=1)),
        snapshot(9 * DAY, part("launch/0", likes=50)),
    ]

    [row] = made(publication("launch"), snapshots=snapshots, now=NOON + DAY).rows

    assert row.counters["likes"].value == 1


def test_a_part_that_is_gone_keeps_its_last_counters() -> None:
    snapshots = [
        snapshot(HOUR, part("launch/0", likes=7)),
        snapshot(DAY, part("launch/0", gone=True)),
    ]

    told = made(publication("launch"), snapshots=snapshots)

    assert told.rows[0].gone
    assert told.rows[0].counters["likes"].value == 7
    assert any("no longer" in str(each) for each in told.caveats)


def test_only_what_went_live_in_the_period_is_reported_even_if_withdrawn_since() -> (
    None
):
    told = made(
        publication("october", at=NOON - 30 * DAY),
        publication("kept"),
        publication("taken-down", outcome=Outcome.WITHDRAWN),
        publication("never", parts=0, outcome=Outcome.REFUSED),
    )

    assert [row.occurrence for row in told.rows] == ["kept", "taken-down"]
    failures = "Did not go out as planned: never (mastodon: refused)."
    assert failures in [str(each) for each in told.caveats]


def test_the_mix_of_pillars_counts_an_occurrence_once_and_shows_pillars_left_out() -> (
    None
):
    releases = {"pillar": "releases"}
    told = made(
        publication("one", "mastodon", labels=releases),
        publication("one", "bluesky", labels=releases),
        publication("two", labels={"pillar": "craft"}),
        publication("three"),
        of=workspace(
            pillars=(
                Pillar("releases", "Releases", 0.5),
                Pillar("people", "آدم‌ها", 0.2),
            )
        ),
    )

    shares = [(p.pillar, p.occurrences, p.planned, p.actual) for p in told.pillars]
    assert shares == [
        ("releases", 1, 0.5, 1 / 3),
        ("people", 0, 0.2, 0.0),
        ("craft", 1, None, 1 / 3),
        ("", 1, None, 1 / 3),
    ]


def test_a_post_without_a_goal_serves_its_campaigns() -> None:
    told = made(
        publication("in-campaign", labels={"campaign": "launch"}),
        publication("own", labels={"goal": "talk"}),
        publication("none", "mastodon"),
        publication("none", "bluesky"),
    )

    assert told.without_goal == ("none",)


def test_hours_and_weekdays_are_those_of_the_workspaces_zone() -> None:
    told = made(publication("noon"))

    assert [g.key for g in told.breakdowns[Dimension.WEEKDAY]] == ["tue"]
    assert [g.key for g in told.breakdowns[Dimension.HOUR]] == ["12"]


def test_a_channel_says_which_counters_it_never_gives() -> None:
    read = snapshot(HOUR, part("launch/0", likes=1, replies=0, reposts=0, quotes=None))

    told = made(publication("launch"), publication("page", "site"), snapshots=[read])

    words = [str(each) for each in told.caveats]
    assert "No reading of mastodon holds quotes." in words
    assert "Nothing on site was ever read: its counters are unknown, not 0." in words


READERS = Goal("readers", "Readers", "followers", 200, date(2026, 12, 31), 100)


@pytest.mark.parametrize(
    ("counts", "standing", "current", "reached"),
    [
        ([], Standing.UNKNOWN, None, None),
        ([(0, None)], Standing.UNKNOWN, None, None),
        ([(0, 150)], Standing.UNKNOWN, 150, 0.5),
        ([(0, 100), (9, 150)], Standing.ON_TRACK, 150, 0.5),
        ([(0, 149), (9, 150)], Standing.BEHIND, 150, 0.5),
        ([(0, 149), (9, 250)], Standing.REACHED, 250, 1.5),
    ],
)
def test_a_goal_stands_where_its_readings_say(
    counts: list[tuple[int, int | None]],
    standing: Standing,
    current: float | None,
    reached: float | None,
) -> None:
    snapshots = [
        snapshot(day * DAY, followers("mastodon", count)) for day, count in counts
    ]

    [goal] = made(snapshots=snapshots, of=workspace(READERS)).goals

    assert (goal.standing, goal.current, goal.reached) == (standing, current, reached)
    assert str(goal.why)


def test_a_goal_whose_deadline_is_over_is_missed() -> None:
    read = snapshot(timedelta(0), followers("mastodon", 150))

    [goal] = made(snapshots=[read], of=workspace(READERS), now=NOON + 300 * DAY).goals

    assert goal.standing is Standing.MISSED


def test_a_goal_of_which_a_channel_is_unknown_is_not_called_behind() -> None:
    snapshots = [
        snapshot(day * DAY, followers("mastodon", 110), followers("bluesky", None))
        for day in (0, 9)
    ]

    [goal] = made(snapshots=snapshots, of=workspace(READERS)).goals

    assert goal.partial
    assert goal.standing is Standing.UNKNOWN


def test_a_channel_whose_first_reading_is_late_is_not_taken_for_growth() -> None:
    snapshots = [
        snapshot(0 * DAY, followers("mastodon", 100)),
        snapshot(9 * DAY, followers("mastodon", 100), followers("bluesky", 90)),
    ]

    [goal] = made(snapshots=snapshots, of=workspace(READERS)).goals

    assert (goal.current, goal.standing) == (190, Standing.BEHIND)


def test_a_goal_of_likes_counts_all_that_ever_went_live() -> None:
    likes = Goal("loved", "Loved", "likes", 10, date(2026, 12, 31), 0)
    snapshots = [snapshot(HOUR, part("old/0", likes=4), part("new/0", likes=3))]

    [goal] = made(
        publication("old", at=NOON - 40 * DAY),
        publication("new"),
        snapshots=snapshots,
        of=workspace(likes),
    ).goals

    assert goal.current == 7


def test_a_goal_of_posts_counts_them() -> None:
    posts = Goal("often", "Often", "posts", 2, date(2026, 12, 31), 0, "mastodon")

    [goal] = made(
        publication("one"),
        publication("two"),
        publication("three", "site"),
        of=workspace(posts),
    ).goals

    assert (goal.current, goal.standing) == (2, Standing.REACHED)


counts = st.none() | st.integers(0, 1000)
readings = st.lists(
    st.tuples(
        st.sampled_from(["mastodon", "bluesky", "site"]),
        st.sampled_from(["", "releases", "craft"]),
        counts,
        counts,
        st.integers(0, 200),
    ),
    max_size=12,
)


@given(readings)
def test_every_breakdown_adds_up_to_the_rows(
    cases: list[tuple[str, str, int | None, int | None, int]],
) -> None:
    publications = [
        publication(f"p{n}", channel, at=NOON + age * HOUR, labels={"pillar": pillar})
        for n, (channel, pillar, _, _, age) in enumerate(cases)
    ]
    read = snapshot(
        9 * DAY,
        *(
            part(f"p{n}/0", channel, likes=likes, replies=replies)
            for n, (channel, _, likes, replies, _) in enumerate(cases)
        ),
    )

    told = made(*publications, snapshots=[read])

    for groups in told.breakdowns.values():
        assert sum(each.posts for each in groups) == len(told.rows) == len(cases)
        for metric in ("likes", "replies"):
            joined = Tally.joined(each.counters[metric] for each in groups)
            assert joined == told.totals.counters.get(metric, Tally(None, 0, 0))
            assert joined == Tally.joined(row.counters[metric] for row in told.rows)


@given(st.permutations(range(6)))
def test_the_order_of_snapshots_changes_nothing(order: list[int]) -> None:
    snapshots = [
        snapshot(
            n * DAY, part("a/0", likes=n, gone=n == 4), followers("mastodon", 100 + n)
        )
        for n in range(6)
    ]
    shuffled = [snapshots[n] for n in order]

    one = made(publication("a"), snapshots=snapshots, of=workspace(READERS))
    two = made(publication("a"), snapshots=shuffled, of=workspace(READERS))

    assert one == two


def test_interactions_of_every_network_are_engagements_and_seeing_is_none() -> None:
    look = publication("look", "instagram")
    words = publication("words", "mastodon")
    seen = snapshot(
        DAY,
        part(
            "look/0",
            "instagram",
            likes=5,
            comments=2,
            shares=1,
            saves=3,
            views=900,
            reach=700,
        ),
        part("words/0", "mastodon", likes=4, reposts=1, replies=2, quotes=0),
    )
    found = made(look, words, snapshots=[seen])
    picture, toot = sorted(found.rows, key=lambda row: row.channel)
    assert (picture.engagements.value, toot.engagements.value) == (11, 7)
    assert (
        list(picture.counters)
        == list(toot.counters)
        == [
            *("likes", "reposts", "replies", "comments", "quotes", "shares", "saves"),
            *("views", "reach"),
        ]
    )
    assert (picture.counters["views"].value, toot.counters["views"].value) == (
        900,
        None,
    )
    assert METRICS["engagements"].version == 2


def test_what_each_network_counts_in_its_own_way_is_not_added_up() -> None:
    seen = snapshot(
        DAY,
        part("a/0", "instagram", views=900, reach=700),
        part("b/0", "instagram", views=100, reach=90),
        part("c/0", "threads", views=50),
        part("d/0", "x", impressions=40),
        part("e/0", "x", impressions=2),
    )
    posts = [
        *(publication(name, "instagram") for name in "ab"),
        publication("c", "threads"),
        *(publication(name, "x") for name in "de"),
    ]
    found = made(*posts, snapshots=[seen])
    totals = found.totals.counters
    assert totals["impressions"].value == 42  # all of one network
    assert "views" not in totals
    assert "reach" not in totals
    by_channel = {e.key: e.counters for e in found.breakdowns[Dimension.CHANNEL]}
    assert by_channel["instagram"]["views"].value == 1000
    assert "reach" not in by_channel["instagram"]


def test_a_counter_that_no_channel_of_the_period_tells_of_has_no_column() -> None:
    read = snapshot(HOUR, part("launch/0", "instagram", likes=1, comments=0))

    told = made(publication("launch", "instagram"), snapshots=[read])

    assert list(told.rows[0].counters) == list(told.totals.counters)
    assert list(told.totals.counters) == ["likes", "comments"]
    assert "quotes" not in {each.name for each in told.metrics}


def test_a_network_that_counts_no_views_takes_nothing_from_the_sum_of_another() -> None:
    read = snapshot(
        HOUR, part("a/0", "instagram", views=9), part("b/0", "mastodon", likes=1)
    )
    posts = publication("a", "instagram"), publication("b"), publication("c")

    told = made(*posts, snapshots=[read])

    assert told.totals.counters["views"] == Tally(9, 1, 1)


def with_comment(occurrence: str, channel: str) -> Publication:
    """A post with a first comment of our own."""
    both = publication(occurrence, channel, parts=2)
    below = replace(both.parts[1], comment=True)
    return replace(both, parts=(both.parts[0], below))


@pytest.mark.parametrize("of_comment", [2, None], ids=["likes only", "nothing"])
def test_what_a_network_does_not_count_of_a_comment_is_not_missing(
    of_comment: int | None,
) -> None:
    read = snapshot(
        HOUR,
        part("a/0", "instagram", likes=5, saves=1, views=90),
        part("a/1", "instagram", likes=of_comment, views=None),
        followers("instagram", 100),
    )
    saves = Goal("kept", "Kept", "saves", 1, date(2026, 12, 31), 0)

    told = made(
        with_comment("a", "instagram"),
        snapshots=[read],
        of=workspace(saves, channels=("instagram",)),
    )

    [row] = told.rows
    assert row.counters["views"] == Tally(90, 1, 1)
    assert row.counters["saves"] == Tally(1, 1, 1)
    assert row.engagements.value == 6 + (of_comment or 0)
    assert row.rate is not None
    assert (told.goals[0].current, told.goals[0].partial) == (1, False)


def test_a_comment_that_was_never_read_may_have_been_liked() -> None:
    read = snapshot(HOUR, part("a/0", "instagram", likes=5, views=90))

    [row] = made(with_comment("a", "instagram"), snapshots=[read]).rows

    assert row.counters["views"] == Tally(90, 1, 1)
    assert row.engagements.partial


@pytest.mark.parametrize(
    ("metric", "current", "why"),
    [
        ("saves", 7, "The target is reached."),
        ("impressions", 40, "The target is reached."),
        ("views", None, "Networks count it each in their own way: name a channel."),
        (
            "reach",
            None,
            (
                "Reach is never added up, as who saw two posts is one: take views, "
                "impressions."
            ),
        ),
        ("clicks", None, "There is no reading of it yet."),
    ],
)
def test_a_goal_takes_what_its_channels_count_and_says_what_cannot_be_summed(
    metric: str, current: int | None, why: str
) -> None:
    read = snapshot(
        HOUR,
        part("a/0", "instagram", saves=7, views=900, reach=700),
        part("b/0", "threads", views=50),
        part("c/0", "x", impressions=40),
    )
    goal = Goal("one", "One", metric, 5, date(2026, 12, 31), 0)

    [told] = made(
        publication("a", "instagram"),
        publication("b", "threads"),
        publication("c", "x"),
        snapshots=[read],
        of=workspace(goal, channels=("instagram", "threads", "x")),
    ).goals

    assert (told.current, told.partial, str(told.why)) == (current, False, why)


def test_a_counter_that_began_to_be_read_is_not_taken_for_growth() -> None:
    loved = Goal("loved", "Loved", "engagements", 1000, date(2026, 12, 31), 0)
    snapshots = [
        snapshot(HOUR, part("a/0", likes=100)),
        snapshot(9 * DAY, part("a/0", likes=100, saves=500)),
    ]

    [goal] = made(publication("a"), snapshots=snapshots, of=workspace(loved)).goals

    assert (goal.current, goal.standing) == (600, Standing.BEHIND)
    assert goal.why.values["projected"] == 600


def test_the_reach_of_a_thread_is_that_of_its_beginning() -> None:
    thread = publication("t", "x", parts=2)
    seen = snapshot(DAY, part("t/0", "x", reach=100), part("t/1", "x", reach=60))
    (row,) = made(thread, snapshots=[seen]).rows
    assert row.counters["reach"].value == 100


@pytest.mark.parametrize("metric", list(METRICS))
def test_every_metric_is_told_in_persian(metric: str) -> None:
    persian = translator("fa").gettext
    for words in (METRICS[metric].title, METRICS[metric].definition):
        assert persian(words) != words
