from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smmflow.composing.markup import Style, rich_text
from smmflow.composing.threads import MAX_PARTS, number, split
from smmflow.language.measures import grapheme_count, graphemes, utf8_length
from smmflow.model.capabilities import LinkStyle
from smmflow.model.text import RichText, SpanKind

SPANS = Style(LinkStyle.SPAN, "en")
SOLID = {SpanKind.LINK, SpanKind.MENTION, SpanKind.TAG}

WORDS = st.sampled_from(
    [
        "Version",
        "one",
        "is",
        "out.",
        "Really?",
        "(yes!)",
        "a\u0301la",
        "می‌خواهم",
        "پست‌ها",
        "خانهٔ",
        "است.",
        "چرا؟",
        "۱۴۰۵،",
        "新しいバージョン",
        "出ました。",
        "谢谢！",
        "👩‍👩‍👧‍👦",
        "🇮🇷🇩🇪",
        "👍🏽",
        "❤️",
        "#نرم‌افزار",
        "#opensource",
        "@sara",
        "@sara@example.social",
        "https://example.org/a_b",
        "[two words](https://example.org)",
        "**bold words here**",
    ]
)
TEXTS = st.lists(
    st.tuples(WORDS, st.sampled_from([" ", " ", " ", "\n", "\n\n"])),
    min_size=1,
    max_size=60,
).map(lambda pairs: "".join(word + space for word, space in pairs))


def fits(rich: RichText) -> bool:
    return grapheme_count(rich.text) <= 40 and utf8_length(rich.text) <= 120


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(TEXTS)
def test_splitting_loses_nothing_but_white_space(text: str) -> None:
    rich = rich_text(text, SPANS)
    parts = split(rich, fits)
    assert squeezed("".join(part.text for part in parts)) == squeezed(rich.text)
    assert all(part.text and part.text == part.text.strip() for part in parts)


@given(TEXTS)
def test_every_part_fits(text: str) -> None:
    assert all(fits(part) for part in split(rich_text(text, SPANS), fits))


@given(TEXTS)
def test_no_link_mention_or_tag_is_broken(text: str) -> None:
    rich = rich_text(text, SPANS)

    def solid(texts: tuple[RichText, ...]) -> list[tuple[str, str]]:
        return [
            (part.text[each.start : each.end], each.target)
            for part in texts
            for each in part.spans
            if each.kind in SOLID
        ]

    assert solid(split(rich, fits)) == solid((rich,))


@given(TEXTS)
def test_no_grapheme_is_broken(text: str) -> None:
    rich = rich_text(text, SPANS)
    whole = [each for each in graphemes(rich.text) if each.strip()]
    parts = split(rich, fits)
    assert whole == [
        each for part in parts for each in graphemes(part.text) if each.strip()
    ]


@given(TEXTS)
def test_numbered_parts_fit_with_their_numbers(text: str) -> None:
    (parts,) = number([rich_text(text, SPANS)], fits, "fa")
    assert all(fits(part) for part in parts)
    if len(parts) > 1:
        assert parts[0].text.endswith(" (۱/" + parts[-1].text.rpartition("/")[2])


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_at_all_survives_splitting(text: str) -> None:
    rich = RichText(text)
    parts = split(rich, fits)
    assert squeezed("".join(part.text for part in parts)) == squeezed(text)


def split_at(text: str, limit: int) -> list[str]:
    parts = split(RichText(text), lambda rich: grapheme_count(rich.text) <= limit)
    return [part.text for part in parts]


def test_paragraphs_part_before_sentences_and_sentences_before_words() -> None:
    assert split_at("One two three.\n\nFour five. Six", 27) == [
        "One two three.",
        "Four five. Six",
    ]
    assert split_at("One two. Three four five", 16) == ["One two.", "Three four five"]
    assert split_at("One two, three four five", 16) == ["One two,", "three four five"]


def test_persian_text_is_cut_at_its_own_full_stops_and_questions() -> None:
    assert split_at("چرا؟ چون می‌خواهیم. همین است.", 20) == [
        "چرا؟ چون می‌خواهیم.",
        "همین است.",
    ]


def test_text_without_spaces_is_cut_at_its_punctuation_first() -> None:
    assert split_at("今天我们发布了。谢谢大家", 10) == ["今天我们发布了。", "谢谢大家"]
    assert split_at("今天我们发布了，谢谢大家", 10) == ["今天我们发布了，", "谢谢大家"]
    assert split_at("「今天发布了。」谢谢大家", 10) == ["「今天发布了。」", "谢谢大家"]
    assert split_at("今天我们发布了谢谢大家", 10) == ["今天我们发布了谢谢大", "家"]


def test_a_sentence_ends_after_its_closing_marks() -> None:
    assert split_at("(One two.) Three four", 15) == ["(One two.)", "Three four"]


def test_no_break_spaces_hold() -> None:
    assert split_at("aaaa bbbb 10\u00a0km", 11) == ["aaaa bbbb", "10\u00a0km"]


def test_a_word_that_is_too_long_stays_whole() -> None:
    assert split_at("short " + "x" * 50 + " end", 20) == ["short", "x" * 50, "end"]


def test_a_thread_has_an_end() -> None:
    parts = split_at("word " * 1000, 5)
    assert len(parts) == MAX_PARTS
    assert squeezed("".join(parts)) == "word" * 1000


def test_parts_of_several_texts_are_counted_together() -> None:
    texts = [RichText("One two three four"), RichText("Five")]
    numbered = number(texts, lambda rich: len(rich.text) <= 16, "en")
    assert [[part.text for part in group] for group in numbered] == [
        ["One two (1/3)", "three four (2/3)"],
        ["Five (3/3)"],
    ]


def test_one_part_alone_has_no_number() -> None:
    assert number([RichText("One")], fits, "en") == ((RichText("One"),),)
