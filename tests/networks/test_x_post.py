"""What X makes of a text, and whether the text is still known by it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.networks.x.post import Sought, text_of
from smmflow.testing import part
from tests.vendors.x import shortened

PIECES = st.lists(
    st.sampled_from(
        [
            "می‌خواهم ",
            "#نرم‌افزار ",
            "字漢。",
            "\U0001f469\u200d\U0001f469\u200d\U0001f467 ",
            "caf\u0065\u0301 ",
            "<b>&amp; &lt;</b> ",
            "https://example.org/a?b=c&d=e ",
            "https://example.org ",
            "(example.com/) ",
            "\n\n",
            "@sara ",
            "&",
        ]
    ),
    max_size=12,
).map("".join)


@given(PIECES)
def test_a_text_is_known_by_what_x_makes_of_its_links_and_signs(text: str) -> None:
    shown, entities = shortened(text, "1900000000000000000", [])
    post = {"text": unicodedata.normalize("NFC", shown), "entities": entities}
    assert Sought.of_part(part(text), answer=False).says(post)


@given(PIECES, PIECES)
def test_other_words_are_not_taken_for_it(text: str, other: str) -> None:
    shown, entities = shortened(other, "1900000000000000000", [])
    sought = Sought.of_part(part(f"{text}end"), answer=False)
    assert not sought.says({"text": shown, "entities": entities})


@pytest.mark.parametrize(
    ("post", "words"),
    [
        ({"text": "Well &amp; good"}, "Well & good"),
        ({"text": "short…", "note_post": {"text": "a long text"}}, "a long text"),
        ({"text": "@us hello", "display_text_range": [4, 9]}, "@us hello"),
        (
            {
                "text": "@us @them hello",
                "display_text_range": [10, 15],
                "referenced_posts": [{"type": "replied_to", "id": "20"}],
            },
            "hello",
        ),
        (
            {
                "text": "Look https://t.co/abc",
                "entities": {"urls": [{"url": "https://t.co/abc", "media_key": "3_1"}]},
            },
            "Look",
        ),
        ({"text": None, "entities": {"urls": [None, {"url": 5}]}}, ""),
        ({}, ""),
    ],
)
def test_words_are_read_as_people_see_them(post: dict[str, object], words: str) -> None:
    assert text_of(post) == words
