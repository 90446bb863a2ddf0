"""Discord, as bot and as webhook, against a stand-in that its description watches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import httpx
import pytest

from smmflow.credentials import Credentials
from smmflow.errors import (
    ConfigurationError,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    Unsupported,
    UsageError,
)
from smmflow.model.channel import Channel
from smmflow.model.post import Poll
from smmflow.model.publication import Receipt
from smmflow.networks.discord import Discord, DiscordWebhook
from smmflow.networks.discord.markup import shown
from smmflow.networks.interface import Among, Connection, Network
from smmflow.testing import channel_post, key_of, part, picture_file
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import Say, publish
from smmflow.testing.samples import DUE, rich
from smmflow.testing.transports import Failing, Recording
from tests.networks.descriptions import OpenApi
from tests.vendors.discord import (
    BOT,
    BOT_TOKEN,
    CHANNEL,
    SERVER,
    WEBHOOK,
    WEBHOOK_TOKEN,
    WEBHOOK_URL,
)
from tests.vendors.discord import Discord as Vendor
from tests.vendors.vendor import Account


@cache
def _description() -> OpenApi | None:
    try:
        return OpenApi("discord/discord.trimmed.json", base="/api/v10")
    except pytest.skip.Exception:
        return None


def _check(request: httpx.Request) -> list[str]:
    known = _description()
    return list(known.faults(request)) if known else []


@pytest.fixture(autouse=True)
def vendor() -> Iterator[Vendor]:
    vendor = Vendor(_check)
    yield vendor
    assert vendor.faults == []


def test_the_stand_in_asks_for_and_answers_what_the_description_says(
    vendor: Vendor, bot: Connection, webhook: Connection, tmp_path: Path
) -> None:
    description = OpenApi("discord/discord.trimmed.json", base="/api/v10")
    poll = part("Well?", poll=Poll(("Yes", "No")))
    picture = part("Look", media=(picture_file(tmp_path),))
    first = publish(bot, channel_post(BOT_CHANNEL, picture))
    publish(bot, channel_post(BOT_CHANNEL, poll, post="poll"))
    vendor.say(first.id, "Well done")
    vendor.react(first.id, "👍", 1)
    publish(webhook, channel_post(WEBHOOK_CHANNEL, "By webhook"))
    path = f"https://discord.com/api/v10/channels/{CHANNEL}/messages"
    signed = {"Authorization": f"Bot {BOT_TOKEN}"}
    listed = httpx.Request("GET", path, headers=signed)
    answer = vendor.handle_request(listed).json()
    assert len(answer) == 4
    assert list(description.answer_faults(listed, answer)) == []


class _Contract(NetworkContract):
    account: Account

    @pytest.fixture
    def channel(self) -> Channel:
        return self.account.channel()

    @pytest.fixture
    def network(self, channel: Channel) -> Network:
        return Discord().on(channel)

    @pytest.fixture
    def credentials(self) -> Credentials:
        return self.account.credentials()

    @pytest.fixture
    def transport(self, vendor: Vendor) -> httpx.BaseTransport:
        return vendor

    @pytest.fixture
    def say(self, vendor: Vendor) -> Say:
        return lambda receipt, words: vendor.say(receipt.id, words)

    @pytest.fixture
    def look(self, vendor: Vendor) -> Look:
        return lambda receipt: _look(vendor, receipt)


class TestBotContract(_Contract):
    account = Vendor.bot
    publishing_path = f"/channels/{CHANNEL}/messages"


class TestWebhookContract(_Contract):
    account = Vendor.webhook
    publishing_path = f"/webhooks/{WEBHOOK}/{WEBHOOK_TOKEN}"


def _look(vendor: Vendor, receipt: Receipt) -> Seen | None:
    message = vendor.messages.get(receipt.id)
    if message is None:
        return None
    poll = message.get("poll", {"answers": []})
    return Seen(
        shown(message["content"]),
        message.get("message_reference", {}).get("message_id", ""),
        tuple(each.get("description", "") for each in message["attachments"]),
        tuple(each["poll_media"]["text"] for each in poll["answers"]),
    )


def _connect(vendor: httpx.BaseTransport, account: Account, root: Path) -> Connection:
    return Discord().connect(
        account.channel(), account.credentials(), transport=vendor, root=root
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


BOT_CHANNEL, WEBHOOK_CHANNEL = Vendor.bot.channel(), Vendor.webhook.channel()


def test_nobody_is_rung_unless_the_post_says_who(
    vendor: Vendor, webhook: Connection
) -> None:
    post = channel_post(WEBHOOK_CHANNEL, "@everyone <@53908232506183680>, news")
    publish(webhook, post)
    rings = replace(post, settings={"everyone": True, "users": ["53908232506183680"]})
    publish(webhook, rings)
    sent = [json.loads(each.content) for each in vendor.requests if each.content]
    assert [each["allowed_mentions"] for each in sent] == [
        {"parse": [], "replied_user": False},
        {
            "parse": ["everyone"],
            "users": ["53908232506183680"],
            "replied_user": False,
        },
    ]
    assert {each["content"] for each in sent} == {
        "@everyone <@53908232506183680>, news"
    }


def test_previews_and_sounds_are_switched_off_by_the_post(
    vendor: Vendor, bot: Connection
) -> None:
    quiet = {"previews": False, "silent": True}
    post = replace(channel_post(BOT_CHANNEL, "Quietly"), settings=quiet)
    receipt = publish(bot, post)
    assert vendor.messages[receipt.id]["flags"] == 4 | 4096


def test_a_polls_question_is_the_end_of_the_text_and_never_stands_twice(
    vendor: Vendor, bot: Connection
) -> None:
    poll = Poll(("بله", "نه"), timedelta(minutes=90), multiple=True)
    text = f"{'long ' * 80}\n\nکدام را می‌خواهید؟"
    post = channel_post(BOT_CHANNEL, part(text, poll=poll))
    receipt = publish(bot, post)
    message = vendor.messages[receipt.id]
    assert message["content"] == ("long " * 80).strip()
    assert message["poll"]["question"] == {"text": "کدام را می‌خواهید؟"}
    assert message["poll"]["allow_multiselect"] is True
    sent = json.loads(vendor.requests[-1].content)
    assert sent["poll"]["duration"] == 2
    found = bot.find(post, 0, key=replace(key_of(post), part=7), among=Among(DUE))
    assert found == receipt


def test_a_polls_question_can_not_be_changed_but_what_stands_before_it_can(
    vendor: Vendor, bot: Connection
) -> None:
    poll = Poll(("Yes", "No"))
    long = "long " * 80
    post = channel_post(BOT_CHANNEL, part(f"{long}\n\nWell?", poll=poll))
    receipt = publish(bot, post)
    other = channel_post(BOT_CHANNEL, part(f"{long}\n\nHow?", poll=poll))
    with pytest.raises(Rejected, match="poll"):
        bot.edit(receipt, other, 0)
    better = channel_post(BOT_CHANNEL, part(f"So {long}\n\nWell?", poll=poll))
    bot.edit(receipt, better, 0)
    assert vendor.messages[receipt.id]["content"].startswith("So long")


def test_a_poll_whose_question_fits_nowhere_is_refused_before_anything_is_sent(
    vendor: Vendor, bot: Connection
) -> None:
    post = channel_post(BOT_CHANNEL, part("a" * 301, poll=Poll(("Yes", "No"))))
    with pytest.raises(Rejected, match="300"):
        publish(bot, post)
    assert vendor.messages == {}


def test_files_arrive_as_they_are_and_an_edit_replaces_them(
    vendor: Vendor, webhook: Connection, tmp_path: Path
) -> None:
    first, second = (picture_file(tmp_path, f"{n}.png", side=n) for n in (8, 9))
    post = channel_post(WEBHOOK_CHANNEL, part("Look", media=(first,)))
    receipt = publish(webhook, post)
    (there,) = vendor.messages[receipt.id]["attachments"]
    assert vendor.uploads[there["id"]] == (tmp_path / "8.png").read_bytes()
    assert there["content_type"] == "image/png"
    webhook.edit(
        receipt, channel_post(WEBHOOK_CHANNEL, part("Now", media=(second,))), 0
    )
    (there,) = vendor.messages[receipt.id]["attachments"]
    assert vendor.uploads[there["id"]] == (tmp_path / "9.png").read_bytes()


def test_a_webhook_posts_into_a_thread_and_finds_its_own_way_back(
    vendor: Vendor, tmp_path: Path
) -> None:
    thread = "1020304050607080"
    account = Account("discord", {"thread_id": thread}, Vendor.webhook.secrets)
    connection = _connect(vendor, account, tmp_path)
    post = channel_post(account.channel(), "In the thread")
    receipt = publish(connection, post)
    assert receipt.url == f"https://discord.com/channels/{SERVER}/{thread}/{receipt.id}"
    assert connection.adopt(receipt.url) == receipt
    connection.edit(receipt, channel_post(account.channel(), "Changed"), 0)
    assert connection.words(receipt) == "Changed"
    connection.withdraw(receipt)
    assert vendor.messages == {}
    connection.close()


def test_a_post_opens_a_thread_of_its_own_in_a_forum(
    vendor: Vendor, webhook: Connection
) -> None:
    forum = {"thread_name": "Version 2"}
    post = replace(channel_post(WEBHOOK_CHANNEL, "It is out"), settings=forum)
    receipt = publish(webhook, post)
    thread = vendor.messages[receipt.id]["channel_id"]
    assert thread != CHANNEL
    assert receipt.more == {"channel": thread}
    webhook.withdraw(receipt)
    assert vendor.messages == {}


def test_a_bot_opens_no_threads_and_says_so_before_anything_is_sent(
    vendor: Vendor, bot: Connection
) -> None:
    forum = {"thread_name": "Version 2"}
    post = replace(channel_post(BOT_CHANNEL, "It is out"), settings=forum)
    with pytest.raises(ConfigurationError, match="thread_name"):
        publish(bot, post)
    assert vendor.messages == {}


def test_a_webhooks_address_stays_secret_whatever_goes_wrong(
    vendor: Vendor, tmp_path: Path
) -> None:
    def telling(_: httpx.BaseTransport, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"no route to {request.url}", request=request)

    broken = Failing(vendor, "", telling)
    connection = _connect(broken, Vendor.webhook, tmp_path)
    with pytest.raises(Exception, match="can't be reached") as caught:
        publish(connection, channel_post(WEBHOOK_CHANNEL, "Hello"))
    assert WEBHOOK_TOKEN not in str(caught.value)
    connection.close()


@pytest.mark.parametrize("host", ["discord.com", "ptb.discord.com", "discordapp.com"])
def test_a_webhooks_address_may_be_of_any_name_that_discord_has(
    vendor: Vendor, tmp_path: Path, host: str
) -> None:
    url = WEBHOOK_URL.replace("discord.com/api", f"{host}/api/v9")
    account = Account("discord", {}, {"webhook": url})
    connection = _connect(vendor, account, tmp_path)
    assert connection.whoami().name == "Herald"
    assert vendor.requests[0].url.host == "discord.com"
    connection.close()


def test_a_deleted_webhook_is_a_matter_of_signing_in(
    vendor: Vendor, tmp_path: Path
) -> None:
    url = WEBHOOK_URL.replace(WEBHOOK, "11111111111")
    connection = _connect(vendor, Account("discord", {}, {"webhook": url}), tmp_path)
    with pytest.raises(SignInFailed, match="Unknown Webhook"):
        publish(connection, channel_post(WEBHOOK_CHANNEL, "Hello"))
    connection.close()


def test_a_lost_answer_of_a_webhook_can_not_be_looked_up(webhook: Connection) -> None:
    post = channel_post(WEBHOOK_CHANNEL, "Did you hear me?")
    with pytest.raises(Unsupported):
        webhook.find(post, 0, key=key_of(post), among=Among(DUE))


def test_a_webhook_adopts_only_what_it_posted(
    vendor: Vendor, webhook: Connection, bot: Connection
) -> None:
    receipt = publish(webhook, channel_post(WEBHOOK_CHANNEL, "Ours"))
    assert webhook.adopt(receipt.url) == receipt
    others = publish(bot, channel_post(BOT_CHANNEL, "The bot's"))
    with pytest.raises(UsageError, match="gone"):
        webhook.adopt(others.url)
    assert len(vendor.messages) == 2


def test_a_bot_does_not_adopt_what_somebody_said(
    vendor: Vendor, bot: Connection
) -> None:
    receipt = publish(bot, channel_post(BOT_CHANNEL, "Ours"))
    said = vendor.say(receipt.id, "Theirs")
    with pytest.raises(UsageError, match="mason"):
        bot.adopt(receipt.url.replace(receipt.id, said))


@pytest.mark.parametrize("asked", [0.25, 1337])
def test_a_rate_limit_lasts_as_long_as_the_body_says(
    vendor: Vendor, tmp_path: Path, asked: float
) -> None:
    def limited(_: httpx.BaseTransport, __: httpx.Request) -> httpx.Response:
        body = {"message": "slow", "retry_after": asked, "global": False}
        return httpx.Response(429, headers={"Retry-After": "2000"}, json=body)

    connection = _connect(Failing(vendor, "", limited), Vendor.bot, tmp_path)
    with pytest.raises(RateLimited) as caught:
        publish(connection, channel_post(BOT_CHANNEL, "Hello"))
    assert caught.value.retry_after == asked
    connection.close()


@pytest.mark.parametrize("body", [{}, {"id": None}, {"id": "no number"}, []])
def test_success_without_an_id_leaves_the_outcome_unknown(
    vendor: Vendor, tmp_path: Path, body: object
) -> None:
    def silent(_: httpx.BaseTransport, __: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=body)

    broken = Failing(vendor, f"/{WEBHOOK_TOKEN}", silent)
    connection = _connect(broken, Vendor.webhook, tmp_path)
    with pytest.raises(OutcomeUnknown):
        publish(connection, channel_post(WEBHOOK_CHANNEL, "Hello"))
    connection.close()


def test_of_equal_messages_the_oldest_that_is_no_other_parts_is_found(
    vendor: Vendor, bot: Connection
) -> None:
    post = channel_post(BOT_CHANNEL, "Good morning")
    keys = [replace(key_of(post), attempt=n) for n in range(4)]
    names = [publish(bot, post, key=key).id for key in keys]
    vendor.say(names[0], "Good morning")
    among = Among(DUE, frozenset(names[:1]))
    found = bot.find(post, 0, key=replace(keys[0], attempt=9), among=among)
    assert found is not None
    assert found.id == names[1]


def test_a_message_is_found_behind_hundreds_of_others(
    vendor: Vendor, bot: Connection
) -> None:
    first = publish(bot, channel_post(BOT_CHANNEL, "First"))
    for number in range(250):
        vendor.say(first.id, f"{number}")
    post = channel_post(BOT_CHANNEL, "Last", post="last")
    receipt = publish(bot, post)
    assert bot.find(post, 0, key=key_of(post), among=Among(DUE)) == receipt


def test_nothing_is_said_of_a_channel_too_long_to_be_read(
    vendor: Vendor, bot: Connection
) -> None:
    first = publish(bot, channel_post(BOT_CHANNEL, "First"))
    for number in range(1000):
        vendor.say(first.id, f"{number}")
    post = channel_post(BOT_CHANNEL, "Never sent", post="never")
    with pytest.raises(OutcomeUnknown, match="1000"):
        bot.find(post, 0, key=key_of(post), among=Among(DUE))


def test_reactions_are_added_up(vendor: Vendor, bot: Connection) -> None:
    receipt = publish(bot, channel_post(BOT_CHANNEL, "Count me"))
    vendor.react(receipt.id, "👍", 3)
    vendor.react(receipt.id, "🔥", 2)
    assert bot.measure([receipt]) == {receipt.id: {"reactions": 5}}


def test_who_names_the_bot_elsewhere_is_read_and_everybody_else_is_not(
    vendor: Vendor, bot: Connection
) -> None:
    receipt = publish(bot, channel_post(BOT_CHANNEL, "Ours"))
    said = vendor.say(receipt.id, "Below it")
    vendor.say(said, "Among themselves")
    named = vendor.mention(f"<@{BOT}> are you there?")
    read = bot.messages([receipt], after="")
    assert [(each.id, each.kind.value, each.on) for each in read.messages] == [
        (said, "comment", receipt.id),
        (named, "mention", ""),
    ]
    assert read.more is False


def test_an_answer_is_sent_once_and_rings_who_asked(
    vendor: Vendor, tmp_path: Path
) -> None:
    recording = Recording(vendor)
    bot = _connect(recording, Vendor.bot, tmp_path)
    receipt = publish(bot, channel_post(BOT_CHANNEL, "Questions?"))
    vendor.say(receipt.id, "How much?")
    (message,) = bot.messages([receipt], after="").messages
    once = bot.reply(message, rich("Nothing"), key="a1")
    assert bot.reply(message, rich("Nothing"), key="a1") == once
    sent = json.loads(recording.requests[-1].content)
    assert sent["allowed_mentions"] == {"parse": [], "replied_user": True}
    bot.close()


def test_a_channel_needs_a_webhook_or_a_token_and_where() -> None:
    channel = Channel("there", "discord", secrets={"token": "TOKEN"})
    with pytest.raises(ConfigurationError, match="channel_id"):
        Discord().connect(channel, Credentials({"TOKEN": "x"}))


def test_the_secret_decides_what_can_be_done() -> None:
    assert isinstance(Discord().on(WEBHOOK_CHANNEL), DiscordWebhook)
    assert type(Discord().on(BOT_CHANNEL)) is Discord


@pytest.mark.parametrize("body", [{"error": "welcome"}, [{"id": "x"}], "hello"])
def test_who_is_not_discord_never_says_that_nothing_is_there(
    vendor: Vendor, tmp_path: Path, body: object
) -> None:
    def elsewhere(inner: httpx.BaseTransport, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return inner.handle_request(request)
        return httpx.Response(200, json=body)

    connection = _connect(Failing(vendor, "", elsewhere), Vendor.bot, tmp_path)
    post = channel_post(BOT_CHANNEL, "Hello")
    with pytest.raises(NetworkError):
        connection.find(post, 0, key=key_of(post), among=Among(DUE))
    connection.close()


def test_a_list_that_is_none_leaves_the_outcome_unknown(
    vendor: Vendor, tmp_path: Path
) -> None:
    def elsewhere(inner: httpx.BaseTransport, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/messages"):
            return httpx.Response(200, json={"messages": []})
        return inner.handle_request(request)

    connection = _connect(Failing(vendor, "", elsewhere), Vendor.bot, tmp_path)
    post = channel_post(BOT_CHANNEL, "Hello")
    with pytest.raises(OutcomeUnknown):
        connection.find(post, 0, key=key_of(post), among=Among(DUE))
    connection.close()


def test_an_edit_gives_previews_back(vendor: Vendor, bot: Connection) -> None:
    post = channel_post(BOT_CHANNEL, "https://example.org")
    quiet = replace(post, settings={"previews": False})
    receipt = publish(bot, quiet)
    bot.edit(receipt, post, 0)
    assert json.loads(vendor.requests[-1].content)["flags"] == 0
