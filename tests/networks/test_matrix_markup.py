"""Words as Matrix takes them: HTML, plain text, and what they weigh."""

import json
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.model.capabilities import Unit
from smmflow.model.text import RichText, Span, SpanKind
from smmflow.networks.matrix import Matrix
from smmflow.networks.matrix.address import event_address, event_in
from smmflow.networks.matrix.markup import formatted, mentioned, plain, shown, weight

ALLOWED = {"a", "strong", "em", "del", "code", "pre", "br"}
TARGETS = ("https://example.org/?a=1&b=\"2'", "javascript:alert(1)", "", "http://[")
WORDS = st.text(
    st.sampled_from("ab <>&\"'\n`*می\u200cخواهم漢字👩\u200d👧́\t\\"), max_size=60
)


@st.composite
def _texts(draw: st.DrawFn) -> RichText:
    """Text with spans of every kind, nested and across each other."""
    text = draw(WORDS)
    edges = st.integers(0, len(text))
    spans = [
        Span(min(a, b), max(a, b), kind, draw(st.sampled_from(TARGETS)))
        for kind in SpanKind
        for a, b in draw(st.lists(st.tuples(edges, edges), max_size=2))
        if a != b
    ]
    return RichText(text, tuple(sorted(spans, key=lambda s: (s.start, -s.end))))


class _Strict(HTMLParser):
    """Fails where elements don't nest, or are none that Matrix allows."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        for name, value in attrs:
            assert (tag, name) in {("a", "href"), ("code", "class")}
            assert name != "href" or (value or "").startswith("https://")
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(_texts())
def test_html_nests_holds_only_allowed_tags_and_says_the_same(text: RichText) -> None:
    html = formatted(text)
    strict = _Strict()
    strict.feed(html)
    strict.close()
    assert strict.open == []
    if html:
        assert shown(html) == text.text


@given(_texts())
def test_words_weigh_what_they_take_in_an_event(text: RichText) -> None:
    content = {"body": plain(text), "formatted_body": formatted(text)}
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    empty = json.dumps(dict.fromkeys(content, ""), separators=(",", ":"))
    assert weight(text) == len(written.encode()) - len(empty)
    assert Matrix().length(text, Unit.UTF8) == weight(text)


@pytest.mark.parametrize(
    ("words", "bytes_"),
    [
        ("word", 4),
        ("می‌خواهم", 17),
        ("漢字", 6),
        ("👩‍👩‍👧", 18),
        ('"\\\n', 6),
        ("\x01", 6),
    ],
)
def test_letters_weigh_their_bytes_and_escapes(words: str, bytes_: int) -> None:
    assert weight(RichText(words)) == bytes_


def test_plain_text_needs_no_html() -> None:
    words = "https://example.org/ and #tag"
    link = Span(0, 20, SpanKind.LINK, "https://example.org/")
    text = RichText(words, (link, Span(25, 29, SpanKind.TAG, "tag")))
    assert formatted(text) == ""
    assert plain(text) == words


def test_a_link_over_words_is_one_in_html_and_written_out_in_plain_text() -> None:
    text = RichText("Read this", (Span(5, 9, SpanKind.LINK, "https://example.org/"),))
    assert formatted(text) == 'Read <a href="https://example.org/">this</a>'
    assert plain(text) == "Read this (https://example.org/)"


def test_a_link_to_an_account_names_it_and_everything_else_names_nobody() -> None:
    pages = ("https://matrix.to/#/@sara:example.org", "https://matrix.to/#/%23room:e.o")
    spans = tuple(Span(n, n + 1, SpanKind.LINK, each) for n, each in enumerate(pages))
    text = RichText("ab @room @reza:example.org", spans)
    assert mentioned(text) == ["@sara:example.org"]
    assert plain(text) == "ab (https://matrix.to/#/%23room:e.o) @room @reza:example.org"


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_an_address_leads_back_to_its_event(room: str, event: str) -> None:
    url = event_address(f"!{room}", f"${event}", via="example.org")
    assert event_in(url, frozenset({f"!{room}"})) == f"${event}"
    assert not event_in(url, frozenset({"!another"}))


@pytest.mark.parametrize(
    "url",
    [
        "https://matrix.to/#/#news:example.org/$event",
        "https://matrix.to/#/%23news%3Aexample.org/%24event?via=example.org",
        "https://app.element.io/#/room/#news:example.org/$event",
    ],
)
def test_addresses_are_understood_as_people_copy_them(url: str) -> None:
    assert event_in(url, frozenset({"#news:example.org"})) == "$event"


@given(st.text(max_size=80))
def test_no_words_are_mistaken_for_an_address(words: str) -> None:
    assert event_in(words, frozenset({"#news:example.org"})) == ""
