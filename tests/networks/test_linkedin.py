"""LinkedIn beyond the contract: files, cards, polls, versions, what may be live."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from jsonschema import Draft202012Validator

from smmflow.composing.markup import Style, rich_text
from smmflow.errors import (
    ConfigurationError,
    OutcomeUnknown,
    Rejected,
    SignInFailed,
    Unsupported,
    UsageError,
)
from smmflow.model.capabilities import LinkStyle, MentionStyle
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.media import Attachment, MediaFacts, MediaKind
from smmflow.model.post import Card, Poll
from smmflow.model.publication import Pending, Receipt
from smmflow.networks.interface import Among, Connection, Thread
from smmflow.networks.linkedin import LinkedIn
from smmflow.testing.contract_base import everything_shown, publish
from smmflow.testing.samples import (
    DUE,
    channel_post,
    key_of,
    part,
    picture_file,
    rich,
)
from smmflow.testing.transports import Failing, lost_answer
from tests.networks.descriptions import description
from tests.networks.pictures import large_photo
from tests.vendors.linkedin import APPLICATION, MEMBER, ORGANIZATION, LinkedInVendor
from tests.vendors.linkedin_shapes import examples, shapes, unlike

Connect = Callable[..., Connection]
AMONG = Among(DUE - timedelta(days=3650))


@pytest.fixture
def vendor() -> Iterator[LinkedInVendor]:
    vendor = LinkedInVendor()
    yield vendor
    assert vendor.faults == []


@pytest.fixture
def channel(vendor: LinkedInVendor) -> Channel:
    return vendor.account.channel()


@pytest.fixture
def connect(vendor: LinkedInVendor, tmp_path: Path) -> Iterator[Connect]:
    made: list[Connection] = []

    def connect(
        transport: httpx.BaseTransport | None = None, **settings: str
    ) -> Connection:
        channel = vendor.account.channel()
        made.append(
            LinkedIn().connect(
                replace(channel, settings={**channel.settings, **settings}),
                vendor.account.credentials(),
                transport=transport or vendor,
                root=tmp_path,
            )
        )
        return made[-1]

    yield connect
    for each in made:
        each.close()


@pytest.fixture
def connection(connect: Connect) -> Connection:
    return connect()


def _file(
    folder: Path, name: str, size: int, kind: MediaKind, type_: str
) -> Attachment:

    content = bytes(range(256)) * (size // 256) + b"\x07" * (size % 256)
    (folder / name).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return Attachment(MediaFacts(name, digest, size, kind, type_), "")


def _sent(vendor: LinkedInVendor, receipt: Receipt) -> dict[str, object]:
    content: dict[str, object] = vendor.posts[receipt.id]["content"]
    return content


def _named(receipt: Receipt | None) -> tuple[object, ...]:
    # The moment is that of the answer first, and that of the post later.
    assert receipt is not None
    return receipt.id, receipt.url, receipt.more


def test_a_persian_hashtag_reaches_readers(
    vendor: LinkedInVendor, connection: Connection, channel: Channel
) -> None:
    receipt = publish(connection, channel_post(channel, "سلام (دوست من) #نرم‌افزار"))
    assert vendor.posts[receipt.id]["commentary"] == (
        r"سلام \(دوست من\) {hashtag|\#|نرم‌افزار}"
    )
    assert connection.words(receipt) == "سلام (دوست من) #نرم‌افزار"


def test_one_picture_has_its_description(
    vendor: LinkedInVendor, connection: Connection, channel: Channel, tmp_path: Path
) -> None:
    photo = large_photo(tmp_path)
    receipt = publish(connection, channel_post(channel, part("One", media=(photo,))))
    [urn] = vendor.files
    assert _sent(vendor, receipt) == {"media": {"id": urn, "altText": "Noise, نویز"}}
    stored = vendor.files[urn].content[0]
    assert stored == (tmp_path / "photo.jpg").read_bytes()


def test_a_video_goes_in_parts_and_out_when_linkedin_is_ready(
    vendor: LinkedInVendor, connection: Connection, channel: Channel, tmp_path: Path
) -> None:
    size = 9 * 1024 * 1024 + 5
    video = _file(tmp_path, "v.mp4", size, MediaKind.VIDEO, "video/mp4")
    post = channel_post(channel, part("Watch", media=(video,)))
    waiting = connection.publish(post, 0, after=None, key=key_of(post))
    assert isinstance(waiting, Pending)
    assert vendor.posts == {}
    still = connection.resume(waiting)
    assert isinstance(still, Pending)
    assert still.wait > waiting.wait
    receipt = connection.resume(still)
    assert isinstance(receipt, Receipt)
    assert receipt.id.startswith("urn:li:ugcPost:")
    [(urn, file)] = vendor.files.items()
    assert [len(each) for each in file.content.values()] == [
        4 * 1024 * 1024,
        4 * 1024 * 1024,
        1024 * 1024 + 5,
    ]
    assert file.finished
    assert _sent(vendor, receipt) == {"media": {"title": "Launch", "id": urn}}
    assert _named(connection.find(post, 0, key=key_of(post), among=AMONG)) == _named(
        receipt
    )


def test_the_token_goes_with_no_part_of_a_video(
    vendor: LinkedInVendor, connection: Connection, channel: Channel, tmp_path: Path
) -> None:
    video = _file(tmp_path, "v.mp4", 600, MediaKind.VIDEO, "video/mp4")
    publish(connection, channel_post(channel, part("Watch", media=(video,))))
    [upload] = [r for r in vendor.requests if r.method == "PUT"]
    assert "authorization" not in upload.headers


def test_a_document_has_the_title_of_the_post(
    vendor: LinkedInVendor, connection: Connection, channel: Channel, tmp_path: Path
) -> None:
    pdf = _file(tmp_path, "a.pdf", 300, MediaKind.OTHER, "application/pdf")
    receipt = publish(connection, channel_post(channel, part("Read", media=(pdf,))))
    [urn] = vendor.files
    assert _sent(vendor, receipt) == {"media": {"title": "Launch", "id": urn}}


def test_a_document_beside_a_picture_is_refused_before_anything_is_sent(
    vendor: LinkedInVendor, connection: Connection, channel: Channel, tmp_path: Path
) -> None:
    pdf = _file(tmp_path, "a.pdf", 300, MediaKind.OTHER, "application/pdf")
    both = (picture_file(tmp_path), pdf)
    with pytest.raises(Rejected, match="one document"):
        publish(connection, channel_post(channel, part("Both", media=both)))
    assert vendor.requests == []


def test_a_card_is_what_the_author_gave(
    vendor: LinkedInVendor, connection: Connection, channel: Channel, tmp_path: Path
) -> None:
    card = Card("https://example.org/a", "Title", "What it says")
    content = Part(rich("Read"), card=card, card_image=picture_file(tmp_path))
    receipt = publish(connection, channel_post(channel, content))
    [urn] = vendor.files
    assert _sent(vendor, receipt) == {
        "article": {
            "source": "https://example.org/a",
            "title": "Title",
            "description": "What it says",
            "thumbnail": urn,
            "thumbnailAltText": "A green square",
        }
    }


def test_a_poll_asks_the_last_paragraph(
    vendor: LinkedInVendor, connection: Connection, channel: Channel
) -> None:
    poll = Poll(("Yes", "بله"), timedelta(days=7))
    post = channel_post(channel, part("We (both) wonder #poll\n\nTea?", poll=poll))
    receipt = publish(connection, post)
    assert vendor.posts[receipt.id]["commentary"] == (
        r"We \(both\) wonder {hashtag|\#|poll}"
    )
    assert _sent(vendor, receipt) == {
        "poll": {
            "question": "Tea?",
            "options": [{"text": "Yes"}, {"text": "بله"}],
            "settings": {"duration": "SEVEN_DAYS"},
        }
    }
    assert _named(connection.find(post, 0, key=key_of(post), among=AMONG)) == _named(
        receipt
    )
    assert _named(connection.adopt(receipt.url)) == _named(receipt)


def test_a_post_can_say_what_its_poll_asks(
    vendor: LinkedInVendor, connection: Connection, channel: Channel
) -> None:
    post = channel_post(channel, part("Long\n\nwords", poll=Poll(("Yes", "No"))))
    receipt = publish(connection, replace(post, settings={"question": "Tea?"}))
    assert vendor.posts[receipt.id]["commentary"] == "Long\n\nwords"
    assert "Tea?" in json.dumps(_sent(vendor, receipt))
    found = connection.find(post, 0, key=key_of(post), among=AMONG)
    assert _named(found) == _named(receipt)


def test_an_authors_markdown_becomes_mention_hashtag_and_words(
    vendor: LinkedInVendor, connection: Connection, channel: Channel
) -> None:
    markdown = "با **تشکر** از [Dev_testco](urn:li:organization:2414183) #نرم‌افزار"
    style = Style(LinkStyle.WRITTEN_OUT, "fa", mentions=MentionStyle.LINK)
    post = channel_post(channel, Part(rich_text(markdown, style)))
    receipt = publish(connection, post)
    assert vendor.posts[receipt.id]["commentary"] == (
        r"با تشکر از @[Dev\_testco](urn:li:organization:2414183) "
        r"{hashtag|\#|نرم‌افزار}"
    )
    found = connection.find(post, 0, key=key_of(post), among=AMONG)
    assert _named(found) == _named(receipt)


@pytest.mark.parametrize(
    ("text", "poll", "words"),
    [
        ("Tea?", Poll(("Yes", "No"), timedelta(days=2)), "1, 3, 7 or 14 days"),
        ("Tea?", Poll(("Yes", "No"), multiple=True), "one answer"),
        ("x" * 141, Poll(("Yes", "No")), "1 to 140 characters"),
    ],
)
def test_a_poll_that_linkedin_has_not_is_refused_before_anything_is_sent(
    vendor: LinkedInVendor,
    connection: Connection,
    channel: Channel,
    text: str,
    poll: Poll,
    words: str,
) -> None:
    with pytest.raises(Rejected, match=words):
        publish(connection, channel_post(channel, part(text, poll=poll)))
    assert vendor.requests == []


def test_a_polls_question_stays_as_it_is(
    connection: Connection, channel: Channel
) -> None:
    def post(text: str) -> ChannelPost:
        return channel_post(channel, part(text, poll=Poll(("Yes", "No"))))

    receipt = publish(connection, post("Befor\n\nTea?"))
    connection.edit(receipt, post("Before\n\nTea?"), 0)
    assert connection.words(receipt) == "Before\n\nTea?"
    with pytest.raises(Rejected, match="question"):
        connection.edit(receipt, post("Before\n\nCoffee?"), 0)


def test_words_that_are_live_already_leave_the_outcome_unknown(
    connection: Connection, channel: Channel
) -> None:
    post = channel_post(channel, "Said before")
    receipt = publish(connection, post)
    with pytest.raises(OutcomeUnknown, match="duplicate"):
        publish(connection, post)
    assert _named(connection.find(post, 0, key=key_of(post), among=AMONG)) == _named(
        receipt
    )


def test_a_success_without_a_name_leaves_the_outcome_unknown(
    connect: Connect, channel: Channel
) -> None:
    def nameless(_: httpx.BaseTransport, __: httpx.Request) -> httpx.Response:
        return httpx.Response(201, headers={"x-restli-id": "urn:li:activity:1"})

    connection = connect(
        Failing(httpx.MockTransport(_nothing), "/rest/posts", nameless)
    )
    with pytest.raises(OutcomeUnknown):
        publish(connection, channel_post(channel, "Hello"))


def _nothing(_: httpx.Request) -> httpx.Response:
    return httpx.Response(500)


def test_a_version_that_is_switched_off_is_named_with_what_to_set(
    connect: Connect, channel: Channel
) -> None:
    with pytest.raises(SignInFailed, match="202501") as caught:
        publish(connect(version="202501"), channel_post(channel, "Hello"))
    assert "`version`" in caught.value.hint
    receipt = publish(connect(version="202609"), channel_post(channel, "Hello"))
    assert receipt.id


def test_a_comment_whose_answer_was_lost_is_found_below_its_post(
    vendor: LinkedInVendor, connection: Connection, connect: Connect, channel: Channel
) -> None:
    below = replace(part("Where from"), comment=True)
    post = channel_post(channel, "The post", below)
    first = publish(connection, post)
    deaf = connect(Failing(vendor, "/comments", lost_answer))
    assert connection.find(post, 1, key=key_of(post, 1), among=AMONG) is None
    with pytest.raises(OutcomeUnknown):
        publish(deaf, post, 1, Thread(first, first))
    found = connection.find(post, 1, key=key_of(post, 1), among=AMONG)
    assert found is not None
    assert connection.words(found) == "Where from"
    better = channel_post(channel, "The post", replace(below, text=rich("Source")))
    connection.edit(found, better, 1)
    assert connection.words(found) == "Source"
    connection.withdraw(found)
    connection.withdraw(found)
    assert connection.words(found) is None
    others = Among(AMONG.since, frozenset({found.id}))
    assert connection.find(post, 1, key=key_of(post, 1), among=others) is None


def test_a_comment_is_found_below_an_older_post_by_what_the_ledger_keeps(
    connection: Connection, channel: Channel
) -> None:
    first, *_ = older = [
        publish(connection, channel_post(channel, text)) for text in ("Here", "There")
    ]
    post = channel_post(channel, "Here", replace(part("Below"), comment=True))
    comment = publish(connection, post, 1, Thread(first, first))
    remembered = channel_post(channel, "Here", "Below")
    others = frozenset(each.id for each in older)
    among = Among(comment.at + timedelta(seconds=61), others)
    assert connection.find(post, 1, key=key_of(post, 1), among=among) is None
    among = Among(AMONG.since, others)
    found = connection.find(remembered, 1, key=key_of(post, 1), among=among)
    assert _named(found) == _named(comment)


def test_a_comment_whose_post_is_not_seen_may_be_anywhere(
    connection: Connection, channel: Channel
) -> None:
    post = channel_post(channel, "Unseen", replace(part("Below"), comment=True))
    with pytest.raises(OutcomeUnknown):
        connection.find(post, 1, key=key_of(post, 1), among=AMONG)


def test_of_two_that_say_the_same_the_oldest_is_found(
    vendor: LinkedInVendor, connection: Connection, channel: Channel
) -> None:
    post = channel_post(channel, "Twice #tag")
    first = publish(connection, post)
    vendor.posts[first.id]["commentary"] += " "
    second = publish(connection, post)
    vendor.posts[first.id]["commentary"] = "Twice #tag"
    found = connection.find(post, 0, key=key_of(post), among=AMONG)
    assert found is not None
    assert found.id == first.id
    others = Among(AMONG.since, frozenset({first.id}))
    left = connection.find(post, 0, key=key_of(post), among=others)
    assert left is not None
    assert left.id == second.id


def test_more_posts_than_a_page_are_all_looked_at(
    connection: Connection, channel: Channel
) -> None:
    wanted = channel_post(channel, "The first")
    receipt = publish(connection, wanted)
    for number in range(60):
        publish(connection, channel_post(channel, f"Number {number}"))
    assert _named(
        connection.find(wanted, 0, key=key_of(wanted), among=AMONG)
    ) == _named(receipt)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.linkedin.com/feed/update/urn:li:activity:7123456789/",
        "https://www.linkedin.com/posts/devtestco_launch-activity-7123456789-abcd",
    ],
)
def test_an_address_that_names_no_post_says_where_to_find_one(
    connection: Connection, url: str
) -> None:
    with pytest.raises(UsageError) as caught:
        connection.adopt(url)
    assert "Embed this post" in caught.value.hint


def test_the_address_in_the_code_for_embedding_is_adopted(
    connection: Connection, channel: Channel
) -> None:
    receipt = publish(connection, channel_post(channel, "Embedded"))
    url = f"https://www.linkedin.com/embed/feed/update/{receipt.id}"
    assert _named(connection.adopt(url)) == _named(receipt)


def test_somebody_elses_post_is_not_adopted(
    vendor: LinkedInVendor, connection: Connection, channel: Channel
) -> None:
    receipt = publish(connection, channel_post(channel, "Theirs"))
    vendor.posts[receipt.id]["author"] = "urn:li:organization:1"
    with pytest.raises(UsageError, match="urn:li:organization:1"):
        connection.adopt(receipt.url)


def test_a_members_token_has_to_be_that_of_the_author(tmp_path: Path) -> None:
    vendor = LinkedInVendor(MEMBER)
    channel = vendor.account.channel()
    other = replace(channel, settings={"author": "urn:li:person:other"})
    connection = LinkedIn().connect(
        other, vendor.account.credentials(), transport=vendor, root=tmp_path
    )
    with pytest.raises(SignInFailed) as caught:
        connection.whoami()
    assert MEMBER in caught.value.hint
    post = channel_post(other, "Hello")
    with pytest.raises(Unsupported):
        connection.find(post, 0, key=key_of(post), among=AMONG)
    connection.close()


def test_an_application_that_is_known_says_what_its_token_allows_and_until_when(
    vendor: LinkedInVendor,
) -> None:
    known = replace(vendor.account, secrets={**vendor.account.secrets, **APPLICATION})
    connection = LinkedIn().connect(
        known.channel(), known.credentials(), transport=vendor
    )
    identity = connection.whoami()
    connection.close()
    assert identity.id == ORGANIZATION
    assert identity.scopes == frozenset({"openid", "w_member_social"})
    assert identity.expires == datetime(2027, 1, 15, 8, tzinfo=UTC)


def test_another_applications_secret_is_told_and_not_shown(
    vendor: LinkedInVendor,
) -> None:
    wrong = {**APPLICATION, "client_secret": "another-secret"}
    account = replace(vendor.account, secrets={**vendor.account.secrets, **wrong})
    connection = LinkedIn().connect(
        account.channel(), account.credentials(), transport=vendor
    )
    with pytest.raises(SignInFailed) as caught:
        connection.whoami()
    connection.close()
    assert "another-secret" not in everything_shown(caught.value)


def test_followers_are_those_of_the_page(connection: Connection) -> None:
    assert connection.followers() == 219145


def test_a_channel_without_an_author_says_what_to_write(
    vendor: LinkedInVendor, channel: Channel
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        LinkedIn().connect(replace(channel, settings={}), vendor.account.credentials())
    assert ORGANIZATION.rpartition(":")[0] in caught.value.hint


def test_names_go_encoded_and_lists_keep_their_brackets(
    vendor: LinkedInVendor, connection: Connection, channel: Channel
) -> None:
    receipt = publish(connection, channel_post(channel, "Count"))
    connection.measure([receipt])
    number = receipt.id.rpartition(":")[2]
    assert vendor.requests[-1].url.raw_path.decode() == (
        "/rest/organizationalEntityShareStatistics?q=organizationalEntity"
        "&organizationalEntity=urn%3Ali%3Aorganization%3A5515715"
        f"&shares=List(urn%3Ali%3Ashare%3A{number})"
    )


def test_the_stand_in_is_as_linkedins_examples_and_answers_are(
    vendor: LinkedInVendor, connection: Connection, channel: Channel
) -> None:
    schemas = description("linkedin/airbyte-linkedin-pages.schemas.json")
    held = []
    for each in examples() or []:
        action = each.get("query", {}).get("action", "")
        name = f"{each['path']}?{action}" if action else each["path"]
        shape = shapes().get((each["method"], name, ""))
        if shape is not None and isinstance(each["request"], dict):
            held.append(name)
            assert list(unlike(each["request"], shape, name)) == []
    assert held == ["/images?initializeUpload", "/posts"]
    receipt = publish(connection, channel_post(channel, "Count"))
    connection.measure([receipt])
    [element] = vendor.handle_request(vendor.requests[-1]).json()["elements"]
    schema = schemas["share_statistics"]["schema"]
    known = schema["properties"]["totalShareStatistics"]["properties"]
    assert element["totalShareStatistics"].keys() <= known.keys()
    schema = {key: value for key, value in schema.items() if key != "$schema"}
    Draft202012Validator(schema).validate(element)
