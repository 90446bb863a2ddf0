"""Plain text beside marked-up text, for readers who see only that."""

from __future__ import annotations

from collections.abc import Callable

from smmflow.model.text import RichText, Span, SpanKind

__all__ = ["written_out"]


def written_out(
    text: RichText, *, unless: Callable[[Span], bool] = lambda _: False
) -> str:
    """Return the words with the addresses of links behind them in brackets.

    Args:
        text: With links over words.
        unless: Tells which links need no address.
    """
    pieces = []
    at = 0
    for span in text.spans:
        bare = text.text[span.start : span.end] == span.target
        if span.kind is SpanKind.LINK and not bare and not unless(span):
            pieces.append(f"{text.text[at : span.end]} ({span.target})")
            at = span.end
    return "".join((*pieces, text.text[at:]))
