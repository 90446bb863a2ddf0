"""Slack, as bot and as webhook, against a stand-in that its description watches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from smmflow.clock import SystemClock
from smmflow.credentials import Credentials
from smmflow.errors import (
    ConfigurationError,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    Unreachable,
    Unsupported,
    UsageError,
)
from smmflow.model.channel import Channel
from smmflow.model.publication import Pending, Receipt
from smmflow.networks.interface import Among, Connection, Network, Thread
from smmflow.networks.slack import Slack, SlackWebhook
from smmflow.testing import channel_post, key_of, part, picture_file
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import Say, publish
from smmflow.testing.samples import DUE, rich
from smmflow.testing.transports import Failing
from tests.networks.descriptions import Definitions
from tests.vendors.slack import (
    CHANNEL,
    HOOK,
    HOOK_TOKEN,
    SCOPES,
    TEAM,
    WEBHOOK_URL,
    WORKSPACE,
    parent_of,
    spoken,
)
from tests.vendors.slack import Slack as Vendor
from tests.vendors.vendor import Account

DESCRIPTION = "slack/slack.types.schema.json"


@cache
def _description() -> Definitions | None:
    try:
        return Definitions(DESCRIPTION)
    except pytest.skip.Exception:
        return None


def _check(method: str, called: dict[str, Any]) -> list[str]:
    known = _description()
    typed = {key: _typed(key, value) for key, value in called.items()}
    return list(known.faults(f"{_name(method)}Arguments", typed)) if known else []


def _name(method: str) -> str:
    return "".join(f"{word[0].upper()}{word[1:]}" for word in method.split("."))


def _typed(key: str, value: object) -> object:
    """What a query says as the description's type has it."""
    if value in {"true", "false"} if isinstance(value, str) else False:
        return value == "true"
    return int(str(value)) if key in {"limit", "length"} else value


@pytest.fixture(autouse=True)
def vendor() -> Iterator[Vendor]:
    vendor = Vendor(_check)
    yield vendor
    assert vendor.faults == []


@dataclass
class _Hearing(httpx.BaseTransport):
    """Carries requests, and keeps what was answered by the name of the method."""

    inner: httpx.BaseTransport
    heard: list[tuple[str, Any]] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.inner.handle_request(request)
        if request.headers["host"] == "slack.com":
            self.heard.append((request.url.path.rpartition("/")[2], answer.json()))
        return answer


def test_the_stand_in_asks_for_and_answers_what_the_description_says(
    vendor: Vendor, tmp_path: Path
) -> None:
    description = Definitions(DESCRIPTION)
    hearing = _Hearing(vendor)
    bot = _connect(hearing, Vendor.bot, tmp_path)
    post = channel_post(
        CHANNEL_OF_BOT, part("Look", media=(picture_file(tmp_path),)), "Two"
    )
    first = publish(bot, post)
    vendor.say(first.id, "Well done 👍")
    vendor.react(first.id, "+1", 2)
    second = publish(bot, post, 1, Thread(first, first))
    bot.find(post, 1, key=key_of(post, 1), among=Among(DUE))
    at = SystemClock().now() + timedelta(hours=2)
    later = bot.schedule(post, 1, at=at, key=key_of(post))
    bot.scheduled(post, 1, at=at, key=key_of(post))
    assert isinstance(later, Receipt)
    bot.cancel(later)
    bot.edit(second, post, 1)
    bot.followers()
    bot.withdraw(second)
    bot.close()
    # What is within fields, the SDK's types of answers know only by examples.
    for method, answer in hearing.heard:
        known = description.fields(f"{_name(method)}Response")
        assert not known or answer.keys() <= known, method
    assert len({method for method, _ in hearing.heard}) == 13


class _Contract(NetworkContract):
    account: Account

    @pytest.fixture
    def channel(self) -> Channel:
        return self.account.channel()

    @pytest.fixture
    def network(self, channel: Channel) -> Network:
        return Slack().on(channel)

    @pytest.fixture
    def credentials(self) -> Credentials:
        return self.account.credentials()

    @pytest.fixture
    def transport(self, vendor: Vendor) -> httpx.BaseTransport:
        return vendor

    @pytest.fixture
    def say(self, vendor: Vendor) -> Say:
        return lambda receipt, words: vendor.say(receipt.id, words)


class TestBotContract(_Contract):
    account = Vendor.bot
    publishing_path = "/chat.postMessage"

    @pytest.fixture
    def look(self, vendor: Vendor) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            message = vendor.messages.get(receipt.id)
            return None if message is None else _seen(message)

        return look


class TestWebhookContract(_Contract):
    account = Vendor.webhook
    publishing_path = f"/services/{TEAM}/{HOOK}/{HOOK_TOKEN}"

    @pytest.fixture
    def look(self, vendor: Vendor) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            for message in vendor.messages.values():
                if message["blocks"][0]["block_id"] == receipt.id:
                    return _seen(message)
            return None

        return look


def _seen(message: dict[str, Any]) -> Seen:
    pictures = [e for e in message.get("blocks", []) if e["type"] == "image"]
    return Seen(
        spoken(message),
        parent_of(message),
        tuple(each["alt_text"] for each in pictures),
    )


def _connect(
    transport: httpx.BaseTransport, account: Account, root: Path
) -> Connection:
    return Slack().connect(
        account.channel(), account.credentials(), transport=transport, root=root
    )


@pytest.fixture
def bot(vendor: Vendor, tmp_path: Path) -> Iterator[Connection]:
    connection = _connect(vendor, Vendor.bot, tmp_path)
    yield connection
    connection.close()


@pytest.fixture
def webhook(vendor: Vendor, tmp_path: Path) -> Iterator[Connection]:
    connection = _connect(vendor, Vendor.webhook, tmp_path)
    yield connection
    connection.close()


CHANNEL_OF_BOT, CHANNEL_OF_WEBHOOK = Vendor.bot.channel(), Vendor.webhook.channel()


def test_the_bot_says_its_scopes_and_its_workspace(bot: Connection) -> None:
    me = bot.whoami()
    assert me.scopes == frozenset(SCOPES.split(","))
    assert me.scopes == Slack.scopes
    assert (me.name, me.url) == ("herald in Herald", WORKSPACE)


def test_nobody_is_called_unless_the_post_says_so(
    vendor: Vendor, bot: Connection
) -> None:
    post = channel_post(CHANNEL_OF_BOT, "<!channel> and <@U0MASON12>, news")
    publish(bot, post)
    publish(bot, replace(post, settings={"everyone": True}, post="loud"))
    quiet, loud = vendor.messages.values()
    person = {"type": "user", "user_id": "U0MASON12"}
    assert quiet["blocks"][0]["elements"][0]["elements"] == [
        {"type": "text", "text": "<!channel> and "},
        person,
        {"type": "text", "text": ", news"},
    ]
    assert loud["blocks"][0]["elements"][0]["elements"] == [
        {"type": "broadcast", "range": "channel"},
        {"type": "text", "text": " and "},
        person,
        {"type": "text", "text": ", news"},
    ]
    assert quiet["text"].startswith("&lt;!channel&gt;")


def test_previews_are_switched_off_by_the_post(vendor: Vendor, bot: Connection) -> None:
    post = channel_post(CHANNEL_OF_BOT, "https://example.org")
    publish(bot, replace(post, settings={"previews": False}))
    sent = json.loads(vendor.requests[-1].content)
    assert (sent["unfurl_links"], sent["unfurl_media"]) == (False, False)


def test_a_message_waits_until_slack_has_looked_at_its_pictures(
    vendor: Vendor, bot: Connection, tmp_path: Path
) -> None:
    picture = picture_file(tmp_path)
    post = channel_post(CHANNEL_OF_BOT, part("Look", media=(picture,)))
    pending = bot.publish(post, 0, after=None, key=key_of(post))
    assert isinstance(pending, Pending)
    assert vendor.messages == {}
    receipt = bot.resume(pending)
    assert isinstance(receipt, Receipt)
    (file,) = vendor.files
    assert vendor.files[file] == (tmp_path / "picture.png").read_bytes()
    assert receipt.more == {"files": file, "sha256": picture.facts.sha256}
    found = bot.find(post, 0, key=key_of(post), among=Among(DUE))
    assert found == receipt


def test_an_edit_keeps_the_pictures_that_stay(
    vendor: Vendor, bot: Connection, tmp_path: Path
) -> None:
    picture = picture_file(tmp_path)
    post = channel_post(CHANNEL_OF_BOT, part("Teh look", media=(picture,)))
    receipt = publish(bot, post)
    better = channel_post(CHANNEL_OF_BOT, part("The look", media=(picture,)))
    assert bot.edit(receipt, better, 0) == receipt
    assert len(vendor.files) == 1
    other = picture_file(tmp_path, "other.png", side=9)
    new = channel_post(CHANNEL_OF_BOT, part("The look", media=(other,)))
    with pytest.raises(Rejected, match=r"other\.png"):
        bot.edit(receipt, new, 0)
    assert spoken(vendor.messages[receipt.id]) == "The look"


def test_a_later_part_is_found_below_the_first_although_that_is_older(
    vendor: Vendor, bot: Connection
) -> None:
    post = channel_post(CHANNEL_OF_BOT, "One", "Two", "Three")
    first = publish(bot, post)
    second = publish(bot, post, 1, Thread(first, first))
    third = publish(bot, post, 2, Thread(first, second))
    assert third.more == {"thread": first.id}
    among = Among(third.at, frozenset({first.id, second.id}))
    assert bot.find(post, 2, key=key_of(post, 2), among=among) == third
    vendor.messages.pop(third.id)
    assert bot.find(post, 2, key=key_of(post, 2), among=among) is None


def test_a_later_part_is_in_doubt_where_the_first_can_not_be_seen(
    vendor: Vendor, bot: Connection
) -> None:
    post = channel_post(CHANNEL_OF_BOT, "One", "Two")
    first = publish(bot, post)
    publish(bot, post, 1, Thread(first, first))
    vendor.messages.pop(first.id)
    with pytest.raises(OutcomeUnknown):
        bot.find(post, 1, key=key_of(post, 1), among=Among(DUE))


def test_the_same_words_under_another_key_are_another_message(
    bot: Connection,
) -> None:
    post = channel_post(CHANNEL_OF_BOT, "Good morning")
    publish(bot, post)
    other = replace(key_of(post), attempt=1)
    assert bot.find(post, 0, key=other, among=Among(DUE)) is None


def test_a_message_without_our_key_is_known_by_what_it_says(
    vendor: Vendor, bot: Connection
) -> None:
    post = channel_post(CHANNEL_OF_BOT, "سلام 👩‍👩‍👧 می‌خواهم https://example.org")
    receipt = publish(bot, post)
    message = vendor.messages[receipt.id]
    del message["metadata"], message["blocks"]
    assert bot.find(post, 0, key=key_of(post), among=Among(DUE)) == receipt
    message["bot_id"] = message["user"] = "somebody"
    assert bot.find(post, 0, key=key_of(post), among=Among(DUE)) is None


def test_a_message_is_found_behind_hundreds_of_others(
    vendor: Vendor, bot: Connection
) -> None:
    post = channel_post(CHANNEL_OF_BOT, "First")
    receipt = publish(bot, post)
    for number in range(450):
        publish(bot, channel_post(CHANNEL_OF_BOT, f"{number}", post=f"n{number}"))
    assert bot.find(post, 0, key=key_of(post), among=Among(DUE)) == receipt
    assert len(vendor.messages) == 451


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("token_revoked", SignInFailed),
        ("missing_scope", SignInFailed),
        ("not_in_channel", SignInFailed),
        ("ratelimited", RateLimited),
        ("msg_too_long", Rejected),
        ("invalid_blocks", Rejected),
        ("internal_error", OutcomeUnknown),
        ("fatal_error", OutcomeUnknown),
        ("service_unavailable", OutcomeUnknown),
        ("request_timeout", OutcomeUnknown),
        ("duplicate_message_not_found", OutcomeUnknown),
        ("", OutcomeUnknown),
    ],
)
def test_slacks_own_errors_say_what_may_happen_next(
    vendor: Vendor, tmp_path: Path, code: str, kind: type[NetworkError]
) -> None:
    def refuse(_: httpx.BaseTransport, __: httpx.Request) -> httpx.Response:
        said = {"ok": False, "error": code}
        return httpx.Response(200, headers={"Retry-After": "30"}, json=said)

    connection = _connect(
        Failing(vendor, "chat.postMessage", refuse), Vendor.bot, tmp_path
    )
    with pytest.raises(kind) as caught:
        publish(connection, channel_post(CHANNEL_OF_BOT, "Hello"))
    if isinstance(caught.value, RateLimited):
        assert caught.value.retry_after == 30
    connection.close()


@pytest.mark.parametrize("said", [{"ok": True}, {"ok": True, "ts": 1}, {}, []])
def test_success_without_a_name_leaves_the_outcome_unknown(
    vendor: Vendor, tmp_path: Path, said: object
) -> None:
    def silent(_: httpx.BaseTransport, __: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=said)

    connection = _connect(
        Failing(vendor, "chat.postMessage", silent), Vendor.bot, tmp_path
    )
    with pytest.raises(OutcomeUnknown):
        publish(connection, channel_post(CHANNEL_OF_BOT, "Hello"))
    connection.close()


def test_what_waits_keeps_its_pictures_and_its_words_when_it_is_moved(
    vendor: Vendor, bot: Connection, tmp_path: Path
) -> None:
    at = SystemClock().now().replace(microsecond=0) + timedelta(hours=2)
    picture = picture_file(tmp_path)
    post = channel_post(CHANNEL_OF_BOT, part("Later 👍", media=(picture,)))
    pending = bot.schedule(post, 0, at=at, key=key_of(post))
    assert isinstance(pending, Pending)
    receipt = bot.resume(pending)
    assert isinstance(receipt, Receipt)
    assert receipt.at == at
    before = dict(next(iter(vendor.later.values())))
    moved = bot.reschedule(receipt, at=at + timedelta(hours=1))
    (after,) = vendor.later.values()
    assert after == {**before, "post_at": before["post_at"] + 3600}
    assert bot.scheduled(post, 0, at=moved.at, key=key_of(post)) is not None
    vendor.send_due()
    found = bot.find(post, 0, key=key_of(post), among=Among(DUE))
    assert found is not None
    assert bot.cancel(moved) is False


def test_a_picture_without_words_is_recognised_while_it_waits(
    bot: Connection, tmp_path: Path
) -> None:
    at = SystemClock().now() + timedelta(hours=2)
    post = channel_post(CHANNEL_OF_BOT, part("", media=(picture_file(tmp_path),)))
    pending = bot.schedule(post, 0, at=at, key=key_of(post))
    assert isinstance(pending, Pending)
    receipt = bot.resume(pending)
    found = bot.scheduled(post, 0, at=at, key=key_of(post))
    assert isinstance(receipt, Receipt)
    assert found is not None
    assert found.id == receipt.id


def test_what_does_not_wait_any_more_is_not_handed_over_twice(
    vendor: Vendor, bot: Connection
) -> None:
    at = SystemClock().now() + timedelta(hours=2)
    post = channel_post(CHANNEL_OF_BOT, "Later")
    receipt = bot.schedule(post, 0, at=at, key=key_of(post))
    assert isinstance(receipt, Receipt)
    vendor.send_due()
    with pytest.raises(Rejected, match="wait"):
        bot.reschedule(receipt, at=at + timedelta(hours=1))
    assert vendor.later == {}


def test_of_what_waits_and_was_only_found_nothing_is_moved(bot: Connection) -> None:
    at = SystemClock().now() + timedelta(hours=2)
    post = channel_post(CHANNEL_OF_BOT, "Later")
    bot.schedule(post, 0, at=at, key=key_of(post))
    found = bot.scheduled(post, 0, at=at, key=key_of(post))
    assert found is not None
    with pytest.raises(Rejected, match="does not show"):
        bot.reschedule(found, at=at + timedelta(hours=1))
    assert bot.cancel(found) is True


def test_of_our_own_further_parts_one_is_counted_among_the_replies(
    vendor: Vendor, bot: Connection
) -> None:
    post = channel_post(CHANNEL_OF_BOT, "One", "Two", "Three")
    first = publish(bot, post)
    second = publish(bot, post, 1, Thread(first, first))
    publish(bot, post, 2, Thread(first, second))
    vendor.say(first.id, "Well done")
    vendor.say(first.id, "Indeed")
    vendor.react(first.id, "+1", 3)
    vendor.react(second.id, "tada", 1)
    assert bot.measure([first, second]) == {
        first.id: {"reactions": 3, "replies": 3},
        second.id: {"reactions": 1, "replies": None},
    }


def test_our_own_answers_are_no_replies(vendor: Vendor, bot: Connection) -> None:
    receipt = publish(bot, channel_post(CHANNEL_OF_BOT, "Questions?"))
    vendor.say(receipt.id, "How much?")
    (message,) = bot.messages([receipt], after="").messages
    bot.reply(message, rich("Nothing"), key="a1")
    assert bot.measure([receipt]) == {receipt.id: {"reactions": 0, "replies": 1}}


def test_what_is_said_below_several_posts_comes_in_order_and_with_names(
    vendor: Vendor, bot: Connection
) -> None:
    one = publish(bot, channel_post(CHANNEL_OF_BOT, "One"))
    two = publish(bot, channel_post(CHANNEL_OF_BOT, "Two", post="two"))
    said = [vendor.say(each.id, "Hm") for each in (two, one, two)]
    read = bot.messages([one, two], after="")
    assert [each.id for each in read.messages] == said
    assert {each.author.name for each in read.messages} == {"Mason"}
    assert read.messages[0].url.endswith(f"?thread_ts={two.id}&cid={CHANNEL}")


def test_a_long_thread_is_read_page_by_page_and_nothing_is_lost(
    vendor: Vendor, bot: Connection
) -> None:
    one = publish(bot, channel_post(CHANNEL_OF_BOT, "One"))
    two = publish(bot, channel_post(CHANNEL_OF_BOT, "Two", post="two"))
    said = [vendor.say(one.id, f"{number}") for number in range(250)]
    said.append(vendor.say(two.id, "At the end"))
    said.insert(0, "")
    read = bot.messages([one, two], after="")
    assert read.more is True
    rest = bot.messages([one, two], after=read.cursor)
    assert [each.id for each in (*read.messages, *rest.messages)] == said[1:]
    assert rest.more is False


@pytest.mark.parametrize(
    "url",
    [
        f"{WORKSPACE}archives/C0ELSEWHERE/p1503435956000247",
        f"https://other.slack.com/archives/{CHANNEL}/p1503435956000247",
        f"{WORKSPACE}archives/{CHANNEL}",
        "https://[",
    ],
)
def test_only_links_to_the_channel_itself_are_adopted(
    bot: Connection, url: str
) -> None:
    with pytest.raises(UsageError):
        bot.adopt(url)


def test_a_reply_is_adopted_by_its_link_and_somebodys_is_not(
    vendor: Vendor, bot: Connection
) -> None:
    post = channel_post(CHANNEL_OF_BOT, "One", "Two")
    first = publish(bot, post)
    second = publish(bot, post, 1, Thread(first, first))
    assert bot.adopt(second.url) == second
    said = vendor.say(first.id, "Mine")
    theirs = second.url.replace(second.id.replace(".", ""), said.replace(".", ""))
    with pytest.raises(UsageError, match="bot"):
        bot.adopt(theirs)


def test_a_webhook_can_do_nothing_but_post(vendor: Vendor, webhook: Connection) -> None:
    post = channel_post(CHANNEL_OF_WEBHOOK, "Hello")
    receipt = publish(webhook, post)
    assert receipt.url == ""
    assert webhook.words(receipt) is None
    with pytest.raises(Unsupported):
        webhook.find(post, 0, key=key_of(post), among=Among(DUE))
    assert len(vendor.messages) == 1


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (200, "", OutcomeUnknown),
        (200, "not ok", OutcomeUnknown),
        (400, "invalid_payload", Rejected),
        (403, "invalid_token", SignInFailed),
        (404, "no_service", SignInFailed),
        (410, "channel_is_archived", SignInFailed),
        (429, "rate_limited", RateLimited),
        (500, "rollup_error", OutcomeUnknown),
    ],
)
def test_a_webhooks_answers_say_what_may_happen_next(
    vendor: Vendor, tmp_path: Path, status: int, said: str, kind: type[NetworkError]
) -> None:
    def answer(_: httpx.BaseTransport, __: httpx.Request) -> httpx.Response:
        return httpx.Response(status, text=f"{said} {HOOK_TOKEN}".strip())

    connection = _connect(Failing(vendor, "", answer), Vendor.webhook, tmp_path)
    with pytest.raises(kind) as caught:
        publish(connection, channel_post(CHANNEL_OF_WEBHOOK, "Hello"))
    assert HOOK_TOKEN not in str(caught.value)
    assert WEBHOOK_URL not in str(caught.value)
    connection.close()


def test_a_channel_needs_a_webhook_or_a_token_and_where() -> None:
    channel = Channel("there", "slack", secrets={"token": "TOKEN"})
    with pytest.raises(ConfigurationError, match="channel_id"):
        Slack().connect(channel, Credentials({"TOKEN": "x"}))


def test_the_secret_decides_what_can_be_done() -> None:
    assert isinstance(Slack().on(CHANNEL_OF_WEBHOOK), SlackWebhook)
    assert type(Slack().on(CHANNEL_OF_BOT)) is Slack


def test_answers_carry_the_message_they_answer(vendor: Vendor, bot: Connection) -> None:
    receipt = publish(bot, channel_post(CHANNEL_OF_BOT, "Questions?"))
    vendor.say(receipt.id, "How much?")
    (message,) = bot.messages([receipt], after="").messages
    answer = bot.reply(message, rich("Nothing"), key="a1")
    stored = vendor.messages[answer.id]
    assert stored["thread_ts"] == receipt.id
    assert stored["metadata"]["event_payload"]["answers"] == message.id


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("auth.test", {"ok": True}),
        ("auth.test", {"hello": "there"}),
        ("conversations.history", {"ok": True}),
        ("conversations.history", {"ok": True, "messages": {}}),
        ("conversations.history", {"ok": True, "messages": [], "has_more": True}),
    ],
)
def test_who_is_not_slack_never_says_that_nothing_is_there(
    vendor: Vendor, tmp_path: Path, method: str, body: object
) -> None:
    def elsewhere(inner: httpx.BaseTransport, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(method):
            return httpx.Response(200, json=body)
        return inner.handle_request(request)

    connection = _connect(Failing(vendor, "", elsewhere), Vendor.bot, tmp_path)
    post = channel_post(CHANNEL_OF_BOT, "Hello")
    there = _connect(vendor, Vendor.bot, tmp_path)
    publish(there, post)
    there.close()
    with pytest.raises((OutcomeUnknown, Unreachable)):
        connection.find(post, 0, key=key_of(post), among=Among(DUE))
    connection.close()


@pytest.mark.parametrize(
    "metadata", [None, {}, {"event_type": "", "event_payload": {}}]
)
def test_a_message_that_lost_its_metadata_is_known_by_what_it_says(
    vendor: Vendor, bot: Connection, metadata: object
) -> None:
    post = channel_post(CHANNEL_OF_BOT, "One")
    receipt = publish(bot, post)
    vendor.messages[receipt.id]["metadata"] = metadata
    found = bot.find(post, 0, key=key_of(post), among=Among(DUE))
    assert found is not None
    assert found.id == receipt.id
    assert (
        bot.find(post, 0, key=key_of(post), among=Among(DUE, frozenset({receipt.id})))
        is None
    )


def test_an_answer_of_ours_is_no_part_although_it_says_the_same(
    vendor: Vendor, bot: Connection
) -> None:
    post = channel_post(CHANNEL_OF_BOT, "One", "Two")
    first = publish(bot, post)
    vendor.say(first.id, "And now?")
    (message,) = bot.messages([first], after="").messages
    bot.reply(message, rich("Two"), key="a1")
    assert bot.find(post, 1, key=key_of(post, 1), among=Among(DUE)) is None


def test_a_picture_that_slack_does_not_know_yet_is_tried_again(
    vendor: Vendor, tmp_path: Path
) -> None:
    def early(_: httpx.BaseTransport, __: httpx.Request) -> httpx.Response:
        words = "[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"
        said = {"ok": False, "error": "invalid_blocks"}
        further = {"response_metadata": {"messages": [words]}}
        return httpx.Response(200, json={**said, **further})

    broken = Failing(vendor, "chat.postMessage", early)
    connection = _connect(broken, Vendor.bot, tmp_path)
    post = channel_post(CHANNEL_OF_BOT, part("Look", media=(picture_file(tmp_path),)))
    with pytest.raises(Unreachable, match="at work"):
        publish(connection, post)
    connection.close()
