"""Text as Bale takes it: every text is read as Markdown of Bale's own, always.

`*bold*` and `_italic_` need white space, or nothing, on both sides, `[words](address)`
is a link, and three backticks fold text behind a title in square brackets. No way to
escape is documented: https://docs.bale.ai. So emphasis is kept where it can be written,
and left out where asterisks would be seen; and an author's own asterisk that would
begin markup gets a word joiner before it, which nobody sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from smmflow.model.text import RichText, Span, SpanKind

__all__ = ["JOINER", "bale_markdown"]

JOINER = "\u2060"
"""No width, no break: https://www.unicode.org/charts/PDF/U2000.pdf"""

_MARKS = {
    SpanKind.STRONG: "*",
    SpanKind.HEADING: "*",
    SpanKind.EMPHASIS: "_",
}
_OPENING = re.compile(r"(?<!\S)(?=[*_])|(?<=\])(?=\()|(?<=`)(?=``)")
_BACKTICKS = "```"
_IN_URL = str.maketrans({"(": "%28", ")": "%29", " ": "%20"})


def bale_markdown(rich: RichText) -> str:
    """Return text with its links and, where Bale can read it, its emphasis.

    Of emphasis in emphasis the outer one is kept; a link in emphasis is kept instead of
    it. Strikethrough and code in a line of words go as plain words.
    """
    pieces, at = [], 0
    for span, written in _written(rich):
        pieces += [_plain(rich, at, span.start), written]
        at = span.end
    return "".join((*pieces, _plain(rich, at, len(rich.text))))


def _written(rich: RichText) -> Iterator[tuple[Span, str]]:
    last = 0
    for span in rich.spans:
        if span.start >= last and (written := _marked(rich, span)):
            yield span, written
            last = span.end


def _marked(rich: RichText, span: Span) -> str:
    words = rich.text[span.start : span.end]
    match span.kind:
        case SpanKind.LINK:
            return _link(words, span.target)
        case SpanKind.STRONG | SpanKind.HEADING | SpanKind.EMPHASIS:
            mark = _MARKS[span.kind]
            alone = _apart(rich.text, span) and not _holds(rich, span)
            clean = "\n" not in words and not set(words) & set("*_`[]")
            return f"{mark}{words}{mark}" if alone and clean else ""
        case SpanKind.CODE_BLOCK:
            titled = span.target and not set(span.target) & set("[]`\n")
            if titled and _BACKTICKS not in words and _apart(rich.text, span):
                return f"{_BACKTICKS}[{span.target}]{words}{_BACKTICKS}"
            return ""
        case (
            SpanKind.MENTION
            | SpanKind.TAG
            | SpanKind.STRIKE
            | SpanKind.CODE
            | SpanKind.QUOTE
        ):
            return ""


def _link(words: str, target: str) -> str:
    if words in {target, target.removeprefix("mailto:")}:
        return words
    if not target.startswith(("https://", "http://")):
        return f"{words} ({target.removeprefix('mailto:')})"
    if set(words) & set("[]\n"):
        return f"{words} ({target})"
    return f"[{words}]({target.translate(_IN_URL)})"


def _plain(rich: RichText, start: int, end: int) -> str:
    pieces, at = [], start
    words = [
        each
        for each in rich.spans
        if each.kind in {SpanKind.MENTION, SpanKind.TAG, SpanKind.LINK}
        and start <= each.start < end
    ]
    for each in words:
        pieces += [_calm(rich.text, at, each.start), rich.text[each.start : each.end]]
        at = each.end
    return "".join((*pieces, _calm(rich.text, at, end)))


def _calm(text: str, start: int, end: int) -> str:
    pieces, at = [], start
    for found in _OPENING.finditer(text, start, end):
        pieces += [text[at : found.start()], JOINER]
        at = found.start()
    return "".join((*pieces, text[at:end]))


def _apart(text: str, span: Span) -> bool:
    before, after = text[: span.start][-1:], text[span.end :][:1]
    return (not before or before.isspace()) and (not after or after.isspace())


def _holds(rich: RichText, span: Span) -> bool:
    return any(
        each.kind in {SpanKind.LINK, SpanKind.CODE_BLOCK}
        and span.start <= each.start < span.end
        for each in rich.spans
    )
