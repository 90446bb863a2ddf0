"""Words on their way into LinkedIn's little text, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.model.capabilities import Unit
from smmflow.model.text import RichText, Span, SpanKind
from smmflow.networks.linkedin import LinkedIn
from smmflow.networks.linkedin.little_text import (
    commentary,
    escape,
    is_same,
    shown,
    unescape,
)
from smmflow.testing.samples import rich
from tests.vendors.little_text import read_little_text

WORDS = st.lists(
    st.sampled_from(
        [
            *"\\|{}@[]()<>#*_~",
            "#word",
            "#می‌خواهم",
            "@sara",
            "{hashtag|\\#|x}",
            "@[Sara](urn:li:person:1)",
            "https://example.org/a_b?c=(d)",
            "می‌خواهم",
            "字",
            "👩‍👩‍👧",
            "＃全角",
            " ",
            "\n",
        ]
    ),
    max_size=30,
).map("".join)


@given(WORDS | st.text())
def test_what_is_escaped_is_read_back_as_it_was(text: str) -> None:
    assert unescape(escape(text)) == text
    assert shown(escape(text)) == text
    assert read_little_text(escape(text)) == text


@given(WORDS | st.text())
def test_readers_see_every_word_with_its_hashtags(text: str) -> None:
    written = commentary(rich(text))
    assert read_little_text(written) == text
    assert shown(written) == text


@given(WORDS)
def test_a_text_never_counts_less_than_it_is_sent_with(text: str) -> None:
    units = len(commentary(rich(text)).encode("utf-16-le")) // 2
    assert LinkedIn().length(rich(text), Unit.WEIGHTED) == units
    assert units >= LinkedIn().length(rich(text), Unit.UTF16)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Up (really) #now", r"Up \(really\) {hashtag|\#|now}"),
        ("#نرم‌افزار_آزاد", "{hashtag|\\#|نرم‌افزار\\_آزاد}"),
        ("mail me @sara", r"mail me \@sara"),
        ("a#b C#", r"a\#b C\#"),
        ("＃全角", "{hashtag|\\＃|全角}"),
    ],
)
def test_hashtags_stay_hashtags_and_all_else_is_words(text: str, written: str) -> None:
    assert commentary(rich(text)) == written


def test_a_link_over_a_name_is_a_mention() -> None:
    text = RichText(
        "با Dev (test) co",
        (Span(3, 16, SpanKind.MENTION, "urn:li:organization:2414183"),),
    )
    written = r"با @[Dev \(test\) co](urn:li:organization:2414183)"
    assert commentary(text) == written
    assert shown(written) == read_little_text(written) == text.text


def test_a_mention_of_what_is_no_account_is_words() -> None:
    text = RichText("Sara", (Span(0, 4, SpanKind.MENTION, "urn:li:share:1)"),))
    assert commentary(text) == "Sara"


@pytest.mark.parametrize(
    ("seen", "sent", "same"),
    [
        ("Read https://lnkd.in/eX1", "Read https://example.org/a-long-one", True),
        ("آن (https://lnkd.in/eX1) را", "آن (https://example.org/a) را", True),
        ("Read https://lnkd.in/eX1", "Read on https://example.org/a", False),
        ("Read https://lnkd.in/eX1", "Read it", False),
        ("Read https://example.org/b", "Read https://example.org/a", False),
        ("نرمافزار \n\n\n آزاد", "نرم\u200cافزار\n\nآزاد", True),
    ],
)
def test_words_are_known_again_whatever_became_of_their_addresses(
    seen: str, sent: str, *, same: bool
) -> None:
    assert is_same(seen, sent) is same
