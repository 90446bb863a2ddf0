"""Text on Telegram: what is said of it by entities, in whatever script it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.composing.markup import Style, rich_text
from smmflow.language.measures import utf16_length
from smmflow.model.capabilities import LinkStyle, Unit
from smmflow.model.text import RichText, Span, SpanKind
from smmflow.networks.telegram import Telegram
from smmflow.networks.telegram.entities import Entity, marked, written_out
from tests.vendors.bot_form import entity_faults

STYLE = Style(LinkStyle.SPAN, "en")

WORDS = (
    "words",
    "می‌خواهم",
    "نسخهٔ",
    "漢字かな",
    "👩‍👩‍👧",
    "🇮🇷",
    "e\u0301",
    "𝒳",
    "#می‌خواهم",
    "https://example.org/ب",
    "@smmflow",
)
KINDS = {
    SpanKind.STRONG: "bold",
    SpanKind.HEADING: "bold",
    SpanKind.EMPHASIS: "italic",
    SpanKind.STRIKE: "strikethrough",
    SpanKind.CODE: "code",
    SpanKind.CODE_BLOCK: "pre",
    SpanKind.QUOTE: "blockquote",
    SpanKind.LINK: "text_link",
}


def _rich(markdown: str) -> RichText:
    return rich_text(markdown, STYLE)


def _slice(text: str, entity: Entity) -> str:
    units = text.encode("utf-16-le")
    start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
    return units[start:end].decode("utf-16-le")


def _said(markdown: str) -> tuple[str, list[tuple[str, str]]]:
    said = marked(_rich(markdown))
    return said.text, [(each.type, _slice(said.text, each)) for each in said.entities]


@st.composite
def _texts(draw: st.DrawFn) -> RichText:
    """Words with one kind of span over some of them, apart from each other."""
    pieces, spans, at = [], [], 0
    for _ in range(draw(st.integers(1, 8))):
        words = " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)))
        kind = draw(st.sampled_from([None, *KINDS]))
        if kind is SpanKind.QUOTE:
            words = "> " + words
        if kind is not None:
            target = "https://e.org/" if kind is SpanKind.LINK else ""
            spans.append(Span(at, at + len(words), kind, target))
        pieces.append(words)
        at += len(words) + 1
    return RichText("\n".join(pieces), tuple(spans))


@given(_texts())
def test_every_entity_is_over_the_words_of_its_span(rich: RichText) -> None:
    said = marked(rich)
    expected = [
        (KINDS[each.kind], rich.text[each.start : each.end].removeprefix("> "))
        for each in rich.spans
    ]
    found = [(each.type, _slice(said.text, each)) for each in said.entities]
    assert found == expected
    assert Telegram().length(rich, Unit.UTF16) == utf16_length(said.text)


INLINE = st.recursive(
    st.sampled_from([*WORDS, "`code`", "`کد 👩‍👩‍👧`"]),
    lambda inner: st.builds(
        lambda form, words: form.format(" ".join(words)),
        st.sampled_from(["**{}**", "*{}*", "~~{}~~", "[{}](https://e.org/ب)"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)
BLOCKS = st.recursive(
    st.builds(" ".join, st.lists(INLINE, min_size=1, max_size=3))
    | st.sampled_from(
        ["```python\nprint('سلام')\n\n> x\n```", "```\n👩‍👩‍👧\n```", "---"]
    )
    | st.builds("## {}".format, INLINE),
    lambda inner: st.builds(
        lambda mark, blocks: "\n\n".join(
            "\n".join(
                (mark if not n or mark == "> " else " " * len(mark)) + line
                for n, line in enumerate(block.split("\n"))
            )
            for block in blocks
        ),
        st.sampled_from(["> ", "- ", "1. "]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=5,
)


@given(st.lists(BLOCKS, min_size=1, max_size=4).map("\n\n".join))
def test_whatever_an_author_writes_the_entities_keep_the_rules(markdown: str) -> None:
    said = marked(_rich(markdown))
    assert list(entity_faults(said.text, [each.body() for each in said.entities])) == []


@given(st.lists(INLINE, min_size=1, max_size=5).map(" ".join))
def test_words_stay_as_they_are(markdown: str) -> None:
    rich = _rich(markdown)
    assert marked(rich).text == rich.text


@pytest.mark.parametrize(
    ("markdown", "text", "entities"),
    [
        ("**One** *two*", "One two", [("bold", "One"), ("italic", "two")]),
        ("# Title **bold**", "Title bold", [("bold", "Title bold")]),
        ("***both***", "both", [("bold", "both"), ("italic", "both")]),
        ("~~gone~~ `code`", "gone code", [("strikethrough", "gone"), ("code", "code")]),
        (
            "**bold `code` bold**",
            "bold code bold",
            [("bold", "bold "), ("code", "code"), ("bold", " bold")],
        ),
        ("[`code`](https://e.org/)", "code", [("text_link", "code")]),
        (
            "**[words](https://e.org/) on**",
            "words on",
            [("bold", "words on"), ("text_link", "words")],
        ),
        ("https://e.org/", "https://e.org/", []),
        ("[write](mailto:a@e.org)", "write (a@e.org)", []),
        ("<a@e.org>", "a@e.org", []),
        ("> نقل\n> قول\n\nend", "نقل\nقول\n\nend", [("blockquote", "نقل\nقول")]),
        ("> a\n>\n> b", "a\n\nb", [("blockquote", "a\n\nb")]),
        ("> a\n>\n> > b", "a\n\n> b", [("blockquote", "a\n\n> b")]),
        (
            "> **👩‍👩‍👧** here",
            "👩‍👩‍👧 here",
            [("blockquote", "👩‍👩‍👧 here"), ("bold", "👩‍👩‍👧")],
        ),
        ("- > x", "• x", [("blockquote", "x")]),
    ],
)
def test_what_readers_see(
    markdown: str, text: str, entities: list[tuple[str, str]]
) -> None:
    assert _said(markdown) == (text, entities)


def test_offsets_count_utf16_units() -> None:
    said = marked(_rich("👩‍👩‍👧 می‌خواهم **𝒳**"))
    (entity,) = said.entities
    assert (entity.offset, entity.length) == (8 + 1 + 8 + 1, 2)


def test_code_has_its_language() -> None:
    (entity,) = marked(_rich("```python\nx = 1\n```")).entities
    assert entity.body() == {
        "type": "pre",
        "offset": 0,
        "length": 5,
        "language": "python",
    }


def test_a_link_leads_where_it_says() -> None:
    (entity,) = marked(_rich("[words](https://e.org/a?b=c)")).entities
    assert entity.url == "https://e.org/a?b=c"


def test_a_text_without_entities_says_where_its_links_lead() -> None:
    rich = _rich("[tea](https://e.org/) or [mail](mailto:a@e.org), https://f.org/")
    expected = "tea (https://e.org/) or mail (a@e.org), https://f.org/"
    assert written_out(rich) == expected
