"""Mastodon, against `mastodon-mock`.

What this server cannot show, see `tests/servers/mastodon.py`; those facts are tested
at the transport below, or against the API's own description in `test_descriptions.py`:
counting of links and mentions, files that take time (202 and 206), changing files or
polls of a live post, and an Idempotency-Key that is forgotten after an hour.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.credentials import Credentials
from smmflow.errors import Rejected, Unreachable
from smmflow.language.measures import grapheme_count
from smmflow.model.capabilities import Unit
from smmflow.model.channel import Channel
from smmflow.model.channel_post import Part
from smmflow.model.publication import Pending, Receipt
from smmflow.networks.interface import Among, Network
from smmflow.networks.mastodon import Mastodon
from smmflow.networks.mastodon.connection import MastodonConnection
from smmflow.networks.mastodon.text import normal, shown
from smmflow.testing import channel_post, key_of, part, picture_file
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import Say
from smmflow.testing.samples import DUE, rich
from tests.servers.mastodon import MastodonServer

CREDENTIALS = Credentials({"MASTODON_TOKEN": MastodonServer.author.access_token})


def _channel(url: str) -> Channel:
    return Channel(
        "mastodon",
        "mastodon",
        settings={"instance": url},
        secrets={"token": "MASTODON_TOKEN"},
    )


@pytest.fixture
def server(mastodon_server: MastodonServer) -> MastodonServer:
    mastodon_server.reset()
    return mastodon_server


@pytest.fixture
def channel(server: MastodonServer) -> Channel:
    return _channel(server.url)


@pytest.fixture
def connection(channel: Channel, tmp_path: Path) -> Iterator[MastodonConnection]:
    connection = Mastodon().connect(channel, CREDENTIALS, root=tmp_path)
    yield connection
    connection.close()


class TestContract(NetworkContract):
    publishing_path = "/api/v1/statuses"

    @pytest.fixture
    def network(self) -> Network:
        return Mastodon()

    @pytest.fixture
    def channel(self, server: MastodonServer) -> Channel:
        return _channel(server.url)

    @pytest.fixture
    def credentials(self) -> Credentials:
        return CREDENTIALS

    @pytest.fixture
    def look(self, server: MastodonServer) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            found = server.call("GET", f"/api/v1/statuses?id[]={receipt.id}")
            if not found:
                return None
            status = found[0]
            poll = status["poll"]
            words = normal(shown(status["content"]))
            return Seen(
                words.removeprefix("@reader "),  # who is answered is named
                status["in_reply_to_id"] or "",
                tuple(each["description"] for each in status["media_attachments"]),
                tuple(each["title"] for each in poll["options"]) if poll else (),
            )

        return look

    @pytest.fixture
    def say(self, server: MastodonServer) -> Say:
        def say(receipt: Receipt, words: str) -> str:
            text = f"@author {words}"
            said = server.call(
                "POST", "/api/v1/statuses", status=text, in_reply_to_id=receipt.id
            )
            name: str = said["id"]
            return name

        return say


def _publish(
    connection: MastodonConnection, channel: Channel, text: str | Part
) -> Receipt:
    post = channel_post(channel, text)
    receipt = connection.publish(post, 0, after=None, key=key_of(post))
    assert isinstance(receipt, Receipt)
    return receipt


def test_language_warning_and_visibility_arrive(
    server: MastodonServer, connection: MastodonConnection, channel: Channel
) -> None:
    post = replace(
        channel_post(channel, "متن", content_warning="هشدار", visibility="unlisted"),
        language="fa",
    )
    receipt = connection.publish(post, 0, after=None, key=key_of(post))
    assert isinstance(receipt, Receipt)
    status = server.call("GET", f"/api/v1/statuses/{receipt.id}", server.author)
    assert status["language"] == "fa"
    assert status["spoiler_text"] == "هشدار"
    assert status["visibility"] == "unlisted"


def test_posts_for_followers_are_what_mastodon_calls_private(
    server: MastodonServer, connection: MastodonConnection, channel: Channel
) -> None:
    post = channel_post(channel, "Among us", visibility="followers")
    receipt = connection.publish(post, 0, after=None, key=key_of(post))
    assert isinstance(receipt, Receipt)
    status = server.call("GET", f"/api/v1/statuses/{receipt.id}", server.author)
    assert status["visibility"] == "private"


def test_likes_boosts_and_answers_of_others_are_counted(
    server: MastodonServer, connection: MastodonConnection, channel: Channel
) -> None:
    receipt = _publish(connection, channel, "Count me")
    server.call("POST", f"/api/v1/statuses/{receipt.id}/favourite")
    server.call("POST", f"/api/v1/statuses/{receipt.id}/reblog")
    server.call("POST", "/api/v1/statuses", status="Yes", in_reply_to_id=receipt.id)
    counters = connection.measure([receipt])[receipt.id]
    assert counters is not None
    assert (counters["likes"], counters["reposts"], counters["replies"]) == (1, 1, 1)


def test_the_instances_own_limits_are_read(connection: MastodonConnection) -> None:
    limits = connection.limits()
    assert limits.raw["text"] == limits.capabilities.text.maximum
    assert Mastodon().limits_for(limits.raw) == limits.capabilities


def test_an_old_instance_gives_its_limits_in_the_old_way(
    server: MastodonServer, connection: MastodonConnection
) -> None:
    new = connection.limits()
    server.fail_next("GET", "/api/v2/instance", 404)
    assert connection.limits().raw["text"] == new.raw["text"]


def test_limits_that_an_instance_leaves_out_stay_mastodons_own() -> None:
    capabilities = Mastodon().limits_for({"text": 5000, "poll_options": 8})
    assert capabilities.text.maximum == 5000
    assert capabilities.poll is not None
    assert capabilities.poll.max_options == 8
    assert capabilities.poll.longest == timedelta(seconds=2_629_746)
    assert capabilities.max_media == 4


def test_a_server_without_the_batch_method_is_asked_one_by_one(
    server: MastodonServer, connection: MastodonConnection, channel: Channel
) -> None:
    receipt = _publish(connection, channel, "Count me")
    gone = replace(receipt, id="999999")
    server.fail_next("GET", "/api/v1/statuses", 404)
    counters = connection.measure([receipt, gone])
    assert counters[gone.id] is None
    assert (counters[receipt.id] or {})["likes"] == 0


def test_a_post_with_a_picture_is_adopted_and_can_still_be_edited(
    server: MastodonServer,
    connection: MastodonConnection,
    channel: Channel,
    tmp_path: Path,
) -> None:
    picture = picture_file(tmp_path)
    receipt = _publish(connection, channel, part("Seen", media=(picture,)))
    adopted = connection.adopt(f"{server.url}/users/author/statuses/{receipt.id}")
    assert (adopted.id, adopted.url) == (receipt.id, receipt.url)
    assert adopted.more["media"] == receipt.more["media"]
    better = channel_post(channel, part("Seen by many", media=(picture,)))
    edited = connection.edit(adopted, better, 0)
    assert edited.more["sha256"] == picture.facts.sha256
    assert connection.words(edited) == "Seen by many"


def test_words_are_read_as_they_are_shown_where_their_source_is_not_given(
    server: MastodonServer, connection: MastodonConnection, channel: Channel
) -> None:
    receipt = _publish(connection, channel, "First line\n\nThird & last")
    server.fail_next("GET", f"/api/v1/statuses/{receipt.id}/source", 404)
    words = connection.words(receipt)
    assert words is not None
    assert words.split() == ["First", "line", "Third", "&", "last"]
    assert connection.words(replace(receipt, id="999999")) is None


def test_a_refusal_gives_the_servers_words(
    server: MastodonServer, connection: MastodonConnection, channel: Channel
) -> None:
    with pytest.raises(Rejected, match="Text is too long"):
        _publish(connection, channel, "x" * 600)
    assert server.call("GET", "/api/v1/timelines/public") == []


def test_a_post_of_an_hour_before_is_not_taken_for_ours(
    connection: MastodonConnection, channel: Channel
) -> None:
    receipt = _publish(connection, channel, "Good morning")
    post = channel_post(channel, "Good morning")
    later = receipt.at + timedelta(hours=1)
    assert connection.find(post, 0, key=key_of(post), among=Among(later)) is None


def test_what_says_the_same_is_told_apart_by_what_is_known(
    connection: MastodonConnection, channel: Channel
) -> None:
    first = _publish(connection, channel, "صبح بخیر")
    post = channel_post(channel, "صبح بخیر", post="again")
    everything, rest = Among(first.at), Among(first.at, frozenset({first.id}))
    found = connection.find(post, 0, key=key_of(post), among=everything)
    assert found is not None
    assert found.id == first.id
    assert connection.find(post, 0, key=key_of(post), among=rest) is None


# --- Files that take the server time: at the transport --------------------------------


def _slow_server(ready_after: int) -> tuple[httpx.MockTransport, list[httpx.Request]]:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        path = request.url.path
        if path == "/api/v2/media":
            return httpx.Response(202, json={"id": "7", "url": None})
        if path == "/api/v1/media/7":
            asked = sum(each.url.path == path for each in requests)
            return httpx.Response(200 if asked > ready_after else 206, json={"id": "7"})
        return httpx.Response(
            200,
            json={
                "id": "1",
                "url": "https://m.example/@a/1",
                "created_at": "2026-11-22T09:30:00.000Z",
                "media_attachments": [{"id": "7"}],
            },
        )

    return httpx.MockTransport(answer), requests


def test_a_file_that_is_still_worked_on_makes_the_part_pending_until_it_is_ready(
    tmp_path: Path,
) -> None:
    transport, requests = _slow_server(ready_after=2)
    channel = _channel("https://m.example")
    connection = Mastodon().connect(
        channel, CREDENTIALS, transport=transport, root=tmp_path
    )
    post = channel_post(channel, part("Video", media=(picture_file(tmp_path),)))
    key = key_of(post)
    done = connection.publish(post, 0, after=None, key=key)
    waits = []
    while isinstance(done, Pending):
        waits.append(done.wait)
        # What a run writes down survives it: plain strings only.
        token = json.loads(json.dumps(dict(done.token)))
        done = connection.resume(Pending(token, done.wait))
    assert waits == [1.0, 2.0, 4.0]
    assert done.more["media"] == "7"
    sent = requests[-1]
    assert sent.headers["Idempotency-Key"] == key.hex
    assert json.loads(sent.content)["media_ids"] == ["7"]
    assert [each.url.path for each in requests].count("/api/v1/statuses") == 1


def test_a_file_that_gets_no_id_is_uploaded_again_and_not_refused(
    tmp_path: Path,
) -> None:
    channel = _channel("https://m.example")
    broken = httpx.MockTransport(lambda _: httpx.Response(200, json={"hello": 1}))
    connection = Mastodon().connect(
        channel, CREDENTIALS, transport=broken, root=tmp_path
    )
    post = channel_post(channel, part("Look", media=(picture_file(tmp_path),)))
    with pytest.raises(Unreachable, match="gave no id"):
        connection.publish(post, 0, after=None, key=key_of(post))


def test_an_edit_keeps_files_that_stay_and_gives_them_their_new_descriptions(
    tmp_path: Path,
) -> None:
    transport, requests = _slow_server(ready_after=0)
    channel = _channel("https://m.example")
    connection = Mastodon().connect(
        channel, CREDENTIALS, transport=transport, root=tmp_path
    )
    picture = picture_file(tmp_path)
    more = {"media": "7", "sha256": picture.facts.sha256}
    receipt = Receipt("1", "https://m.example/@a/1", DUE, more)
    post = channel_post(channel, part("Better", media=(replace(picture, alt="نو"),)))
    edited = connection.edit(receipt, post, 0)
    assert edited.more == more
    assert [each.method for each in requests] == ["PUT"]
    assert json.loads(requests[0].content) == {
        "status": "Better",
        "language": "en",
        "media_ids": ["7"],
        "media_attributes": [{"id": "7", "description": "نو"}],
    }


# --- Counting -------------------------------------------------------------------------


def _count(text: str) -> int:
    return Mastodon().length(rich(text), Unit.GRAPHEMES)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("سلام", 4),
        ("می‌خواهم", 7),
        ("هٔ", 1),
        ("👩‍👩‍👧", 1),
        ("https://example.org/" + "x" * 100, 23),
        ("http://a.ir", 23),
        ("example.org", 11),
        ("see https://example.org/a?b=c#d.", 4 + 23 + 1),
        ("(https://example.org/)", 25),
        ("@ali@example.org", 4),
        ("@ali", 4),
        ("سلام @ali.reza@mastodon.social!", 5 + 9 + 1),
        ("a@b.example", 11),
        ("https://example.org/@ali@example.org", 23),
        ("@" + "a" * 5 + "@" + "b" * 254, 6 + 255),
        # Glued to a word it counts in full, and never less than a link would.
        ("xhttps://example.org/" + "y" * 40, 61),
        # No public domain: whichever is longer.
        ("http://localhost/" + "x" * 30, 47),
    ],
)
def test_text_counts_as_mastodon_counts(text: str, length: int) -> None:
    assert _count(text) == length


def test_a_content_warning_counts_with_the_text() -> None:
    assert Mastodon().overhead("هشدار: می‌رود") == 12


PLAIN = st.text(
    st.sampled_from("aZ 9۱می\u200cهٔآ字語👩🏽\u200d🚀é\u0301\n.,!؟«»"), max_size=60
)


LINK = st.integers(0, 200).map(
    lambda size: (f"https://example.org/{'p' * size}", "x" * 23)
)
MENTION = st.text("abc09", min_size=1, max_size=12).map(
    lambda name: (f"@{name}@example.org", f"@{name}")
)


@given(st.lists(st.one_of(PLAIN.map(lambda text: (text, text)), LINK, MENTION)))
def test_a_text_counts_as_if_links_were_23_letters_and_mentions_had_no_host(
    pieces: list[tuple[str, str]],
) -> None:
    written = " ".join(each for each, _ in pieces)
    counted = " ".join(each for _, each in pieces)
    assert _count(written) == grapheme_count(counted)


MENTION_AND_ENTITY = (
    '<p><span class="h-card"><a href="https://m.example/@ali">@<span>ali</span></a>'
    "</span> سلام &amp; درود</p>"
)
SHORTENED_LINK = (
    '<p><a href="https://example.org/long"><span class="invisible">https://</span>'
    '<span class="ellipsis">example.org/</span><span class="invisible">long</span>'
    "</a></p>"
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One<br />Two</p><p>Three</p>", "One\nTwo\n\nThree"),
        (MENTION_AND_ENTITY, "@ali@m.example سلام & درود"),
        (SHORTENED_LINK, "https://example.org/long"),
    ],
)
def test_what_mastodon_shows_is_recognised_as_what_was_written(
    html: str, text: str
) -> None:
    assert normal(shown(html)) == normal(text)
