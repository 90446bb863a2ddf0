"""Text as Telegram takes it: plain, and entities that say what stretches of it are.

Offsets and lengths count UTF-16 units, and no mark of a markup language is in the text:
https://core.telegram.org/bots/api#messageentity
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from smmflow.language.measures import utf16_length
from smmflow.model.text import RichText, Span, SpanKind

__all__ = ["Entity", "Marked", "marked", "written_out"]

_SOFT = {
    SpanKind.STRONG: "bold",
    SpanKind.HEADING: "bold",
    SpanKind.EMPHASIS: "italic",
    SpanKind.STRIKE: "strikethrough",
}
_LINKABLE = ("https://", "http://", "tg://")
_PREFIX = re.compile(r"^ *(> ?)", re.MULTILINE)

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Entity:
    """What a stretch of text is.

    Attributes:
        type: As the API names it.
        offset: First UTF-16 unit.
        length: In UTF-16 units.
        url: Where a `text_link` leads.
        language: Of the code in a `pre`.
    """

    type: str
    offset: int
    length: int
    url: str = ""
    language: str = ""

    def body(self) -> dict[str, object]:
        """Return it as the API takes it."""
        body: dict[str, object] = {
            "type": self.type,
            "offset": self.offset,
            "length": self.length,
        }
        if self.url:
            body["url"] = self.url
        if self.language:
            body["language"] = self.language
        return body


@dataclass(frozen=True, slots=True)
class Marked:
    """Text without markup, and its entities."""

    text: str
    entities: tuple[Entity, ...] = ()


def marked(rich: RichText) -> Marked:
    """Return text as readers shall see it on Telegram.

    A quote has a bar of its own there, so its `> ` goes; inside quotes of quotes, which
    Telegram has not, the inner ones keep theirs. A link that Telegram can't make, such
    as one to a mailbox, stands behind its words. Mentions, hashtags and addresses that
    are written out are found by Telegram itself.

    What may stand in what: https://core.telegram.org/bots/api#formatting-options.
    Emphasis is left out inside code, and code inside links.
    """
    quotes = _outermost(each for each in rich.spans if each.kind is SpanKind.QUOTE)
    edits = sorted((*_prefixes(rich.text, quotes), *_unlinkable(rich)))
    text, moved = _edited(rich, edits)
    ranges: list[tuple[Range, str, Span]] = []
    links = [each for each in rich.spans if _is_link(rich.text, each)]
    blocks = [each for each in rich.spans if each.kind is SpanKind.CODE_BLOCK]
    code = [
        each
        for each in rich.spans
        if each.kind is SpanKind.CODE and not _meets(each, (*links, *blocks))
    ]
    for kind, spans in (
        ("blockquote", quotes),
        ("text_link", links),
        ("pre", blocks),
        ("code", code),
    ):
        ranges += [((each.start, each.end), kind, each) for each in spans]
    for kind in dict.fromkeys(_SOFT.values()):
        soft = [each for each in rich.spans if _SOFT.get(each.kind) == kind]
        for start, end in _without(_merged(soft), (*code, *blocks)):
            ranges.append(((start, end), kind, Span(start, end, SpanKind.STRONG)))
    ranges.sort(key=lambda each: (each[0][0], -each[0][1]))
    return Marked(text, tuple(_entities(text, moved, ranges)))


def written_out(rich: RichText) -> str:
    """Return text for places that take no entities: links stand behind their words."""
    edits = [
        (each.end, each.end, _behind(each))
        for each in rich.spans
        if _is_link(rich.text, each) or _is_unlinkable(rich.text, each)
    ]
    return _edited(rich, edits)[0]


def _is_link(text: str, span: Span) -> bool:
    return (
        span.kind is SpanKind.LINK
        and span.target.startswith(_LINKABLE)
        and text[span.start : span.end] != span.target
    )


def _is_unlinkable(text: str, span: Span) -> bool:
    words = text[span.start : span.end]
    return (
        span.kind is SpanKind.LINK
        and not span.target.startswith(_LINKABLE)
        and words not in {span.target, span.target.removeprefix("mailto:")}
    )


def _unlinkable(rich: RichText) -> Iterator[tuple[int, int, str]]:
    for each in rich.spans:
        if _is_unlinkable(rich.text, each):
            yield each.end, each.end, _behind(each)


def _behind(link: Span) -> str:
    return f" ({link.target.removeprefix('mailto:')})"


def _prefixes(text: str, quotes: Iterable[Span]) -> Iterator[tuple[int, int, str]]:
    for quote in quotes:
        for found in _PREFIX.finditer(text[quote.start : quote.end]):
            yield quote.start + found.start(1), quote.start + found.end(1), ""


class _Moved:
    """Where a code point of the text before stands in the text after the edits."""

    def __init__(self, edits: list[tuple[int, int, str]]) -> None:
        self._edits = edits

    def __call__(self, index: int) -> int:
        moved = index
        for start, end, words in self._edits:
            if index >= end:
                moved += len(words) - (end - start)
            elif index > start:
                moved -= index - start
        return moved


def _edited(rich: RichText, edits: list[tuple[int, int, str]]) -> tuple[str, _Moved]:
    pieces, at = [], 0
    for start, end, words in edits:
        pieces += [rich.text[at:start], words]
        at = end
    return "".join((*pieces, rich.text[at:])), _Moved(edits)


def _entities(
    text: str, moved: _Moved, ranges: Iterable[tuple[Range, str, Span]]
) -> Iterator[Entity]:
    for (start, end), kind, span in ranges:
        first, last = moved(start), moved(end)
        if first < last:
            yield Entity(
                kind,
                utf16_length(text[:first]),
                utf16_length(text[first:last]),
                url=span.target if kind == "text_link" else "",
                language=span.target if kind == "pre" else "",
            )


def _outermost(spans: Iterable[Span]) -> list[Span]:
    kept: list[Span] = []
    for each in spans:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def _merged(spans: Iterable[Span]) -> list[Range]:
    merged: list[Range] = []
    for each in spans:
        if merged and each.start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], each.end))
        else:
            merged.append((each.start, each.end))
    return merged


def _without(ranges: Iterable[Range], holes: Iterable[Span]) -> Iterator[Range]:
    for start, last in ranges:
        at = start
        for hole in sorted(holes, key=lambda each: each.start):
            if hole.start < last and hole.end > at:
                if at < hole.start:
                    yield at, hole.start
                at = hole.end
        if at < last:
            yield at, last


def _meets(span: Span, others: Iterable[Span]) -> bool:
    return any(span.start < each.end and each.start < span.end for each in others)
