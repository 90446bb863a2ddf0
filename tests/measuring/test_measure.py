from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from smmflow.errors import (
    RateLimited,
    Rejected,
    SignInFailed,
    SmmflowError,
    Unreachable,
)
from smmflow.measuring import Measured, measure
from smmflow.model.capabilities import Capabilities, Limit, Support
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.publication import Publication, Receipt
from smmflow.model.snapshot import ChannelReading, Snapshot
from smmflow.networks.interface import Among, Connection, Identity, Thread
from tests.reporting.samples import NOON, ledger, part, publication, snapshot

Counters = Mapping[str, int | None] | None


@dataclass
class Network(Connection):
    """Answers from a table, and remembers what it was asked."""

    counters: dict[str, Counters] = field(default_factory=dict)
    audience: int | None = 100
    fails_at: dict[int, SmmflowError] = field(default_factory=dict)
    batches: list[list[str]] = field(default_factory=list)

    def whoami(self) -> Identity:
        return Identity("1", "us")

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt:
        raise NotImplementedError

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        raise NotImplementedError

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Counters]:
        self.batches.append([each.id for each in receipts])
        if error := self.fails_at.get(len(self.batches)):
            raise error
        return {r.id: self.counters[r.id] for r in receipts if r.id in self.counters}

    def followers(self) -> int | None:
        return self.audience


def able(batch: int = 25, **given: Support) -> Capabilities:
    support = {"measure": Support.YES, "followers": Support.UNSUPPORTED, **given}
    return Capabilities(
        Limit(300),
        measure_batch=batch,
        measure=support["measure"],
        followers=support["followers"],
    )


def read(
    publications: Sequence[Publication],
    connections: Mapping[str, Network],
    capabilities: Mapping[str, Capabilities],
    snapshots: Sequence[Snapshot] = (),
) -> Measured:
    return measure(
        ledger(*publications),
        snapshots,
        connections=connections,
        capabilities=capabilities,
        now=NOON + timedelta(hours=1),
        run="run-1",
    )


@pytest.mark.parametrize(
    ("posts", "batch", "calls"), [(1, 25, 1), (25, 25, 1), (26, 25, 2), (7, 1, 7)]
)
def test_the_fewest_calls_that_the_network_allows_are_made(
    posts: int, batch: int, calls: int
) -> None:
    names = [f"p{number:02}" for number in range(posts)]
    network = Network({f"{name}/0": {"likes": 1} for name in names})

    measured = read(
        [publication(name) for name in names],
        {"mastodon": network},
        {"mastodon": able(batch)},
    )

    assert len(network.batches) == calls
    assert measured.snapshot is not None
    assert len(measured.snapshot.parts) == posts


def test_nothing_due_gives_no_snapshot_and_makes_no_call() -> None:
    network = Network()
    earlier = snapshot(timedelta(minutes=50), part("launch/0", likes=1))

    measured = read(
        [publication("launch")],
        {"mastodon": network},
        {"mastodon": able()},
        [earlier],
    )

    assert measured == Measured(None)
    assert network.batches == []


def test_unknown_counters_stay_unknown() -> None:
    network = Network({"launch/0": {"likes": 0, "quotes": None}}, audience=None)

    measured = read(
        [publication("launch")],
        {"mastodon": network},
        {"mastodon": able(followers=Support.YES)},
    )

    assert measured.snapshot == Snapshot(
        NOON + timedelta(hours=1),
        "run-1",
        (part("launch/0", likes=0, quotes=None),),
        (ChannelReading("mastodon", {"followers": None}),),
    )


def test_a_part_that_is_gone_is_marked_and_one_not_spoken_of_is_not_read() -> None:
    network = Network({"gone/0": None, "live/0": {"likes": 2}})

    measured = read(
        [publication(name) for name in ("gone", "live", "silent")],
        {"mastodon": network},
        {"mastodon": able()},
    )

    assert measured.snapshot is not None
    assert measured.snapshot.parts == (
        part("gone/0", gone=True),
        part("live/0", likes=2),
    )


@pytest.mark.parametrize(
    ("counters", "replies"),
    [
        ([{"replies": 3}, {"replies": 1}], [2, 1]),
        ([{"replies": 1}, {"replies": 0}], [0, 0]),
        # The network has not counted our own part yet.
        ([{"replies": 0}, {"replies": 0}], [0, 0]),
        ([{"replies": None}, {"replies": 4}], [None, 4]),
        # The second part was deleted, so it is not among the replies.
        ([{"replies": 3}, None], [3, None]),
    ],
)
def test_our_own_next_part_is_not_among_the_replies(
    counters: list[Counters], replies: list[int | None]
) -> None:
    network = Network({f"thread/{n}": each for n, each in enumerate(counters)})

    measured = read(
        [publication("thread", parts=2)], {"mastodon": network}, {"mastodon": able()}
    )

    assert measured.snapshot is not None
    found = [each.counters.get("replies") for each in measured.snapshot.parts]
    assert found == replies


@pytest.mark.parametrize(
    "error",
    [SignInFailed("wrong password"), Unreachable("no route"), RateLimited("slow down")],
)
def test_a_channel_that_fails_stops_itself_and_no_other(error: SmmflowError) -> None:
    broken = Network({"a/0": {"likes": 1}, "b/0": {"likes": 2}}, fails_at={2: error})
    sound = Network({"c/0": {"likes": 3}})

    measured = read(
        [
            publication("a", "bluesky"),
            publication("b", "bluesky"),
            publication("b2", "bluesky"),
            publication("c", "mastodon"),
        ],
        {"bluesky": broken, "mastodon": sound},
        {"bluesky": able(1), "mastodon": able()},
    )

    assert [(each.channel, each.error) for each in measured.failures] == [
        ("bluesky", error)
    ]
    assert broken.batches == [["a/0"], ["b/0"]]
    assert measured.snapshot is not None
    assert [each.id for each in measured.snapshot.parts] == ["a/0", "c/0"]


def test_a_batch_that_is_rejected_does_not_stop_the_next() -> None:
    network = Network(
        {"a/0": {"likes": 1}, "b/0": {"likes": 2}}, fails_at={1: Rejected("bad id")}
    )

    measured = read(
        [publication("a"), publication("b")],
        {"mastodon": network},
        {"mastodon": able(1)},
    )

    assert len(measured.failures) == 1
    assert measured.snapshot is not None
    assert [each.id for each in measured.snapshot.parts] == ["b/0"]


def test_a_run_in_which_every_channel_failed_writes_nothing() -> None:
    network = Network(fails_at={1: Unreachable("no route")})

    measured = read([publication("a")], {"mastodon": network}, {"mastodon": able()})

    assert measured.snapshot is None
    assert len(measured.failures) == 1


@pytest.mark.parametrize("support", [Support.UNSUPPORTED, Support.NOT_WRITTEN])
def test_what_a_network_does_not_offer_is_not_asked_of_it(support: Support) -> None:
    network = Network()

    measured = read(
        [publication("page", "site")],
        {"site": network},
        {"site": able(measure=support)},
    )

    assert measured == Measured(None)
    assert network.batches == []


def test_a_channel_without_posts_has_its_followers_read() -> None:
    measured = read(
        [], {"mastodon": Network()}, {"mastodon": able(followers=Support.YES)}
    )

    assert measured.snapshot is not None
    assert measured.snapshot.channels == (
        ChannelReading("mastodon", {"followers": 100}),
    )
