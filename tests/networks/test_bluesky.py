"""Bluesky, against a real network: PDS and AppView."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smmflow.credentials import Credentials
from smmflow.errors import Rejected, SignInFailed, Unreachable, UsageError
from smmflow.model.channel import Channel
from smmflow.model.channel_post import Part
from smmflow.model.post import Card
from smmflow.model.publication import Receipt
from smmflow.model.text import RichText, Span, SpanKind
from smmflow.networks.bluesky import Bluesky
from smmflow.networks.bluesky.connection import BlueskyConnection
from smmflow.networks.bluesky.session import Session
from smmflow.networks.http import Http
from smmflow.networks.interface import Among, Connection, Network, Thread
from smmflow.networks.safe_fetch import SafeFetch
from smmflow.testing import channel_post, key_of, part, picture_file
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import Say
from smmflow.testing.samples import rich
from smmflow.testing.transports import Recording
from tests.networks.pictures import large_photo
from tests.servers.bluesky import Account, BlueskyNetwork, Reference
from tests.servers.processes import poll


def _channel(network: BlueskyNetwork, account: Account) -> Channel:
    return Channel(
        "bluesky",
        "bluesky",
        settings={"handle": account.handle, "service": network.url},
        secrets={"password": "BLUESKY_APP_PASSWORD"},
    )


@pytest.fixture
def channel(bluesky_network: BlueskyNetwork, bluesky_account: Account) -> Channel:
    return _channel(bluesky_network, bluesky_account)


@pytest.fixture
def credentials(bluesky_account: Account) -> Credentials:
    return Credentials({"BLUESKY_APP_PASSWORD": bluesky_account.password})


@pytest.fixture
def connection(
    channel: Channel, credentials: Credentials, tmp_path: Path
) -> Iterator[BlueskyConnection]:
    connection = Bluesky().connect(channel, credentials, root=tmp_path)
    yield connection
    connection.close()


def _record(network: BlueskyNetwork, uri: str) -> dict[str, object] | None:
    repo, collection, rkey = uri.removeprefix("at://").split("/")
    answer = httpx.get(
        f"{network.url}/xrpc/com.atproto.repo.getRecord",
        params={"repo": repo, "collection": collection, "rkey": rkey},
        trust_env=False,
    )
    if answer.status_code == 400:
        return None
    value: dict[str, object] = answer.raise_for_status().json()["value"]
    return value


class TestContract(NetworkContract):
    publishing_path = "com.atproto.repo.putRecord"

    @pytest.fixture
    def network(self) -> Network:
        return Bluesky()

    @pytest.fixture
    def channel(
        self, bluesky_network: BlueskyNetwork, bluesky_account: Account
    ) -> Channel:
        return _channel(bluesky_network, bluesky_account)

    @pytest.fixture
    def credentials(self, bluesky_account: Account) -> Credentials:
        return Credentials({"BLUESKY_APP_PASSWORD": bluesky_account.password})

    @pytest.fixture
    def look(self, bluesky_network: BlueskyNetwork) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            record = _record(bluesky_network, receipt.id)
            if record is None:
                return None
            reply, embed = record.get("reply"), record.get("embed")
            assert isinstance(reply, dict | None)
            assert isinstance(embed, dict | None)
            return Seen(
                str(record["text"]),
                reply["parent"]["uri"] if reply else "",
                tuple(each["alt"] for each in embed["images"]) if embed else (),
            )

        return look

    @pytest.fixture
    def say(
        self,
        bluesky_network: BlueskyNetwork,
        bluesky_account: Account,
        connection: Connection,
    ) -> Say:
        name = f"other{bluesky_account.handle.partition('.')[0]}"
        other = bluesky_network.sign_in(bluesky_network.create_account(name))

        def say(receipt: Receipt, words: str) -> str:
            bluesky_network.post_view(receipt.id)  # else nobody is told of an answer
            post = Reference(receipt.id, receipt.more["cid"])
            said = other.post(words, parent=post)
            poll(
                lambda: any(
                    each.id == said.uri
                    for each in connection.messages([], after="").messages
                ),
                "the network to tell of the reply",
            )
            return said.uri

        return say


def _publish(
    connection: BlueskyConnection, channel: Channel, *parts: Part | str
) -> Receipt:
    post = channel_post(channel, *parts)
    return connection.publish(post, 0, after=None, key=key_of(post))


def test_links_mentions_and_tags_are_facets_by_byte_and_the_appview_shows_them(
    bluesky_network: BlueskyNetwork,
    bluesky_account: Account,
    connection: BlueskyConnection,
    channel: Channel,
) -> None:
    text = (
        f"سلام @{bluesky_account.handle} 👋 #می‌خواهم #نسخهٔ_نو https://example.org/الف"
    )
    receipt = _publish(connection, channel, text)
    record = bluesky_network.post_view(receipt.id)["record"]
    octets = text.encode()
    seen = {
        octets[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode(): f["features"][
            0
        ]
        for f in record["facets"]
    }
    kind = "app.bsky.richtext.facet"
    assert seen == {
        f"@{bluesky_account.handle}": {
            "$type": f"{kind}#mention",
            "did": bluesky_account.did,
        },
        "#می‌خواهم": {"$type": f"{kind}#tag", "tag": "می‌خواهم"},
        "#نسخهٔ_نو": {"$type": f"{kind}#tag", "tag": "نسخهٔ_نو"},
        "https://example.org/الف": {
            "$type": f"{kind}#link",
            "uri": "https://example.org/الف",
        },
    }
    assert record["langs"] == ["en"]


def test_words_can_carry_a_link_and_emphasis_is_left_out(
    bluesky_network: BlueskyNetwork, connection: BlueskyConnection, channel: Channel
) -> None:
    spans = (
        Span(5, 9, SpanKind.LINK, "https://example.org/"),
        Span(5, 9, SpanKind.STRONG),
    )
    receipt = _publish(connection, channel, Part(RichText("Read this now", spans)))
    record = _record(bluesky_network, receipt.id)
    assert record is not None
    assert record["facets"] == [
        {
            "index": {"byteStart": 5, "byteEnd": 9},
            "features": [
                {
                    "$type": "app.bsky.richtext.facet#link",
                    "uri": "https://example.org/",
                }
            ],
        }
    ]


def test_a_mention_of_nobody_and_too_long_a_tag_stay_plain_text(
    bluesky_network: BlueskyNetwork, connection: BlueskyConnection, channel: Channel
) -> None:
    receipt = _publish(
        connection, channel, f"@nobody.test @who@example.org #{'ن' * 65} hello"
    )
    record = _record(bluesky_network, receipt.id)
    assert record is not None
    assert "facets" not in record


def test_a_thread_has_one_root_and_the_appview_nests_it(
    bluesky_network: BlueskyNetwork, connection: BlueskyConnection, channel: Channel
) -> None:
    post = channel_post(channel, "One", "Two", "Three")
    first = connection.publish(post, 0, after=None, key=key_of(post))
    second = connection.publish(
        post, 1, after=Thread(first, first), key=key_of(post, 1)
    )
    third = connection.publish(
        post, 2, after=Thread(first, second), key=key_of(post, 2)
    )
    reply = bluesky_network.post_view(third.id)["record"]["reply"]
    assert reply == {
        "root": {"uri": first.id, "cid": first.more["cid"]},
        "parent": {"uri": second.id, "cid": second.more["cid"]},
    }


def test_a_picture_over_the_limit_is_made_smaller_and_upright_and_loses_its_metadata(
    bluesky_network: BlueskyNetwork,
    connection: BlueskyConnection,
    channel: Channel,
    tmp_path: Path,
) -> None:
    attachment = large_photo(tmp_path)
    assert attachment.facts.size > 2_000_000
    receipt = _publish(connection, channel, part("Big", media=(attachment,)))
    view = bluesky_network.post_view(receipt.id)
    image = view["record"]["embed"]["images"][0]
    assert image["image"]["size"] <= 2_000_000
    ratio = image["aspectRatio"]
    assert ratio["width"] < ratio["height"], "the camera was held upright"
    assert view["embed"]["images"][0]["alt"] == attachment.alt


def test_a_card_says_what_the_author_gave(
    bluesky_network: BlueskyNetwork,
    connection: BlueskyConnection,
    channel: Channel,
    tmp_path: Path,
) -> None:
    card = Card("https://example.org/", "عنوان", "A description", "card.png")
    picture = picture_file(tmp_path, "card.png")
    content = replace(part("Look"), card=card, card_image=picture)
    receipt = _publish(connection, channel, content)
    external = bluesky_network.post_view(receipt.id)["embed"]["external"]
    assert external["uri"] == "https://example.org/"
    assert external["title"] == "عنوان"
    assert external["description"] == "A description"
    assert external["thumb"]


def test_a_card_of_a_page_that_can_not_be_read_has_its_url_as_title(
    bluesky_network: BlueskyNetwork, connection: BlueskyConnection, channel: Channel
) -> None:
    url = "http://127.0.0.1:9/private"
    receipt = _publish(connection, channel, replace(part("Look"), card=Card(url)))
    external = bluesky_network.post_view(receipt.id)["embed"]["external"]
    assert (external["title"], external["description"]) == (url, "")


def test_a_card_reads_title_description_and_picture_from_the_page(
    bluesky_network: BlueskyNetwork,
    channel: Channel,
    credentials: Credentials,
    page_server: Callable[[dict[str, tuple[str, bytes]]], str],
    tmp_path: Path,
) -> None:
    picture = (tmp_path / picture_file(tmp_path).facts.path).read_bytes()
    html = (
        '<title>no</title><meta property="og:title" content="A &amp; B">'
        '<meta property="og:description" content="توضیح">'
        '<meta property="og:image" content="/p.png">'
    ).encode()
    base = page_server(
        {"/": ("text/html; charset=utf-8", html), "/p.png": ("image/png", picture)}
    )
    http = Http(bluesky_network.url, "Bluesky", transport=httpx.HTTPTransport())
    password = credentials.secret("BLUESKY_APP_PASSWORD", channel="bluesky")
    connection = BlueskyConnection(
        http,
        Session(http, str(channel.settings["handle"]), password),
        root=tmp_path,
        pages=SafeFetch(allow=frozenset({"127.0.0.1"})),
    )
    card = Card(f"{base}/")
    receipt = _publish(connection, channel, replace(part("Look"), card=card))
    connection.close()
    external = bluesky_network.post_view(receipt.id)["embed"]["external"]
    assert (external["title"], external["description"]) == ("A & B", "توضیح")
    assert external["thumb"]


def test_likes_reposts_and_answers_of_others_are_counted(
    bluesky_network: BlueskyNetwork,
    bluesky_account: Account,
    connection: BlueskyConnection,
    channel: Channel,
) -> None:
    receipt = _publish(connection, channel, "Count me")
    ours = Reference(receipt.id, receipt.more["cid"])
    name = f"reader-{bluesky_account.handle.partition('.')[0]}"
    reader = bluesky_network.sign_in(bluesky_network.create_account(name))
    reader.like(ours)
    reader.repost(ours)
    reader.post("Well done", parent=ours)
    reader.follow(bluesky_account)
    bluesky_network.post_view(
        receipt.id,
        lambda view: (
            (view["likeCount"], view["repostCount"], view["replyCount"]) == (1, 1, 1)
        ),
    )
    assert connection.measure([receipt]) == {
        receipt.id: {"likes": 1, "reposts": 1, "replies": 1, "quotes": 0}
    }
    assert connection.followers() in {0, 1}  # the AppView counts follows later


def test_an_expired_session_is_refreshed_and_the_post_goes_out(
    bluesky_network: BlueskyNetwork,
    bluesky_account: Account,
    channel: Channel,
    credentials: Credentials,
    tmp_path: Path,
) -> None:
    expired = bluesky_network.expired_token(bluesky_account)
    paths = []
    inner = httpx.HTTPTransport()

    def swap(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.path.rpartition(".")[2])
        if paths.count("putRecord") == 1 and paths[-1] == "putRecord":
            request.headers["Authorization"] = f"Bearer {expired}"
        request.read()
        response = inner.handle_request(request)
        response.read()
        return response

    connection = Bluesky().connect(
        channel, credentials, transport=httpx.MockTransport(swap), root=tmp_path
    )
    _publish(connection, channel, "Late but here")
    connection.close()
    inner.close()
    assert paths == ["createSession", "putRecord", "refreshSession", "putRecord"]


def test_a_picture_that_gets_no_name_is_uploaded_again_and_not_refused(
    tmp_path: Path,
) -> None:
    session = {"did": "did:x", "handle": "h.x", "accessJwt": "a", "refreshJwt": "b"}
    paths = []

    def answer(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.path.rpartition(".")[2])
        return httpx.Response(200, json={} if len(paths) > 1 else session)

    channel = Channel(
        "bluesky", "bluesky", settings={"handle": "h.x"}, secrets={"password": "P"}
    )
    connection = Bluesky().connect(
        channel,
        Credentials({"P": "p"}),
        transport=httpx.MockTransport(answer),
        root=tmp_path,
    )
    post = channel_post(channel, part("Look", media=(picture_file(tmp_path),)))
    with pytest.raises(Unreachable, match="gave no blob"):
        connection.publish(post, 0, after=None, key=key_of(post))
    assert paths == ["createSession", "uploadBlob"]


def test_a_run_signs_in_once(
    channel: Channel, credentials: Credentials, tmp_path: Path
) -> None:
    recording = Recording(httpx.HTTPTransport())
    connection = Bluesky().connect(
        channel, credentials, transport=recording, root=tmp_path
    )
    post = channel_post(channel, "One")
    for number in range(3):
        again = replace(post, post=f"post{number}")
        connection.publish(again, 0, after=None, key=key_of(again))
    connection.close()
    paths = [each.url.path.rpartition(".")[2] for each in recording.requests]
    assert paths == ["createSession", *["putRecord"] * 3]


def test_other_words_under_a_used_key_are_refused_and_what_is_live_stays(
    bluesky_network: BlueskyNetwork, connection: BlueskyConnection, channel: Channel
) -> None:
    receipt = _publish(connection, channel, "First words")
    with pytest.raises(Rejected, match="other words"):
        _publish(connection, channel, "Second words")
    record = _record(bluesky_network, receipt.id)
    assert record is not None
    assert record["text"] == "First words"


def test_a_card_that_reads_differently_at_the_second_try_posts_nothing_more(
    bluesky_network: BlueskyNetwork, connection: BlueskyConnection, channel: Channel
) -> None:
    card = Card("http://127.0.0.1:9/", "First title")
    first = _publish(connection, channel, replace(part("Look"), card=card))
    other = replace(card, title="Second title")
    second = _publish(connection, channel, replace(part("Look"), card=other))
    assert (second.id, second.more) == (first.id, first.more)
    repo = first.id.removeprefix("at://").partition("/")[0]
    listed = bluesky_network.query(
        "com.atproto.repo.listRecords",
        {"repo": repo, "collection": "app.bsky.feed.post"},
    )
    assert len(listed["records"]) == 1


def test_a_post_for_followers_is_never_sent(
    connection: BlueskyConnection, channel: Channel
) -> None:
    post = channel_post(channel, "Among us", visibility="followers")
    with pytest.raises(Rejected, match="public"):
        connection.publish(post, 0, after=None, key=key_of(post))
    assert (
        connection.find(post, 0, key=key_of(post), among=Among(key_of(post).due))
        is None
    )


def test_a_post_is_adopted_by_any_of_its_addresses_and_only_if_it_is_ours(
    bluesky_network: BlueskyNetwork,
    bluesky_account: Account,
    connection: BlueskyConnection,
    channel: Channel,
) -> None:
    receipt = _publish(connection, channel, "Seen")
    rkey = receipt.id.rpartition("/")[2]
    did, handle = bluesky_account.did, bluesky_account.handle
    for address in (
        receipt.url,
        receipt.id,
        f"at://{handle}/app.bsky.feed.post/{rkey}",
        f"https://bsky.app/profile/{did}/post/{rkey}?ref=share",
        f"https://bsky.app/profile/{handle.upper()}/post/{rkey}",
    ):
        adopted = connection.adopt(address)
        assert (adopted.id, adopted.url, adopted.more) == (
            receipt.id,
            receipt.url,
            receipt.more,
        )
    stranger = bluesky_network.create_account(f"{handle.partition('.')[0]}x")
    theirs = bluesky_network.sign_in(stranger).post("Theirs")
    key = theirs.uri.rpartition("/")[2]
    for name in (stranger.handle, stranger.did, "nobody.test"):
        with pytest.raises(UsageError, match=f"is a post of {name}, and this channel"):
            connection.adopt(f"https://bsky.app/profile/{name}/post/{key}")


def test_an_edit_over_somebody_elses_change_is_refused(
    connection: BlueskyConnection, channel: Channel
) -> None:
    receipt = _publish(connection, channel, "Words")
    connection.edit(receipt, channel_post(channel, "Theirs"), 0)
    with pytest.raises(Rejected):
        connection.edit(receipt, channel_post(channel, "Ours"), 0)


def test_a_garbage_password_of_another_kind_fails_to_sign_in(
    channel: Channel, tmp_path: Path
) -> None:
    wrong = Credentials({"BLUESKY_APP_PASSWORD": "نادرست"})
    connection = Bluesky().connect(channel, wrong, root=tmp_path)
    with pytest.raises(SignInFailed):
        connection.whoami()
    connection.close()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    letters=st.lists(
        st.sampled_from(
            ["a", "می‌", "خ", "هٔ", "字", "👩‍👩‍👧", "🇮🇷", "é", "e\u0301", "\u2066", "1️⃣"]
        ),
        min_size=1,
        max_size=8,
    ),
    over=st.booleans(),
)
def test_our_count_is_the_servers_count_at_the_limit(
    bluesky_network: BlueskyNetwork,
    bluesky_account: Account,
    letters: list[str],
    over: bool,  # noqa: FBT001
) -> None:
    channel = _channel(bluesky_network, bluesky_account)
    credentials = Credentials({"BLUESKY_APP_PASSWORD": bluesky_account.password})
    connection = Bluesky().connect(channel, credentials)
    network, limits = Bluesky(), Bluesky.capabilities
    text = ""
    for letter in letters * 301:
        if not network.fits(rich(text + letter), (limits.text, *limits.also)):
            if over:
                text += letter
            break
        text += letter
    post = channel_post(channel, text, post=f"p{abs(hash((text, over)))}")
    key = replace(key_of(post), due=key_of(post).due + timedelta(seconds=len(text)))
    try:
        if over:
            with pytest.raises(Rejected):
                connection.publish(post, 0, after=None, key=key)
        else:
            connection.publish(post, 0, after=None, key=key)
    finally:
        connection.close()
