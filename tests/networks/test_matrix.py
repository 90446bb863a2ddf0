"""Matrix, against Synapse in a fresh room for each test."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

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
    UsageError,
)
from smmflow.model.channel import Channel
from smmflow.model.channel_post import Part
from smmflow.model.message import MessageKind
from smmflow.model.publication import Receipt
from smmflow.model.text import RichText, Span, SpanKind
from smmflow.networks.interface import Among, Network, Thread
from smmflow.networks.matrix import Matrix
from smmflow.networks.matrix.connection import MatrixConnection
from smmflow.testing import channel_post, key_of, part, picture_file
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import Say, publish
from smmflow.testing.transports import Recording
from tests.networks import descriptions
from tests.servers.synapse import SynapseServer

EVERYWHERE = frozenset(
    {"m.mentions", "m.relates_to", "m.new_content", "dev.smmflow.key"}
)
"""What messages of every type may have, and our own."""


def _channel(server: SynapseServer, room: str) -> Channel:
    return server.account(room).channel("matrix")


@pytest.fixture
def room(synapse_server: SynapseServer) -> str:
    return synapse_server.create_room()


@pytest.fixture
def channel(synapse_server: SynapseServer, room: str) -> Channel:
    return _channel(synapse_server, room)


@pytest.fixture
def credentials(synapse_server: SynapseServer) -> Credentials:
    return synapse_server.account("").credentials()


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
        return synapse_server.account("").credentials()

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


# --- Sending --------------------------------------------------------------------------


def test_an_encrypted_room_is_refused_before_anything_is_sent(
    synapse_server: SynapseServer, credentials: Credentials
) -> None:
    room = synapse_server.create_room(encrypted=True)
    channel = _channel(synapse_server, room)
    connection = Matrix().connect(channel, credentials)
    with pytest.raises(ConfigurationError, match="encrypted"):
        publish(connection, channel_post(channel, "Plain words"))
    connection.close()
    assert synapse_server.live(room) == []


def test_a_room_is_known_by_its_alias(
    synapse_server: SynapseServer, credentials: Credentials
) -> None:
    room = synapse_server.create_room(alias="news")
    channel = _channel(synapse_server, "#news:localhost")
    connection = Matrix().connect(channel, credentials)
    receipt = publish(connection, channel_post(channel, "Hello"))
    by_alias = f"https://matrix.to/#/%23news:localhost/{receipt.id}"
    assert connection.adopt(by_alias) == replace(
        receipt, at=connection.adopt(by_alias).at
    )
    connection.close()
    assert [each.text for each in synapse_server.live(room)] == ["Hello"]


def test_an_alias_that_leads_nowhere_is_an_error_of_the_settings(
    synapse_server: SynapseServer, credentials: Credentials
) -> None:
    channel = _channel(synapse_server, "#nowhere:localhost")
    connection = Matrix().connect(channel, credentials)
    with pytest.raises(ConfigurationError, match="#nowhere:localhost"):
        publish(connection, channel_post(channel, "Hello"))
    connection.close()


def test_a_room_that_the_account_is_not_in_takes_nothing(
    synapse_server: SynapseServer, room: str
) -> None:
    stranger = synapse_server.create_account(f"stranger{room[1:9].lower()}")
    channel = _channel(synapse_server, room)
    secrets = Credentials({"TOKEN": stranger.access_token})
    connection = Matrix().connect(channel, secrets)
    with pytest.raises(SignInFailed) as caught:
        publish(connection, channel_post(channel, "Hello"))
    assert "join" in caught.value.hint
    connection.close()


def test_emphasis_links_and_mentions_arrive_as_html_and_ping_only_whom_they_name(
    synapse_server: SynapseServer,
    connection: MatrixConnection,
    channel: Channel,
    room: str,
) -> None:
    spans = (
        Span(0, 5, SpanKind.STRONG),
        Span(6, 10, SpanKind.LINK, "https://matrix.to/#/@reader:localhost"),
    )
    post = channel_post(channel, Part(RichText("Salam Sara & @room", spans)))
    content = synapse_server.event(room, publish(connection, post).id)["content"]
    assert content["formatted_body"] == (
        "<strong>Salam</strong> "
        '<a href="https://matrix.to/#/@reader:localhost">Sara</a> &amp; @room'
    )
    assert content["body"] == "Salam Sara & @room"
    assert content["m.mentions"] == {"user_ids": ["@reader:localhost"]}


def test_a_picture_arrives_with_its_caption_and_is_not_uploaded_again_by_an_edit(
    synapse_server: SynapseServer,
    connection: MatrixConnection,
    channel: Channel,
    room: str,
    tmp_path: Path,
) -> None:
    picture = picture_file(tmp_path)
    post = channel_post(channel, part("نگاه کن", media=(picture,)))
    receipt = publish(connection, post)
    content = synapse_server.event(room, receipt.id)["content"]
    assert (content["msgtype"], content["body"]) == ("m.image", "نگاه کن")
    assert content["filename"] == "picture.png"
    assert content["info"]["mimetype"] == "image/png"
    server, _, name = content["url"].removeprefix("mxc://").partition("/")
    assert server == "localhost"
    answer = httpx.get(
        f"{synapse_server.url}/_matrix/client/v1/media/download/{server}/{name}",
        headers={"Authorization": f"Bearer {synapse_server.reader.access_token}"},
        trust_env=False,
    )
    assert answer.content == (tmp_path / "picture.png").read_bytes()

    better = channel_post(channel, part("Look", media=(picture,)))
    edited = connection.edit(receipt, better, 0)
    assert edited.more == receipt.more
    assert connection.words(edited) == "Look"


def test_a_picture_without_words_has_its_description_for_a_caption(
    synapse_server: SynapseServer,
    connection: MatrixConnection,
    channel: Channel,
    room: str,
    tmp_path: Path,
) -> None:
    picture = picture_file(tmp_path, alt="یک مربع سبز")
    post = channel_post(channel, part("", media=(picture,)))
    content = synapse_server.event(room, publish(connection, post).id)["content"]
    assert content["body"] == "یک مربع سبز"


def test_the_longest_text_of_a_thread_can_still_be_edited(
    connection: MatrixConnection, channel: Channel
) -> None:
    first = publish(connection, channel_post(channel, "First"))
    long = "word " * 11_999
    post = channel_post(channel, "First", long + "one")
    second = publish(connection, post, 1, Thread(first, first))
    better = channel_post(channel, "First", long + "two")
    assert connection.words(connection.edit(second, better, 1)) == long + "two"


def test_going_back_to_older_words_is_an_edit_like_any_other(
    connection: MatrixConnection, channel: Channel
) -> None:
    receipt = publish(connection, channel_post(channel, "A"))
    for words in ("B", "A", "B"):
        receipt = connection.edit(receipt, channel_post(channel, words), 0)
        assert connection.words(receipt) == words


def test_what_was_edited_and_taken_back_is_nowhere_in_the_room(
    synapse_server: SynapseServer,
    connection: MatrixConnection,
    channel: Channel,
    room: str,
) -> None:
    receipt = publish(connection, channel_post(channel, "First secret"))
    for words in ("Second secret", "Third secret"):
        receipt = connection.edit(receipt, channel_post(channel, words), 0)
    connection.withdraw(receipt)
    path = f"/rooms/{quote(room, safe='')}/messages?dir=b&limit=100"
    assert "secret" not in json.dumps(synapse_server.call("GET", path))


def test_what_was_edited_is_still_found_by_its_key(
    connection: MatrixConnection, channel: Channel
) -> None:
    post = channel_post(channel, "Teh launch")
    receipt = publish(connection, post)
    connection.edit(receipt, channel_post(channel, "The launch"), 0)
    found = connection.find(post, 0, key=key_of(post), among=Among(receipt.at))
    assert found is not None
    assert (found.id, found.more) == (receipt.id, receipt.more)


def test_a_message_of_somebody_else_is_not_adopted(
    synapse_server: SynapseServer,
    connection: MatrixConnection,
    room: str,
) -> None:
    event = synapse_server.say(room, "Mine")
    with pytest.raises(UsageError, match="@reader:localhost"):
        connection.adopt(f"https://matrix.to/#/{room}/{event}")


# --- Talk -----------------------------------------------------------------------------


def test_reactions_and_answers_of_others_and_our_next_part_are_counted(
    synapse_server: SynapseServer,
    connection: MatrixConnection,
    channel: Channel,
    room: str,
) -> None:
    post = channel_post(channel, "One", "Two", "Three")
    first = publish(connection, post)
    second = publish(connection, post, 1, Thread(first, first))
    publish(connection, post, 2, Thread(first, second))
    synapse_server.say(room, "Yes", on=first.id)
    synapse_server.react(room, first.id, "👍")
    synapse_server.react(room, first.id, "🎉")
    assert connection.measure([first]) == {first.id: {"reactions": 2, "replies": 2}}
    assert connection.measure([second]) == {second.id: {"reactions": 0, "replies": 1}}


def test_the_room_has_as_many_followers_as_others_are_in_it(
    connection: MatrixConnection,
) -> None:
    assert connection.followers() == 1


def test_who_names_us_is_heard_and_who_talks_to_others_is_not(
    synapse_server: SynapseServer,
    connection: MatrixConnection,
    channel: Channel,
    room: str,
) -> None:
    receipt = publish(connection, channel_post(channel, "Hello"))
    synapse_server.say(room, "Nice weather")
    us = {"m.mentions": {"user_ids": [synapse_server.author.user_id]}}
    named = synapse_server.say(room, "@author: when?", more=us)
    simple = {"m.relates_to": {"m.in_reply_to": {"event_id": receipt.id}}}
    answered = synapse_server.say(room, "Hello you", more=simple)
    heard = connection.messages([], after="").messages
    assert [(each.id, each.kind, each.on) for each in heard] == [
        (named, MessageKind.MENTION, ""),
        (answered, MessageKind.REPLY, receipt.id),
    ]


def test_a_server_that_gives_no_token_at_the_end_is_read_on_from_the_last_message(
    channel: Channel, credentials: Credentials
) -> None:
    us = "@author:localhost"

    def event(number: int) -> dict[str, object]:
        mentions = {"user_ids": [us]}
        return {
            "event_id": f"${number}",
            "type": "m.room.message",
            "sender": "@reader:localhost",
            "origin_server_ts": 1_795_405_842_000 + number,
            "content": {"body": f"{number}", "m.mentions": mentions},
        }

    there = [event(1), event(2)]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/whoami"):
            return httpx.Response(200, json={"user_id": us})
        return httpx.Response(200, json={"start": "t0", "chunk": there})

    connection = Matrix().connect(
        channel, credentials, transport=httpx.MockTransport(answer)
    )
    first = connection.messages([], after="")
    there.append(event(3))
    second = connection.messages([], after=first.cursor)
    third = connection.messages([], after=second.cursor)
    read = [[each.id for each in one.messages] for one in (first, second, third)]
    assert read == [["$1", "$2"], ["$3"], []]
    assert not any(each.more for each in (first, second, third))


# --- Errors ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (413, {"errcode": "M_TOO_LARGE", "error": "event too large"}, Rejected),
        (401, {"errcode": "M_UNKNOWN_TOKEN", "error": "no such token"}, SignInFailed),
        (403, {"errcode": "M_FORBIDDEN", "error": "not in the room"}, SignInFailed),
        (500, {"errcode": "M_UNKNOWN", "error": "internal"}, OutcomeUnknown),
        (200, {}, OutcomeUnknown),
        (
            429,
            {"errcode": "M_LIMIT_EXCEEDED", "error": "slow", "retry_after_ms": 2500},
            RateLimited,
        ),
    ],
)
def test_the_servers_errors_are_of_their_kind(
    channel: Channel,
    credentials: Credentials,
    status: int,
    error: dict[str, object],
    kind: type[NetworkError],
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            return httpx.Response(status, json=error)
        if request.url.path.endswith("/whoami"):
            return httpx.Response(200, json={"user_id": "@author:localhost"})
        return httpx.Response(404, json={"errcode": "M_NOT_FOUND"})

    connection = Matrix().connect(
        channel, credentials, transport=httpx.MockTransport(answer)
    )
    with pytest.raises(kind) as caught:
        publish(connection, channel_post(channel, "Hello"))
    if isinstance(caught.value, RateLimited):
        assert caught.value.retry_after == 2.5


def test_the_homeservers_own_largest_upload_is_read(
    connection: MatrixConnection,
) -> None:
    limits = connection.limits()
    assert limits.raw == {"upload": 50 * 1024 * 1024}
    assert Matrix().limits_for({"upload": 7}).media[0].max_bytes == 7


# --- Requests -------------------------------------------------------------------------


def test_the_description_knows_every_request(
    synapse_server: SynapseServer,
    channel: Channel,
    credentials: Credentials,
    room: str,
    tmp_path: Path,
) -> None:
    api = descriptions.OpenApi("matrix/matrix.trimmed.json")
    with httpx.HTTPTransport() as transport:
        recording = Recording(transport)
        connection = Matrix().connect(
            channel, credentials, transport=recording, root=tmp_path
        )
        picture = picture_file(tmp_path)
        post = channel_post(channel, part("One", media=(picture,)), "Two")
        first = publish(connection, post)
        publish(connection, post, 1, Thread(first, first))
        connection.find(post, 0, key=key_of(post), among=Among(first.at))
        connection.adopt(first.url)
        connection.words(connection.edit(first, post, 0))
        connection.measure([first])
        connection.followers()
        connection.limits()
        connection.whoami()
        synapse_server.say(room, "Well", on=first.id)
        message = connection.messages([first], after="").messages[0]
        connection.reply(message, RichText("Thanks"), key="answer")
        connection.withdraw(first)
        connection.close()
    assert len(recording.requests) > 20
    # The description calls state without a key what we write with an empty one.
    asked = [e for e in recording.requests if not e.url.path.endswith("encryption/")]
    assert [fault for each in asked for fault in api.faults(each)] == []
    said = [
        json.loads(each.content)
        for each in asked
        if "/m.room.message/" in each.url.path
    ]
    assert {each["msgtype"] for each in said} == {"m.image", "m.text"}
    for content in said:
        for each in (content, content.get("m.new_content", content)):
            schema = f"event-schemas.schema.m.room.message_{each['msgtype']}"
            where = ("components", "schemas", schema, "properties", "content")
            assert list(api.against(where, each, besides=EVERYWHERE)) == []
