"""Measuring on a real Bluesky network, with people who like and answer."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from smmflow.credentials import Credentials
from smmflow.measuring import measure
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, Part, PartKey
from smmflow.model.publication import PartRecord, Publication, Receipt
from smmflow.model.snapshot import Snapshot
from smmflow.model.text import RichText
from smmflow.networks.bluesky import Bluesky
from smmflow.networks.interface import Connection, Thread
from tests.reporting.samples import ledger, publication
from tests.servers.bluesky import Account, BlueskyNetwork, Reference

WORDS = ("نخستین بخش رشته", "The second part")


@pytest.fixture
def connection(
    bluesky_network: BlueskyNetwork, bluesky_account: Account
) -> Iterator[Connection]:
    channel = Channel(
        "bluesky",
        "bluesky",
        settings={"handle": bluesky_account.handle, "service": bluesky_network.url},
        secrets={"password": "OUR_PASSWORD"},
    )
    secrets = Credentials({"OUR_PASSWORD": bluesky_account.password})
    with closing(Bluesky().connect(channel, secrets)) as made:
        yield made


def publish_thread(connection: Connection, occurrence: str) -> Publication:
    now = datetime.now(UTC)
    post = ChannelPost(
        post=occurrence,
        channel="bluesky",
        network="bluesky",
        title="A thread",
        summary="",
        language="en",
        parts=tuple(Part(RichText(each)) for each in WORDS),
    )
    receipts: list[Receipt] = []
    for number in range(len(WORDS)):
        after = Thread(receipts[0], receipts[-1]) if receipts else None
        key = PartKey(occurrence, "bluesky", number, now)
        receipt = connection.publish(post, number, after=after, key=key)
        assert isinstance(receipt, Receipt)
        receipts.append(receipt)
    records = tuple(
        PartRecord(words, receipt)
        for words, receipt in zip(WORDS, receipts, strict=True)
    )
    return replace(publication(occurrence, "bluesky", at=now), parts=records)


def reference(receipt: Receipt) -> Reference:
    return Reference(receipt.id, receipt.more["cid"])


def test_likes_and_replies_of_another_account_are_measured_and_our_own_part_is_not(
    bluesky_network: BlueskyNetwork, bluesky_account: Account, connection: Connection
) -> None:
    found = publish_thread(connection, "thread")
    first, second = found.receipts
    reader = bluesky_network.sign_in(
        bluesky_network.create_account(f"reader-{bluesky_account.handle.split('.')[0]}")
    )
    reader.follow(bluesky_account)
    reader.like(reference(first))
    reader.repost(reference(first))
    reader.post("آفرین!", parent=reference(first))
    reader.like(reference(second))
    # The AppView follows with a lag; its own count of replies holds our part, too.
    bluesky_network.post_view(
        first.id,
        lambda it: (it["likeCount"], it["repostCount"], it["replyCount"]) == (1, 1, 2),
    )
    bluesky_network.post_view(second.id, lambda it: bool(it["likeCount"] == 1))

    measured = measure(
        ledger(found),
        [],
        connections={"bluesky": connection},
        capabilities={"bluesky": Bluesky.capabilities},
        now=datetime.now(UTC),
        run="live",
    )

    assert measured.failures == ()
    assert measured.snapshot is not None
    [one, two] = measured.snapshot.parts
    assert one.counters == {"likes": 1, "reposts": 1, "replies": 1, "quotes": 0}
    assert two.counters == {"likes": 1, "reposts": 0, "replies": 0, "quotes": 0}
    [channel] = measured.snapshot.channels
    assert channel.counters == {"followers": 1}


def test_a_post_deleted_on_the_network_is_gone_and_not_asked_for_again(
    bluesky_network: BlueskyNetwork, connection: Connection
) -> None:
    found = publish_thread(connection, "deleted")
    first, second = found.receipts
    bluesky_network.post_view(first.id, lambda it: bool(it["replyCount"] == 1))
    connection.withdraw(second)
    bluesky_network.post_view(first.id, lambda it: bool(it["replyCount"] == 0))
    now = datetime.now(UTC)

    def run(at: datetime, *earlier: Snapshot) -> Snapshot:
        measured = measure(
            ledger(found),
            earlier,
            connections={"bluesky": connection},
            capabilities={"bluesky": Bluesky.capabilities},
            now=at,
            run="live",
        )
        assert measured.snapshot is not None
        return measured.snapshot

    before = run(now)
    after = run(now + timedelta(days=2), before)

    gone = [(each.id, each.gone) for each in before.parts]
    assert gone == [(first.id, False), (second.id, True)]
    assert [each.id for each in after.parts] == [first.id]
