"""Rules about words to avoid and disclosures to make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.checks.folding import find_words, fingerprint, fold, word_pattern
from smmflow.model.post import Card, Poll
from smmflow.model.strategy import AvoidedWord, Strategy, Voice
from tests.checks.builders import find, post

LETTERS = "abkZßیيکكةه‌ـ ۱1٣éٔ"


def avoiding(*words: str, instead: str = "") -> dict[str, object]:
    voice = Voice(tuple(AvoidedWord(each, instead) for each in words))
    return {"strategy": Strategy(voice=voice)}


def test_an_avoided_word_is_found_at_its_place_with_what_to_write() -> None:
    more = avoiding("revolutionary", instead="new")
    [found] = find("avoided-word", post("Our Revolutionary tool."), more=more)
    assert found.place.offset == 4
    assert found.hint == "write “new”"


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("كتاب", "این کتاب خوب است"),
        ("عالی", "یک چیز عالي!"),
        ("نرم‌افزار", "نرم افزار تازه"),
        ("نرم‌افزار", "نرمافزار تازه"),
        ("بهترین", "بهـــتــرین ابزار"),
        ("خانه", "خانهٔ ما"),
        ("game changer", "A GAME\nchanger."),
        ("straße", "STRASSE"),
        ("۲۴ ساعته", "24 ساعته"),
        ("#ad", "see #ad."),
    ],
)
def test_spelling_does_not_hide_an_avoided_word(word: str, text: str) -> None:
    assert find("avoided-word", post(text), more=avoiding(word))


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("می", "می‌شود"),
        ("just", "adjust and justice"),
        ("کتاب", "کتاب‌ها"),
        ("click", "See https://click.example/click now."),
        ("", "anything"),
        ("\u200c", "می‌شود"),
    ],
)
def test_only_whole_words_count_and_no_addresses(word: str, text: str) -> None:
    assert not find("avoided-word", post(text), more=avoiding(word))


def test_title_summary_alt_texts_and_polls_are_read_too() -> None:
    more = avoiding("just")
    assert find("avoided-word", post(title="Just so"), more=more)
    assert find("avoided-word", post(summary="Just so"), more=more)
    assert find("avoided-word", post(content_warning="Just so"), more=more)
    [found] = find("avoided-word", post(poll=Poll(("No", "Just so"))), more=more)
    assert found.place.keys == ("poll", "options", 1)


@given(st.text(LETTERS, max_size=12), st.text(LETTERS, max_size=12))
def test_folding_works_on_each_letter_alone_and_once(one: str, two: str) -> None:
    assert fold(one + two) == fold(one) + fold(two)
    assert fold(fold(one)) == fold(one)


@given(st.text(max_size=10), st.text(max_size=10))
def test_a_word_is_found_wherever_spaces_surround_it(before: str, after: str) -> None:
    pattern = word_pattern(["كتاب"])
    assert pattern is not None
    text = f"{before} کتاب {after}"
    start = len(before) + 1
    assert (start, start + 4) in find_words(text, pattern)


@given(st.sampled_from("بتآaz۱_\u0654\u0301"), st.sampled_from(["before", "after"]))
def test_a_word_glued_to_a_letter_or_digit_is_another_word(
    letter: str, side: str
) -> None:
    pattern = word_pattern(["word"])
    assert pattern is not None
    text = f"{letter}word" if side == "before" else f"word{letter}"
    found = bool(find_words(text, pattern))
    # A Persian vowel sign is no letter: it is folded away.
    assert found is (letter == "\u0654")


@given(st.text(max_size=30))
def test_spaces_and_case_make_no_other_text(text: str) -> None:
    assert fingerprint(f"  {text}\n") == fingerprint(text)
    assert fingerprint(fingerprint(text)) == fingerprint(text)


def test_tracking_makes_no_other_text() -> None:
    plain = "See https://example.org/a?b=1 now"
    tagged = "See https://example.org/a?b=1&utm_source=x&utm_campaign=y now"
    assert fingerprint(tagged) == fingerprint(plain)
    alone = "See https://example.org/a?utm_source=x"
    assert fingerprint(alone) == fingerprint("See https://example.org/a")


DISCLOSED = {"strategy": Strategy(voice=Voice(disclosures=("#ad", "#تبلیغ")))}


def test_a_sponsored_post_that_does_not_say_so() -> None:
    one = post("We love it. #added", sponsored=True, card=Card("https://example.org"))
    [found] = find("disclosure-missing", one, more=DISCLOSED)
    assert found.hint == "add one of: #ad, #تبلیغ"
    assert found.place.keys == ("sponsored",)


@pytest.mark.parametrize("text", ["#Ad We love it", "دوستش داریم #تبليغ"])
def test_a_sponsored_post_that_says_so_is_fine(text: str) -> None:
    assert not find("disclosure-missing", post(text, sponsored=True), more=DISCLOSED)


def test_a_strategy_without_disclosures_is_asked_for_one() -> None:
    [found] = find("disclosure-missing", post(sponsored=True))
    assert "voice: disclosures:" in found.hint


def test_a_post_nobody_paid_for_discloses_nothing() -> None:
    assert not find("disclosure-missing", post(), more=DISCLOSED)
