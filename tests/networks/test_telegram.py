"""Telegram, against a Bot API server in memory that knows its own description."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from smmflow.credentials import Credentials
from smmflow.model.channel import Channel
from smmflow.model.publication import Receipt
from smmflow.networks.interface import Network
from smmflow.networks.telegram import Telegram
from smmflow.networks.telegram.connection import BotConnection
from smmflow.testing.contract import Look, NetworkContract, Seen
from tests.vendors.telegram import TelegramVendor

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
