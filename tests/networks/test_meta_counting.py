"""How long a text is on Facebook, Instagram and Threads, in every kind of script."""

from dataclasses import replace

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from smmflow.model.capabilities import Limit, Unit
from smmflow.model.channel_post import Part
from smmflow.model.media import Attachment, MediaFacts, MediaKind
from smmflow.networks.facebook import Facebook
from smmflow.networks.facebook.post import matches as facebook_matches
from smmflow.networks.instagram import Instagram
from smmflow.networks.instagram.post import Sought
from smmflow.networks.interface import Network
from smmflow.networks.threads import Threads
from smmflow.networks.threads.post import matches as threads_matches
from smmflow.testing import channel_post, part
from smmflow.testing.samples import rich
from tests.vendors.instagram import InstagramVendor

NETWORKS = (Facebook(), Instagram(), Threads())
GRAPHEME = regex.compile(r"\X")
PIECES = (
    *("Hello", "a longer line", "#tag", "@sara", "https://example.org/a?b=c"),
    *("می‌خواهم", "نرم‌افزار", "۱۴۰۵", "字漢。", "こんにちは", "한국어"),
    *("👩‍👩‍👧‍👦", "👨🏽‍🚀", "🏳️‍🌈", "🇮🇷", "❤️", "e\u0301", " ", "\n\n"),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)
networks = pytest.mark.parametrize("network", NETWORKS, ids=lambda each: each.name)


def _units(text: str) -> dict[Unit, int]:
    """Count as the units' own definitions say."""
    return {
        Unit.GRAPHEMES: len(GRAPHEME.findall(text)),
        Unit.CODE_POINTS: len(list(text)),
        Unit.UTF16: len(text.encode("utf-16-le")) // 2,
        Unit.UTF8: len(text.encode()),
    }


def _limits(network: Network) -> tuple[Limit, ...]:
    return network.capabilities.text, *network.capabilities.also


@networks
@given(text=TEXTS)
def test_a_text_is_as_long_as_each_bound_of_the_network_counts(
    network: Network, text: str
) -> None:
    for limit in _limits(network):
        assert network.length(rich(text), limit.unit) == _units(text)[limit.unit]


@networks
@given(text=TEXTS)
def test_what_one_bound_refuses_for_sure_no_other_reading_would_let_pass(
    network: Network, text: str
) -> None:
    sure, *unsure = _limits(network)
    lengths = [network.length(rich(text), each.unit) for each in unsure]
    assert all(network.length(rich(text), sure.unit) <= length for length in lengths)


@pytest.mark.parametrize(
    ("text", "graphemes", "code_points", "utf16", "utf8"),
    [
        ("Hello", 5, 5, 5, 5),
        ("می‌خواهم", 7, 8, 8, 17),
        ("字漢", 2, 2, 2, 6),
        ("👩‍👩‍👧‍👦", 1, 7, 11, 25),
    ],
)
def test_a_word_a_persian_word_and_a_family(
    text: str, graphemes: int, code_points: int, utf16: int, utf8: int
) -> None:
    lengths = [Threads().length(rich(text), each) for each in Unit][:4]
    assert lengths == [graphemes, code_points, utf16, utf8]


@given(TEXTS, TEXTS)
def test_a_live_post_is_known_by_its_own_words_and_by_no_others(
    text: str, other: str
) -> None:
    sent, differing = part(f"{text}end"), part(f"{other}END")
    seen = f" {text}end\r\n"
    for content, same in ((sent, True), (differing, False)):
        assert facebook_matches({"message": seen}, content) is same
        assert threads_matches({"text": seen}, content, answer=False) is same
        assert _known_on_instagram(seen, content) is same


def _known_on_instagram(caption: str, content: Part) -> bool:
    facts = MediaFacts("a.jpg", "0" * 64, 1, MediaKind.IMAGE, "image/jpeg")
    shown = replace(content, media=(Attachment(facts, ""),))
    post = channel_post(InstagramVendor.account.channel("instagram"), shown)
    live = {"media_type": "IMAGE", "caption": caption}
    return Sought.of_part(post, shown).is_(live)
