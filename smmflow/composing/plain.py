"""Everyday Markdown read in a fraction of the time: what a few patterns can prove.

Most posts are paragraphs of words with a link, a tag and a word in bold. For those the
tokens are the same whatever rules of CommonMark are asked, so none is asked. The rest
is left to markdown-it: every function here says None as soon as it is not sure, and
tests hold what it does say against markdown-it on generated text.
"""

from __future__ import annotations

import re

from markdown_it.token import Token

__all__ = ["BARE", "children", "paragraph", "paragraphs"]

BARE = "bare"
"""The markup of a link that the author wrote out as a plain URL."""

# Lists, quotes, headings, rules, fences and link definitions begin with these; and
# white space other than spaces has meanings of its own.
_BLOCK = re.compile(
    r"^ *+(?:[>+\-`~]|#++(?:[ \n]|\Z)|[*_]++(?:[ \n]|\Z)|[0-9]{1,9}[.)])"
    r"|\]:|[^\S \n]|\0",
    re.MULTILINE,
)
_APART = re.compile(r"\n *\n[ \n]*")

_WORDS = r"[^\W_](?:[^*_\[\]`~<>&!\\:@#＃\n]*[^\W_])?"
_LABEL = r"[^*_\[\]`~<>&!\\:@#＃\n()]+"
_NAME = r"[a-z0-9]{1,60}"
# Addresses of which no letter needs to be encoded or decoded.
_URL = rf"https?://{_NAME}(?:[.-]{_NAME}){{0,3}}(?:/(?:[\w/.=?&+-]*[a-zA-Z0-9/])?)?"
_CONSTRUCT = re.compile(
    r"(?<!\S)(?:"
    rf"\*\*(?P<strong>{_WORDS})\*\*(?![^\s.,;:!?،؛؟])"
    rf"|(?P<mark>[*_])(?P<em>{_WORDS})(?P=mark)(?![^\s.,;:!?،؛؟])"
    rf"|(?P<bare>(?a:{_URL}))(?=[.,]?(?:\s|\Z)))"
    rf"|(?<![!\]])\[(?P<label>{_LABEL})\]\((?P<href>(?a:{_URL}))\)"
    r"|(?P<break>(?<! )\n(?! ))"
)
# What may mean something outside the constructs; `_` inside a word does not.
_RISKY = re.compile(r"[\\`*\[\]<>&~\n\0]|://|(?<![^\W_])_|_(?![^\W_])")
_STRANGE_SPACE = re.compile(r"[^\S \n]")

_PARAGRAPH = Token("paragraph_open", "p", 1)
_PARAGRAPH_END = Token("paragraph_close", "p", -1)
_BREAK = Token("softbreak", "br", 0)
_EMPHASIS = {
    "**": (
        Token("strong_open", "strong", 1, markup="**"),
        Token("strong_close", "strong", -1, markup="**"),
    ),
    **{
        mark: (
            Token("em_open", "em", 1, markup=mark),
            Token("em_close", "em", -1, markup=mark),
        )
        for mark in "*_"
    },
}
_LINK_END = Token("link_close", "a", -1)
_BARE_END = Token("link_close", "a", -1, markup=BARE)


def paragraphs(text: str) -> list[str] | None:
    """Return the paragraphs of a text; None if it may hold anything else."""
    if _BLOCK.search(text):
        return None
    stripped = text.strip(" \n")
    return [each.rstrip(" ") for each in _APART.split(stripped)] if stripped else []


def children(content: str) -> list[Token] | None:
    """Return what a run of words consists of; None if markdown-it must look at it.

    Tokens that never differ are shared, so that all of them are only to be read.
    """
    if _STRANGE_SPACE.search(content):
        return None
    tokens: list[Token] = []
    rest: list[str] = []
    start = 0
    for found in _CONSTRUCT.finditer(content):
        if found.start() > start:
            rest.append(content[start : found.start()])
            tokens.append(_text(rest[-1]))
        tokens += _construct(found)
        start = found.end()
    if start < len(content):
        rest.append(content[start:])
        tokens.append(_text(rest[-1]))
    return None if _RISKY.search(" ".join(rest)) else tokens


def paragraph(content: str, inside: list[Token]) -> tuple[Token, ...]:
    """Return the tokens of a paragraph.

    Args:
        content: Its Markdown.
        inside: The tokens of that.
    """
    words = Token("inline", "", 0, content=content, children=inside)
    return (_PARAGRAPH, words, _PARAGRAPH_END)


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _construct(found: re.Match[str]) -> tuple[Token, ...]:
    match found.lastgroup:
        case "strong":
            opening, closing = _EMPHASIS["**"]
            return (opening, _text(found["strong"]), closing)
        case "em":
            opening, closing = _EMPHASIS[found["mark"]]
            return (opening, _text(found["em"]), closing)
        case "bare":
            url = found["bare"]
            opening = Token("link_open", "a", 1, attrs={"href": url}, markup=BARE)
            return (opening, _text(url), _BARE_END)
        case "href":
            opening = Token("link_open", "a", 1, attrs={"href": found["href"]})
            return (opening, _text(found["label"]), _LINK_END)
        case _:
            return (_BREAK,)
