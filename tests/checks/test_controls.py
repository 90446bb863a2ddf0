"""Characters that command are found; those that Persian needs are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.diagnostics import Place, Severity
from smmflow.model.media import MediaFile
from tests.checks.builders import find, post

RULE = "control-character"


@pytest.mark.parametrize(
    "fine",
    [
        "می\u200cخواهم",
        "👩\u200d💻",
        "سلام\u200f!",
        "\u2067smmflow\u2069 منتشر شد",
        "\u061cیک",
        "Tab\there\nand a line",
        "a \u202eclosed\u202c override",
        "a \u202aclosed \u202btwice\u202c\u202c",
        "a stray \u202c closing",
    ],
)
def test_joiners_marks_isolates_and_what_is_closed_are_fine(fine: str) -> None:
    assert not find(RULE, post(fine, title=fine.partition("\n")[0]))


@pytest.mark.parametrize(
    ("body", "offset", "words"),
    [
        ("سلام\x07 دنیا", 4, "U+0007 (a control character) stands here"),
        ("a\x85b\x85", 1, "U+0085 (a control character) stands here, 2 times"),
        ("سلام \u202edlrow", 5, "U+202E (RIGHT-TO-LEFT OVERRIDE) is not closed"),
        ("a\n\u202ab\nc\u202c", 2, "U+202A (LEFT-TO-RIGHT EMBEDDING) is not closed"),
    ],
)
def test_a_character_that_commands_is_an_error_where_it_stands(
    body: str, offset: int, words: str
) -> None:
    (found,) = find(RULE, post(body))
    assert found.severity is Severity.ERROR
    assert found.place == Place("content/posts/p.md", offset=offset)
    assert found.message.startswith(words)


def test_a_byte_order_mark_in_the_middle_only_warns() -> None:
    (found,) = find(RULE, post("نسخهٔ\ufeff تازه"))
    assert (found.severity, found.place.offset) == (Severity.WARNING, 5)


def test_titles_summaries_and_alt_texts_are_looked_at_too() -> None:
    shown = (MediaFile("media/a.png", "x\x1b"),)
    odd = post(title="\x07", summary="\x08", content_warning="\x0b", media=shown)
    assert [each.place.keys for each in find(RULE, odd)] == [
        ("title",),
        ("summary",),
        ("content_warning",),
        ("media", 0, "alt"),
    ]


@given(st.text(max_size=60))
def test_what_a_finding_points_at_is_the_character_it_names(text: str) -> None:
    for found in find(RULE, post(text)):
        assert found.place.offset is not None
        assert f"U+{ord(text[found.place.offset]):04X} " in found.message
