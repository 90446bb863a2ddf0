"""Discord's Markdown: text and spans as Discord writes them, and back.

https://docs.discord.com/developers/reference#message-formatting and, for readers,
https://support.discord.com/hc/en-us/articles/210298617
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import assert_never

from smmflow.model.text import RichText, Span, SpanKind

__all__ = ["normal", "shown", "written"]

_MARKS = {SpanKind.STRONG: "**", SpanKind.STRIKE: "~~"}
_EMPHASIS = ("*", "_")
_WEB = ("http://", "https://")
_OWN = (
    r"<(?:@[!&]?\d{5,25}|#\d{5,25}|a?:\w{2,32}:\d{5,25}|t:-?\d{1,15}(?::[tTdDfFR])?)>"
)
"""Discord's own names, as authors may write them: accounts, roles, channels, emoji and
moments. https://docs.discord.com/developers/reference#message-formatting-formats"""
_PLAIN = re.compile(
    rf"(?P<own>{_OWN})|(?P<mark>[\\*_~`|\[\]<])|(?P<scheme>:)(?=//)"
    r"|^(?P<number>[ \t]*\d+)(?P<dot>\.)(?=\s)|^(?P<lead>[ \t]*)(?P<block>[#>+-])",
    re.MULTILINE,
)
_QUOTED = re.compile(r"(?:> ?)+")
_LANGUAGE = re.compile(r"[A-Za-z0-9_+.-]{0,30}")
_SPACE = re.compile(r"\s+")
_INSIGNIFICANT = re.compile(r"[\s\\*_~`|]+")
_SHOWN = re.compile(
    r"```(?P<language>[A-Za-z0-9_+.-]*)\n(?P<block>.*?)\n```"
    r"|(?P<fence>`{1,2})(?!`)(?P<code>.+?)(?<!`)(?P=fence)(?!`)"
    r"| \\\((?P<mail>[^)\s]*)\\\)"
    r"|\\(?P<escaped>[^A-Za-z0-9\s])"
    r"|\[(?P<words>(?:\\.|[^\[\]\\])*)\]\(<[^<>\s]*>\)"
    r"|(?P<url>https?://(?:(?!\*|~~|\\|_(?!\w))[^\s<])+)"
    rf"|(?P<own>{_OWN})"
    r"|^(?P<heading>\#{1,3}\ )"
    r"|(?P<mark>\*\*|\*|__|_|~~|\|\|)",
    re.MULTILINE | re.DOTALL,
)


def written(text: RichText) -> str:
    """Return a text as Discord's Markdown, in which readers see what was written.

    What means something to Discord and was no markup is escaped, except Discord's own
    names such as `<@80351110224678912>`. Code that Discord could not show as code, and
    headings that are no line of their own, become plain and bold.
    """
    return _Writer(text).text()


def shown(content: str) -> str:
    """Return the words that readers see of a message that `written` made."""
    return _SHOWN.sub(_seen, content)


def normal(text: str) -> str:
    """Return a text as two copies of it can be compared.

    Without white space, which Discord trims, and without what could be a mark: where
    addresses hold marks, only Discord itself knows which of them it shows.
    """
    return _INSIGNIFICANT.sub("", text)


class _Writer:
    def __init__(self, rich: RichText) -> None:
        self._text = rich.text
        self._spans = [each for each in rich.spans if each.start < each.end]
        self._quotes = [each for each in rich.spans if each.kind is SpanKind.QUOTE]
        self._opens: dict[int, list[str]] = defaultdict(list)
        self._closes: dict[int, list[str]] = defaultdict(list)
        self._whole: dict[int, tuple[int, str]] = {}

    def text(self) -> str:
        # Outer spans come first: they open first, and close last.
        for span in self._spans:
            match span.kind:
                case SpanKind.CODE | SpanKind.CODE_BLOCK:
                    self._code(span)
                case SpanKind.LINK:
                    self._link(span)
                case SpanKind.STRONG | SpanKind.STRIKE:
                    self._mark(span, _MARKS[span.kind])
                case SpanKind.EMPHASIS:
                    self._mark(span, _EMPHASIS[self._beside_strong(span)])
                case SpanKind.HEADING:
                    self._heading(span)
                case SpanKind.QUOTE | SpanKind.MENTION | SpanKind.TAG:
                    pass  # stands in the text as Discord writes it
                case _:
                    assert_never(span.kind)
        return "".join(self._pieces())

    def _pieces(self) -> Iterator[str]:
        at = 0
        for stop in sorted(
            {*self._opens, *self._closes, *self._whole, len(self._text)}
        ):
            if stop < at:
                continue  # within what is shown as it is
            yield self._plain(at, stop)
            yield from self._closes.get(stop, ())
            yield from self._opens.get(stop, ())
            at = stop
            if stop in self._whole:
                at, piece = self._whole[stop]
                yield piece

    def _plain(self, start: int, end: int) -> str:
        return "".join(
            _escaped(self._text, a, b, quoted=quoted)
            for a, b, quoted in self._lines(start, end)
        )

    def _lines(self, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        at = start
        while at < end:
            stop = self._text.find("\n", at, end) + 1 or end
            quoted = any(each.start <= at < each.end for each in self._quotes)
            yield at, stop, quoted
            at = stop

    def _code(self, span: Span) -> None:
        code = self._text[span.start : span.end]
        if any(each.start <= span.start < each.end for each in self._quotes):
            return
        if span.kind is SpanKind.CODE_BLOCK:
            alone = self._alone(span)
            if alone and "```" not in code and not code.endswith("`"):
                language = span.target if _LANGUAGE.fullmatch(span.target) else ""
                self._whole[span.start] = (span.end, f"```{language}\n{code}\n```")
        elif "``" not in code and "\n" not in code and code.strip() == code:
            fence = "``" if "`" in code else "`"
            if not code.startswith("`") and not code.endswith("`"):
                self._whole[span.start] = (span.end, f"{fence}{code}{fence}")

    def _link(self, span: Span) -> None:
        words = self._text[span.start : span.end]
        if words == span.target and words.startswith(_WEB):
            self._whole[span.start] = (span.end, words)
        elif span.target.startswith(_WEB):
            self._opens[span.start].append("[")
            self._closes[span.end].insert(0, f"](<{_address(span.target)}>)")
        elif span.target.removeprefix("mailto:") not in words:
            address = span.target.removeprefix("mailto:").replace(")", "%29")
            self._closes[span.end].insert(0, f" \\({_SPACE.sub('', address)}\\)")

    def _mark(self, span: Span, mark: str) -> None:
        """Put a mark around words, where Discord takes it: never beside a space."""
        start, end = span.start, span.end
        while start < end and self._text[start].isspace():
            start += 1
        while end > start and self._text[end - 1].isspace():
            end -= 1
        if start < end:
            self._opens[start].append(mark)
            self._closes[end].insert(0, mark)

    def _beside_strong(self, span: Span) -> bool:
        return any(
            each.kind is SpanKind.STRONG
            and each.start <= span.end
            and span.start <= each.end
            for each in self._spans
        )

    def _heading(self, span: Span) -> None:
        if self._alone(span) and "\n" not in self._text[span.start : span.end]:
            self._opens[span.start].insert(0, "# ")
        else:
            self._mark(span, "**")

    def _alone(self, span: Span) -> bool:
        """Tell whether a span is all there is on its lines."""
        before = self._text[span.start - 1 : span.start]
        after = self._text[span.end : span.end + 1]
        return before in {"", "\n"} and after in {"", "\n"}


def _escaped(text: str, start: int, end: int, *, quoted: bool) -> str:
    """Escape a stretch that lies within one line."""
    first = start == 0 or text[start - 1] == "\n"
    piece = text[start:end]
    prefix = ""
    if quoted and first and (found := _QUOTED.match(piece)):
        # Discord knows no quotes in quotes: what is inside is shown as it is.
        prefix, piece = found[0][:2], found[0][2:] + piece[found.end() :]
    # Where a line goes on, a letter stands for what is before, and is taken off again.
    held = "" if first else "x"
    return prefix + _PLAIN.sub(_escape, held + piece)[len(held) :]


def _escape(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "own":
            return found["own"]
        case "dot":
            return f"{found['number']}\\."
        case "block":
            return f"{found['lead']}\\{found['block']}"
        case _:
            return f"\\{found[0]}"


def _seen(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "block" | "code" | "escaped" | "url" | "own":
            return found[found.lastgroup]
        case "words":
            return shown(found["words"])
        case _:
            return ""


def _address(url: str) -> str:
    """Return a URL that can stand in angle brackets."""
    for letter in '<>\\ \n\t"':
        url = url.replace(letter, f"%{ord(letter):02X}")
    return url
