"""Markdown tokens to the HTML of our own pages, which is all safe to embed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from html import escape

from markdown_it.token import Token

from smmflow.composing.markdown import is_account, is_address, parse, web_address
from smmflow.language.direction import Direction, direction

__all__ = ["html"]

_BLOCKS = frozenset({"p", "ul", "ol", "li", "blockquote"})
_HOLDERS = frozenset({"blockquote", "ul", "ol", "li"})
_DEEPEST_HEADING = 6


def html(text: str) -> str:
    """Return Markdown as HTML.

    Markup that the author wrote is shown as text, links lead to the web or a mailbox
    only, each block finds its own direction, and headings start at the second level
    because a page has its own first. Hashtags and mentions stay text.
    """
    tokens = parse(text)
    return "".join(_block(tokens, at) for at in range(len(tokens))).strip()


def _block(tokens: Sequence[Token], at: int) -> str:
    token = tokens[at]
    if token.type == "inline":
        return _inline(token.children or [])
    if token.hidden:
        return ""
    if token.type == "fence":
        language = token.info.strip().split(" ")[0]
        name = f' class="language-{escape(language)}"' if language else ""
        code = escape(token.content, quote=False)
        return f'<pre dir="ltr"><code{name}>{code}</code></pre>\n'
    if token.type == "hr":
        return "<hr>\n"
    tag = _tag(token)
    if token.nesting == -1:
        return f"</{tag}>\n"
    start = token.attrs.get("start")
    number = f' start="{int(start)}"' if start is not None else ""
    way = _way(tokens, at) if token.tag in _HOLDERS else "auto"
    return f'<{tag}{number} dir="{way}">'


def _way(tokens: Sequence[Token], at: int) -> Direction:
    """Return the direction of a block that holds others.

    `auto` does not look into children that have a direction of their own.
    https://html.spec.whatwg.org/multipage/dom.html#auto-directionality
    """
    first, rest = tokens[at], itertools.islice(tokens, at + 1, None)
    inside = itertools.takewhile(lambda each: each.level > first.level, rest)
    texts = [each for each in inside if each.type in {"inline", "paragraph_open"}]
    if first.tag == "li" and any(each.hidden for each in texts[:1]):
        return "auto"  # its words are its own
    return direction(" ".join(each.content for each in texts))


def _tag(token: Token) -> str:
    if token.tag in _BLOCKS:
        return token.tag
    return f"h{min(int(token.tag[1:]) + 1, _DEEPEST_HEADING)}"


def _inline(tokens: Sequence[Token]) -> str:
    out: list[str] = []
    addresses: list[str] = []
    for token in tokens:
        match token.type:
            case "text":
                out.append(escape(token.content, quote=False))
            case "softbreak" | "hardbreak":
                out.append("<br>\n")
            case "code_inline":
                out.append(f"<code>{escape(token.content, quote=False)}</code>")
            case "link_open":
                addresses.append(str(token.attrs["href"]))
                out.append(_link(addresses[-1]))
            case "link_close":
                url = addresses.pop()
                out.append(_link_end(url))
            case "image":
                pass
            case _:
                out.append(f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}>")
    return "".join(out)


def _link_end(url: str) -> str:
    if is_account(url):  # of a network, where pages know nobody
        return ""
    return "</a>" if is_address(url) else escape(f" ({url})")


def _link(url: str) -> str:
    if not is_address(url):
        return ""
    return f'<a href="{escape(web_address(url))}" rel="noopener noreferrer">'
