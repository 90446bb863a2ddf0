"""Markdown tokens to the plain text and spans that networks without markup show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from markdown_it.token import Token

from smmflow.composing.links import LinkTags
from smmflow.composing.markdown import (
    BARE,
    is_account,
    is_address,
    parse,
    web_address,
)
from smmflow.language.digits import localise
from smmflow.language.entities import EntityKind, mentions, tags
from smmflow.model.capabilities import LinkStyle, MentionStyle
from smmflow.model.text import RichText, Span, SpanKind

__all__ = ["Style", "rich_text"]

_INLINE = {
    "strong": SpanKind.STRONG,
    "em": SpanKind.EMPHASIS,
    "s": SpanKind.STRIKE,
}
_WHOLE = frozenset(
    {SpanKind.LINK, SpanKind.MENTION, SpanKind.CODE, SpanKind.CODE_BLOCK}
)
_RULE = "———"


@dataclass(frozen=True, slots=True)
class Style:
    """How a channel wants its text; the same style and text give the same result.

    Attributes:
        links: What becomes of links over words.
        language: BCP 47; decides the digits of numbered lists.
        tags: What links carry; None if nothing.
        mentions: How accounts are written; a link that names one is else its words.
    """

    links: LinkStyle
    language: str
    tags: LinkTags | None = None
    mentions: MentionStyle = MentionStyle.NONE


@lru_cache(maxsize=64)
def rich_text(text: str, style: Style) -> RichText:
    """Return Markdown as readers see it where there is no markup.

    Blocks are apart by one blank line, lines break where the author broke them, lists
    have `•` or numbers, quotes `>`. Emphasis, code and headings leave only spans.
    Mentions and tags are found in what came out, links over words and code aside.
    """
    writer = _Writer(style)
    writer.blocks(parse(text))
    return writer.finish()


@dataclass(slots=True)
class _Writer:
    style: Style
    chunks: list[str] = field(default_factory=list)
    length: int = 0
    spans: list[Span] = field(default_factory=list)
    gap: str = ""
    prefixes: list[str] = field(default_factory=list)
    lists: list[int | None] = field(default_factory=list)
    opened: list[tuple[str, int, Token, int]] = field(default_factory=list)

    def blocks(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            if token.type == "inline":
                self.inline(token.children or [])
            elif token.nesting == 1:
                self.open_block(token)
            elif token.nesting == -1:
                self.close_block(token)
            elif token.type == "fence":
                start = self.begin()
                self.write(token.content.rstrip("\n"))
                self.span(start, SpanKind.CODE_BLOCK, token.info.strip())
                self.end()
            elif token.type == "hr":
                self.begin()
                self.write(_RULE)
                self.end()

    def open_block(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self.open_list(None)
            case "ordered_list_open":
                self.open_list(int(token.attrs.get("start", 1)))
            case "list_item_open":
                self.open_item()
            case "blockquote_open":
                self.mark(token)
                self.prefixes.append("> ")
                self.write_raw("> ")
            case "heading_open":
                self.mark(token)
            case _:
                pass  # a paragraph begins with its words, if it has any

    def close_block(self, token: Token) -> None:
        match token.type:
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
                if self.lists:
                    self.prefixes.pop()
                self.end()
            case "list_item_close":
                self.gap = "\n"
            case "blockquote_close":
                self.prefixes.pop()
                self.close_span(SpanKind.QUOTE)
                self.end()
            case "heading_close":
                self.close_span(SpanKind.HEADING)
                self.end()
            case _:
                self.end()

    def open_list(self, number: int | None) -> None:
        if self.lists:
            self.prefixes.append("  ")
            self.gap = "\n" if self.gap else ""
        self.lists.append(number)

    def open_item(self) -> None:
        self.begin()
        number = self.lists[-1]
        if number is None:
            self.write_raw("• ")
        else:
            self.write_raw(localise(f"{number}. ", self.style.language))
            self.lists[-1] = number + 1

    def inline(self, tokens: Sequence[Token]) -> None:
        if any(token.type != "image" for token in tokens):
            self.begin()
        for token in tokens:
            if token.type == "text":
                self.write(token.content)
            elif token.type in {"softbreak", "hardbreak"}:
                self.write("\n")
            elif token.type == "code_inline":
                start = self.length
                self.write(token.content)
                self.span(start, SpanKind.CODE)
            elif token.nesting == 1:
                self.mark(token)
            elif token.type == "link_close":
                self.close_link()
            elif token.nesting == -1:
                self.close_span(_INLINE[token.type.removesuffix("_close")])

    def close_link(self) -> None:
        _, start, token, chunk = self.opened.pop()
        url = str(token.attrs["href"])
        target = self.style.tags.tag(url) if self.style.tags else url
        words = "".join(self.chunks[chunk:])
        same = token.markup == BARE or words in {url, url.removeprefix("mailto:"), ""}
        if is_account(url):
            if self.style.mentions is MentionStyle.LINK:
                self.span(start, SpanKind.MENTION, url)
        elif not is_address(url):
            self.write_raw(f" ({url})")
        elif self.style.links is LinkStyle.SPAN:
            self.span(start, SpanKind.LINK, web_address(target))
        elif same and url.startswith("mailto:"):
            pass
        elif same:
            self.cut(start, chunk)
            self.write_link(target)
        else:
            self.write_raw(" (")
            self.write_link(target)
            self.write_raw(")")

    def write_link(self, url: str) -> None:
        start = self.length
        self.write_raw(url)
        self.span(start, SpanKind.LINK, web_address(url))

    def close_span(self, kind: SpanKind) -> None:
        _, start, _, _ = self.opened.pop()
        self.span(start, kind)

    def span(self, start: int, kind: SpanKind, target: str = "") -> None:
        if start < self.length:
            self.spans.append(Span(start, self.length, kind, target))

    def begin(self) -> int:
        """Write what parts this block from the one before; return where it begins."""
        if self.gap and self.chunks:
            prefix = "".join(self.prefixes)
            blank = prefix.rstrip() if ">" in prefix else ""
            self.write_raw("\n" + (blank + "\n" if self.gap == "\n\n" else "") + prefix)
        self.gap = ""
        return self.length

    def end(self) -> None:
        self.gap = "\n\n"

    def write(self, text: str) -> None:
        if self.prefixes and "\n" in text:
            text = text.replace("\n", "\n" + "".join(self.prefixes))
        self.write_raw(text)

    def write_raw(self, text: str) -> None:
        if text:
            self.chunks.append(text)
            self.length += len(text)

    def cut(self, start: int, chunk: int) -> None:
        del self.chunks[chunk:]
        self.length = start
        while self.spans and self.spans[-1].end > start:
            self.spans.pop()

    def mark(self, token: Token) -> None:
        self.opened.append((token.type, self.begin(), token, len(self.chunks)))

    def finish(self) -> RichText:
        raw = "".join(self.chunks)
        text = raw.rstrip()
        lead = len(text) - len(text.lstrip())
        text = text.lstrip()
        spans = [
            Span(max(0, s.start - lead), end, s.kind, s.target)
            for s in self.spans
            if (end := min(len(text), s.end - lead)) > max(0, s.start - lead)
        ]
        spans += _words(text, [each for each in spans if each.kind in _WHOLE])
        spans.sort(key=lambda each: (each.start, -each.end))
        return RichText(text, tuple(spans))


def _words(text: str, whole: Sequence[Span]) -> list[Span]:
    taken = bytearray(len(text)) if whole else b""
    for each in whole:
        if isinstance(taken, bytearray):
            taken[each.start : each.end] = b"\1" * (each.end - each.start)
    kinds = {EntityKind.MENTION: SpanKind.MENTION, EntityKind.TAG: SpanKind.TAG}
    return [
        Span(each.start, each.end, kinds[each.kind], each.target)
        for each in (*mentions(text), *tags(text))
        if not any(taken[each.start : each.end])
    ]
