"""The fake network keeps the contract, so what is tested with it means something."""

import httpx
import pytest

from smmflow.credentials import Credentials
from smmflow.errors import OutcomeUnknown
from smmflow.model.channel import Channel
from smmflow.model.publication import Receipt
from smmflow.networks.interface import Among
from smmflow.testing import Fake, FakeServer, Fault, channel_post, key_of
from smmflow.testing.contract import Look, NetworkContract, Seen

CHANNEL = Channel("fake", "fake", secrets={"token": "FAKE_TOKEN"})
CREDENTIALS = Credentials({"FAKE_TOKEN": "correct"})


class TestFake(NetworkContract):
    publishing_path = "/posts"

    @pytest.fixture
    def network(self) -> Fake:
        return Fake()

    @pytest.fixture
    def channel(self) -> Channel:
        return CHANNEL

    @pytest.fixture
    def credentials(self) -> Credentials:
        return CREDENTIALS

    @pytest.fixture
    def transport(self, network: Fake) -> httpx.BaseTransport:
        return network.server

    @pytest.fixture
    def look(self, network: Fake) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            for each in network.server.posts:
                if each.id == receipt.id:
                    return Seen(each.text, each.parent)
            return None

        return look


def test_a_lost_answer_is_of_a_post_that_is_live() -> None:
    server = FakeServer(faults=[Fault.LOST_ANSWER])
    connection = Fake(server).connect(CHANNEL, CREDENTIALS)
    post = channel_post(CHANNEL, "Hello")
    with pytest.raises(OutcomeUnknown):
        connection.publish(post, 0, after=None, key=key_of(post))
    assert [each.text for each in server.posts] == ["Hello"]


def test_a_lost_request_leaves_nothing_behind() -> None:
    server = FakeServer(faults=[Fault.LOST_REQUEST])
    connection = Fake(server).connect(CHANNEL, CREDENTIALS)
    post = channel_post(CHANNEL, "Hello")
    with pytest.raises(OutcomeUnknown):
        connection.publish(post, 0, after=None, key=key_of(post))
    assert server.posts == []
    assert (
        connection.find(post, 0, key=key_of(post), among=Among(key_of(post).due))
        is None
    )
