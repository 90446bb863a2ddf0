"""Every request we send is one that the network's own description knows."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx

from smmflow.credentials import Credentials
from smmflow.model.capabilities import Support
from smmflow.model.channel import Channel
from smmflow.model.post import Card, Poll
from smmflow.model.publication import Receipt
from smmflow.networks.bluesky import Bluesky
from smmflow.networks.interface import Among, Connection, Thread
from smmflow.networks.mastodon import Mastodon
from smmflow.networks.registry import network
from smmflow.testing import channel_post, key_of, part, picture_file
from smmflow.testing.samples import DUE
from smmflow.testing.transports import Recording
from tests.networks import descriptions

SECRETS = Credentials({"SECRET": "secret"})
CID = "bafyreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"
STATUS = {
    "id": "1",
    "url": "https://m.example/@a/1",
    "created_at": "2026-11-22T09:30:00.000Z",
    "content": "<p>Hello</p>",
    "media_attachments": [{"id": "7"}],
    "followers_count": 1,
    "scheduled_at": "2026-11-22T09:30:00.000Z",
    "acct": "a",
}


def _everything(connection: Connection, channel: Channel, root: Path) -> None:
    """Call all that a connection can do, each variant of a part among it."""
    picture = picture_file(root)
    card = Card("https://example.org/", "Title", "Words", "card.png")
    parts = (
        part("سلام @alice.test #می‌خواهم https://example.org/"),
        part("Picture", media=(picture,)),
        replace(part("Card"), card=card, card_image=picture),
        part("Poll", poll=Poll(("Yes", "No"), timedelta(days=1), multiple=True)),
    )
    receipt = Receipt("at://did:plc:x/app.bsky.feed.post/1", "", DUE, {"cid": CID})
    if channel.network == "mastodon":
        receipt = Receipt("1", "https://m.example/@a/1", DUE)
    followers = "followers" in network(channel.network).capabilities.visibilities
    for warning, visibility in (
        ("", "public"),
        ("CW", "followers" if followers else "public"),
    ):
        post = channel_post(
            channel, *parts, content_warning=warning, visibility=visibility
        )
        for number in range(len(parts)):
            key = key_of(post, number)
            after = Thread(receipt, receipt) if number else None
            connection.publish(post, number, after=after, key=key)
            connection.find(post, number, key=key, among=Among(DUE))
            connection.edit(receipt, post, number)
    post = channel_post(channel, parts[0])
    if network(channel.network).capabilities.schedule is Support.YES:
        waiting = connection.schedule(post, 0, at=DUE, key=key_of(post))
        assert isinstance(waiting, Receipt)
        connection.scheduled(post, 0, at=DUE, key=key_of(post))
        connection.reschedule(waiting, at=DUE + timedelta(hours=1))
        connection.cancel(waiting)
    connection.withdraw(receipt)
    connection.measure([receipt])
    connection.followers()
    connection.limits()
    connection.whoami()
    connection.close()


def test_mastodon_knows_every_request(tmp_path: Path) -> None:
    api = descriptions.OpenApi("mastodon/mastodon.trimmed.json")

    def answer(request: httpx.Request) -> httpx.Response:
        listing = request.url.path.endswith("/statuses") and request.method == "GET"
        if "max_id" in request.url.params:
            return httpx.Response(200, json=[])
        return httpx.Response(200, json=[STATUS] if listing else STATUS)

    recording = Recording(httpx.MockTransport(answer))
    channel = Channel(
        "mastodon",
        "mastodon",
        settings={"instance": "https://m.example"},
        secrets={"token": "SECRET"},
    )
    connection = Mastodon().connect(
        channel, SECRETS, transport=recording, root=tmp_path
    )
    _everything(connection, channel, tmp_path)
    faults = {fault for each in recording.requests for fault in api.faults(each)}
    # The description writes this field as forms do; in JSON the brackets are dropped,
    # as Mastodon itself does: https://docs.joinmastodon.org/client/intro/#array
    assert faults == {"/api/v1/statuses/{id}: no field media_attributes"}


def test_bluesky_knows_every_request_and_record(tmp_path: Path) -> None:
    api = descriptions.Lexicons()
    blob = {
        "$type": "blob",
        "ref": {"$link": CID},
        "mimeType": "image/png",
        "size": 100,
    }
    answers = {
        "com.atproto.server.createSession": {
            "did": "did:plc:x",
            "handle": "alice.test",
            "accessJwt": "a",
            "refreshJwt": "r",
        },
        "com.atproto.repo.uploadBlob": {"blob": blob},
        "com.atproto.identity.resolveHandle": {"did": "did:plc:alice"},
        "com.atproto.repo.getRecord": {
            "uri": "at://did:plc:x/app.bsky.feed.post/1",
            "cid": CID,
            "value": {"createdAt": "2026-11-22T09:30:00.000Z"},
        },
        "com.atproto.repo.putRecord": {
            "uri": "at://did:plc:x/app.bsky.feed.post/1",
            "cid": CID,
        },
    }

    def answer(request: httpx.Request) -> httpx.Response:
        name = request.url.path.removeprefix("/xrpc/")
        return httpx.Response(200, json=answers.get(name, {}))

    recording = Recording(httpx.MockTransport(answer))
    channel = Channel(
        "bluesky",
        "bluesky",
        settings={"handle": "alice.test", "service": "https://pds.example"},
        secrets={"password": "SECRET"},
    )
    connection = Bluesky().connect(channel, SECRETS, transport=recording, root=tmp_path)
    _everything(connection, channel, tmp_path)
    assert len(recording.requests) > 20
    assert [fault for each in recording.requests for fault in api.faults(each)] == []
