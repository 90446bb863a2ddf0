"""A network with one fault per ability, to show that the contract suite finds them.

Not collected by name: `test_contract_suite.py` runs it and counts what fails.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from smmflow.credentials import Credentials
from smmflow.errors import NetworkError, Rejected
from smmflow.model.capabilities import Support
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.publication import Receipt
from smmflow.networks.http import Http
from smmflow.networks.interface import Among, Thread
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.fake import Fake, FakeConnection, FakeServer


class FaultyConnection(FakeConnection):
    """Forgets threads, edits nothing, adopts anything, and talks about its token."""

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt:
        del after
        try:
            return super().publish(post, part, after=None, key=key)
        except NetworkError as error:
            raise Rejected(f"{self._token.reveal()}: {error.message}") from error

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        del post, part, key, among
        return None

    def adopt(self, url: str) -> Receipt:
        return Receipt(url, url, datetime(2026, 1, 1, tzinfo=UTC))

    def edit(self, receipt: Receipt, post: ChannelPost, part: int) -> Receipt:
        del post, part
        return receipt

    def withdraw(self, receipt: Receipt) -> None:
        pass

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        return {each.id: {"hearts": 0} for each in receipts}


class Faulty(Fake):
    """Declares a limit that is not its server's, and followers it can't count."""

    capabilities = replace(
        Fake.capabilities,
        text=replace(Fake.capabilities.text, maximum=500),
        followers=Support.UNSUPPORTED,
    )

    def __init__(self) -> None:
        super().__init__(FakeServer(idempotent=False))

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> FakeConnection:
        del root
        token = credentials.secret(channel.secrets["token"], channel=channel.name)
        http = Http("https://fake.example", "Fake", transport=transport or self.server)
        connection = FaultyConnection(http, token)
        connection._http.exchange("GET", "/me", repeatable=True, token=token)  # noqa: SLF001 - a fault on purpose
        return connection


class TestFaulty(NetworkContract):
    publishing_path = "/posts"

    @pytest.fixture
    def network(self) -> Faulty:
        return Faulty()

    @pytest.fixture
    def channel(self) -> Channel:
        return Channel("faulty", "faulty", secrets={"token": "FAULTY_TOKEN"})

    @pytest.fixture
    def credentials(self) -> Credentials:
        return Credentials({"FAULTY_TOKEN": "correct"})

    @pytest.fixture
    def transport(self, network: Faulty) -> httpx.BaseTransport:
        return network.server

    @pytest.fixture
    def look(self, network: Faulty) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            posts = {each.id: each for each in network.server.posts}
            found = posts.get(receipt.id)
            return Seen(found.text, found.parent) if found else None

        return look
