from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smmflow.language.word_diff import Piece, Sign, diff

WORDS = st.lists(st.text("آبسa-\u200c", min_size=1), min_size=1).map(" ".join)


def test_a_persian_word_with_a_joiner_is_one_word() -> None:
    assert diff("نسخهٔ ۲ می‌آید", "نسخهٔ ۳ می‌آید") == (
        Piece(Sign.KEPT, "نسخهٔ"),
        Piece(Sign.GONE, "۲"),
        Piece(Sign.NEW, "۳"),
        Piece(Sign.KEPT, "می‌آید"),
    )
    assert diff("می‌آید", "می آید")[0] == Piece(Sign.GONE, "می‌آید")


def test_long_texts_show_only_what_is_near_a_change() -> None:
    words = [f"w{n}" for n in range(40)]
    new = [*words[:20], "new", *words[20:]]
    assert diff(" ".join(words), " ".join(new)) == (
        Piece(Sign.SKIPPED, "…"),
        Piece(Sign.KEPT, "w17 w18 w19"),
        Piece(Sign.NEW, "new"),
        Piece(Sign.KEPT, "w20 w21 w22"),
        Piece(Sign.SKIPPED, "…"),
    )


@given(WORDS, WORDS)
def test_a_diff_is_empty_only_if_the_words_are_the_same(old: str, new: str) -> None:
    pieces = diff(old, new)
    assert (pieces == ()) == (old.split(" ") == new.split(" "))
    gone = " ".join(each.words for each in pieces if each.sign is Sign.GONE)
    come = " ".join(each.words for each in pieces if each.sign is Sign.NEW)
    assert set(gone.split(" ")) <= {*old.split(" "), ""}
    assert set(come.split(" ")) <= {*new.split(" "), ""}


def test_texts_too_long_to_compare_show_where_they_differ() -> None:
    old = ["same"] * 30_000
    new = [*old[:100], "new", *old[100:]]
    pieces = diff(" ".join(old), " ".join(new))
    assert Piece(Sign.NEW, "new") in pieces
    assert diff(" ".join(["a"] * 9_000), " ".join(["b"] * 9_000)) == (
        Piece(Sign.GONE, " ".join(["a"] * 9_000)),
        Piece(Sign.NEW, " ".join(["b"] * 9_000)),
    )
