"""Words with meaning attached: plain text and the spans of it that are more."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["RichText", "Span", "SpanKind"]


class SpanKind(StrEnum):
    """What a stretch of text is besides its letters."""

    LINK = "link"
    MENTION = "mention"
    TAG = "tag"
    STRONG = "strong"
    EMPHASIS = "emphasis"
    STRIKE = "strike"
    CODE = "code"
    CODE_BLOCK = "code-block"
    QUOTE = "quote"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a `RichText`.

    Attributes:
        start: First code point.
        end: One past the last code point.
        kind: What it is.
        target: The URL of a link, the handle of a mention without `@`, the name of a
            tag without `#`, the language of a code block; else empty.
    """

    start: int
    end: int
    kind: SpanKind
    target: str = ""


@dataclass(frozen=True, slots=True)
class RichText:
    """Text as a reader sees it, and what stretches of it are.

    Attributes:
        text: No markup in it.
        spans: Sorted by start, then by descending end. Links, mentions and tags never
            overlap each other; the other kinds may nest.
    """

    text: str
    spans: tuple[Span, ...] = ()
