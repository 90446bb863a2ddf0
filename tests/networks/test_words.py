"""Words as networks give them back, and as they were sent."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.networks.words import comparable

TEXTS = st.lists(
    st.sampled_from(
        [
            "می‌خواهم",
            "سلام",
            "字",
            "é",
            "👩‍👩‍👧",
            "❤️",
            "Hello",
            "#tag",
            " ",
            "\n\n",
            "\r\n",
        ]
    ),
    max_size=20,
).map("".join)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("One\r\n\r\n\r\nTwo ", "One\n\nTwo"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("می‌خواهم", "میخواهم"),
        ("\u2067سلام\u2069", "سلام"),
        ("❤️", "❤"),
        ("non\u00a0breaking", "non breaking"),
    ],
)
def test_what_networks_do_to_a_text_hides_it_from_nobody(sent: str, shown: str) -> None:
    assert comparable(sent) == comparable(shown)


@given(TEXTS | st.text())
def test_a_text_is_known_again_trimmed_and_composed(text: str) -> None:
    assert comparable(f"\n{text} ") == comparable(text)
    assert comparable(unicodedata.normalize("NFD", text)) == comparable(text)
    assert comparable(comparable(text)) == comparable(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hello", "hello"), ("می‌خواهم", "می خواهم"), ("3", "۳"), ("Go", "Go!")],
)
def test_other_words_stay_other_words(one: str, other: str) -> None:
    assert comparable(one) != comparable(other)
