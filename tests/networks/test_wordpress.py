"""WordPress, against a real one, and against the one in memory that trials use."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.clock import SystemClock
from smmflow.credentials import Credentials
from smmflow.errors import OutcomeUnknown, Rejected
from smmflow.model.capabilities import Unit
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, Part, PartKey
from smmflow.model.publication import Receipt
from smmflow.model.text import RichText
from smmflow.networks.interface import Among, Connection, Network, Thread
from smmflow.networks.wordpress import WordPress
from smmflow.networks.wordpress.connection import WordPressConnection
from smmflow.networks.wordpress.content import shown, slug_of
from smmflow.testing import channel_post, key_of, part
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import Say, Write, publish
from smmflow.testing.samples import DUE, picture_file
from tests.networks.descriptions import description
from tests.servers.wordpress import READER, USER, WordPressServer
from tests.vendors.wordpress import WordPressVendor

CHANNEL = WordPressVendor.account.channel("blog")
CREDENTIALS = WordPressVendor.account.credentials()


def _in_html(content: Part | str) -> Part:
    """As composing makes it: what is no markup is escaped."""
    made = part(content) if isinstance(content, str) else content
    words = escape(made.text.text, quote=False).replace("\n\n", "</p>\n<p>")
    return replace(made, html=f"<p>{words}</p>")


def _post(*parts: Part | str, post: str = "launch") -> ChannelPost:
    return channel_post(CHANNEL, *map(_in_html, parts), post=post)


class Contract(NetworkContract):
    publishing_path = "/wp/v2/posts"

    @pytest.fixture
    def network(self) -> Network:
        return WordPress()

    @pytest.fixture
    def write(self) -> Write:
        return _post

    def test_what_others_comment_is_counted_and_what_we_comment_is_not(
        self, connection: Connection, say: Say
    ) -> None:
        post = _post("The post", replace(part("Ours"), comment=True))
        first = publish(connection, post)
        ours = publish(connection, post, 1, Thread(first, first))
        say(first, "Theirs")
        say(first, "یکی دیگر")
        counted = connection.measure([first, ours])
        assert counted == {first.id: {"comments": 2}, ours.id: {"comments": None}}


class TestContractOnARealSite(Contract):
    @pytest.fixture
    def site(self, wordpress_server: WordPressServer) -> WordPressServer:
        wordpress_server.empty()
        return wordpress_server

    @pytest.fixture
    def channel(self, site: WordPressServer) -> Channel:
        settings = {"url": site.url, "user": USER}
        secrets = {"password": "PASSWORD"}
        return Channel("blog", "wordpress", settings=settings, secrets=secrets)

    @pytest.fixture
    def credentials(self, site: WordPressServer) -> Credentials:
        return Credentials({"PASSWORD": site.passwords[USER]})

    @pytest.fixture
    def say(self, site: WordPressServer) -> Say:
        def say(receipt: Receipt, words: str) -> str:
            with site.as_seen(READER) as client:
                said = {"post": int(receipt.id), "content": words}
                made = client.post("/comments", json=said).raise_for_status().json()
                return f"comment-{made['id']}"

        return say

    @pytest.fixture
    def look(self, site: WordPressServer) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            number = receipt.id.removeprefix("comment-")
            kind = "posts" if number == receipt.id else "comments"
            with site.as_seen(READER) as client:
                answer = client.get(f"/{kind}/{number}")
            if not answer.is_success:
                return None
            found = answer.json()
            page = found["content"]["rendered"]
            parent = ""
            if kind == "comments":
                above = found["parent"]
                parent = f"comment-{above}" if above else str(found["post"])
            alts = tuple(map(unescape, re.findall(r'<img [^>]*alt="([^"]*)"', page)))
            return Seen(shown(page), parent, alts)

        return look

    def test_all_of_a_post_arrives_and_can_be_changed(
        self,
        connection: Connection,
        site: WordPressServer,
        tmp_path: Path,
    ) -> None:
        picture = picture_file(tmp_path, alt="یک مربع «سبز»")
        written = _post(part("Hello, سلام", media=(picture,)))
        post = replace(written, summary="In short", tags=("news", "نرم‌افزار"))
        receipt = publish(connection, post)
        better = replace(post, title="Better", tags=("news",))
        connection.edit(receipt, better, 0)
        with site.as_seen(READER) as client:
            found = client.get(f"/posts/{receipt.id}").json()
            tags = client.get("/tags", params={"post": receipt.id}).json()
            files = client.get("/media").json()
        assert found["title"]["rendered"] == "Better"
        assert shown(found["excerpt"]["rendered"]) == "In short"
        assert [each["name"] for each in tags] == ["news"]
        assert [each["alt_text"] for each in files] == ["یک مربع «سبز»"]
        assert found["link"] == receipt.url

    def test_what_was_sent_twice_is_found_as_the_first(
        self, connection: Connection
    ) -> None:
        post = _post("Twice")
        first, second = publish(connection, post), publish(connection, post)
        assert second.url == first.url.rstrip("/") + "-2/"
        found = connection.find(post, 0, key=key_of(post), among=Among(DUE))
        assert found == first

    def test_a_comment_is_found_by_its_words_as_they_were_written(
        self, connection: Connection
    ) -> None:
        words = """He said "don't" -- twice... & 1 < 2\n«می‌خواهم» 👩‍👩‍👧"""
        post = _post("The post", replace(part(words), comment=True))
        first = publish(connection, post)
        comment = publish(connection, post, 1, Thread(first, first))
        among = Among(DUE, frozenset({first.id}))
        found = connection.find(post, 1, key=key_of(post, 1), among=among)
        assert found is not None
        assert (found.id, found.url) == (comment.id, comment.url)
        assert (connection.words(comment) or "").split() == words.split()

    def test_a_comment_may_be_as_long_as_it_is_said_to_be_and_no_longer(
        self, connection: Connection
    ) -> None:
        limit = WordPress().capabilities.comment
        assert limit is not None
        room = limit.maximum
        # Two bytes a letter, and an ampersand that takes five as HTML.
        fits = "ش" * ((room - 5) // 2) + "&"
        assert WordPress().length(RichText(fits), limit.unit) == room
        first = publish(connection, _post("The post", post="fits"))
        thread = Thread(first, first)
        for words, taken in ((fits, True), (fits + "!", False)):
            post = _post("The post", replace(part(words), comment=True))
            if taken:
                publish(connection, post, 1, thread)
            else:
                with pytest.raises(Rejected):
                    publish(connection, post, 1, thread)

    def test_what_the_role_allows_is_told(self, connection: Connection) -> None:
        identity = connection.whoami()
        assert identity.scopes is not None
        assert identity.scopes >= WordPress.scopes


@pytest.fixture
def vendor() -> WordPressVendor:
    return WordPressVendor()


@pytest.fixture(autouse=True)
def _every_request_is_right(vendor: WordPressVendor) -> Iterator[None]:
    yield
    assert vendor.faults == []


class TestContractInMemory(Contract):
    @pytest.fixture
    def channel(self) -> Channel:
        return CHANNEL

    @pytest.fixture
    def credentials(self) -> Credentials:
        return CREDENTIALS

    @pytest.fixture
    def transport(self, vendor: WordPressVendor) -> httpx.BaseTransport:
        return vendor

    @pytest.fixture
    def say(self, vendor: WordPressVendor) -> Say:
        return lambda receipt, words: vendor.say(receipt.id, words)

    @pytest.fixture
    def look(self, vendor: WordPressVendor) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            live = {each.id: each for each in vendor.live()}
            if receipt.id not in live:
                return None
            thing = vendor.things.get(f"/posts/{receipt.id}")
            page = thing["content"]["raw"] if thing else ""
            alts = tuple(re.findall(r'<img [^>]*alt="([^"]*)"', page))
            return Seen(live[receipt.id].text, live[receipt.id].parent, alts)

        return look


@pytest.fixture
def connection(
    vendor: WordPressVendor, tmp_path: Path
) -> Iterator[WordPressConnection]:
    connection = WordPress().connect(
        CHANNEL, CREDENTIALS, transport=vendor, root=tmp_path
    )
    yield connection
    connection.close()


def test_title_summary_and_tags_arrive_and_a_tag_is_made_once(
    connection: WordPressConnection, vendor: WordPressVendor
) -> None:
    tagged = replace(_post("Hello"), summary="In short", tags=("news", "نرم‌افزار"))
    first = publish(connection, tagged)
    second = publish(connection, replace(tagged, post="again"))
    one, other = (vendor.things[f"/posts/{each.id}"] for each in (first, second))
    assert (one["title"]["raw"], one["excerpt"]["raw"]) == ("Launch", "In short")
    names = [vendor.things[f"/tags/{each}"]["name"] for each in one["tags"]]
    assert names == ["news", "نرم‌افزار"]
    assert one["tags"] == other["tags"]


def test_a_file_is_uploaded_once_however_often_it_is_sent(
    connection: WordPressConnection, vendor: WordPressVendor, tmp_path: Path
) -> None:
    post = _post(part("Look", media=(picture_file(tmp_path),)))
    receipt = publish(connection, post)
    connection.edit(receipt, post, 0)
    assert len([each for each in vendor.things if each.startswith("/media/")]) == 1


def test_what_was_sent_twice_is_found_as_the_first(
    connection: WordPressConnection,
) -> None:
    post = _post("Twice")
    first, second = publish(connection, post), publish(connection, post)
    assert first.url != second.url
    found = connection.find(post, 0, key=key_of(post), among=Among(DUE))
    assert found is not None
    assert found.id == first.id


def test_a_post_that_was_put_aside_is_neither_live_nor_missing(
    connection: WordPressConnection, vendor: WordPressVendor
) -> None:
    post = _post("Wait for the editor")
    receipt = publish(connection, post)
    vendor.things[f"/posts/{receipt.id}"]["status"] = "pending"
    with pytest.raises(OutcomeUnknown, match="pending"):
        connection.find(post, 0, key=key_of(post), among=Among(DUE))


def test_what_went_out_is_not_put_off_which_would_take_it_down(
    connection: WordPressConnection, vendor: WordPressVendor
) -> None:
    post, now = _post("Soon"), SystemClock().now()
    waiting = connection.schedule(
        post, 0, at=now + timedelta(hours=1), key=key_of(post)
    )
    vendor.things[f"/posts/{waiting.id}"]["status"] = "publish"
    with pytest.raises(Rejected):
        connection.reschedule(waiting, at=now + timedelta(hours=2))
    assert connection.cancel(waiting) is False
    assert [each.id for each in vendor.live()] == [waiting.id]


def test_a_site_without_a_trash_deletes(
    connection: WordPressConnection, vendor: WordPressVendor
) -> None:
    vendor.has_trash = False
    receipt = publish(connection, _post("Too early"))
    connection.withdraw(receipt)
    assert vendor.live() == []


def test_a_post_that_must_be_approved_there_is_not_said_to_be_live() -> None:
    answer = {"id": 7, "status": "pending", "date_gmt": "2026-11-22T09:30:00"}
    transport = httpx.MockTransport(lambda _: httpx.Response(201, json=answer))
    connection = WordPress().connect(CHANNEL, CREDENTIALS, transport=transport)
    with pytest.raises(OutcomeUnknown, match="pending"):
        publish(connection, _post("Hello"))
    connection.close()


@pytest.mark.parametrize("answer", [{}, {"id": "7"}, {"status": "publish"}, [], None])
def test_a_success_without_an_id_leaves_the_outcome_unknown(answer: object) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(201, json=answer))
    connection = WordPress().connect(CHANNEL, CREDENTIALS, transport=transport)
    with pytest.raises(OutcomeUnknown):
        publish(connection, _post("Hello"))
    connection.close()


def test_a_comment_of_ours_is_found_by_its_words(
    connection: WordPressConnection, vendor: WordPressVendor
) -> None:
    post = _post("The post", replace(part("Below it & <there>"), comment=True))
    first = publish(connection, post)
    vendor.say(first.id, "Below it, too")
    key, among = key_of(post, 1), Among(DUE, frozenset({first.id}))
    assert connection.find(post, 1, key=key, among=among) is None
    comment = publish(connection, post, 1, Thread(first, first))
    found = connection.find(post, 1, key=key, among=among)
    assert found is not None
    assert found.id == comment.id


def test_a_comment_below_another_post_is_another_though_it_says_the_same(
    connection: WordPressConnection,
) -> None:
    one, two = (
        _post("The post", replace(part("Read on"), comment=True), post=name)
        for name in ("one", "two")
    )
    first, second = publish(connection, one), publish(connection, two)
    publish(connection, one, 1, Thread(first, first))
    key, among = key_of(two, 1), Among(DUE, frozenset({second.id}))
    assert connection.find(two, 1, key=key, among=among) is None
    comment = publish(connection, two, 1, Thread(second, second))
    found = connection.find(two, 1, key=key, among=among)
    assert found is not None
    assert found.id == comment.id


def test_the_password_is_in_no_address(
    connection: WordPressConnection, vendor: WordPressVendor
) -> None:
    publish(connection, _post("Hello"))
    password = WordPressVendor.account.secrets["password"]
    assert all(password not in str(each.url) for each in vendor.requests)


def test_what_waits_for_another_time_is_not_called_missing(
    vendor: WordPressVendor, connection: WordPressConnection
) -> None:
    post = _post("Later")
    at, key = SystemClock().now() + timedelta(hours=2), key_of(post)
    waiting = connection.schedule(post, 0, at=at, key=key)
    # Somebody moves it on the site itself.
    moved = (at + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")
    vendor.things[f"/posts/{waiting.id}"]["date_gmt"] = moved
    with pytest.raises(OutcomeUnknown, match="waiting for"):
        connection.scheduled(post, 0, at=at, key=key)


def test_requests_and_answers_are_held_against_the_description_where_it_is_at_hand(
    connection: WordPressConnection, vendor: WordPressVendor, tmp_path: Path
) -> None:
    examples = description("wordpress/wordpress.fixtures.json")
    post = replace(
        _post(part("Hello", media=(picture_file(tmp_path),))), tags=("news",)
    )
    receipt = publish(connection, post)
    vendor.say(receipt.id, "Hello to you")
    models = {
        "posts": examples["PostModel"],
        "comments": examples["CommentModel"],
        "media": examples["MediaModel"],
        "tags": examples["TagModel"],
    }
    for path, thing in vendor.things.items():
        example = models[path.split("/")[1]]
        for key in thing.keys() & example.keys():
            assert type(thing[key]) is type(example[key]), (path, key)
        # Examples are as strangers see them, who are not shown what is raw.
        assert thing.keys() - example.keys() == set()


@given(st.text(), st.integers(0, 3))
def test_a_name_in_an_address_stays_as_it_is_written(name: str, attempt: int) -> None:
    due = datetime(2026, 11, 22, tzinfo=UTC)
    slug = slug_of(PartKey(name, "blog", 0, due, attempt))
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert slug != slug_of(PartKey(name, "blog", 0, due, attempt + 1))


@given(st.lists(st.sampled_from(["می‌خواهم", "你好", "👩‍👩‍👧", "a < b & c", "&amp;"])))
def test_words_survive_markup(words: list[str]) -> None:
    text = " ".join(words)
    assert shown(f"<p>{escape(text)}</p>") == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_comment_is_counted_as_the_bytes_that_are_sent(words: str) -> None:
    vendor = WordPressVendor()
    connection = WordPress().connect(CHANNEL, CREDENTIALS, transport=vendor)
    post = _post("The post", replace(part(words), comment=True))
    first = publish(connection, post)
    publish(connection, post, 1, Thread(first, first))
    connection.close()
    sent = json.loads(vendor.requests[-1].content)["content"]
    length = WordPress().length(post.parts[1].text, Unit.UTF8)
    assert length == len(sent.encode())


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_what_a_comment_says_is_no_markup(words: str) -> None:
    vendor = WordPressVendor()
    connection = WordPress().connect(CHANNEL, CREDENTIALS, transport=vendor)
    post = _post("The post", replace(part(words), comment=True))
    first = publish(connection, post)
    comment = publish(connection, post, 1, Thread(first, first))
    assert (connection.words(comment) or "").split() == words.split()
    connection.close()
