from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.language.measures import (
    code_points,
    grapheme_count,
    graphemes,
    truncate,
    utf8_length,
    utf16_length,
)


@pytest.mark.parametrize(
    ("text", "seen", "points", "utf16", "utf8"),
    [
        ("", 0, 0, 0, 0),
        ("hello", 5, 5, 5, 5),
        ("a\r\nb", 3, 4, 4, 4),
        ("می‌خواهم", 7, 8, 8, 17),
        ("خانهٔ", 4, 5, 5, 10),
        ("۱۴۰۵", 4, 4, 4, 8),
        ("\u2068سلام\u2069", 6, 6, 6, 14),
        ("日本語", 3, 3, 3, 9),
        ("👩‍👩‍👧‍👦", 1, 7, 11, 25),
        ("🇮🇷🇩🇪", 2, 4, 8, 16),
        ("👍🏽", 1, 2, 4, 8),
        ("❤️", 1, 2, 2, 6),
    ],
)
def test_text_is_as_long_as_each_way_of_counting_says(
    text: str, seen: int, points: int, utf16: int, utf8: int
) -> None:
    assert grapheme_count(text) == len(graphemes(text)) == seen
    assert code_points(text) == points
    assert utf16_length(text) == utf16
    assert utf8_length(text) == utf8


@given(st.text())
def test_graphemes_joined_are_the_text_again(text: str) -> None:
    assert "".join(graphemes(text)) == text
    assert utf16_length(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(st.text(), st.integers(1, 20))
def test_shortened_text_is_never_longer_and_never_breaks_a_grapheme(
    text: str, maximum: int
) -> None:
    short = truncate(text, maximum, ellipsis="")
    assert grapheme_count(short) <= maximum
    assert graphemes(text)[: grapheme_count(short)] == graphemes(short)


def test_shortened_text_ends_in_an_ellipsis_after_a_word() -> None:
    assert truncate("می‌خواهم بدانم", 9) == "می‌خواهم…"
    assert truncate("four", 4) == "four"
    with pytest.raises(ValueError, match="no room"):
        truncate("four", 0)
