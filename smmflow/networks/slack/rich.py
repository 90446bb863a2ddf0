"""Slack's rich text: text and spans as its blocks hold them, nothing escaped.

Slack's older markup, mrkdwn, has no way to write a `*` that is none of its marks;
blocks have, and show exactly what was written:
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from smmflow.model.text import RichText, Span, SpanKind

__all__ = ["escaped", "normal", "read", "rich_text_block", "shown"]

_STYLES = {
    SpanKind.STRONG: "bold",
    SpanKind.HEADING: "bold",
    SpanKind.EMPHASIS: "italic",
    SpanKind.STRIKE: "strike",
    SpanKind.CODE: "code",
}
_BLOCKS = {SpanKind.CODE_BLOCK, SpanKind.QUOTE}
_OWN = re.compile(
    r"<@(?P<user>[UW][A-Z0-9]{2,20})>|<#(?P<channel>[CG][A-Z0-9]{2,20})>"
    r"|<!subteam\^(?P<usergroup>S[A-Z0-9]{2,20})>|<!(?P<range>here|channel|everyone)>"
)
"""Slack's own names, as authors may write them.
https://docs.slack.dev/messaging/formatting-message-text#advanced"""
_QUOTED = re.compile(r"^> ?", re.MULTILINE)
_ANGLE = re.compile(r"<(?P<target>[^<>|]*)(?:\|(?P<words>[^<>]*))?>")
_EMOJI = re.compile(r":[a-z0-9_+'-]+:")
_INSIGNIFICANT = re.compile(r"[\W_]+")

Json = dict[str, object]


def rich_text_block(text: RichText, *, ring: bool = False) -> Json:
    """Return a text as a block of rich text.

    Args:
        text: In which `<@U012AB3CD>` and the like name accounts and channels.
        ring: `<!here>`, `<!channel>` and `<!everyone>` call all who are there; without
            it they are shown as they are written.
    """
    elements = list(_elements(text, ring=ring))
    return {"type": "rich_text", "elements": elements}


def escaped(text: str) -> str:
    """Return words so that Slack takes no letter for a command.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shown(text: str) -> str:
    """Return the words of a message's `text` as Slack gives it."""
    words = _ANGLE.sub(_named, text)
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def normal(text: str) -> str:
    """Return a text as two copies of it can be compared: letters and digits only.

    Slack gives emoji back by name, adds marks, and rearranges white space.
    """
    return _INSIGNIFICANT.sub("", _EMOJI.sub("", text))


def read(blocks: Iterable[Mapping[str, object]]) -> str | None:
    """Return the words of blocks as readers see them; None if none has rich text.

    People's messages have them as well, with emoji by their code points.
    """
    texts = [each for each in blocks if each.get("type") == "rich_text"]
    if not texts:
        return None
    return "\n".join(_said(each) for text in texts for each in _objects(text))


def _said(element: Mapping[str, object]) -> str:
    match element.get("type"):
        case "rich_text_list":
            return "\n".join(f"• {_said(each)}" for each in _objects(element))
        case "rich_text_quote":
            words = "".join(map(_word, _objects(element)))
            return "\n".join(f"> {line}" for line in words.split("\n"))
        case _:
            return "".join(map(_word, _objects(element)))


def _word(element: Mapping[str, object]) -> str:
    match element.get("type"):
        case "emoji":
            return (
                _emoji(str(element.get("unicode") or "")) or f":{element.get('name')}:"
            )
        case "user":
            return f"<@{element.get('user_id')}>"
        case "channel":
            return f"<#{element.get('channel_id')}>"
        case "usergroup":
            return f"<!subteam^{element.get('usergroup_id')}>"
        case "broadcast":
            return f"<!{element.get('range')}>"
        case _:
            return str(element.get("text") or element.get("url") or "")


def _emoji(code: str) -> str:
    try:
        return "".join(chr(int(each, 16)) for each in code.split("-") if each)
    except (ValueError, OverflowError):
        return ""


def _objects(element: Mapping[str, object]) -> list[Json]:
    every = element.get("elements")
    return [e for e in every if isinstance(e, dict)] if isinstance(every, list) else []


def _named(found: re.Match[str]) -> str:
    target, words = found["target"], found["words"]
    return words if words is not None else target


def _elements(text: RichText, *, ring: bool) -> Iterator[Json]:
    at = 0
    blocks = [each for each in text.spans if each.kind in _BLOCKS]
    for block in blocks:
        if block.start < at:
            continue  # within a quote
        yield from _section(text, at, block.start, ring=ring)
        yield from _block(text, block, ring=ring)
        at = block.end
    yield from _section(text, at, len(text.text), ring=ring)


def _section(text: RichText, start: int, end: int, *, ring: bool) -> Iterator[Json]:
    """Yield what stands between blocks, which begin lines of their own."""
    while start < end and text.text[start] == "\n":
        start += 1
    while end > start and text.text[end - 1] == "\n":
        end -= 1
    if start < end:
        inside = list(_inline(text, start, end, ring=ring))
        yield {"type": "rich_text_section", "elements": inside}


def _block(text: RichText, block: Span, *, ring: bool) -> Iterator[Json]:
    if block.kind is SpanKind.CODE_BLOCK:
        code = {"type": "text", "text": text.text[block.start : block.end]}
        yield {"type": "rich_text_preformatted", "elements": [code]}
        return
    # What is written before each line of a quote is Slack's to draw.
    inside: list[Json] = []
    at = block.start
    for mark in _QUOTED.finditer(text.text, block.start, block.end):
        inside += _inline(text, at, mark.start(), ring=ring)
        at = mark.end()
    inside += _inline(text, at, block.end, ring=ring)
    if inside:
        yield {"type": "rich_text_quote", "elements": inside}


def _inline(text: RichText, start: int, end: int, *, ring: bool) -> Iterator[Json]:
    links = [each for each in text.spans if each.kind is SpanKind.LINK]
    stops = {end}
    for each in text.spans:
        if each.kind in _STYLES or each.kind is SpanKind.LINK:
            stops |= {stop for stop in (each.start, each.end) if start < stop < end}
    at = start
    for stop in sorted(stops):
        piece = text.text[at:stop]
        style = _style(text, at)
        link = next((each for each in links if each.start <= at < each.end), None)
        if not piece:
            continue
        if link is not None:
            words = {} if piece == link.target else {"text": piece}
            yield {"type": "link", "url": link.target, **words, **style}
        else:
            yield from _words(piece, style, ring=ring)
        at = stop


def _style(text: RichText, at: int) -> Json:
    kinds = {each.kind for each in text.spans if each.start <= at < each.end}
    styles = {name: True for kind, name in _STYLES.items() if kind in kinds}
    return {"style": styles} if styles else {}


def _words(piece: str, style: Json, *, ring: bool) -> Iterator[Json]:
    at = 0
    for found in _OWN.finditer(piece):
        named = _own(found, ring=ring)
        if named is None or ("style" in style and "code" in str(style)):
            continue
        if found.start() > at:
            yield {"type": "text", "text": piece[at : found.start()], **style}
        yield {**named, **style}
        at = found.end()
    if at < len(piece):
        yield {"type": "text", "text": piece[at:], **style}


def _own(found: re.Match[str], *, ring: bool) -> Json | None:
    match found.lastgroup:
        case "range":
            return {"type": "broadcast", "range": found["range"]} if ring else None
        case str() as kind:
            return {"type": kind, f"{kind}_id": found[kind]}
        case None:
            return None
