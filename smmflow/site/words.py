"""A part's words as a network shows them, piece by piece; templates escape each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
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
_MARKS = {
    SpanKind.STRONG: "strong",
    SpanKind.HEADING: "strong",
    SpanKind.EMPHASIS: "slanted",
    SpanKind.STRIKE: "struck",
    SpanKind.CODE: "code",
    SpanKind.CODE_BLOCK: "code",
    SpanKind.QUOTE: "quoted",
}
_PREFIX = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words that looks the same throughout.

    Attributes:
        kind: `link`, `mention`, `tag`, or empty for plain words.
        href: Where it leads, a web address; empty if nowhere.
        marks: How it is emphasised: names of the stylesheet.
    """

    text: str
    kind: str = ""
    href: str = ""
    marks: tuple[str, ...] = ()


def pieces(rich: RichText, look: Look, *, has_marks: bool = False) -> tuple[Piece, ...]:
    """Return the words in order; nothing of them is lost but what the network hides.

    Args:
        rich: The words.
        look: How the network shows posts.
        has_marks: It shows emphasis.
    """
    marking = [each for each in rich.spans if has_marks and each.kind in _MARKS]
    return tuple(_pieces(rich, look, marking))


def _pieces(rich: RichText, look: Look, marking: Sequence[Span]) -> Iterator[Piece]:
    at = 0
    for span in rich.spans:
        if span.kind not in _SOLID or span.start < at:
            continue
        yield from _plain(rich.text, at, span.start, marking)
        solid = _solid(rich.text[span.start : span.end], span, look)
        yield replace(solid, marks=_marks(marking, span.start, span.end))
        at = span.end
    yield from _plain(rich.text, at, len(rich.text), marking)


def _plain(text: str, start: int, end: int, marking: Sequence[Span]) -> Iterator[Piece]:
    """Yield words that lead nowhere, cut where their emphasis changes."""
    edges = {edge for each in marking for edge in (each.start, each.end)}
    inside = (edge for edge in edges if start < edge < end)
    for first, last in pairwise(sorted({start, end, *inside})):
        yield Piece(visible(text[first:last]), marks=_marks(marking, first, last))


def _marks(marking: Sequence[Span], start: int, end: int) -> tuple[str, ...]:
    around = (each for each in marking if each.start <= start and end <= each.end)
    return tuple(sorted({_MARKS[each.kind] for each in around}))


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
