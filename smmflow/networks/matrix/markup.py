"""Words in Matrix's own form: plain text for every client, and HTML for most.

https://spec.matrix.org/v1.15/client-server-api/#mroommessage-msgtypes
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from smmflow.model.text import RichText, Span, SpanKind
from smmflow.networks.plain import written_out

__all__ = ["formatted", "mentioned", "plain", "shown", "weight"]

_SCHEMES = frozenset({"https", "http", "ftp", "mailto", "magnet"})
"""Of links: https://spec.matrix.org/v1.15/client-server-api/#mroommessage-msgtypes"""
_USER_PAGE = "@"
_NAMES = {
    SpanKind.STRONG: "strong",
    SpanKind.HEADING: "strong",
    SpanKind.EMPHASIS: "em",
    SpanKind.STRIKE: "del",
    SpanKind.CODE: "code",
}


def plain(text: RichText) -> str:
    """Return the words for clients without HTML: addresses of links written out."""
    return written_out(text, unless=lambda span: bool(_user(span)))


def formatted(text: RichText) -> str:
    """Return the words as HTML of the allowed tags; empty if plain text says it all.

    Quotes and lists stay as the text has them, with `>` and bullets written out.
    """
    spans = [each for each in text.spans if _tags(text, each) is not None]
    return "".join(_pieces(text, spans)) if spans else ""


def mentioned(text: RichText) -> list[str]:
    """Return whom links to accounts name; nobody else is notified."""
    users = (_user(each) for each in text.spans if each.kind is SpanKind.LINK)
    return list(dict.fromkeys(each for each in users if each))


def weight(text: RichText) -> int:
    """Return the bytes that the words take of an event, in canonical JSON.

    https://spec.matrix.org/v1.15/appendices/#canonical-json
    """
    said = (plain(text), formatted(text), *mentioned(text))
    return sum(
        len(json.dumps(each, ensure_ascii=False).encode()) - len('""') for each in said
    )


def shown(html: str) -> str:
    """Return the words of HTML, as a reader sees them."""
    words = _Words()
    words.feed(html)
    words.close()
    return "".join(words.pieces)


def _pieces(text: RichText, spans: list[Span]) -> Iterator[str]:
    """Yield HTML in which spans nest, even where they don't in the text."""
    edges = {0, len(text.text), *(s.start for s in spans), *(s.end for s in spans)}
    cuts = sorted(edges)
    opened: list[Span] = []
    for start, end in pairwise(cuts):
        wanted = [s for s in spans if s.start <= start and end <= s.end]
        kept = 0
        while kept < min(len(opened), len(wanted)) and opened[kept] == wanted[kept]:
            kept += 1
        yield from (_tag(text, each)[1] for each in reversed(opened[kept:]))
        yield from (_tag(text, each)[0] for each in wanted[kept:])
        opened = wanted
        block = any(each.kind is SpanKind.CODE_BLOCK for each in opened)
        words = escape(text.text[start:end], quote=False)
        yield words if block else words.replace("\n", "<br>")
    yield from (_tag(text, each)[1] for each in reversed(opened))


def _tag(text: RichText, span: Span) -> tuple[str, str]:
    return _tags(text, span) or ("", "")


def _tags(text: RichText, span: Span) -> tuple[str, str] | None:
    """Return the tags around a span; None if it is nothing in Matrix."""
    if span.kind is SpanKind.LINK:
        allowed = _scheme(span.target) in _SCHEMES and not _is_bare(text, span)
        return (f'<a href="{escape(span.target)}">', "</a>") if allowed else None
    if span.kind is SpanKind.CODE_BLOCK:
        named = f' class="language-{escape(span.target)}"' if span.target else ""
        return f"<pre><code{named}>", "</code></pre>"
    name = _NAMES.get(span.kind)
    return (f"<{name}>", f"</{name}>") if name else None


def _is_bare(text: RichText, span: Span) -> bool:
    """Tell whether a link's words are its address, which clients link themselves."""
    return text.text[span.start : span.end] == span.target


def _scheme(url: str) -> str:
    try:
        return urlsplit(url).scheme.lower()
    except ValueError:
        return ""


def _user(span: Span) -> str:
    """Return whom a link names, as in `@sara:example.org`; empty if nobody.

    https://spec.matrix.org/v1.15/appendices/#matrixto-navigation
    """
    try:
        address = urlsplit(span.target)
    except ValueError:
        return ""
    page = unquote(address.fragment.partition("?")[0]).removeprefix("/")
    is_user = address.netloc.lower() == "matrix.to" and page.startswith(_USER_PAGE)
    return page if is_user and ":" in page else ""


class _Words(HTMLParser):
    """Collects text; a line break is one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in {"br", "p", "li", "blockquote", "div"}:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
