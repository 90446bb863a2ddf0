"""Facebook, against a Page in memory whose requests are held to Meta's description."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.clock import SystemClock
from smmflow.credentials import Credentials
from smmflow.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    UsageError,
)
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.media import Attachment, MediaFacts, MediaKind
from smmflow.model.message import MessageKind
from smmflow.model.publication import Pending, Receipt
from smmflow.networks.facebook import Facebook
from smmflow.networks.facebook.address import address_of, is_ours, post_id
from smmflow.networks.facebook.connection import FacebookConnection
from smmflow.networks.interface import Among, Network, Thread
from smmflow.testing import channel_post, key_of, part
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import Say, publish
from smmflow.testing.samples import DUE, picture_file, rich
from tests.networks.descriptions import Methods
from tests.vendors.facebook import PAGE, TOKEN, FacebookVendor, Refusal

CHANNEL = FacebookVendor.account.channel("page")
CREDENTIALS = FacebookVendor.account.credentials()


@pytest.fixture
def vendor() -> FacebookVendor:
    return FacebookVendor()


@pytest.fixture(autouse=True)
def _every_request_is_right(vendor: FacebookVendor) -> Iterator[None]:
    yield
    assert vendor.faults == []


@pytest.fixture
def connection(vendor: FacebookVendor, tmp_path: Path) -> Iterator[FacebookConnection]:
    connection = Facebook().connect(
        CHANNEL, CREDENTIALS, transport=vendor, root=tmp_path
    )
    yield connection
    connection.close()


def _post(*parts: Part | str) -> ChannelPost:
    return channel_post(CHANNEL, *parts)


def _find(connection: FacebookConnection, post: ChannelPost, *others: str) -> str:
    among = Among(DUE, frozenset(others))
    found = connection.find(post, 0, key=key_of(post), among=among)
    return "" if found is None else found.id


def _video(root: Path) -> Attachment:
    content = b"\x00\x00\x00\x18ftypmp42"
    (root / "launch.mp4").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    facts = MediaFacts("launch.mp4", digest, len(content), MediaKind.VIDEO, "video/mp4")
    return Attachment(facts, "")


class TestContract(NetworkContract):
    publishing_path = "/feed"

    @pytest.fixture
    def network(self) -> Network:
        return Facebook()

    @pytest.fixture
    def channel(self) -> Channel:
        return CHANNEL

    @pytest.fixture
    def credentials(self) -> Credentials:
        return CREDENTIALS

    @pytest.fixture
    def transport(self, vendor: FacebookVendor) -> httpx.BaseTransport:
        return vendor

    @pytest.fixture
    def say(self, vendor: FacebookVendor) -> Say:
        return lambda receipt, words: vendor.say(receipt.id, words)

    @pytest.fixture
    def look(self, vendor: FacebookVendor) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            live = {each.id: each for each in vendor.live()}
            if receipt.id not in live:
                return None
            found = live[receipt.id]
            alts = () if found.parent else vendor.alts(receipt.id)
            return Seen(found.text, found.parent, alts)

        return look


def test_the_first_link_becomes_a_card_unless_there_are_pictures(
    connection: FacebookConnection, vendor: FacebookVendor, tmp_path: Path
) -> None:
    words = "Read https://example.org/a and https://example.org/b"
    plain = publish(connection, _post(words))
    shown = part(f"Look: {words}", media=(picture_file(tmp_path),))
    pictured = publish(connection, _post(shown))
    assert vendor.things[plain.id]["link"] == "https://example.org/a"
    assert vendor.things[pictured.id]["link"] == ""


def test_pictures_of_what_waits_are_temporary(
    connection: FacebookConnection, vendor: FacebookVendor, tmp_path: Path
) -> None:
    post = _post(part("Later", media=(picture_file(tmp_path),)))
    at = SystemClock().now() + timedelta(hours=2)
    waiting = connection.schedule(post, 0, at=at, key=key_of(post))
    assert isinstance(waiting, Receipt)
    uploads = [each for each in vendor.requests if each.url.path.endswith("/photos")]
    assert all(b'name="temporary"' in each.content for each in uploads)
    assert connection.scheduled(post, 0, at=at, key=key_of(post)) is not None


def test_a_video_becomes_a_post_once_facebook_is_done_with_it(
    connection: FacebookConnection, vendor: FacebookVendor, tmp_path: Path
) -> None:
    post = _post(part("Watch", media=(_video(tmp_path),)))
    first = connection.publish(post, 0, after=None, key=key_of(post))
    assert isinstance(first, Pending)
    second = connection.resume(first)
    assert isinstance(second, Pending)
    assert second.wait > first.wait
    receipt = connection.resume(second)
    assert isinstance(receipt, Receipt)
    assert [each.id for each in vendor.live()] == [receipt.id]
    assert _find(connection, post) == receipt.id


def test_a_video_that_is_still_worked_on_is_not_said_to_be_missing(
    connection: FacebookConnection, tmp_path: Path
) -> None:
    post = _post(part("Watch", media=(_video(tmp_path),)))
    assert _find(connection, post) == ""
    pending = connection.publish(post, 0, after=None, key=key_of(post))
    assert isinstance(pending, Pending)
    with pytest.raises(OutcomeUnknown, match="still at work"):
        _find(connection, post)
    kept = replace(post.parts[0].media[0].facts, kind=MediaKind.IMAGE, media_type="")
    from_the_ledger = _post(part("Watch", media=(Attachment(kept, ""),)))
    with pytest.raises(OutcomeUnknown, match="still at work"):
        _find(connection, from_the_ledger)


def test_a_video_that_facebook_cannot_work_with_is_refused(
    connection: FacebookConnection, vendor: FacebookVendor, tmp_path: Path
) -> None:
    vendor.work = None
    with pytest.raises(Rejected):
        publish(connection, _post(part("Watch", media=(_video(tmp_path),))))


def test_no_trouble_of_asking_for_a_video_says_that_it_will_not_go_live(
    connection: FacebookConnection, vendor: FacebookVendor, tmp_path: Path
) -> None:
    post = _post(part("Watch", media=(_video(tmp_path),)))
    pending = connection.publish(post, 0, after=None, key=key_of(post))
    assert isinstance(pending, Pending)
    for refusal in (
        Refusal(190, "The access token has expired", status=401),
        Refusal(200, "Permissions error", status=403),
        Refusal(100, "Tried accessing nonexisting field"),
    ):
        vendor.unread = refusal
        with pytest.raises(OutcomeUnknown):
            connection.resume(pending)
    vendor.unread = Refusal(100, "Object does not exist", 33)
    later = connection.resume(pending)
    assert isinstance(later, Pending)
    vendor.unread = None
    while isinstance(later, Pending):
        later = connection.resume(later)
    assert [each.id for each in vendor.live()] == [later.id]


def test_a_time_that_is_too_far_is_refused(connection: FacebookConnection) -> None:
    post = _post("Next year")
    at = SystemClock().now() + timedelta(days=300)
    with pytest.raises(Rejected):
        connection.schedule(post, 0, at=at, key=key_of(post))


def test_what_went_out_in_its_time_is_not_cancelled_which_would_delete_it(
    connection: FacebookConnection, vendor: FacebookVendor
) -> None:
    post = _post("Soon")
    at = SystemClock().now() + timedelta(hours=1)
    waiting = connection.schedule(post, 0, at=at, key=key_of(post))
    assert isinstance(waiting, Receipt)
    vendor.things[waiting.id]["is_published"] = True
    assert connection.cancel(waiting) is False
    assert waiting.id in vendor.things


def test_a_draft_without_a_time_hides_nothing_that_waits(
    connection: FacebookConnection, vendor: FacebookVendor
) -> None:
    post = _post("Soon")
    at = SystemClock().now() + timedelta(hours=1)
    waiting = connection.schedule(post, 0, at=at, key=key_of(post))
    draft = connection.schedule(_post("A draft"), 0, at=at, key=key_of(post))
    assert isinstance(waiting, Receipt)
    assert isinstance(draft, Receipt)
    del vendor.things[draft.id]["scheduled_publish_time"]
    found = connection.scheduled(post, 0, at=at, key=key_of(post))
    assert found is not None
    assert found.id == waiting.id


def test_what_the_token_may_not_cancel_still_waits(
    connection: FacebookConnection, vendor: FacebookVendor
) -> None:
    post = _post("Soon")
    at = SystemClock().now() + timedelta(hours=1)
    waiting = connection.schedule(post, 0, at=at, key=key_of(post))
    assert isinstance(waiting, Receipt)
    vendor.deletes = False
    with pytest.raises(SignInFailed, match="does not let"):
        connection.cancel(waiting)
    still = connection.scheduled(post, 0, at=at, key=key_of(post))
    assert still is not None
    assert still.id == waiting.id


def test_the_same_words_with_other_files_are_another_post(
    connection: FacebookConnection, tmp_path: Path
) -> None:
    pictures = tuple(picture_file(tmp_path, f"{n}.png", side=8 + n) for n in range(2))
    several = _post(part("Look", media=pictures))
    single = _post(part("Look", media=pictures[:1]))
    receipt = publish(connection, several)
    assert _find(connection, several) == receipt.id
    assert _find(connection, single) == ""
    assert _find(connection, _post("Look")) == ""


def test_the_oldest_that_is_not_another_part_is_found_beyond_the_first_page(
    connection: FacebookConnection,
) -> None:
    post = _post("Good morning")
    made = []
    for number in range(3):
        made.append(publish(connection, post).id)
        publish(connection, _post(f"Between {number}"))
    assert _find(connection, post) == made[0]
    assert _find(connection, post, made[0]) == made[1]


def test_a_post_that_was_dated_back_hides_none_behind_it(
    connection: FacebookConnection, vendor: FacebookVendor
) -> None:
    post = _post("News")
    receipt = publish(connection, post)
    back = publish(connection, _post("Founded today"))
    vendor.things[back.id]["created_time"] = "1999-01-01T00:00:00+0000"
    assert _find(connection, post) == receipt.id


def test_a_card_that_plays_a_film_is_no_file_of_ours(
    connection: FacebookConnection, vendor: FacebookVendor
) -> None:
    post = _post("Watch https://www.youtube.com/watch?v=abc")
    receipt = publish(connection, post)
    vendor.card = "video"
    assert _find(connection, post) == receipt.id


def test_a_post_that_shows_something_new_may_be_the_one_with_a_file(
    connection: FacebookConnection, vendor: FacebookVendor, tmp_path: Path
) -> None:
    post = _post(part("Look", media=(picture_file(tmp_path),)))
    receipt = publish(connection, post)
    vendor.kind = "immersive_photo"
    assert _find(connection, post) == receipt.id


def test_what_the_token_may_not_take_down_is_not_said_to_be_gone(
    connection: FacebookConnection, vendor: FacebookVendor
) -> None:
    receipt = publish(connection, _post("Here to stay"))
    vendor.deletes = False
    with pytest.raises(SignInFailed, match="does not let"):
        connection.withdraw(receipt)
    assert [each.id for each in vendor.live()] == [receipt.id]
    vendor.deletes = True
    connection.withdraw(receipt)
    connection.withdraw(receipt)
    assert vendor.live() == []


def test_a_comment_of_ours_is_found_below_its_post(
    connection: FacebookConnection, vendor: FacebookVendor
) -> None:
    below = replace(part("Where it comes from"), comment=True)
    post = _post("The post itself", below)
    first = publish(connection, post)
    vendor.say(first.id, "Where it comes from")
    among = Among(DUE, frozenset({first.id}))
    key = key_of(post, 1)
    assert connection.find(post, 1, key=key, among=among) is None
    comment = publish(connection, post, 1, Thread(first, first))
    found = connection.find(post, 1, key=key, among=among)
    assert found is not None
    assert found.id == comment.id
    del vendor.things[comment.id]["from"]
    assert connection.find(post, 1, key=key, among=among) == found
    of_the_ledger = _post("The post itself", "Where it comes from")
    assert connection.find(of_the_ledger, 1, key=key, among=among) == found


def test_without_its_post_nobody_knows_of_a_comment(
    connection: FacebookConnection,
) -> None:
    post = _post("Never sent", replace(part("Below"), comment=True))
    with pytest.raises(OutcomeUnknown):
        connection.find(post, 1, key=key_of(post, 1), among=Among(DUE))


def test_numbers_are_read_without_insights_where_those_are_not_allowed(
    connection: FacebookConnection, vendor: FacebookVendor
) -> None:
    receipt = publish(connection, _post("Count me"))
    vendor.insights = False
    vendor.say(receipt.id, "Well done")
    counters = connection.measure([receipt])[receipt.id]
    assert counters is not None
    assert (counters["comments"], counters["likes"], counters["views"]) == (1, 0, None)


def test_a_first_comment_has_numbers_of_its_own(
    connection: FacebookConnection,
) -> None:
    post = _post("The post", replace(part("Below"), comment=True))
    first = publish(connection, post)
    comment = publish(connection, post, 1, Thread(first, first))
    counters = connection.measure([first, comment])
    above, below = counters[first.id], counters[comment.id]
    assert above is not None
    assert below is not None
    assert (above["comments"], below["comments"], below["reach"]) == (1, 0, None)


def test_views_and_reach_are_kept_apart(tmp_path: Path) -> None:
    insights = {
        "data": [
            {"name": "post_media_view", "values": [{"value": 12}]},
            {"name": "post_total_media_view_unique", "values": [{"value": 7}]},
        ]
    }
    answer = {"1_2": {"id": "1_2", "shares": {"count": 3}, "insights": insights}}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    connection = Facebook().connect(
        CHANNEL, CREDENTIALS, transport=transport, root=tmp_path
    )
    counters = connection.measure([Receipt("1_2", "", DUE)])["1_2"]
    connection.close()
    assert counters == {
        "likes": None,
        "comments": None,
        "shares": 3,
        "views": 12,
        "reach": 7,
    }


def test_comments_of_one_second_are_read_once(
    connection: FacebookConnection, vendor: FacebookVendor
) -> None:
    receipt = publish(connection, _post("What do you think?"))
    said = [vendor.say(receipt.id, f"Thought {number}") for number in range(7)]
    for each in said:
        vendor.things[each]["created_time"] = "2026-11-22T10:00:00+0000"
    read = connection.messages([receipt], after="")
    assert [each.id for each in read.messages] == said
    late = vendor.say(receipt.id, "And another")
    vendor.things[late]["created_time"] = "2026-11-22T10:00:00+0000"
    more = connection.messages([receipt], after=read.cursor)
    assert [each.id for each in more.messages] == [late]


def test_posts_of_others_that_name_the_page_are_read_and_answered(
    connection: FacebookConnection, vendor: FacebookVendor
) -> None:
    named = [vendor.mention(f"Thanks to News {number}") for number in range(5)]
    read = connection.messages([], after="")
    assert sorted(each.id for each in read.messages) == sorted(named)
    assert {each.kind for each in read.messages} == {MessageKind.MENTION}
    assert {each.author.name for each in read.messages} == {"Sara"}
    connection.reply(read.messages[0], rich("You are welcome"), key="answer")
    assert vendor.live()[-1].parent == read.messages[0].id
    assert connection.messages([], after=read.cursor).messages == ()


def test_an_address_with_an_opaque_name_is_looked_up(
    connection: FacebookConnection, vendor: FacebookVendor
) -> None:
    receipt = publish(connection, _post("Seen by a person"))
    opaque = "https://www.facebook.com/news/posts/pfbid02abcDEF"
    vendor.things[receipt.id]["permalink_url"] = opaque
    assert connection.adopt(f"{opaque}?locale=fa_IR").id == receipt.id
    with pytest.raises(UsageError):
        connection.adopt("https://www.facebook.com/news/posts/pfbid0other")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (f"https://www.facebook.com/{PAGE}_12", f"{PAGE}_12"),
        (f"https://m.facebook.com/{PAGE}/posts/12/", f"{PAGE}_12"),
        ("https://www.facebook.com/news/posts/some-words/12?x=1", f"{PAGE}_12"),
        (
            "https://www.facebook.com/permalink.php?story_fbid=12&id=34",
            "34_12",
        ),
        ("https://www.facebook.com/news/posts/pfbid02abc", None),
    ],
)
def test_the_id_in_an_address_is_read(url: str, name: str | None) -> None:
    assert is_ours(url)
    assert post_id(url, PAGE) == name


@given(st.text())
def test_whatever_is_no_address_of_facebook_is_none(text: str) -> None:
    assert not is_ours(text)
    assert not is_ours(f"https://facebook.com.example/{text}")


@given(st.from_regex(r"[1-9][0-9]{0,18}_[1-9][0-9]{0,18}", fullmatch=True))
def test_an_address_that_we_make_is_read_back(name: str) -> None:
    assert post_id(address_of(name), PAGE) == name


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (Refusal(1, "An unknown error occurred", status=500), OutcomeUnknown),
        (Refusal(2, "Service temporarily unavailable", status=503), OutcomeUnknown),
        (Refusal(-1, "Internal error", status=500), OutcomeUnknown),
        (Refusal(99_999, "Something new", status=500), OutcomeUnknown),
        (Refusal(4, "Application request limit reached"), RateLimited),
        (Refusal(32, "Page request limit reached"), RateLimited),
        (Refusal(190, "Error validating access token"), SignInFailed),
        (Refusal(200, "Permissions error"), SignInFailed),
        (Refusal(368, "You're temporarily blocked"), Rejected),
        (Refusal(506, "Duplicate status message"), OutcomeUnknown),
    ],
)
def test_what_an_error_means_for_a_post(
    connection: FacebookConnection,
    vendor: FacebookVendor,
    refusal: Refusal,
    kind: type[NetworkError],
) -> None:
    vendor.refusals["/feed"] = [refusal]
    with pytest.raises(kind):
        publish(connection, _post("Hello"))


@pytest.mark.parametrize("answer", [{}, {"id": ""}, {"id": 5}, {"success": True}, []])
def test_a_success_without_an_id_leaves_the_outcome_unknown(answer: object) -> None:
    date = {"Date": "Sun, 22 Nov 2026 09:30:00 GMT"}
    transport = httpx.MockTransport(
        lambda _: httpx.Response(200, json=answer, headers=date)
    )
    connection = Facebook().connect(CHANNEL, CREDENTIALS, transport=transport)
    with pytest.raises(OutcomeUnknown):
        publish(connection, _post("Hello"))
    connection.close()


def test_requests_and_answers_are_held_against_the_description_where_it_is_at_hand(
    connection: FacebookConnection, vendor: FacebookVendor
) -> None:
    methods = Methods("facebook/facebook.schema.json")
    receipt = publish(connection, _post("Hello"))
    vendor.say(receipt.id, "Hello to you")
    for path, node in (("published_posts", "PagePost"), ("comments", "Comment")):
        of = PAGE if node == "PagePost" else receipt.id
        request = httpx.Request(
            "GET",
            f"https://graph.facebook.com/v25.0/{of}/{path}",
            params={"fields": "id,message,created_time,permalink_url,from"},
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
        (shown,) = vendor.handle_request(request).json()["data"]
        assert list(methods.node_faults(node, shown)) == []


@given(
    st.lists(
        st.sampled_from(
            ["می‌خواهم", "你好", "👩‍👩‍👧", "a=b&c", "100%", "+1", "\n", "«"]
        ),
        min_size=1,
    )
)
def test_words_of_every_script_arrive_as_they_were_written(words: list[str]) -> None:
    vendor = FacebookVendor()
    connection = Facebook().connect(CHANNEL, CREDENTIALS, transport=vendor)
    receipt = publish(connection, _post(" ".join(words)))
    assert connection.words(receipt) == " ".join(words)
    connection.close()
