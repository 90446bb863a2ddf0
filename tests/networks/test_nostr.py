"""Nostr, on a real relay; relays that break stand before it."""

from __future__ import annotations

import hashlib
import itertools
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.client import connect as connect_websocket
from websockets.sync.server import ServerConnection, serve

from smmflow.credentials import Credentials, Secret
from smmflow.errors import OutcomeUnknown, SignInFailed
from smmflow.model.capabilities import Limit, Unit
from smmflow.model.channel import Channel
from smmflow.model.publication import Receipt
from smmflow.networks.interface import Among, Network
from smmflow.networks.nostr import Nostr, NostrArticles
from smmflow.networks.nostr.connection import NostrConnection
from smmflow.networks.nostr.event import Event, Kind, signed
from smmflow.networks.nostr.keys import Signer, decoded, encoded
from smmflow.testing import channel_post, key_of, part, picture_file
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import Broken, Say
from smmflow.testing.samples import DUE
from smmflow.testing.transports import Fault, dead, lost_answer, page, too_many
from tests.networks.descriptions import description, faults_of
from tests.servers.nostr import NostrRelay
from tests.servers.processes import LOOPBACK, free_port

_KEYS = (f"{number:064x}" for number in itertools.count(1_000_003))
_SECONDS = itertools.count(int(DUE.timestamp()) + 100)
BLOSSOM = "https://blossom.example"


def blossom(request: httpx.Request) -> httpx.Response:
    """A host of files, which gives each the address that its bytes decide."""
    assert request.headers["authorization"].startswith("Nostr ")
    digest = hashlib.sha256(request.read()).hexdigest()
    answer = {"url": f"{BLOSSOM}/{digest}.png", "sha256": digest}
    return httpx.Response(200, json=answer)


@pytest.fixture
def secret() -> str:
    """A key that no other test has."""
    return next(_KEYS)


def _channel(relay: NostrRelay) -> Channel:
    settings = {"relays": [relay.url], "media_host": BLOSSOM}
    return Channel("nostr", "nostr", settings=settings, secrets={"key": "NOSTR_KEY"})


@pytest.fixture
def channel(nostr_relay: NostrRelay) -> Channel:
    return _channel(nostr_relay)


@pytest.fixture
def connection(
    channel: Channel, secret: str, tmp_path: Path
) -> Iterator[NostrConnection]:
    connection = Nostr().connect(
        channel,
        Credentials({"NOSTR_KEY": secret}),
        transport=httpx.MockTransport(blossom),
        root=tmp_path,
    )
    yield connection
    connection.close()


class NostrContract(NetworkContract):
    publishing_path = "EVENT"
    asked_wait = None

    @pytest.fixture
    def channel(self, nostr_relay: NostrRelay) -> Channel:
        return _channel(nostr_relay)

    @pytest.fixture
    def credentials(self, secret: str) -> Credentials:
        return Credentials({"NOSTR_KEY": secret})

    @pytest.fixture
    def transport(self) -> httpx.BaseTransport:
        return httpx.MockTransport(blossom)

    @pytest.fixture
    def look(self, nostr_relay: NostrRelay) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            name = receipt.more.get("event", receipt.id)
            found = nostr_relay.ask(ids=[name])
            if not found:
                return None
            event = Event.of_json(found[0])
            assert event is not None
            files = [each for each in event.tags if each[0] == "imeta"]
            shown = [word[4:] for each in files for word in each if word[:4] == "alt "]
            words = [w for w in event.content.split() if BLOSSOM not in w]
            return Seen(" ".join(words), event.parent, tuple(shown))

        return look

    @pytest.fixture
    def say(self, nostr_relay: NostrRelay, credentials: Credentials) -> Say:
        us = Signer(credentials.secret("NOSTR_KEY", channel="nostr")).public
        other = Signer(Secret(next(_KEYS)))

        def say(receipt: Receipt, words: str) -> str:
            tags = (("e", receipt.id, "", "root"), ("p", us))
            at = datetime.fromtimestamp(next(_SECONDS), UTC)
            event = signed(other, Kind.NOTE, words, tags=tags, at=at)
            assert nostr_relay.tell(event.as_json())[2] is True
            return event.id

        return say

    @pytest.fixture
    def broken(
        self,
        network: Network,
        channel: Channel,
        credentials: Credentials,
        tmp_path: Path,
        nostr_relay: NostrRelay,
    ) -> Iterator[Broken]:
        ended: list[Callable[[], None]] = []

        def broken(fault: Fault, path: str) -> NostrConnection:
            url, end = _broken_relay(fault, nostr_relay.url, at_once=not path)
            ended.append(end)
            there = replace(channel, settings={**channel.settings, "relays": [url]})
            connection = network.connect(there, credentials, root=tmp_path)
            assert isinstance(connection, NostrConnection)
            ended.append(connection.close)
            return connection

        yield broken
        for end in reversed(ended):
            end()


class TestNotes(NostrContract):
    @pytest.fixture
    def network(self) -> Network:
        return Nostr()


class TestArticles(NostrContract):
    @pytest.fixture
    def network(self) -> Network:
        return NostrArticles()


def _broken_relay(
    fault: Fault, there: str, *, at_once: bool
) -> tuple[str, Callable[[], None]]:
    """A relay that breaks as HTTP servers do in the other networks' contracts."""
    if fault is dead:
        return f"ws://{LOOPBACK}:{free_port()}", lambda: None

    def hang_up(connection: ServerConnection, request: Request) -> Response | None:
        del request
        shows_page = fault is page and at_once
        return connection.respond(200, "<!doctype html>") if shows_page else None

    def answer(connection: ServerConnection) -> None:
        try:
            message = json.loads(connection.recv())
        except ConnectionClosed:
            return
        if fault is too_many:
            name = message[1]["id"]
            connection.send(json.dumps(["OK", name, False, "rate-limited: slow down"]))
        elif fault is page:
            connection.send("<!doctype html>")
        elif fault is lost_answer:
            with connect_websocket(there, close_timeout=1) as relay:
                relay.send(json.dumps(message))
                relay.recv(timeout=10)

    server = serve(answer, LOOPBACK, 0, process_request=hang_up)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.socket.getsockname()[1]
    return f"ws://{LOOPBACK}:{port}", server.shutdown


def _sent(connection: NostrConnection, text: str) -> Receipt:
    post = channel_post(Channel("nostr", "nostr"), text)
    return connection.publish(post, 0, after=None, key=key_of(post))


def test_topics_names_and_files_are_said_in_tags(
    connection: NostrConnection,
    channel: Channel,
    nostr_relay: NostrRelay,
    tmp_path: Path,
) -> None:
    friend = Signer(Secret(next(_KEYS))).public
    text = f"سلام nostr:{encoded('npub', friend)} #می‌خواهم #Git"
    shows = part(text, media=(picture_file(tmp_path, alt="یک مربع"),))
    post = channel_post(channel, shows)
    receipt = connection.publish(post, 0, after=None, key=key_of(post))
    [event] = nostr_relay.ask(ids=[receipt.id])
    tags = {each[0]: each[1:] for each in event["tags"]}
    assert [each[1] for each in event["tags"] if each[0] == "t"] == ["می‌خواهم", "git"]
    assert tags["p"] == [friend]
    assert "alt یک مربع" in tags["imeta"]
    assert "dim 8x8" in tags["imeta"]
    assert event["content"].endswith(".png")


def test_a_warning_is_sent_with_every_part_and_with_an_edit(
    connection: NostrConnection, channel: Channel, secret: str, nostr_relay: NostrRelay
) -> None:
    post = channel_post(channel, "پایان فیلم", content_warning="لو می‌رود")
    receipt = connection.publish(post, 0, after=None, key=key_of(post))
    [note] = nostr_relay.ask(ids=[receipt.id])
    assert ["content-warning", "لو می‌رود"] in note["tags"]
    articles = NostrArticles().connect(channel, Credentials({"NOSTR_KEY": secret}))
    first = articles.publish(post, 0, after=None, key=key_of(post))
    edited = articles.edit(first, replace(post, content_warning="The end"), 0)
    [article] = nostr_relay.ask(ids=[edited.more["event"]])
    assert ["content-warning", "The end"] in article["tags"]
    articles.close()


def test_without_a_host_for_files_none_are_taken(channel: Channel) -> None:
    bare = replace(channel, settings={"relays": ["wss://relay.example"]})
    assert Nostr().on(bare).capabilities.max_media == 0
    assert Nostr().on(channel).capabilities.max_media == 4
    assert Nostr().capabilities.max_media == 4


def test_one_relay_that_keeps_it_is_enough(
    channel: Channel, secret: str, nostr_relay: NostrRelay
) -> None:
    relays = [f"ws://{LOOPBACK}:{free_port()}", nostr_relay.url]
    both = replace(channel, settings={"relays": relays})
    connection = Nostr().connect(both, Credentials({"NOSTR_KEY": secret}))
    receipt = _sent(connection, "Hello, one of you")
    assert nostr_relay.ask(ids=[receipt.id])
    assert connection.words(receipt) == "Hello, one of you"
    connection.close()


def test_what_only_a_relay_that_is_away_may_have_is_not_known_to_be_missing(
    channel: Channel, secret: str, nostr_relay: NostrRelay
) -> None:
    relays = [f"ws://{LOOPBACK}:{free_port()}", nostr_relay.url]
    both = replace(channel, settings={"relays": relays})
    connection = Nostr().connect(both, Credentials({"NOSTR_KEY": secret}))
    post = channel_post(channel, "Is it there?")
    among = Among(datetime.now(UTC))
    with pytest.raises(OutcomeUnknown, match="a relay may have it"):
        connection.find(post, 0, key=key_of(post), among=among)
    receipt = connection.publish(post, 0, after=None, key=key_of(post))
    assert connection.find(post, 0, key=key_of(post), among=among) == receipt
    connection.close()


def test_an_unknown_outcome_outweighs_a_refusal(
    channel: Channel, secret: str, nostr_relay: NostrRelay
) -> None:
    deaf, end = _broken_relay(lost_answer, nostr_relay.url, at_once=False)
    relays = [f"ws://{LOOPBACK}:{free_port()}", deaf]
    both = replace(channel, settings={"relays": relays})
    connection = Nostr().connect(both, Credentials({"NOSTR_KEY": secret}))
    with pytest.raises(OutcomeUnknown):
        _sent(connection, "Did any of you hear me?")
    connection.close()
    end()


def test_reactions_and_reposts_of_others_are_counted_once_each(
    connection: NostrConnection, nostr_relay: NostrRelay
) -> None:
    receipt = _sent(connection, "Count me")
    for kind, content in (
        (Kind.REACTION, "+"),
        (Kind.REACTION, "🤙"),
        (Kind.REACTION, "-"),
        (Kind.REPOST, ""),
    ):
        other = Signer(Secret(next(_KEYS)))
        at = datetime.fromtimestamp(next(_SECONDS), UTC)
        event = signed(other, kind, content, tags=(("e", receipt.id),), at=at)
        nostr_relay.tell(event.as_json())
        later = at + timedelta(seconds=1)
        again = signed(other, kind, content, tags=(("e", receipt.id),), at=later)
        nostr_relay.tell(again.as_json())
    counters = connection.measure([receipt])[receipt.id]
    assert counters == {"likes": 2, "reposts": 1, "replies": 0}


def test_an_edited_article_replaces_the_one_before(
    channel: Channel, secret: str, nostr_relay: NostrRelay
) -> None:
    network = NostrArticles()
    connection = network.connect(channel, Credentials({"NOSTR_KEY": secret}))
    post = channel_post(channel, part("# Teh\n\n**launch**"))
    receipt = connection.publish(post, 0, after=None, key=key_of(post))
    better = channel_post(channel, part("# The\n\n**launch**"))
    edited = connection.edit(receipt, better, 0)
    assert connection.words(edited) == "# The\n\n**launch**"
    found = nostr_relay.ask(authors=[Signer(Secret(secret)).public], kinds=[30023])
    assert [each["content"] for each in found] == ["# The\n\n**launch**"]
    connection.withdraw(edited)
    assert connection.words(edited) is None
    connection.close()


def test_the_least_that_a_relay_takes_is_the_limit() -> None:
    def relay(request: httpx.Request) -> httpx.Response:
        most = {"a.example": 3000, "b.example": 500}.get(request.url.host)
        limitation = (
            {"max_content_length": most, "max_message_length": most * 4} if most else {}
        )
        return httpx.Response(200, json={"limitation": limitation})

    relays = ["wss://a.example", "wss://b.example", "wss://c.example"]
    channel = Channel(
        "nostr", "nostr", settings={"relays": relays}, secrets={"key": "KEY"}
    )
    connection = Nostr().connect(
        channel, Credentials({"KEY": next(_KEYS)}), transport=httpx.MockTransport(relay)
    )
    limits = connection.limits()
    assert limits is not None
    assert limits.capabilities.text == Limit(500, Unit.CODE_POINTS)
    assert limits.capabilities.also == (Limit(2000, Unit.UTF8),)
    assert limits.raw == {"text": 500, "message": 2000}


@pytest.mark.parametrize("key", ["nsec1wrong", "0" * 64, "npub", "", "f" * 63])
def test_what_is_no_key_does_not_sign_and_is_not_shown(key: str) -> None:
    with pytest.raises(SignInFailed) as caught:
        Signer(Secret(key))
    assert not key or key not in str(caught.value)


def test_names_of_keys_are_those_of_the_specification() -> None:
    # The examples of NIP-19.
    digits = "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e"
    name = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg"
    assert encoded("npub", digits) == name
    assert decoded(name, "npub") == digits
    assert decoded(name, "nsec") is None


@given(st.text(), st.integers(0, 2**33))
def test_an_event_is_read_back_as_it_was_written(text: str, second: int) -> None:
    signer = Signer(Secret("11" * 32))
    at = datetime.fromtimestamp(second, UTC)
    tags = (("t", text), ("e", "00" * 32, "", "root"))
    event = signed(signer, Kind.NOTE, text, tags=tags, at=at)
    assert Event.of_json(json.loads(json.dumps(event.as_json()))) == event
    forged = {**event.as_json(), "content": text + "!"}
    assert Event.of_json(forged) is None


_SCRIPTS = st.text(st.sampled_from("ab <&#@می\u200cخواهمهٔ漢字👩\u200d👧🇮🇷é\n"))


@given(_SCRIPTS)
def test_the_length_is_that_of_the_content_that_is_signed(text: str) -> None:
    channel = Channel("nostr", "nostr", settings={"relays": ["wss://relay.example"]})
    keyed = replace(channel, secrets={"key": "KEY"})
    connection = Nostr().connect(keyed, Credentials({"KEY": "11" * 32}))
    post = channel_post(keyed, text)
    event = connection.event(post, 0, after=None, key=key_of(post), at=DUE)
    counted = {
        Unit.CODE_POINTS: len(event.content),
        Unit.UTF8: len(event.content.encode()),
    }
    said = post.parts[0].text
    assert {each: Nostr().length(said, each) for each in counted} == counted


_NONSENSE = st.recursive(
    st.none() | st.text() | st.integers(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["id", "tags", "kind", "pubkey"]), inner)
    ),
)


@given(_NONSENSE)
def test_nonsense_is_no_event(value: object) -> None:
    assert Event.of_json(value) is None


def test_events_and_questions_are_as_their_schemas_say(
    connection: NostrConnection, secret: str
) -> None:
    schema = description("nostr/nip-01.note.schema.json")
    article = description("nostr/nip-23.kind-30023.schema.json")
    deletion = description("nostr/nip-09.kind-5.schema.json")
    signer = Signer(Secret(secret))
    post = channel_post(Channel("nostr", "nostr"), "سلام #git")
    nowhere = {"relays": ["ws://127.0.0.1:1"]}
    long = NostrArticles().connect(
        Channel("n", "nostr", settings=nowhere, secrets={"key": "K"}),
        Credentials({"K": secret}),
    )
    for made, by in ((connection, schema), (long, article)):
        event = made.event(post, 0, after=None, key=key_of(post), at=DUE)
        assert list(faults_of(by, event.as_json())) == []
    gone = signed(signer, Kind.DELETION, "", tags=(("e", "0" * 64), ("k", "1")), at=DUE)
    assert list(faults_of(deletion, gone.as_json())) == []
