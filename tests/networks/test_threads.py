"""Threads, on a server in memory that is held to Meta's own description."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from smmflow.clock import SystemClock
from smmflow.credentials import Credentials, Secret
from smmflow.errors import (
    ConfigurationError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    Unreachable,
)
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.grant import Grant
from smmflow.model.post import Poll
from smmflow.model.publication import Pending, Receipt
from smmflow.networks.interface import Among, Network, Thread
from smmflow.networks.signing import renew
from smmflow.networks.threads import Threads
from smmflow.networks.threads.connection import ThreadsConnection
from smmflow.testing import channel_post, key_of, part, picture_file
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import Say, publish
from tests.networks.descriptions import Methods, description
from tests.vendors.threads import FILES, TOKEN, Refusal, ThreadsVendor


@pytest.fixture
def vendor() -> Iterator[ThreadsVendor]:
    vendor = ThreadsVendor()
    yield vendor
    assert vendor.faults == []


@pytest.fixture
def channel() -> Channel:
    return ThreadsVendor.account.channel("threads")


@pytest.fixture
def connection(vendor: ThreadsVendor, channel: Channel) -> Iterator[ThreadsConnection]:
    credentials = vendor.account.credentials()
    connection = Threads().connect(channel, credentials, transport=vendor)
    yield connection
    connection.close()


class TestContract(NetworkContract):
    publishing_path = "/threads_publish"

    @pytest.fixture
    def network(self) -> Network:
        return Threads()

    @pytest.fixture
    def channel(self) -> Channel:
        return ThreadsVendor.account.channel("threads")

    @pytest.fixture
    def credentials(self) -> Credentials:
        return ThreadsVendor.account.credentials()

    @pytest.fixture
    def transport(self, vendor: ThreadsVendor) -> ThreadsVendor:
        return vendor

    @pytest.fixture
    def look(self, vendor: ThreadsVendor) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            post = vendor.posts.get(receipt.id)
            if post is None:
                return None
            return Seen(
                " ".join(post["text"].split()),
                post.get("replied_to", {}).get("id", ""),
                tuple(each["alt_text"] for each in post["files"]),
                tuple(post["poll"].values()),
            )

        return look

    @pytest.fixture
    def say(self, vendor: ThreadsVendor) -> Say:
        return lambda receipt, words: vendor.say(receipt.id, words)


def test_requests_are_held_to_metas_description() -> None:
    assert "POST /me/threads" in description("threads/threads.schema.json")["methods"]


def _begun(
    connection: ThreadsConnection, channel: Channel, content: Part | str
) -> tuple[ChannelPost, Pending]:
    post = channel_post(channel, content)
    pending = connection.publish(post, 0, after=None, key=key_of(post))
    assert isinstance(pending, Pending)
    return post, pending


def test_nothing_is_public_until_the_last_step(
    vendor: ThreadsVendor,
    connection: ThreadsConnection,
    channel: Channel,
    tmp_path: Path,
) -> None:
    vendor.work = 2
    picture = picture_file(tmp_path)
    _, pending = _begun(connection, channel, part("Look", media=(picture,)))
    waits = []
    while isinstance(step := connection.resume(pending), Pending):
        assert vendor.live() == []
        pending = step
        waits.append(step.wait)
    assert waits == [2.0, 4.0]
    assert [each.text for each in vendor.live()] == ["Look"]


def test_a_run_that_died_between_steps_publishes_once_more_at_most_as_a_container(
    vendor: ThreadsVendor, connection: ThreadsConnection, channel: Channel
) -> None:
    post, pending = _begun(connection, channel, "Once")
    receipt = connection.resume(pending)
    assert isinstance(receipt, Receipt)
    vendor.containers[pending.token["names"]]["state"] = "PUBLISHED"
    with pytest.raises(OutcomeUnknown):
        connection.resume(pending)
    found = connection.find(post, 0, key=key_of(post), among=Among(receipt.at))
    assert found is not None
    assert found.id == receipt.id


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(4, "Application request limit reached", sub=2207051),
        Refusal(24, "The requested resource does not exist", sub=4279009),
        Refusal(100, "Invalid parameter"),
        Refusal(1, "Please reduce the amount of data", status=500),
        Refusal(-1, "Unknown"),
    ],
)
def test_errors_of_publishing_prove_nothing_and_the_post_is_found(
    refusal: Refusal,
    vendor: ThreadsVendor,
    connection: ThreadsConnection,
    channel: Channel,
) -> None:
    vendor.refusal = refusal
    post, pending = _begun(connection, channel, "Refused, and live")
    with pytest.raises(OutcomeUnknown):
        connection.resume(pending)
    [live] = vendor.live()
    among = Among(SystemClock().now() - timedelta(minutes=1))
    found = connection.find(post, 0, key=key_of(post), among=among)
    assert found is not None
    assert found.id == live.id


def test_whoever_was_told_to_wait_makes_no_other_container(
    vendor: ThreadsVendor, connection: ThreadsConnection, channel: Channel
) -> None:
    vendor.refusal = Refusal(4, "Application request limit reached")
    _, pending = _begun(connection, channel, "Limited, and live")
    assert pending.unseen
    limited = connection.resume(pending)
    assert isinstance(limited, Pending)
    assert not limited.unseen
    with pytest.raises(OutcomeUnknown, match="live already"):
        connection.resume(limited)
    assert len(vendor.live()) == 1


def test_a_container_that_says_to_be_ready_and_is_not_is_published_later(
    vendor: ThreadsVendor, connection: ThreadsConnection, channel: Channel
) -> None:
    _, pending = _begun(connection, channel, "Soon")
    vendor.eager = True
    later = connection.resume(pending)
    assert isinstance(later, Pending)
    assert vendor.live() == []
    vendor.eager = False
    assert isinstance(connection.resume(later), Receipt)


def test_a_token_that_dies_before_the_last_step_publishes_nothing(
    vendor: ThreadsVendor, connection: ThreadsConnection, channel: Channel
) -> None:
    _, pending = _begun(connection, channel, "Late")
    dead = Threads().connect(channel, Credentials({"TOKEN": "dead"}), transport=vendor)
    with pytest.raises(SignInFailed):
        dead.resume(pending)
    dead.close()
    assert vendor.live() == []


def test_a_container_that_is_not_seen_yet_is_asked_for_again(
    vendor: ThreadsVendor, connection: ThreadsConnection, channel: Channel
) -> None:
    _, pending = _begun(connection, channel, "Soon")
    hidden = vendor.containers.copy()
    vendor.containers.clear()
    with pytest.raises(Unreachable):
        connection.resume(pending)
    vendor.containers = hidden
    assert isinstance(connection.resume(pending), Receipt)


@pytest.mark.parametrize(
    ("state", "why"),
    [("ERROR", "FAILED_DOWNLOADING_VIDEO"), ("ERROR", "UNKNOWN"), ("EXPIRED", "")],
)
def test_a_container_that_is_spoilt_is_made_anew_and_one_post_is_live(
    state: str,
    why: str,
    vendor: ThreadsVendor,
    connection: ThreadsConnection,
    channel: Channel,
    tmp_path: Path,
) -> None:
    media = tuple(picture_file(tmp_path, f"{n}.png", side=8 + n) for n in range(2))
    vendor.states, vendor.why = [state], why
    post = channel_post(channel, part("Two", media=media))
    receipt = publish(connection, post)
    assert [each.id for each in vendor.live()] == [receipt.id]
    assert len(vendor.posts[receipt.id]["files"]) == 2


@pytest.mark.parametrize(
    ("state", "why", "kind"),
    [
        ("ERROR", "INVALID_DURATION", Rejected),
        ("PUBLISHED", "", OutcomeUnknown),
        ("SOMETHING_NEW", "", Unreachable),
    ],
)
def test_what_a_container_came_to_says_what_may_happen_next(
    state: str,
    why: str,
    kind: type[Exception],
    vendor: ThreadsVendor,
    connection: ThreadsConnection,
    channel: Channel,
) -> None:
    vendor.states, vendor.why = [state], why
    _, pending = _begun(connection, channel, "Hello")
    with pytest.raises(kind):
        connection.resume(pending)
    assert vendor.live() == []


def test_a_file_that_is_not_public_yet_is_waited_for_and_nothing_is_sent(
    vendor: ThreadsVendor,
    connection: ThreadsConnection,
    channel: Channel,
    tmp_path: Path,
) -> None:
    picture = picture_file(tmp_path)
    vendor.missing.add(f"/media/{picture.facts.sha256[:12]}-picture.png")
    with pytest.raises(Unreachable, match="is not at"):
        _begun(connection, channel, part("Look", media=(picture,)))
    assert [each.method for each in vendor.requests] == ["HEAD"]


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"Content-Length": "12", "Content-Type": "image/png"}, "12 bytes"),
        ({"Content-Type": "text/html; charset=utf-8"}, "is text/html"),
    ],
)
def test_another_file_at_the_public_address_stops_the_post(
    headers: dict[str, str], words: str, channel: Channel, tmp_path: Path
) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers=headers))
    connection = Threads().connect(
        channel, Credentials({"TOKEN": TOKEN}), transport=transport
    )
    with pytest.raises(ConfigurationError, match=words):
        _begun(connection, channel, part("Look", media=(picture_file(tmp_path),)))


def test_without_a_place_for_files_the_error_says_what_to_add(
    vendor: ThreadsVendor, channel: Channel, tmp_path: Path
) -> None:
    nowhere = replace(channel, settings={})
    credentials = vendor.account.credentials()
    connection = Threads().connect(nowhere, credentials, transport=vendor)
    with pytest.raises(ConfigurationError, match="public address") as caught:
        _begun(connection, nowhere, part("Look", media=(picture_file(tmp_path),)))
    assert "media_url" in caught.value.hint


def test_the_token_says_what_it_allows_and_when_it_dies(
    vendor: ThreadsVendor, connection: ThreadsConnection
) -> None:
    identity = connection.whoami()
    assert identity.scopes == frozenset({"threads_basic", "threads_content_publish"})
    assert identity.expires == datetime(2027, 1, 15, 8, tzinfo=UTC)
    vendor.tells = False
    silent = connection.whoami()
    assert (silent.name, silent.scopes, silent.expires) == ("@smmflow", None, None)


def test_a_token_asks_for_its_own_longer_life_as_meta_describes_it() -> None:
    described = Methods("threads/threads.schema.json", base="")
    faults: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        faults.extend(described.faults(request, dict(request.url.params)))
        return httpx.Response(
            200, json={"access_token": "next", "expires_in": 5_184_000}
        )

    now = datetime(2026, 12, 1, tzinfo=UTC)
    assert Threads.renewal is not None
    grant = renew(
        Threads.renewal,
        Grant(Secret("first"), None, now),
        {},
        now=now,
        transport=httpx.MockTransport(answer),
    )
    assert faults == []
    assert (grant.token, grant.expires) == (Secret("next"), now + timedelta(days=60))


def test_a_full_quota_is_told_before_anything_is_made(
    vendor: ThreadsVendor, connection: ThreadsConnection, channel: Channel
) -> None:
    vendor.used = 250
    with pytest.raises(RateLimited, match="250 posts a day"):
        _begun(connection, channel, "Hello")
    assert vendor.containers == {}


def test_more_than_five_different_links_are_refused_and_the_same_one_counts_once(
    vendor: ThreadsVendor, connection: ThreadsConnection, channel: Channel
) -> None:
    six = " ".join(f"https://example.org/{number}" for number in range(6))
    with pytest.raises(Rejected, match="5 different links"):
        _begun(connection, channel, six)
    same = " ".join(["https://example.org/1"] * 6)
    _begun(connection, channel, same)
    assert vendor.live() == []


def test_topic_and_who_may_answer_are_said_of_the_first_part_only(
    vendor: ThreadsVendor, connection: ThreadsConnection, channel: Channel
) -> None:
    settings = {"topic": "نرم‌افزار", "who_can_reply": "mentioned_only"}
    post = replace(channel_post(channel, "One", "Two"), settings=settings)
    first = publish(connection, post)
    publish(connection, post, 1, Thread(first, first))
    said = [each["params"] for each in vendor.containers.values()]
    assert [each.get("topic_tag") for each in said] == ["نرم‌افزار", None]
    assert [each.get("reply_control") for each in said] == ["mentioned_only", None]


def test_a_carousel_shows_its_files_in_order_and_is_found_by_their_number(
    vendor: ThreadsVendor,
    connection: ThreadsConnection,
    channel: Channel,
    tmp_path: Path,
) -> None:
    media = tuple(
        picture_file(tmp_path, f"{n}.png", side=8 + n, alt=str(n)) for n in range(3)
    )
    post = channel_post(channel, part("Three", media=media))
    receipt = publish(connection, post)
    urls = [each["image_url"] for each in vendor.posts[receipt.id]["files"]]
    assert urls == [
        f"{FILES}/media/{each.facts.sha256[:12]}-{n}.png"
        for n, each in enumerate(media)
    ]
    other = channel_post(channel, part("Three", media=media[:2]), post="other")
    among = Among(receipt.at)
    assert connection.find(other, 0, key=key_of(other), among=among) is None
    found = connection.find(post, 0, key=key_of(post), among=among)
    assert found is not None


def test_among_others_and_older_posts_of_the_same_words_the_right_one_is_found(
    connection: ThreadsConnection, channel: Channel
) -> None:
    posts = [channel_post(channel, "Good morning", post=f"p{n}") for n in range(5)]
    receipts = [publish(connection, each) for each in posts]
    others = frozenset(each.id for each in receipts[:4])
    found = connection.find(
        posts[4], 0, key=key_of(posts[4]), among=Among(receipts[0].at, others)
    )
    assert found is not None
    assert found.id == receipts[4].id
    later = Among(receipts[4].at + timedelta(hours=1))
    assert connection.find(posts[4], 0, key=key_of(posts[4]), among=later) is None


def test_a_part_is_not_taken_for_an_answer_to_somebody_else_with_its_words(
    vendor: ThreadsVendor, connection: ThreadsConnection, channel: Channel
) -> None:
    post = channel_post(channel, "Hello", "Thank you")
    first = publish(connection, post)
    said = vendor.say(first.id, "Nice")
    vendor.reply(said, "Thank you")
    key, among = key_of(post, 1), Among(first.at, frozenset({first.id}))
    assert connection.find(post, 1, key=key, among=among) is None
    second = publish(connection, post, 1, Thread(first, first))
    found = connection.find(post, 1, key=key, among=among)
    assert found is not None
    assert found.id == second.id


def test_a_topic_that_lost_its_mark_hides_no_post(
    vendor: ThreadsVendor, connection: ThreadsConnection, channel: Channel
) -> None:
    post = channel_post(channel, "About #نرم\u200cافزار today")
    receipt = publish(connection, post)
    vendor.posts[receipt.id]["text"] = "About نرم\u200cافزار today"
    found = connection.find(post, 0, key=key_of(post), among=Among(receipt.at))
    assert found is not None


def test_a_page_without_posts_is_not_the_end_of_a_list_that_goes_on(
    vendor: ThreadsVendor, connection: ThreadsConnection, channel: Channel
) -> None:
    post = channel_post(channel, "Behind what nobody may see")
    receipt = publish(connection, post)
    vendor.empty_pages = 2
    found = connection.find(post, 0, key=key_of(post), among=Among(receipt.at))
    assert found is not None
    assert found.id == receipt.id


def test_what_the_token_may_not_take_down_is_not_said_to_be_gone(
    vendor: ThreadsVendor, connection: ThreadsConnection, channel: Channel
) -> None:
    receipt = publish(connection, channel_post(channel, "Here to stay"))
    vendor.deletes = False
    with pytest.raises(SignInFailed, match="does not let"):
        connection.withdraw(receipt)
    assert [each.id for each in vendor.live()] == [receipt.id]


def test_a_poll_of_several_answers_is_refused_before_anything_is_sent(
    vendor: ThreadsVendor, connection: ThreadsConnection, channel: Channel
) -> None:
    poll = Poll(("Yes", "No"), timedelta(days=1), multiple=True)
    with pytest.raises(Rejected, match="one answer"):
        _begun(connection, channel, part("Well?", poll=poll))
    assert vendor.requests == []


def test_a_poll_and_a_mention_of_us_elsewhere(
    vendor: ThreadsVendor, connection: ThreadsConnection, channel: Channel
) -> None:
    poll = Poll(("Yes", "بله", "No"), timedelta(days=1))
    receipt = publish(connection, channel_post(channel, part("Well?", poll=poll)))
    assert list(vendor.posts[receipt.id]["poll"]) == [
        "option_a",
        "option_b",
        "option_c",
    ]
    elsewhere = publish(connection, channel_post(channel, "Another", post="another"))
    name = vendor.say(elsewhere.id, "I like what @smmflow does")
    read = connection.messages([], after="")
    assert [(each.id, each.on) for each in read.messages] == [(name, "")]


def test_counters_are_each_of_their_own_kind(
    vendor: ThreadsVendor, connection: ThreadsConnection, channel: Channel
) -> None:
    receipt = publish(connection, channel_post(channel, "Count me"))
    vendor.posts[receipt.id] |= {"views": 70, "likes": 5, "shares": 2}
    vendor.say(receipt.id, "Yes")
    counters = connection.measure([receipt])[receipt.id]
    assert counters == {
        "views": 70,
        "likes": 5,
        "replies": 1,
        "reposts": 0,
        "quotes": 0,
        "shares": 2,
    }
    assert connection.followers() == 7
