"""Matrix, against Synapse in a fresh room for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from smmflow.credentials import Credentials
from smmflow.model.channel import Channel
from smmflow.model.publication import Receipt
from smmflow.networks.interface import Network
from smmflow.networks.matrix import Matrix
from smmflow.networks.matrix.connection import MatrixConnection
from smmflow.testing import channel_post, key_of
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import Say
from tests.servers.synapse import SynapseServer


def _channel(server: SynapseServer, room: str) -> Channel:
    return Channel(
        "matrix",
        "matrix",
        settings={"homeserver": server.url, "room": room},
        secrets={"token": "MATRIX_TOKEN"},
    )


@pytest.fixture
def room(synapse_server: SynapseServer) -> str:
    return synapse_server.create_room()


@pytest.fixture
def channel(synapse_server: SynapseServer, room: str) -> Channel:
    return _channel(synapse_server, room)


@pytest.fixture
def credentials(synapse_server: SynapseServer) -> Credentials:
    return Credentials({"MATRIX_TOKEN": synapse_server.author.access_token})


@pytest.fixture
def connection(
    channel: Channel, credentials: Credentials, tmp_path: Path
) -> Iterator[MatrixConnection]:
    connection = Matrix().connect(channel, credentials, root=tmp_path)
    yield connection
    connection.close()


class TestContract(NetworkContract):
    # The key's number ends the path.
    publishing_path = key_of(channel_post(Channel("matrix", "matrix"), "")).hex

    @pytest.fixture
    def network(self) -> Network:
        return Matrix()

    @pytest.fixture
    def channel(self, synapse_server: SynapseServer, room: str) -> Channel:
        return _channel(synapse_server, room)

    @pytest.fixture
    def credentials(self, synapse_server: SynapseServer) -> Credentials:
        return Credentials({"MATRIX_TOKEN": synapse_server.author.access_token})

    @pytest.fixture
    def look(self, synapse_server: SynapseServer, room: str) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            event = synapse_server.event(room, receipt.id)
            relations = event["unsigned"].get("m.relations", {})
            content = event["content"]
            if "body" not in content:
                return None
            edit = relations.get("m.replace", {}).get("content", {})
            parent = content.get("m.relates_to", {}).get("m.in_reply_to", {})
            return Seen(
                edit.get("m.new_content", content)["body"], parent.get("event_id", "")
            )

        return look

    @pytest.fixture
    def say(self, synapse_server: SynapseServer, room: str) -> Say:
        def say(receipt: Receipt, words: str) -> str:
            return synapse_server.say(room, words, on=receipt.id)

        return say
