from __future__ import annotations

import pytest

from smmflow.composing.html import html
from smmflow.composing.markup import Style, rich_text
from smmflow.model.capabilities import LinkStyle, MentionStyle
from smmflow.model.text import SpanKind

WRITTEN = Style(LinkStyle.WRITTEN_OUT, "en")
SPANS = Style(LinkStyle.SPAN, "en")
PERSIAN = Style(LinkStyle.WRITTEN_OUT, "fa")


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("Some **bold**, _thin_, ~~old~~ and `code`", "Some bold, thin, old and code"),
        ("One\ntwo  \nthree\n\n\n\nfour", "One\ntwo\nthree\n\nfour"),
        ("# Head\ntext", "Head\n\ntext"),
        ("- a\n- b\n  - c\n- d", "• a\n• b\n  • c\n• d"),
        ("- a\n\n- b", "• a\n• b"),
        ("3. a\n4. b\n\nend", "3. a\n4. b\n\nend"),
        ("> a\n> b\n>\n> c\n\nend", "> a\n> b\n>\n> c\n\nend"),
        ("```py\nx = 1\n\ny = 2\n```", "x = 1\n\ny = 2"),
        ("    four spaces", "four spaces"),
        ("#tag first", "#tag first"),
        ("A\n\n***\n\nB", "A\n\n———\n\nB"),
        ("[words](https://x.org/a)", "words (https://x.org/a)"),
        ("[https://x.org](https://x.org)", "https://x.org"),
        ("[words](/here)", "words (/here)"),
        ("[words](javascript:alert(1))", "[words](javascript:alert(1))"),
        ("<b>raw</b> &amp; 1 < 2", "<b>raw</b> & 1 < 2"),
        (r"\*not\* \#plain", "*not* #plain"),
        ("A\n\n![x](y.png)\n\nB", "A\n\nB"),
        ("> a\n> - b\n> - c\n\nd", "> a\n>\n> • b\n> • c\n\nd"),
        ("> " * 20 + "deep", "> " * 20 + "deep"),
        ("", ""),
    ],
)
def test_markdown_becomes_plain_text(markdown: str, plain: str) -> None:
    assert rich_text(markdown, WRITTEN).text == plain


@pytest.mark.parametrize(
    "text",
    [
        "#a_b_ and #_c_d",
        "@user_name_ and @_x_@example.social",
        "https://x.org/_a_/*b*/~~c~~/d_",
        "https://x.org/a?b=_c_&d=*e*",
        "HTTPS://x.org/_a_",
        "(https://x.org/a_(b))",
        "#می‌خواهم و #نرم_افزار_آزاد",
        "snake_case_word",
        "见https://example.org/路径。谢谢",
    ],
)
def test_tags_handles_and_urls_are_never_taken_for_markup(text: str) -> None:
    assert rich_text(text, WRITTEN).text == text
    assert rich_text(text, SPANS).text == text


def test_numbered_lists_have_the_digits_of_the_language() -> None:
    text = "1. سلام\n2. دنیا\n   - می‌آییم"
    assert rich_text(text, PERSIAN).text == "۱. سلام\n۲. دنیا\n  • می‌آییم"


def test_links_over_words_keep_their_words_where_a_network_can() -> None:
    rich = rich_text("See [the *docs*](https://x.org/a) #go @sara", SPANS)
    assert rich.text == "See the docs #go @sara"
    found = [
        (each.kind, rich.text[each.start : each.end], each.target)
        for each in rich.spans
    ]
    assert found == [
        (SpanKind.LINK, "the docs", "https://x.org/a"),
        (SpanKind.EMPHASIS, "docs", ""),
        (SpanKind.TAG, "#go", "go"),
        (SpanKind.MENTION, "@sara", "sara"),
    ]


def test_nothing_in_code_or_in_the_words_of_a_link_is_a_tag() -> None:
    rich = rich_text("`#a` [#b](https://x.org)\n\n```\n@c\n```", SPANS)
    kinds = [each.kind for each in rich.spans]
    assert kinds == [SpanKind.CODE, SpanKind.LINK, SpanKind.CODE_BLOCK]


def test_a_persian_address_is_shown_as_written_and_linked_in_ascii() -> None:
    rich = rich_text("https://fa.example.org/نرم‌افزار، بعد", SPANS)
    assert rich.text == "https://fa.example.org/نرم‌افزار، بعد"
    (link,) = rich.spans
    assert rich.text[link.start : link.end] == "https://fa.example.org/نرم‌افزار"
    assert link.target.isascii()


@pytest.mark.parametrize(
    ("markdown", "page"),
    [
        ("سلام **دنیا**", '<p dir="auto">سلام <strong>دنیا</strong></p>'),
        ("a\nb", '<p dir="auto">a<br>\nb</p>'),
        ("`a<b`", '<p dir="auto"><code>a&lt;b</code></p>'),
        ("***", "<hr>"),
        ("# A", '<h2 dir="auto">A</h2>'),
        ("###### A", '<h6 dir="auto">A</h6>'),
        (
            "2. a",
            '<ol start="2" dir="ltr"><li dir="auto">a</li>\n</ol>',
        ),
        (
            "> یک\n\n- دو\n- two\n",
            (
                '<blockquote dir="rtl"><p dir="auto">یک</p>\n</blockquote>\n<ul '
                'dir="rtl"><li dir="auto">دو</li>\n<li dir="auto">two</li>\n</ul>'
            ),
        ),
        (
            "1. a\n\n2. ب",
            (
                '<ol dir="ltr"><li dir="ltr"><p dir="auto">a</p>\n</li>\n'
                '<li dir="rtl"><p dir="auto">ب</p>\n</li>\n</ol>'
            ),
        ),
        (
            "<script>alert(1)</script>",
            '<p dir="auto">&lt;script&gt;alert(1)&lt;/script&gt;</p>',
        ),
        (
            '[x](https://x.org/"onload=) [y](data:text/html,x) #t @u',
            (
                '<p dir="auto"><a href="https://x.org/%22onload=" '
                'rel="noopener noreferrer">x</a> [y](data:text/html,x) #t @u</p>'
            ),
        ),
        (
            "https://x.org/_a_?b&c",
            (
                '<p dir="auto"><a href="https://x.org/_a_?b&amp;c" '
                'rel="noopener noreferrer">https://x.org/_a_?b&amp;c</a></p>'
            ),
        ),
        (
            '```a"b\n<x>\n```',
            '<pre dir="ltr"><code class="language-a&quot;b">&lt;x&gt;\n</code></pre>',
        ),
        ("![alt](x.png)[z](/q)", '<p dir="auto">z (/q)</p>'),
    ],
)
def test_pages_get_safe_html(markdown: str, page: str) -> None:
    assert html(markdown) == page


def test_a_link_that_names_an_account_is_a_mention_where_the_network_has_such() -> None:
    markdown = "Thanks to [Sara هستم](urn:li:organization:2414183) #go"
    named = Style(LinkStyle.WRITTEN_OUT, "en", mentions=MentionStyle.LINK)
    rich = rich_text(markdown, named)
    assert rich.text == "Thanks to Sara هستم #go"
    assert [(s.start, s.end, s.kind, s.target) for s in rich.spans] == [
        (10, 19, SpanKind.MENTION, "urn:li:organization:2414183"),
        (20, 23, SpanKind.TAG, "go"),
    ]


def test_elsewhere_a_link_that_names_an_account_is_its_words() -> None:
    markdown = "Thanks to [Sara](urn:li:person:AbC-1)"
    assert rich_text(markdown, WRITTEN).text == "Thanks to Sara"
    assert rich_text(markdown, WRITTEN).spans == ()
    assert rich_text(markdown, SPANS).spans == ()
    assert html(markdown) == '<p dir="auto">Thanks to Sara</p>'
