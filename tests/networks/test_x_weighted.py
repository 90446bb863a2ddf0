"""Weighted characters, against what twitter-text publishes and what must always hold.

The numbers are those of its conformance suite, with words of our own:
https://github.com/twitter/twitter-text/blob/master/conformance/validate.yml
"""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.model.capabilities import Unit
from smmflow.networks.x import X
from smmflow.networks.x.address import moment_of, page_of, post_id
from smmflow.networks.x.weighted import links, weighted_length
from smmflow.testing.samples import rich

PERSIAN = "می‌خواهم نسخهٔ ۱۲ را"
LETTERS = (
    "abc XYZ 12 می‌خواهمک۱۲ 字漢ひ한 .,:/@#?&()\n"
    "\U0001f469\U0001f467❤\ufe0f\U0001f3fd\U0001f1ee\U0001f1f7\u200d\u2067e\u0301"
)
WORDS = st.text(st.sampled_from(LETTERS), max_size=80)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Good morning", 12),
        (PERSIAN, len(PERSIAN)),
        ("«سلام» — “hi”", 13),
        ("春眠不觉晓", 10),
        ("안녕", 4),
        ("wait…", 6),
        ("\u2067سلام\u2069", 8),
        ("cafe\u0301", 4),
        ("הּ", 2),
        ("👍", 2),
        ("👍🏽", 2),
        ("👩‍👩‍👧‍👦", 2),
        ("🧑🏿‍🚀", 2),
        ("❤️‍🔥", 2),
        ("🏳️‍🌈", 2),
        ("🇮🇷", 2),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 2),
        ("👩🏽‍❤️‍💋‍👨🏿", 2),
        ("🧑🏻‍🤝‍🧑🏿", 2),
        ("🕵️‍♀️", 2),
        ("🏴‍☠️", 2),
        ("👁️‍🗨️", 2),
        ("🔥‍🔥", 5),
        ("👩‍👩", 5),
        ("3️⃣", 2),
        ("3⃣", 2),
        ("☺", 2),
        ("©", 1),
        ("©️", 2),
        ("™", 2),
        ("2024", 4),
        ("x\uffff", 3),
    ],
)
def test_characters_weigh_one_or_two_and_an_emoji_two_whatever_it_is_made_of(
    text: str, length: int
) -> None:
    assert weighted_length(text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("https://example.org", 23),
        ("https://example.org/" + "a" * 200, 23),
        ("See https://example.org/a?b=c#d.", 28),
        ("See example.org, too", 32),
        ("(https://en.wikipedia.org/wiki/A_(b))", 25),
        ("t.co", 23),
        ("example.ir", 23),
        ("https://مثال.ایران/الف", 26),
        ("ببینید: https://example.org/الف", 34),
        ("\u2066\u202ahttp://example.org/\u202c\u2069", 31),
        ("one.example.org two.example.com", 47),
        ("https://t.co/abc's", 25),
        ("sara@example.org", 16),
        ("@sara.example", 13),
        ("http://under_score.com", 22),
        ("http://under_score.example.com", 23),
        ("http://xn--字.com", 17),
        ("notes.txtx", 10),
        ("1.5 and a..b", 12),
        ("a" * 64 + ".com", 68),
        ("https://" + "字" * 60 + ".com", 8 + 120 + 4),
    ],
)
def test_a_link_weighs_23_however_long_it_is_and_only_where_x_makes_one(
    text: str, length: int
) -> None:
    assert weighted_length(text) == length


@given(WORDS)
def test_a_text_weighs_no_more_than_two_for_each_character_and_23_for_each_dot(
    text: str,
) -> None:
    assert 0 <= weighted_length(text) <= 2 * len(text) + 23 * text.count(".")


@given(WORDS, WORDS)
def test_texts_on_lines_of_their_own_weigh_what_they_weigh_apart(
    first: str, second: str
) -> None:
    apart = weighted_length(first) + 1 + weighted_length(second)
    assert weighted_length(f"{first}\n{second}") == apart


@given(WORDS)
def test_how_a_text_is_composed_does_not_matter(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert weighted_length(decomposed) == weighted_length(text)


@given(st.text(max_size=200))
def test_links_are_stretches_of_the_text_in_order_and_apart(text: str) -> None:
    at = 0
    for start, end in links(text):
        assert at <= start < end <= len(text)
        assert "." in text[start:end]
        at = end


@given(st.text(st.sampled_from("ابپتثجچ می‌خواهم ۱۲۳،؛؟"), max_size=280))
def test_persian_with_its_joiners_weighs_one_for_each_character(text: str) -> None:
    assert weighted_length(text) == len(text)


@given(st.integers(1, 140))
def test_140_families_fit_into_one_post(number: int) -> None:
    assert X().length(rich("👩‍👩‍👧‍👦" * number), Unit.WEIGHTED) == 2 * number


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [
        "a." * 20_000,
        "a-" * 20_000,
        "(" * 20_000,
        "https://a.com/" + "(" * 20_000,
        "https://a.com/" + "(a" * 5_000,
        "a.com/" + "." * 20_000,
        "\U0001f469\u200d" * 10_000,
    ],
)
def test_hostile_text_is_counted_too(text: str) -> None:
    assert 280 < weighted_length(text) <= 2 * len(text) + 23


@given(st.integers(1 << 22, (1 << 63) - 1))
def test_an_address_gives_back_the_id_it_was_made_of(number: int) -> None:
    assert post_id(page_of(str(number))) == str(number)


def test_an_id_tells_when_its_post_was_made() -> None:
    assert moment_of(str(1_000_000_000_000_000_000)).year == 2018
    assert moment_of("20").year == 2010


@pytest.mark.parametrize(
    "url",
    [
        "https://x.com/sara",
        "https://x.com/sara/status/",
        "https://x.com.evil.example/sara/status/20",
        "https://evil.example/x.com/sara/status/20",
        "ftp://x.com/sara/status/20",
        "https://x.com/sara/status/۲۰",
        "https://[x.com/sara/status/20",
        "20",
    ],
)
def test_what_is_no_address_of_a_post_is_none(url: str) -> None:
    assert post_id(url) is None
