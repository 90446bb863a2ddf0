"""A part's words as a network shows them, piece by piece; templates escape each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from smmflow.language.controls import visible
from smmflow.language.measures import grapheme_count
from smmflow.model.text import RichText, Span, SpanKind
from smmflow.site.looks import Look

__all__ = ["Piece", "folds", "host", "pieces", "web_address"]

_SOLID = {
    SpanKind.LINK: "link",
    SpanKind.MENTION: "mention",
    SpanKind.TAG: "tag",
}
_PREFIX = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words that looks the same throughout.

    Attributes:
        kind: `link`, `mention`, `tag`, or empty for plain words.
        href: Where it leads, a web address; empty if nowhere.
    """

    text: str
    kind: str = ""
    href: str = ""


def pieces(rich: RichText, look: Look) -> tuple[Piece, ...]:
    """Return the words in order; nothing of them is lost but what the network hides."""
    return tuple(_pieces(rich, look))


def _pieces(rich: RichText, look: Look) -> Iterator[Piece]:
    at = 0
    for span in rich.spans:
        if span.kind not in _SOLID or span.start < at:
            continue
        if span.start > at:
            yield Piece(visible(rich.text[at : span.start]))
        yield _solid(rich.text[span.start : span.end], span, look)
        at = span.end
    if at < len(rich.text):
        yield Piece(visible(rich.text[at:]))


def _solid(words: str, span: Span, look: Look) -> Piece:
    kind = _SOLID[span.kind]
    if span.kind is SpanKind.LINK:
        return Piece(visible(_shortened(words, look)), kind, web_address(span.target))
    if span.kind is SpanKind.MENTION and look.short_mentions:
        words = "@" + words.removeprefix("@").partition("@")[0]
    return Piece(visible(words), kind)


def _shortened(words: str, look: Look) -> str:
    prefix = _PREFIX.match(words)
    if look.link_length is None or prefix is None:
        return words
    rest = words[prefix.end() :]
    return rest if len(rest) <= look.link_length else rest[: look.link_length] + "…"


def web_address(target: str) -> str:
    """Return the address if a page may link to it, else an empty text."""
    return target if host(target) else ""


def host(target: str) -> str:
    """Return the host of a web address; empty if it is none."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in {"http", "https"} else ""


def folds(text: str, look: Look) -> bool:
    """Tell whether lists fold the text, as far as that can be told without a screen."""
    if look.fold_lines is None:
        return False
    lines = (-(-grapheme_count(line) // look.line) or 1 for line in text.split("\n"))
    return sum(lines) > look.fold_lines
