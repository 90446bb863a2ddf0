"""Slack's rich text: blocks say what was written, and nothing is a command."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.composing.markup import Style, rich_text
from smmflow.model.capabilities import LinkStyle, Unit
from smmflow.model.text import RichText, Span, SpanKind
from smmflow.networks.slack import Slack
from smmflow.networks.slack.message import message_body
from smmflow.networks.slack.rich import escaped, normal, read, rich_text_block, shown
from smmflow.testing import part

_PIECES = st.sampled_from(
    [
        *"ab *_~`<>&!#|:@",
        "می‌خواهم",
        "漢字",
        "👩‍👩‍👧",
        "<@U012AB3CD>",
        "<!here>",
        "&amp;",
        ":+1:",
    ]
)
_TEXT = st.lists(_PIECES, max_size=30).map("".join)
_KINDS = st.sampled_from(
    [SpanKind.STRONG, SpanKind.EMPHASIS, SpanKind.STRIKE, SpanKind.CODE]
)


@given(_TEXT)
def test_escaped_words_are_shown_as_they_were(text: str) -> None:
    assert shown(escaped(text)) == text


@given(_TEXT, st.booleans())
def test_blocks_say_what_was_written(text: str, ring: bool) -> None:  # noqa: FBT001 - a drawn value
    assert (read([rich_text_block(RichText(text), ring=ring)]) or "") == text


@given(_TEXT, _TEXT, _TEXT, _KINDS, _KINDS)
def test_styles_and_links_change_no_letter(
    before: str, inside: str, after: str, outer: SpanKind, inner: SpanKind
) -> None:
    text = before + inside + after
    start, end = len(before), len(before) + len(inside)
    spans = (
        Span(0, len(text), outer),
        Span(start, end, SpanKind.LINK, "https://example.org"),
        Span(start, end, inner),
    )
    assert (read([rich_text_block(RichText(text, spans))]) or "") == text


@given(st.text(alphabet="*_ab\n>`[]()#- .!~|1<&", max_size=60))
def test_whatever_an_author_writes_is_found_again_by_its_words(markdown: str) -> None:
    text = rich_text(markdown, Style(LinkStyle.SPAN, "en"))
    block = rich_text_block(text)
    assert normal(read([block]) or "") == normal(text.text)
    assert normal(shown(escaped(text.text))) == normal(text.text)


def _said(markdown: str) -> object:
    return rich_text_block(rich_text(markdown, Style(LinkStyle.SPAN, "en")))["elements"]


def test_emphasis_code_and_links_become_elements() -> None:
    (section,) = [_said("**a** *b* ~~c~~ `d` [e](https://example.org/) * f")]
    assert section == [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "a", "style": {"bold": True}},
                {"type": "text", "text": " "},
                {"type": "text", "text": "b", "style": {"italic": True}},
                {"type": "text", "text": " "},
                {"type": "text", "text": "c", "style": {"strike": True}},
                {"type": "text", "text": " "},
                {"type": "text", "text": "d", "style": {"code": True}},
                {"type": "text", "text": " "},
                {"type": "link", "url": "https://example.org/", "text": "e"},
                {"type": "text", "text": " * f"},
            ],
        }
    ]


def test_quotes_and_code_become_blocks_of_their_own() -> None:
    assert _said("before\n\n> one\n> two\n\n```\nx = 1\n```\n\nafter") == [
        {
            "type": "rich_text_section",
            "elements": [{"type": "text", "text": "before"}],
        },
        {
            "type": "rich_text_quote",
            "elements": [
                {"type": "text", "text": "one\n"},
                {"type": "text", "text": "two"},
            ],
        },
        {
            "type": "rich_text_preformatted",
            "elements": [{"type": "text", "text": "x = 1"}],
        },
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "after"}]},
    ]


@pytest.mark.parametrize(
    ("given_back", "words"),
    [
        ("<https://example.org>", "https://example.org"),
        ("<https://example.org|here> &amp; there", "here & there"),
        ("&lt;b&gt; &amp;lt;", "<b> &lt;"),
    ],
)
def test_slacks_own_text_is_read_as_people_see_it(given_back: str, words: str) -> None:
    assert shown(given_back) == words


def test_emoji_by_name_or_by_letter_make_no_difference_to_a_comparison() -> None:
    assert normal("سلام 👍 دنیا") == normal("سلام :+1: دنیا")


def test_emoji_of_people_are_read_by_their_code_points() -> None:
    element = {"type": "emoji", "name": "woman-woman-girl", "unicode": "1f469-200d"}
    own = {"type": "emoji", "name": "our_logo"}
    section = {"type": "rich_text_section", "elements": [element, own]}
    assert read([{"type": "rich_text", "elements": [section]}]) == "👩\u200d:our_logo:"


def test_lengths_count_what_is_sent() -> None:
    assert Slack().length(RichText("a & b"), Unit.CODE_POINTS) == len("a &amp; b")


@given(_TEXT)
def test_every_length_is_that_of_the_text_that_is_sent(text: str) -> None:
    sent = message_body({}, part(text), ())["text"]
    assert isinstance(sent, str)
    if text:  # a message without words says a space to notifications
        assert Slack().length(RichText(text), Unit.CODE_POINTS) == len(sent)
        assert Slack().length(RichText(text), Unit.UTF8) == len(sent.encode())
