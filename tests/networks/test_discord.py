"""Discord, as bot and as webhook, against a stand-in that its description watches."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import httpx
import pytest

from smmflow.credentials import Credentials
from smmflow.model.channel import Channel
from smmflow.model.publication import Receipt
from smmflow.networks.discord import Discord
from smmflow.networks.discord.markup import shown
from smmflow.networks.interface import Network
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import Say
from tests.networks.descriptions import OpenApi
from tests.vendors.discord import (
    CHANNEL,
    WEBHOOK,
    WEBHOOK_TOKEN,
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


def test_requests_are_held_against_the_description() -> None:
    OpenApi("discord/discord.trimmed.json")


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
    def transport(self, vendor: Vendor) -> httpx.BaseTransport:  # type: ignore[override]  # closes nothing
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
