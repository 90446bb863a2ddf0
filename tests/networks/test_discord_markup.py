"""Discord's Markdown: a reader sees what was written, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.composing.markup import Style, rich_text
from smmflow.language.measures import code_points
from smmflow.model.capabilities import LinkStyle, Unit
from smmflow.model.channel import Channel
from smmflow.model.channel_post import Part
from smmflow.model.text import RichText, Span, SpanKind
from smmflow.networks.discord import Discord
from smmflow.networks.discord.markup import normal, shown, written
from smmflow.networks.discord.message import message_body
from smmflow.testing import channel_post
from smmflow.testing.samples import rich

_CHANNEL = Channel("discord", "discord")
_LETTERS = st.sampled_from(
    [
        *"ab \n*_~`|\\[]()<>#-+.:/@1!",
        "می‌خواهم",
        "漢字",
        "👩‍👩‍👧",
        "é",
        "```",
        "**",
        "https://",
        "\n> ",
        "\n# ",
        "<@80351110224678912>",
    ]
)
_TEXT = st.lists(_LETTERS, max_size=30).map("".join)
_INLINE = st.sampled_from([SpanKind.STRONG, SpanKind.EMPHASIS, SpanKind.STRIKE])


@given(_TEXT)
def test_what_readers_see_is_what_was_written(text: str) -> None:
    assert shown(written(RichText(text))) == text


@given(_TEXT, _TEXT, _TEXT, _INLINE, _INLINE)
def test_emphasis_changes_no_letter(
    before: str, inside: str, after: str, outer: SpanKind, inner: SpanKind
) -> None:
    text = before + inside + after
    start, end = len(before), len(before) + len(inside)
    spans = (Span(start, end, outer), Span(start, end, inner))
    assert shown(written(RichText(text, spans))) == text


@given(_TEXT, st.sampled_from([SpanKind.CODE, SpanKind.CODE_BLOCK]), _TEXT)
def test_code_changes_no_letter(before: str, kind: SpanKind, code: str) -> None:
    text = f"{before}\n{code}\nafter"
    start = len(before) + 1
    spans = (Span(start, start + len(code), kind, "python"),)
    assert shown(written(RichText(text, spans))) == text


@given(_TEXT, _TEXT, _TEXT)
def test_links_change_no_letter(before: str, words: str, after: str) -> None:
    text = before + words + after
    target = "https://example.org/a_(b)?c=*d*"
    span = Span(len(before), len(before) + len(words), SpanKind.LINK, target)
    assert shown(written(RichText(text, (span,)))) == text


@given(st.text(alphabet="*_ab\n>`[]()#- .!~|1<", max_size=60))
def test_whatever_an_author_writes_is_found_again_by_its_words(markdown: str) -> None:
    text = rich_text(markdown, Style(LinkStyle.SPAN, "en"))
    assert normal(shown(written(text))) == normal(text.text)


@pytest.mark.parametrize(
    ("markdown", "content"),
    [
        ("**bold** *slanted* ~~gone~~", "**bold** *slanted* ~~gone~~"),
        ("***both***", "**_both_**"),
        ("[words](https://example.org/a)", "[words](<https://example.org/a>)"),
        (
            "**[a](https://example.org/a) b** and **c [d](https://example.org/d)**",
            "**[a](<https://example.org/a>) b** and **c [d](<https://example.org/d>)**",
        ),
        ("[**a** b](https://example.org/)", "[**a** b](<https://example.org/>)"),
        ("**https://example.org/a** b", "**https://example.org/a** b"),
        ("*a **b** c*", "_a **b** c_"),
        ("https://example.org/a_b_c", "https://example.org/a_b_c"),
        ("2 * 3 * 4 and a_b_c", "2 \\* 3 \\* 4 and a\\_b\\_c"),
        ("`a * b`", "`a * b`"),
        ("```python\na = 1\n```", "```python\na = 1\n```"),
        ("# Title\n\ntext", "# Title\n\ntext"),
        ("> said\n> **she**", "> said\n> **she**"),
        ("- one\n- two", "• one\n• two"),
        ("1. one\n2. two", "1\\. one\n2\\. two"),
        ("\\# no title", "\\# no title"),
        ("[write](mailto:a@example.org)", "write \\(a@example.org\\)"),
        ("متن *مهم* می‌خواهم", "متن *مهم* می‌خواهم"),
    ],
)
def test_markup_becomes_discords_own(markdown: str, content: str) -> None:
    assert written(rich_text(markdown, Style(LinkStyle.SPAN, "en"))) == content


def test_an_address_that_no_link_was_made_of_stays_as_it_is_written() -> None:
    assert written(RichText("https://a_b_c")) == "https\\://a\\_b\\_c"


def test_lengths_count_what_is_sent() -> None:
    assert Discord().length(rich("a*b"), Unit.CODE_POINTS) == len("a\\*b")
    assert Discord().length(RichText("👩‍👩‍👧"), Unit.UTF16) == 8
    assert Discord().length(RichText("👩‍👩‍👧"), Unit.GRAPHEMES) == 1


@given(_TEXT)
def test_the_length_is_never_less_than_what_readers_see(text: str) -> None:
    assert Discord().length(RichText(text), Unit.CODE_POINTS) >= code_points(text)


@given(st.text(alphabet="*_ab\n>`[]()#- .!~|1<یم\u200c漢👩\u200d👧", max_size=60))
def test_every_length_is_that_of_the_message_that_is_sent(markdown: str) -> None:
    text = rich_text(markdown, Style(LinkStyle.SPAN, "fa"))
    sent = message_body(channel_post(_CHANNEL, text.text), Part(text))["content"]
    assert isinstance(sent, str)
    assert Discord().length(text, Unit.CODE_POINTS) == len(sent)
    assert Discord().length(text, Unit.UTF16) == len(sent.encode("utf-16-le")) // 2
