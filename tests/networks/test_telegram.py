"""Telegram, against a Bot API server in memory that knows its own description."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import httpx
import pytest

from smmflow.credentials import Credentials
from smmflow.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    Unsupported,
    UsageError,
)
from smmflow.model.channel import Channel
from smmflow.model.channel_post import Part
from smmflow.model.post import Poll
from smmflow.model.publication import Receipt
from smmflow.model.text import RichText, Span, SpanKind
from smmflow.networks.interface import Among, Network
from smmflow.networks.telegram import Telegram
from smmflow.networks.telegram.connection import BotConnection
from smmflow.networks.telegram.options import options_of
from smmflow.testing import channel_post, key_of, part
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import everything_shown, publish
from smmflow.testing.samples import DUE
from tests.networks.descriptions import description
from tests.vendors.bot_answers import Json, Refusal
from tests.vendors.telegram import TOKEN, TelegramVendor

CHANNEL = TelegramVendor.account.channel("news")
CREDENTIALS = TelegramVendor.account.credentials()


@pytest.fixture
def vendor() -> TelegramVendor:
    return TelegramVendor()


@pytest.fixture(autouse=True)
def _every_request_is_right(vendor: TelegramVendor) -> Iterator[None]:
    yield
    assert vendor.faults == []


@pytest.fixture
def connection(vendor: TelegramVendor, tmp_path: Path) -> Iterator[BotConnection]:
    connection = Telegram().connect(
        CHANNEL, CREDENTIALS, transport=vendor, root=tmp_path
    )
    yield connection
    connection.close()


def _publish(connection: BotConnection, content: Part | str) -> Receipt:
    return publish(connection, channel_post(CHANNEL, content))


class TestContract(NetworkContract):
    publishing_path = "/sendMessage"

    @pytest.fixture
    def network(self) -> Network:
        return Telegram()

    @pytest.fixture
    def channel(self) -> Channel:
        return CHANNEL

    @pytest.fixture
    def credentials(self) -> Credentials:
        return CREDENTIALS

    @pytest.fixture
    def transport(self, vendor: TelegramVendor) -> httpx.BaseTransport:
        return vendor

    @pytest.fixture
    def look(self, vendor: TelegramVendor) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            live = {each.id: each for each in vendor.live()}
            if receipt.id not in live:
                return None
            found = live[receipt.id]
            poll = vendor.messages[int(receipt.id)].get("poll", {"options": []})
            options = tuple(each["text"] for each in poll["options"])
            return Seen(found.text, found.parent, options=options)

        return look


def test_the_token_is_a_part_of_every_address_and_in_no_log(
    connection: BotConnection,
    vendor: TelegramVendor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    _publish(connection, "Hello")
    assert all(TOKEN in each.url.path for each in vendor.requests)
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError,
        httpx.ReadTimeout,
        httpx.UnsupportedProtocol,
        httpx.RemoteProtocolError,
        httpx.TooManyRedirects,
    ],
)
def test_the_token_is_in_no_error_even_if_the_http_client_tells_the_address(
    error: type[httpx.TransportError],
) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error(f"could not ask {request.url}")

    connection = Telegram().connect(
        CHANNEL, CREDENTIALS, transport=httpx.MockTransport(fail)
    )
    with pytest.raises(NetworkError) as caught:
        _publish(connection, "Hello")
    connection.close()
    assert TOKEN not in everything_shown(caught.value)


@pytest.mark.parametrize("token", ["12:AA\n", "12:گ", "a/../b", "1 2:%41"])
def test_a_token_that_is_no_token_fails_to_sign_in_and_is_not_shown(
    vendor: TelegramVendor, token: str
) -> None:
    connection = Telegram().connect(
        CHANNEL, Credentials({"TOKEN": token}), transport=vendor
    )
    with pytest.raises(SignInFailed) as caught:
        _publish(connection, "Hello")
    connection.close()
    assert token not in everything_shown(caught.value)


def test_who_it_is_and_that_it_may_post_is_told(connection: BotConnection) -> None:
    identity = connection.whoami()
    assert identity.name == "@smmflow_news_bot"
    assert identity.url == "https://t.me/smmflow_news"
    assert identity.scopes is not None
    assert identity.scopes >= Telegram.scopes


def test_a_right_that_is_missing_is_told_before_anything_is_sent(
    connection: BotConnection, vendor: TelegramVendor
) -> None:
    vendor.rights["can_post_messages"] = False
    identity = connection.whoami()
    assert identity.scopes is not None
    assert Telegram.scopes - identity.scopes == {"can_post_messages"}
    with pytest.raises(SignInFailed) as caught:
        _publish(connection, "Hello")
    assert "administrator" in caught.value.hint


def test_a_group_knows_no_right_to_post_and_needs_none(
    connection: BotConnection, vendor: TelegramVendor
) -> None:
    vendor.rights = {"can_pin_messages": True}
    scopes = connection.whoami().scopes or frozenset()
    assert sorted(scopes) == ["can_pin_messages", "can_post_messages"]


def test_a_chat_that_moved_says_where_to(
    connection: BotConnection, vendor: TelegramVendor
) -> None:
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    vendor.refusals["sendMessage"] = [Refusal(400, words, migrate_to_chat_id=-1005)]
    with pytest.raises(Rejected) as caught:
        _publish(connection, "Hello")
    assert "-1005" in caught.value.hint


def test_the_wait_of_a_rate_limit_stands_in_the_body(
    connection: BotConnection, vendor: TelegramVendor
) -> None:
    vendor.refusals["sendMessage"] = [
        Refusal(429, "Too Many Requests: retry after 35", retry_after=35)
    ]
    with pytest.raises(RateLimited) as caught:
        _publish(connection, "Hello")
    assert caught.value.retry_after == 35


@pytest.mark.parametrize(
    ("code", "words", "kind"),
    [
        (400, "Bad Request: PHOTO_INVALID_DIMENSIONS", Rejected),
        (400, "Bad Request: chat not found", SignInFailed),
        (401, "Unauthorized", SignInFailed),
        (403, "Forbidden: bot is not a member of the channel chat", SignInFailed),
        (404, "Not Found", SignInFailed),
        (413, "Request Entity Too Large", Rejected),
        (500, "Internal Server Error", OutcomeUnknown),
        (502, "Bad Gateway", OutcomeUnknown),
    ],
)
def test_what_an_error_means_for_a_post(
    connection: BotConnection,
    vendor: TelegramVendor,
    code: int,
    words: str,
    kind: type[NetworkError],
) -> None:
    vendor.refusals["sendMessage"] = [Refusal(code, words)]
    with pytest.raises(kind):
        _publish(connection, "Hello")


@pytest.mark.parametrize(
    "answer",
    [
        {"ok": True},
        {"ok": True, "result": True},
        {"ok": True, "result": {"date": 1}},
        {"ok": True, "result": {"message_id": 1}},
        {"id": 1},
        [],
    ],
)
def test_a_success_without_a_message_leaves_the_outcome_unknown(answer: object) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    connection = Telegram().connect(CHANNEL, CREDENTIALS, transport=transport)
    with pytest.raises(OutcomeUnknown):
        _publish(connection, "Hello")
    connection.close()


def test_a_server_of_ones_own_is_asked_instead(vendor: TelegramVendor) -> None:
    own = replace(
        CHANNEL, settings={**CHANNEL.settings, "service": "http://127.0.0.1:8081/"}
    )
    connection = Telegram().connect(own, CREDENTIALS, transport=vendor)
    _publish(connection, "Hello")
    connection.close()
    assert {each.url.netloc for each in vendor.requests} == {b"127.0.0.1:8081"}


class _Private(TelegramVendor):
    chat: ClassVar[Json] = {"id": -1001234567890, "type": "channel", "title": "Us"}


def test_a_channel_without_a_name_has_addresses_for_those_who_read_it() -> None:
    private = replace(CHANNEL, settings={"chat": "-1001234567890"})
    connection = Telegram().connect(private, CREDENTIALS, transport=_Private())
    receipt = _publish(connection, "Hello")
    assert receipt.url == f"https://t.me/c/1234567890/{receipt.id}"
    assert connection.adopt(receipt.url).id == receipt.id
    assert connection.whoami().url == ""
    connection.close()


def test_a_bot_cannot_look_so_nothing_is_said_of_what_may_be_there(
    connection: BotConnection,
) -> None:
    post = channel_post(CHANNEL, "Hello")
    with pytest.raises(Unsupported):
        connection.find(post, 0, key=key_of(post), among=Among(DUE))


@pytest.mark.parametrize("form", ["https://t.me/{}/{}", "http://t.me/s/{}/{}?single"])
def test_a_message_a_person_saw_is_adopted_changed_and_taken_down(
    connection: BotConnection, vendor: TelegramVendor, form: str
) -> None:
    receipt = _publish(connection, "Hello")
    adopted = connection.adopt(form.format("SMMflow_News", receipt.id))
    assert (adopted.id, adopted.url) == (receipt.id, receipt.url)
    connection.edit(adopted, channel_post(CHANNEL, "Good morning"), 0)
    assert [each.text for each in vendor.live()] == ["Good morning"]
    connection.withdraw(adopted)
    assert vendor.live() == []


@pytest.mark.parametrize(
    "url", ["", "5", "https://t.me/others/5", "https://t.me/c/99/5", "https://t.me/a"]
)
def test_an_address_elsewhere_is_not_adopted(
    connection: BotConnection, url: str
) -> None:
    with pytest.raises(UsageError, match="no address of a message"):
        connection.adopt(url)


def test_saying_the_same_again_is_no_error(connection: BotConnection) -> None:
    receipt = _publish(connection, "Hello")
    assert connection.edit(receipt, channel_post(CHANNEL, "Hello"), 0) == receipt


def test_what_is_too_old_to_be_deleted_is_left_to_a_person(
    connection: BotConnection, vendor: TelegramVendor
) -> None:
    receipt = _publish(connection, "Hello")
    vendor.undeletable.add(int(receipt.id))
    with pytest.raises(Rejected) as caught:
        connection.withdraw(receipt)
    assert "48 hours" in caught.value.hint


def test_settings_of_a_post_arrive(
    connection: BotConnection, vendor: TelegramVendor
) -> None:
    settings = {
        "silent": True,
        "protect": True,
        "preview": "large",
        "preview_above": True,
        "preview_of": "https://example.org/",
    }
    post = replace(channel_post(CHANNEL, "Hello"), settings=settings)
    receipt = publish(connection, post)
    sent = json.loads(vendor.requests[-1].content)
    assert sent["disable_notification"] is True
    assert sent["protect_content"] is True
    preview = {
        "url": "https://example.org/",
        "prefer_large_media": True,
        "show_above_text": True,
    }
    assert sent["link_preview_options"] == preview
    connection.edit(
        receipt, replace(channel_post(CHANNEL, "Bye"), settings=settings), 0
    )
    changed = json.loads(vendor.requests[-1].content)
    assert changed["link_preview_options"] == preview
    assert "disable_notification" not in changed


def test_no_preview_is_one_field() -> None:
    fields = options_of({"preview": "none", "preview_above": True}, "sendMessage")
    assert fields == {"link_preview_options": {"is_disabled": True}}


def test_what_a_poll_asks_is_the_parts_text_and_bounded_by_300() -> None:
    network = Telegram()
    poll = Poll(("Yes", "No"), timedelta(days=1))
    asks = part("سؤال " * 61 + "?", poll=poll)
    limits = network.capabilities.limits_of(asks)
    assert network.fits(asks.text, limits[:1])
    assert not network.fits(asks.text, limits)
    assert network.fits(asks.text, network.capabilities.limits_of(part("No poll")))


def test_a_question_that_is_too_long_is_refused(connection: BotConnection) -> None:
    poll = Poll(("Yes", "No"), timedelta(days=1))
    with pytest.raises(Rejected, match="300"):
        _publish(connection, part("a" * 301, poll=poll))


def test_a_link_over_words_is_written_out_in_a_question(
    connection: BotConnection, vendor: TelegramVendor
) -> None:
    words = RichText("Tea or that?", (Span(7, 11, SpanKind.LINK, "https://e.org/"),))
    poll = Poll(("Tea", "That"), timedelta(days=1))
    _publish(connection, Part(words, poll=poll))
    assert vendor.live()[0].text == "Tea or that (https://e.org/)?"


def test_a_live_poll_stays_and_is_not_changed(connection: BotConnection) -> None:
    poll = Poll(("Yes", "No"), timedelta(days=1), multiple=True, hide_totals=True)
    receipt = _publish(connection, part("Well?", poll=poll))
    same = channel_post(CHANNEL, part("Well?", poll=poll))
    assert connection.edit(receipt, same, 0) == receipt
    post = channel_post(CHANNEL, part("Well then?", poll=poll))
    with pytest.raises(Rejected, match="poll"):
        connection.edit(receipt, post, 0)


def test_answers_are_of_the_form_that_the_api_describes(
    connection: BotConnection, vendor: TelegramVendor
) -> None:
    description(TelegramVendor.described)  # skips where there is none
    receipt = _publish(connection, "Hello")
    connection.whoami()
    connection.followers()
    connection.withdraw(receipt)
    connection.withdraw(receipt)
    _publish(connection, part("Well?", poll=Poll(("a", "b"), timedelta(days=1))))
    assert vendor.answers
    assert list(vendor.answer_faults()) == []
