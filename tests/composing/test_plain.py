from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from smmflow.composing.markdown import parse, parse_by_the_book
from smmflow.composing.plain import children, paragraphs

_PIECES = (
    *(
        "word",
        "B",
        "1",
        "12.",
        "سلام",
        "می‌نویسیم",
        "۱۲",
        "é",
        "e\u0301",
        "中",
        "👍🏽",
        "ß",
    ),
    *(" ", " ", " ", "  ", "\n", "\n\n", "\n \n", "\t", "\u00a0", "\u200c", "\u200f"),
    *(
        ".",
        ",",
        "،",
        "؟",
        "!",
        ":",
        "?",
        "-",
        "—",
        "'",
        '"',
        "(",
        ")",
        "«",
        "»",
        "$",
        "+",
    ),
    *(
        "*",
        "**",
        "***",
        "_",
        "__",
        "~~",
        "`",
        "[",
        "]",
        "](",
        "![",
        "<",
        ">",
        "&",
        "\\",
    ),
    *("#", "#tag", "#a_b", "＃برچسب", "@sara", "@sara@a.example", "@a_b", "#_x_", "|"),
    *("https://a.example", "http://a.example/b_c", "https://a.example/?q=1&r=2", "://"),
    *(
        "https://a.example/a*b*c",
        "https://a.example.",
        "https://آ.example/ب",
        "www.a.ir",
    ),
    *("**bold**", "_soft_", "*soft*", "[words](https://a.example/x)", "&amp;", "<b>"),
    *(
        "[سلام دنیا](https://a.example/1)",
        "[a]: https://a.example",
        "[a]",
        "mailto:a@b.c",
    ),
    *(
        "- ",
        "* ",
        "1. ",
        "> ",
        "# ",
        "---",
        "```",
        "===",
        "    ",
        "<https://a.example>",
    ),
)
_TEXTS = st.lists(st.sampled_from(_PIECES) | st.text(max_size=3), max_size=14).map(
    "".join
)


def _shape(tokens: Sequence[Token]) -> list[tuple[object, ...]]:
    return list(_shapes(tokens))


def _shapes(tokens: Sequence[Token]) -> Iterator[tuple[object, ...]]:
    words = ""
    for token in tokens:
        if token.type == "text":
            words += token.content
            continue
        if words:
            yield ("text", words)
            words = ""
        inside = None if token.children is None else _shape(token.children)
        whole = (token.tag, token.nesting, token.content, token.info, token.hidden)
        yield (token.type, *whole, token.markup, dict(token.attrs), inside)
    if words:
        yield ("text", words)


@given(_TEXTS)
@settings(max_examples=1000)
@example("**a**b")
@example("a_b_c _d_")
@example("[a](https://a.example/x)_b_")
@example("![a](https://a.example/x)")
@example("[a][b](https://a.example/x)")
@example("**سلام**، دنیا")
@example("https://a.example/x.")
@example("a\n\n\n b")
@example("* a")
@example("# ")
@example("#\n")
@example("a  \nb")
def test_text_is_read_as_commonmark_reads_it_plain_or_not(text: str) -> None:
    assert _shape(parse(text)) == _shape(parse_by_the_book(text))


@pytest.mark.parametrize(
    "text",
    [
        "Version 1 is out: https://example.org/launch #opensource",
        "**سلام** دنیا، [این‌جا را ببینید](https://example.org/fa/1) #می‌نویسیم",
        "An _important_ day.\nThe next line, with snake_case and 50% off!",
        "See https://example.org/a?b=1&c=2, and thank @sara@example.social.",
    ],
)
def test_everyday_posts_need_no_markdown_parser(text: str) -> None:
    found = paragraphs(text)
    assert found is not None
    assert all(children(each) is not None for each in found)
