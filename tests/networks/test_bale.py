"""Bale, against a Bot API server in memory that reads every text as Markdown."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.composing.markup import Style, rich_text
from smmflow.credentials import Credentials
from smmflow.errors import Rejected, Unsupported
from smmflow.model.capabilities import LinkStyle, Unit
from smmflow.model.channel import Channel
from smmflow.model.publication import Receipt
from smmflow.networks.interface import Network
from smmflow.networks.telegram import Bale
from smmflow.networks.telegram.connection import BotConnection
from smmflow.networks.telegram.markdown import bale_markdown
from smmflow.testing import channel_post, part, picture_file
from smmflow.testing.contract import Look, NetworkContract, Seen
from smmflow.testing.contract_base import publish
from smmflow.testing.samples import DUE
from tests.networks.descriptions import description
from tests.vendors.bale import BaleVendor, readers_see

CHANNEL = BaleVendor.account.channel("akhbar")
CREDENTIALS = BaleVendor.account.credentials()


@pytest.fixture
def vendor() -> BaleVendor:
    return BaleVendor()


@pytest.fixture(autouse=True)
def _every_request_is_right(vendor: BaleVendor) -> Iterator[None]:
    yield
    assert vendor.faults == []


@pytest.fixture
def connection(vendor: BaleVendor, tmp_path: Path) -> Iterator[BotConnection]:
    connection = Bale().connect(CHANNEL, CREDENTIALS, transport=vendor, root=tmp_path)
    yield connection
    connection.close()


class TestContract(NetworkContract):
    publishing_path = "/sendMessage"

    @pytest.fixture
    def network(self) -> Network:
        return Bale()

    @pytest.fixture
    def channel(self) -> Channel:
        return CHANNEL

    @pytest.fixture
    def credentials(self) -> Credentials:
        return CREDENTIALS

    @pytest.fixture
    def transport(self, vendor: BaleVendor) -> httpx.BaseTransport:
        return vendor

    @pytest.fixture
    def look(self, vendor: BaleVendor) -> Look:
        def look(receipt: Receipt) -> Seen | None:
            live = {each.id: each for each in vendor.live()}
            found = live.get(receipt.id)
            return None if found is None else Seen(found.text, found.parent)

        return look


def test_bale_is_asked_at_its_own_address(
    connection: BotConnection, vendor: BaleVendor
) -> None:
    description(BaleVendor.described)  # skips where there is none
    publish(connection, channel_post(CHANNEL, "سلام"))
    connection.whoami()
    connection.followers()
    assert {each.url.host for each in vendor.requests} == {"tapi.bale.ai"}


def test_the_page_of_the_channel_is_known_but_not_of_a_message(
    connection: BotConnection,
) -> None:
    assert connection.whoami().url == "https://ble.ir/smmflow_news"
    assert Bale().profile(CHANNEL) == "https://ble.ir/smmflow_news"
    assert publish(connection, channel_post(CHANNEL, "سلام")).url == ""


def test_an_address_is_kept_as_a_person_gave_it_and_changed_by_hand(
    connection: BotConnection,
) -> None:
    url = "https://ble.ir/smmflow_news/-123/456"
    with pytest.raises(Unsupported):
        connection.adopt(url)
    kept = Receipt(url, url, DUE)
    for change in (
        lambda: connection.withdraw(kept),
        lambda: connection.edit(kept, channel_post(CHANNEL, "x"), 0),
    ):
        with pytest.raises(Rejected, match="only its address"):
            change()


def test_a_caption_is_changed_but_not_the_picture(
    connection: BotConnection, vendor: BaleVendor, tmp_path: Path
) -> None:
    one, other = (picture_file(tmp_path, f"{n}.png", side=8 + n) for n in range(2))
    post = channel_post(CHANNEL, part("گربه", media=(one,)))
    receipt = publish(connection, post)
    better = channel_post(CHANNEL, part("یک گربه", media=(one,)))
    connection.edit(receipt, better, 0)
    assert [each.text for each in vendor.live()] == ["یک گربه"]
    with pytest.raises(Rejected) as caught:
        connection.edit(receipt, channel_post(CHANNEL, part("سگ", media=(other,))), 0)
    assert "anew" in caught.value.hint


def test_several_pictures_are_one_album(
    connection: BotConnection, vendor: BaleVendor, tmp_path: Path
) -> None:
    pictures = tuple(picture_file(tmp_path, f"{n}.png", side=8 + n) for n in range(2))
    receipt = publish(connection, channel_post(CHANNEL, part("دو", media=pictures)))
    assert [each.text for each in vendor.live()] == ["دو"]
    connection.withdraw(receipt)
    assert vendor.messages == {}


def test_no_entities_are_sent(connection: BotConnection, vendor: BaleVendor) -> None:
    publish(connection, channel_post(CHANNEL, "سلام #می‌خواهم"))
    body = json.loads(vendor.requests[-1].content)
    assert body == {"chat_id": "@smmflow_news", "text": "سلام #می‌خواهم"}


# --- Markdown -------------------------------------------------------------------------

STYLE = Style(LinkStyle.SPAN, "fa")


@pytest.mark.parametrize(
    ("markdown", "sent"),
    [
        ("**یک** *دو* سه", "*یک* _دو_ سه"),
        ("# عنوان\n\nمتن", "*عنوان*\n\nمتن"),
        ("**یک**، دو", "یک، دو"),
        ("«**یک**»", "«یک»"),
        ("می‌**خواهم**", "می‌خواهم"),
        ("***هر دو***", "*هر دو*"),
        ("**one *two* one**", "*one two one*"),
        ("~~gone~~ `code`", "gone code"),
        ("[نشانی](https://e.org/)، بله", "[نشانی](https://e.org/)، بله"),
        ("[a](https://e.org/b_(c))", "[a](https://e.org/b_%28c%29)"),
        ("[\\[a\\]](https://e.org/)", "[a] (https://e.org/)"),
        ("**[a](https://e.org/)**", "[a](https://e.org/)"),
        ("[write](mailto:a@e.org)", "write (a@e.org)"),
        ("https://e.org/_a_ snake_case", "https://e.org/_a_ snake_case"),
        ("@_smmflow_ hello", "@_smmflow_ hello"),
        ("```python\nx = *1*\n```", "```[python]x = *1*```"),
        ("```\nx = 1\n```", "x = 1"),
        ("> نقل\n> **قول**", "> نقل\n> *قول*"),
        ("2 * 3 \\*no bold\\*", "2 \u2060* 3 \u2060*no bold*"),
        ("\\[a\\](b)", "[a]\u2060(b)"),
    ],
)
def test_what_is_sent(markdown: str, sent: str) -> None:
    assert bale_markdown(rich_text(markdown, STYLE)) == sent


WORDS = st.sampled_from(
    [
        "words",
        "می‌خواهم",
        "漢字",
        "👩‍👩‍👧",
        "#تگ_یک",
        "\\*",
        "\\_",
        "\\*a\\*",
        "\\_ب\\_",
        "a\\*b",
        "\\[x\\](y)",
        "\\`\\`\\`",
        "،",
        "(",
        ")",
    ]
)
PHRASES = st.builds(
    lambda form, words: form.format(" ".join(words)),
    st.sampled_from(["{}", "**{}**", "*{}*", "~~{}~~", "# {}", "> {}"]),
    st.lists(WORDS, min_size=1, max_size=4),
)
TEXTS = st.builds(
    lambda phrases, between: between.join(phrases),
    st.lists(PHRASES, min_size=1, max_size=5),
    st.sampled_from([" ", "\n\n"]),
)


@given(TEXTS)
def test_readers_see_the_words_and_no_marks_that_nobody_wrote(markdown: str) -> None:
    rich = rich_text(markdown, STYLE)
    seen, marks = readers_see(bale_markdown(rich))
    assert seen == rich.text
    spans = {rich.text[each.start : each.end] for each in rich.spans}
    assert {words for _, words in marks} <= spans


@given(TEXTS)
def test_the_length_is_that_of_what_is_sent(markdown: str) -> None:
    rich = rich_text(markdown, STYLE)
    sent = bale_markdown(rich)
    assert Bale().length(rich, Unit.UTF16) == len(sent.encode("utf-16-le")) // 2
    assert Bale().length(rich, Unit.CODE_POINTS) == len(sent)


def test_a_length_that_only_one_way_of_counting_forbids_is_no_error() -> None:
    families = rich_text("👩‍👩‍👧" * 600, STYLE)  # five code points, eight UTF-16 units
    over = [
        limit.sure
        for limit in Bale().capabilities.limits_of(part(families.text))
        if Bale().length(families, limit.unit) > limit.maximum
    ]
    assert over == [False]
