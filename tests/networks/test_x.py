"""X, against a server in memory that knows X's own description."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import httpx
import pytest

from smmflow.credentials import Credentials
from smmflow.errors import (
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    Unreachable,
    UsageError,
)
from smmflow.model.channel import Channel
from smmflow.model.post import Poll
from smmflow.model.publication import Receipt
from smmflow.networks.interface import Among, Network, Thread
from smmflow.networks.x import X
from smmflow.networks.x.address import moment_of
from smmflow.networks.x.connection import XConnection
from smmflow.testing import channel_post, key_of, part, picture_file
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import Say, publish
from smmflow.testing.samples import DUE, rich
from smmflow.testing.transports import Failing, lost_answer
from tests.networks.descriptions import description
from tests.vendors.x import XVendor

CHANNEL = XVendor.account.channel("x")
CREDENTIALS = XVendor.account.credentials()


@pytest.fixture
def vendor() -> XVendor:
    return XVendor()


@pytest.fixture(autouse=True)
def _every_request_is_right(vendor: XVendor) -> Iterator[None]:
    yield
    assert vendor.faults == []


def _connect(transport: httpx.BaseTransport, root: Path) -> XConnection:
    return X().connect(CHANNEL, CREDENTIALS, transport=transport, root=root)


@pytest.fixture
def connection(vendor: XVendor, tmp_path: Path) -> Iterator[XConnection]:
    connection = _connect(vendor, tmp_path)
    yield connection
    connection.close()


class TestContract(NetworkContract):
    publishing_path = "/2/tweets"
    settings: ClassVar[dict[str, object]] = {}
    longest = 280

    @pytest.fixture
    def channel(self) -> Channel:
        return replace(CHANNEL, settings=self.settings)

    @pytest.fixture
    def network(self, channel: Channel, vendor: XVendor) -> Network:
        vendor.longest = self.longest
        return X().on(channel)

    @pytest.fixture
    def credentials(self) -> Credentials:
        return CREDENTIALS

    @pytest.fixture
    def transport(self, vendor: XVendor) -> httpx.BaseTransport:
        return vendor

    @pytest.fixture
    def look(self, vendor: XVendor) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            live = {each.id: each for each in vendor.live()}
            if receipt.id not in live:
                return None
            found = live[receipt.id]
            alts, options = vendor.alts(found.id), vendor.options(found.id)
            return Seen(found.text, found.parent, alts=alts, options=options)

        return look

    @pytest.fixture
    def say(self, vendor: XVendor) -> Say:
        return lambda receipt, words: vendor.say(receipt.id, words)


class TestContractOfAnAccountThatPays(TestContract):
    settings: ClassVar[dict[str, object]] = {"premium": True}
    longest = 25_000


# --- One double post loses a customer -------------------------------------------------


def test_a_refusal_as_a_duplicate_after_a_lost_answer_leads_to_the_live_post(
    connection: XConnection, vendor: XVendor, tmp_path: Path
) -> None:
    post = channel_post(CHANNEL, "Version 1 is out: example.org & more")
    deaf = _connect(Failing(vendor, "/2/tweets", lost_answer), tmp_path)
    with pytest.raises(OutcomeUnknown):
        publish(deaf, post)
    deaf.close()
    with pytest.raises(OutcomeUnknown, match="may be this one"):
        publish(connection, post)
    found = connection.find(post, 0, key=key_of(post), among=Among(DUE))
    assert found is not None
    assert [each.id for each in vendor.live()] == [found.id]


def test_a_refusal_as_a_duplicate_of_an_older_post_is_for_good(
    connection: XConnection, vendor: XVendor
) -> None:
    older = vendor.write("Good morning")
    post = channel_post(CHANNEL, "Good morning")
    tomorrow = key_of(post, due=moment_of(older) + timedelta(days=1))
    with pytest.raises(Rejected, match="again so soon"):
        publish(connection, post, key=tomorrow)


def test_a_refusal_as_a_duplicate_of_nothing_that_can_be_seen_stays_unknown(
    connection: XConnection, vendor: XVendor
) -> None:
    def unseen(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            detail = "You are not allowed to create a Tweet with duplicate content."
            body = {"type": "about:blank", "title": "Forbidden", "detail": detail}
            return httpx.Response(403, json={**body, "status": 403})
        return vendor.handle_request(request)

    blind = _connect(httpx.MockTransport(unseen), Path())
    with pytest.raises(OutcomeUnknown):
        publish(blind, channel_post(CHANNEL, "Hello"))
    blind.close()
    connection.whoami()


def test_the_oldest_of_twins_is_found_and_those_of_other_parts_are_left_out(
    connection: XConnection, vendor: XVendor
) -> None:
    vendor.forgets_twins = True
    first, second = vendor.write("Hello"), vendor.write("Hello")
    post = channel_post(CHANNEL, "Hello")
    found = connection.find(post, 0, key=key_of(post), among=Among(DUE))
    assert found is not None
    assert found.id == first
    others = Among(DUE, frozenset({first}))
    found = connection.find(post, 0, key=key_of(post), among=others)
    assert found is not None
    assert found.id == second
    later = Among(moment_of(second) + timedelta(minutes=2))
    assert connection.find(post, 0, key=key_of(post), among=later) is None


def test_a_post_is_found_by_its_files_its_poll_and_its_place_too(
    connection: XConnection, tmp_path: Path, vendor: XVendor
) -> None:
    vendor.forgets_twins = True
    poll = Poll(("Yes", "بله"), timedelta(days=1))
    picture = picture_file(tmp_path)
    forms = (
        part("Same words"),
        part("Same words", media=(picture,)),
        part("Same words", media=(picture, picture)),
        part("Same words", poll=poll),
        part("Same words", poll=replace(poll, options=("No", "نه"))),
    )
    receipts = [publish(connection, channel_post(CHANNEL, each)) for each in forms]
    for form, receipt in zip(forms, receipts, strict=True):
        post = channel_post(CHANNEL, form)
        found = connection.find(post, 0, key=key_of(post), among=Among(DUE))
        assert found == receipt
    thread = channel_post(CHANNEL, "Root", "Same words")
    assert connection.find(thread, 1, key=key_of(thread), among=Among(DUE)) is None


def test_links_files_and_escapes_do_not_hide_a_post(
    connection: XConnection, tmp_path: Path
) -> None:
    text = "<b> & example.org/a?b=c&d (https://example.org) می‌خواهم"
    post = channel_post(CHANNEL, part(text, media=(picture_file(tmp_path),)))
    receipt = publish(connection, post)
    assert connection.find(post, 0, key=key_of(post), among=Among(DUE)) == receipt
    words = connection.words(receipt)
    assert words is not None
    assert words.replace("http://example.org/a", "example.org/a") == text


def test_a_post_that_may_be_beyond_what_was_read_is_not_taken_for_missing(
    tmp_path: Path, vendor: XVendor
) -> None:
    def endless(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/tweets") and request.method == "GET":
            return httpx.Response(200, json={"meta": {"next_token": "more"}})
        return vendor.handle_request(request)

    connection = _connect(httpx.MockTransport(endless), tmp_path)
    post = channel_post(CHANNEL, "Hello")
    with pytest.raises(OutcomeUnknown):
        connection.find(post, 0, key=key_of(post), among=Among(DUE))
    connection.close()


def test_a_post_of_which_too_little_is_shown_is_not_taken_for_missing(
    tmp_path: Path, vendor: XVendor
) -> None:
    post = channel_post(CHANNEL, "Hello", part("World"))
    vendor.write("Hello")

    def brief(request: httpx.Request) -> httpx.Response:
        answer = vendor.handle_request(request)
        if not request.url.path.endswith("/tweets"):
            return answer
        posts = [{k: each[k] for k in ("id", "text")} for each in answer.json()["data"]]
        return httpx.Response(200, json={"data": posts})

    connection = _connect(httpx.MockTransport(brief), tmp_path)
    with pytest.raises(OutcomeUnknown, match="does not show"):
        connection.find(post, 0, key=key_of(post), among=Among(DUE))
    connection.close()


def test_a_part_is_not_taken_for_an_answer_to_somebody_else_with_its_words(
    connection: XConnection, vendor: XVendor
) -> None:
    vendor.forgets_twins = True
    post = channel_post(CHANNEL, "Hello", "Thank you")
    first = publish(connection, post)
    said = vendor.say(first.id, "Nice")
    vendor.reply(said, "Thank you")
    key, among = key_of(post, 1), Among(DUE, frozenset({first.id}))
    assert connection.find(post, 1, key=key, among=among) is None
    second = publish(connection, post, 1, Thread(first, first))
    assert connection.find(post, 1, key=key, among=among) == second


@pytest.mark.parametrize("body", [{}, {"data": {}}, {"data": {"id": "no number"}}])
def test_an_answer_of_success_without_an_id_leaves_the_outcome_unknown(
    body: dict[str, object], tmp_path: Path
) -> None:
    answering = httpx.MockTransport(lambda _: httpx.Response(201, json=body))
    connection = _connect(answering, tmp_path)
    with pytest.raises(OutcomeUnknown):
        publish(connection, channel_post(CHANNEL, "Hello"))
    connection.close()


# --- What X refuses, and why ----------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind", "error"),
    [
        (400, "https://api.x.com/2/problems/invalid-request", Rejected),
        (402, "https://api.x.com/2/problems/credits", SignInFailed),
        (403, "about:blank", Rejected),
        (403, "https://api.x.com/2/problems/client-forbidden", SignInFailed),
        (500, "about:blank", OutcomeUnknown),
        (503, "about:blank", OutcomeUnknown),
    ],
)
def test_a_refusal_is_of_the_kind_that_x_gives(
    status: int, kind: str, error: type[Exception], tmp_path: Path
) -> None:
    body = {"title": "No", "detail": "Not so", "type": kind, "status": status}
    refusing = httpx.MockTransport(lambda _: httpx.Response(status, json=body))
    connection = _connect(refusing, tmp_path)
    with pytest.raises(error, match="Not so"):
        publish(connection, channel_post(CHANNEL, "Hello"))
    connection.close()


def test_a_rate_limit_ends_when_its_window_does(tmp_path: Path) -> None:
    headers = {
        "Date": "Sun, 22 Nov 2026 09:30:00 GMT",
        "x-rate-limit-reset": "1795340100",
    }
    refusing = httpx.MockTransport(lambda _: httpx.Response(429, headers=headers))
    connection = _connect(refusing, tmp_path)
    with pytest.raises(RateLimited) as caught:
        publish(connection, channel_post(CHANNEL, "Hello"))
    connection.close()
    assert caught.value.retry_after == 300


def test_a_part_whose_parent_is_seconds_old_may_be_sent_again(
    connection: XConnection, vendor: XVendor
) -> None:
    post = channel_post(CHANNEL, "One", "Two")
    first = publish(connection, post)
    hidden = vendor.posts.pop(first.id)
    with pytest.raises(Unreachable):
        publish(connection, post, 1, Thread(first, first))
    vendor.posts[first.id] = hidden
    publish(connection, post, 1, Thread(first, first))
    assert [each.text for each in vendor.live()] == ["One", "Two"]


def test_a_part_whose_parent_is_long_gone_is_refused(
    connection: XConnection, vendor: XVendor
) -> None:
    old = replace(publish(connection, channel_post(CHANNEL, "One")), id="20")
    with pytest.raises(Rejected):
        publish(connection, channel_post(CHANNEL, "One", "Two"), 1, Thread(old, old))
    assert len(vendor.live()) == 1


# --- Settings, addresses, messages, counters ------------------------------------------


def test_settings_of_a_post_reach_x_and_who_may_reply_is_set_once(
    connection: XConnection, vendor: XVendor
) -> None:
    settings = {"made_with_ai": True, "reply_settings": "following"}
    post = replace(channel_post(CHANNEL, "One", "Two"), settings=settings)
    first = publish(connection, post)
    publish(connection, post, 1, Thread(first, first))
    bodies = [json.loads(each.content) for each in vendor.requests if each.content]
    assert bodies[0] == {"text": "One", **settings}
    assert bodies[1] == {
        "text": "Two",
        "made_with_ai": True,
        "reply": {"in_reply_to_tweet_id": first.id},
    }


@pytest.mark.parametrize(
    "page",
    [
        "https://x.com/workspace/status/{}",
        "https://twitter.com/workspace/status/{}?s=20",
        "https://mobile.twitter.com/workspace/statuses/{}",
        "https://x.com/i/web/status/{}",
        "https://x.com/workspace/status/{}/photo/1",
    ],
)
def test_a_post_is_adopted_by_any_of_its_addresses(
    connection: XConnection, vendor: XVendor, page: str
) -> None:
    name = vendor.write("By hand")
    assert connection.adopt(page.format(name)).id == name


def test_another_accounts_post_is_not_adopted(
    connection: XConnection, vendor: XVendor
) -> None:
    theirs = vendor.say(vendor.write("Ours"), "Theirs")
    with pytest.raises(UsageError, match="another account"):
        connection.adopt(f"https://x.com/sara/status/{theirs}")


def test_a_service_can_stand_in_for_x(vendor: XVendor) -> None:
    channel = replace(CHANNEL, settings={"service": "https://proxy.example/"})
    connection = X().connect(channel, CREDENTIALS, transport=vendor)
    identity = connection.whoami()
    connection.close()
    assert (identity.name, identity.url) == ("@workspace", "https://x.com/workspace")
    assert vendor.requests[0].url.host == "proxy.example"


def test_more_messages_than_a_page_holds_are_read_in_order(
    connection: XConnection, vendor: XVendor
) -> None:
    receipt = publish(connection, channel_post(CHANNEL, "What do you think?"))
    said = [vendor.say(receipt.id, f"Opinion {number}") for number in range(120)]
    read = connection.messages([receipt], after="")
    assert [each.id for each in read.messages] == said
    assert read.messages[0].author.name == "@sara"
    reply = connection.reply(read.messages[7], rich("Thank you"), key="answer")
    assert vendor.posts[reply.id]["parent"] == said[7]


def test_a_counter_that_x_does_not_give_is_unknown_not_gone(
    tmp_path: Path,
) -> None:
    body = {"errors": [{"type": "https://api.x.com/2/problems/internal-error"}]}
    failing = httpx.MockTransport(lambda _: httpx.Response(200, json=body))
    connection = _connect(failing, tmp_path)
    counters = connection.measure([Receipt("20", "", DUE)])
    connection.close()
    assert counters["20"] == dict.fromkeys(X.capabilities.metrics)


def test_the_stand_in_answers_as_the_description_says(
    connection: XConnection, vendor: XVendor, tmp_path: Path
) -> None:
    described = description("x/x.trimmed.json")
    picture = picture_file(tmp_path)
    post = channel_post(CHANNEL, part("https://example.org", media=(picture,)))
    receipt = publish(connection, post)
    connection.find(post, 0, key=key_of(post), among=Among(DUE))
    connection.measure([receipt])
    connection.withdraw(receipt)
    known = described["components"]["schemas"]["Post"]["properties"].keys()
    posts = [
        each
        for _, body in vendor.answers
        if isinstance(body.get("data"), list)
        for each in body["data"]
    ]
    assert posts
    assert all(each.keys() <= known for each in posts)


def test_a_shape_that_x_never_had_is_an_error_of_ours(
    tmp_path: Path,
) -> None:
    odd = httpx.MockTransport(lambda _: httpx.Response(200, json={"data": [1, None]}))
    connection = _connect(odd, tmp_path)
    with pytest.raises(Unreachable):
        connection.whoami()
    with pytest.raises(OutcomeUnknown):
        publish(connection, channel_post(CHANNEL, "Hello"))
    connection.close()
