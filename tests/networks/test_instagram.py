"""Instagram, against a server in memory that knows its description."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from smmflow.credentials import Credentials, Secret
from smmflow.errors import (
    ConfigurationError,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    Unreachable,
)
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.grant import Grant
from smmflow.model.media import Attachment, MediaFacts, MediaKind
from smmflow.model.message import MessageKind
from smmflow.model.publication import Pending, Receipt
from smmflow.networks.instagram import Instagram
from smmflow.networks.instagram.connection import InstagramConnection
from smmflow.networks.interface import Among, Network, Thread
from smmflow.networks.signing import renew
from smmflow.publishing.records import part_of, part_record
from smmflow.testing import channel_post, key_of, part
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import Say, Write, publish
from smmflow.testing.samples import DUE, rich
from tests.networks.descriptions import description
from tests.vendors.instagram import InstagramVendor

CHANNEL = InstagramVendor.account.channel("instagram")
CREDENTIALS = InstagramVendor.account.credentials()


@pytest.fixture
def vendor() -> InstagramVendor:
    return InstagramVendor()


@pytest.fixture(autouse=True)
def _every_request_is_right(vendor: InstagramVendor) -> Iterator[None]:
    yield
    assert vendor.faults == []


class TestContract(NetworkContract):
    publishing_path = "/media_publish"

    @pytest.fixture
    def channel(self) -> Channel:
        return CHANNEL

    @pytest.fixture
    def network(self) -> Network:
        return Instagram()

    @pytest.fixture
    def credentials(self) -> Credentials:
        return CREDENTIALS

    @pytest.fixture
    def transport(self, vendor: InstagramVendor) -> httpx.BaseTransport:
        return vendor

    @pytest.fixture
    def write(self, vendor: InstagramVendor, tmp_path: Path) -> Write:
        """Every part but a comment shows a picture that Instagram takes."""
        picture = vendor.picture(tmp_path)

        def shown(given: Part | str) -> Part:
            content = part(given) if isinstance(given, str) else given
            if content.comment:
                return content
            alts = [each.alt for each in content.media] or [picture.alt]
            media = tuple(replace(picture, alt=each) for each in alts)
            return replace(content, media=media)

        def write(*parts: Part | str, post: str = "launch") -> ChannelPost:
            return channel_post(CHANNEL, *map(shown, parts), post=post)

        return write

    @pytest.fixture
    def say(self, vendor: InstagramVendor) -> Say:
        return lambda receipt, words: vendor.say(receipt.id, words)

    @pytest.fixture
    def look(self, vendor: InstagramVendor) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            live = {each.id: each for each in vendor.live()}
            if receipt.id not in live:
                return None
            alts = vendor.media.get(receipt.id, {}).get("alts", ())
            return Seen(live[receipt.id].text, live[receipt.id].parent, alts)

        return look


@pytest.fixture
def connection(vendor: InstagramVendor) -> Iterator[InstagramConnection]:
    connection = Instagram().connect(CHANNEL, CREDENTIALS, transport=vendor)
    yield connection
    connection.close()


@pytest.fixture
def picture(vendor: InstagramVendor, tmp_path: Path) -> Attachment:
    return vendor.picture(tmp_path)


@pytest.fixture
def video(vendor: InstagramVendor) -> Attachment:
    content = b"\x00\x00\x00\x18ftypmp42"
    vendor.put("clip.mp4", content, "video/mp4")
    digest = hashlib.sha256(content).hexdigest()
    facts = MediaFacts("clip.mp4", digest, len(content), MediaKind.VIDEO, "video/mp4")
    return Attachment(facts, "A clip")


def _post(
    text: str, *media: Attachment, comment: str = "", **settings: object
) -> ChannelPost:
    parts = [part(text, media=media)]
    if comment:
        parts.append(replace(part(comment), comment=True))
    return replace(channel_post(CHANNEL, *parts), settings=settings)


class TestKinds:
    def test_pictures_and_a_video_are_one_carousel_in_their_order(
        self,
        connection: InstagramConnection,
        vendor: InstagramVendor,
        picture: Attachment,
        video: Attachment,
    ) -> None:
        post = _post("Three", picture, video, picture, collaborators=("sara",))
        receipt = publish(connection, post)
        live = vendor.media[receipt.id]
        assert live["media_type"] == "CAROUSEL_ALBUM"
        assert live["alts"] == ("A green square", "", "A green square")
        found = connection.find(post, 0, key=key_of(post), among=Among(receipt.at))
        assert found == receipt

    def test_a_carousel_with_another_number_of_files_is_another_post(
        self, connection: InstagramConnection, picture: Attachment
    ) -> None:
        receipt = publish(connection, _post("Squares", picture, picture))
        three = _post("Squares", picture, picture, picture)
        among = Among(receipt.at)
        assert connection.find(three, 0, key=key_of(three), among=among) is None

    @pytest.mark.parametrize("settings", [{}, {"format": "reel"}])
    def test_a_single_video_is_a_reel(
        self,
        connection: InstagramConnection,
        vendor: InstagramVendor,
        video: Attachment,
        settings: dict[str, object],
    ) -> None:
        chosen = {"share_to_feed": False, "thumb_offset": 1500, **settings}
        receipt = publish(connection, replace(_post("Look", video), settings=chosen))
        assert "/reel/" in receipt.url
        said = next(iter(vendor.containers.values()))["said"]
        assert (said["share_to_feed"], said["thumb_offset"]) == ("false", "1500")

    def test_a_story_is_found_among_stories_and_adopted_and_measured(
        self, connection: InstagramConnection, picture: Attachment
    ) -> None:
        post = _post("Not shown", picture, format="story")
        receipt = publish(connection, post)
        among = Among(receipt.at)
        assert connection.find(post, 0, key=key_of(post), among=among) == receipt
        assert connection.adopt(receipt.url) == receipt
        counters = connection.measure([receipt])[receipt.id]
        assert counters is not None
        assert counters["views"] == 0
        assert counters["likes"] is None
        feed = _post("Not shown", picture)
        assert connection.find(feed, 0, key=key_of(feed), among=among) is None

    @pytest.mark.parametrize(
        "text", ["#t " * 31, " ".join(f"@sara{n}" for n in range(21))]
    )
    def test_too_many_tags_or_mentions_are_refused_before_anything_is_sent(
        self,
        connection: InstagramConnection,
        vendor: InstagramVendor,
        picture: Attachment,
        text: str,
    ) -> None:
        with pytest.raises(Rejected, match="at most"):
            publish(connection, _post(text, picture))
        assert vendor.requests == []

    def test_what_can_be_no_reel_or_story_is_refused_before_anything_is_sent(
        self,
        connection: InstagramConnection,
        vendor: InstagramVendor,
        picture: Attachment,
    ) -> None:
        wrong = (
            _post("No video", picture, format="reel"),
            _post("Two", picture, picture, format="story"),
            _post("Commented", picture, comment="First", format="story"),
            _post("No file"),
        )
        for post in wrong:
            with pytest.raises(Rejected):
                publish(connection, post)
        assert vendor.requests == []


class TestWaiting:
    def test_a_file_that_is_still_fetched_is_asked_for_again(
        self,
        connection: InstagramConnection,
        vendor: InstagramVendor,
        picture: Attachment,
    ) -> None:
        vendor.checks = 2
        post = _post("Slow", picture, picture)
        done = connection.publish(post, 0, after=None, key=key_of(post))
        waits = []
        while isinstance(done, Pending):
            assert vendor.media == {}
            waits.append(done.wait)
            done = connection.resume(done)
        assert waits == [1, 2, 4, 1, 2, 4]
        assert set(vendor.media) == {done.id}

    @pytest.mark.parametrize(
        ("status", "why", "kind"),
        [
            ("ERROR", "Error: failed with error code 2207026", Rejected),
            ("PUBLISHED", "", OutcomeUnknown),
            ("SOMETHING_NEW", "", Unreachable),
        ],
    )
    def test_what_becomes_of_a_container_decides(
        self,
        connection: InstagramConnection,
        vendor: InstagramVendor,
        picture: Attachment,
        status: str,
        why: str,
        kind: type[NetworkError],
    ) -> None:
        vendor.broken, vendor.why = status, why
        with pytest.raises(kind):
            publish(connection, _post("Broken", picture))
        assert vendor.media == {}

    @pytest.mark.parametrize(
        ("status", "why"),
        [("ERROR", "Error: failed with error code 2207053"), ("EXPIRED", "")],
    )
    def test_a_container_that_is_spoilt_is_made_anew_and_one_post_is_live(
        self,
        connection: InstagramConnection,
        vendor: InstagramVendor,
        picture: Attachment,
        status: str,
        why: str,
    ) -> None:
        vendor.broken, vendor.why = status, why
        post = _post("Fetched the second time", picture, picture)
        begun = connection.publish(post, 0, after=None, key=key_of(post))
        assert isinstance(begun, Pending)
        anew = connection.resume(begun)
        assert isinstance(anew, Pending)
        assert anew.wait > begun.wait
        vendor.broken = ""
        while isinstance(anew, Pending):
            anew = connection.resume(anew)
        assert set(vendor.media) == {anew.id}

    def test_a_token_that_dies_before_the_last_step_publishes_nothing(
        self,
        connection: InstagramConnection,
        vendor: InstagramVendor,
        picture: Attachment,
    ) -> None:
        vendor.checks = 1
        post = _post("Late", picture)
        pending = connection.publish(post, 0, after=None, key=key_of(post))
        assert isinstance(pending, Pending)
        late = Credentials({"TOKEN": "dead"})
        dead = Instagram().connect(CHANNEL, late, transport=vendor)
        with pytest.raises(SignInFailed):
            dead.resume(pending)
        dead.close()
        assert vendor.media == {}

    def test_a_file_that_is_not_public_yet_is_waited_for(
        self,
        connection: InstagramConnection,
        vendor: InstagramVendor,
        picture: Attachment,
    ) -> None:
        vendor.files.clear()
        with pytest.raises(Unreachable, match=r"picture\.jpg is not at"):
            publish(connection, _post("Where?", picture))
        assert vendor.containers == {}

    def test_a_day_s_limit_is_asked_for_before_anything_is_sent(
        self,
        connection: InstagramConnection,
        vendor: InstagramVendor,
        picture: Attachment,
    ) -> None:
        vendor.room = 0
        with pytest.raises(RateLimited, match="0 posts in 24 hours"):
            publish(connection, _post("One too many", picture))
        assert vendor.containers == {}


class TestDoubt:
    @pytest.mark.parametrize(
        "refusal",
        [
            {"code": 4, "error_subcode": 2207051, "message": "Action is blocked"},
            {"code": 1, "message": "Unknown error"},
            {"code": 100, "message": "Invalid parameter"},
            {"code": 24, "error_subcode": 2207006, "message": "cannot be found"},
            {"code": -1, "error_subcode": 2207001, "message": "server error"},
        ],
    )
    def test_errors_of_publishing_prove_nothing_and_the_post_is_found(
        self,
        connection: InstagramConnection,
        vendor: InstagramVendor,
        picture: Attachment,
        refusal: dict[str, object],
    ) -> None:
        vendor.refusal = refusal
        post = _post("Blocked, and live", picture)
        with pytest.raises(OutcomeUnknown):
            publish(connection, post)
        found = connection.find(post, 0, key=key_of(post), among=Among(DUE))
        assert found is not None
        assert set(vendor.media) == {found.id}

    @pytest.mark.parametrize("settings", [{}, {"format": "story"}])
    def test_a_video_is_known_again_by_what_the_ledger_keeps_of_it(
        self,
        connection: InstagramConnection,
        picture: Attachment,
        video: Attachment,
        settings: dict[str, object],
    ) -> None:
        publish(connection, replace(_post("Look", picture), settings=settings))
        post = replace(_post("Look", video), settings=settings)
        receipt = publish(connection, post)
        kept = replace(post, parts=(part_of(part_record(post.parts[0], None)),))
        found = connection.find(kept, 0, key=key_of(post), among=Among(DUE))
        assert found == receipt

    def test_the_oldest_that_is_no_other_part_s_is_found(
        self, connection: InstagramConnection, picture: Attachment
    ) -> None:
        post = _post("Good morning", picture)
        first, second, _ = (publish(connection, post) for _ in range(3))
        among = Among(first.at, frozenset({first.id}))
        found = connection.find(post, 0, key=key_of(post), among=among)
        assert found is not None
        assert found.id == second.id

    def test_a_first_comment_is_found_below_its_own_post(
        self,
        connection: InstagramConnection,
        vendor: InstagramVendor,
        picture: Attachment,
    ) -> None:
        post = _post("Post", picture, comment="The link: https://example.org")
        receipt = publish(connection, post)
        key, among = key_of(post, 1), Among(receipt.at, frozenset({receipt.id}))
        assert connection.find(post, 1, key=key, among=among) is None
        comment = publish(connection, post, 1, Thread(receipt, receipt))
        found = connection.find(post, 1, key=key, among=among)
        assert found is not None
        assert (found.id, found.url, found.more) == (
            comment.id,
            comment.url,
            comment.more,
        )
        assert connection.words(found) == "The link: https://example.org"
        vendor.comments[comment.id] |= {"from": {}, "username": ""}
        assert connection.find(post, 1, key=key, among=among) == found
        gone = _post("Never live", picture, comment="The link: https://example.org")
        with pytest.raises(OutcomeUnknown):
            connection.find(gone, 1, key=key, among=among)

    def test_posts_are_looked_for_on_every_page(
        self, connection: InstagramConnection, picture: Attachment
    ) -> None:
        post = _post("The first of many", picture)
        receipt = publish(connection, post)
        for number in range(30):
            publish(connection, _post(f"Number {number}", picture))
        among = Among(receipt.at)
        assert connection.find(post, 0, key=key_of(post), among=among) == receipt
        assert connection.adopt(receipt.url) == receipt

    def test_a_pinned_post_before_the_newest_hides_none_of_them(
        self,
        connection: InstagramConnection,
        vendor: InstagramVendor,
        picture: Attachment,
    ) -> None:
        pinned = publish(connection, _post("Who we are", picture))
        post = _post("News", picture)
        receipt = publish(connection, post)
        old = vendor.media.pop(pinned.id) | {"timestamp": "2020-01-01T00:00:00+0000"}
        vendor.media[pinned.id] = old
        found = connection.find(post, 0, key=key_of(post), among=Among(DUE))
        assert found == receipt


class TestTalk:
    def test_answers_to_comments_are_read_and_answered_below_the_first(
        self,
        connection: InstagramConnection,
        vendor: InstagramVendor,
        picture: Attachment,
    ) -> None:
        post = _post("Questions?", picture, comment="Ask here")
        receipt = publish(connection, post)
        ours = publish(connection, post, 1, Thread(receipt, receipt))
        theirs = vendor.say(receipt.id, "How?")
        below_ours, below_theirs = (
            vendor.say(ours.id, "What?"),
            vendor.say(theirs, "+1"),
        )
        read = connection.messages([receipt, ours], after="").messages
        assert [(each.id, each.kind, each.on) for each in read] == [
            (theirs, MessageKind.COMMENT, receipt.id),
            (below_ours, MessageKind.REPLY, ours.id),
            (below_theirs, MessageKind.COMMENT, receipt.id),
        ]
        connection.reply(read[2], rich("Thanks"), key="answer")
        assert vendor.live()[-1].parent == theirs

    def test_a_comment_has_likes_and_nothing_else_to_count(
        self, connection: InstagramConnection, picture: Attachment
    ) -> None:
        post = _post("Post", picture, comment="Below")
        receipt = publish(connection, post)
        comment = publish(connection, post, 1, Thread(receipt, receipt))
        counters = connection.measure([comment])[comment.id]
        assert counters is not None
        assert counters["likes"] == 0
        assert counters["reach"] is None

    def test_what_is_gone_has_no_numbers_and_no_words(
        self,
        connection: InstagramConnection,
        vendor: InstagramVendor,
        picture: Attachment,
    ) -> None:
        receipt = publish(connection, _post("Deleted by hand", picture))
        vendor.media.clear()
        assert connection.measure([receipt]) == {receipt.id: None}
        assert connection.words(receipt) is None


def test_the_description_is_at_hand() -> None:
    assert description("instagram/instagram.schema.json")["methods"]


def test_a_token_asks_for_its_own_longer_life() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        said = {"access_token": "next", "expires_in": 5_184_000}
        return httpx.Response(200, json=said)

    assert Instagram.renewal is not None
    grant = renew(
        Instagram.renewal,
        Grant(Secret("first"), None, DUE),
        {},
        now=DUE,
        transport=httpx.MockTransport(answer),
    )
    assert (grant.token, grant.expires) == (Secret("next"), DUE + timedelta(days=60))
    [address] = asked
    assert address == (
        "https://graph.instagram.com/refresh_access_token"
        "?grant_type=ig_refresh_token&access_token=first"
    )


def test_a_channel_without_an_account_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="needs an account"):
        Instagram().connect(replace(CHANNEL, settings={}), CREDENTIALS)


def test_a_token_of_another_account_fails_to_sign_in(vendor: InstagramVendor) -> None:
    other = replace(CHANNEL, settings={**CHANNEL.settings, "account": "1"})
    connection = Instagram().connect(other, CREDENTIALS, transport=vendor)
    with pytest.raises(SignInFailed, match="opens no account 1"):
        connection.whoami()
    connection.close()
