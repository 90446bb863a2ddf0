"""How Mastodon reads a post's plain text: what it counts, and what it shows."""

from __future__ import annotations

from html.parser import HTMLParser

import regex

from smmflow.language.entities import links

__all__ = ["countable", "normal", "shown"]

URL_LENGTH = 23
"""https://docs.joinmastodon.org/user/posting/#links"""
_LONGEST_URL = 4096
_LONGEST_DOMAIN = 253

# https://github.com/mastodon/mastodon/blob/main/app/models/account.rb (MENTION_RE)
_MENTION = regex.compile(
    r"(?<![=/\p{L}\p{M}\p{Nd}\p{Pc}])@([A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)"
    r"@([\p{L}\p{M}\p{Nd}\p{Pc}]+(?:[.-]+[\p{L}\p{M}\p{Nd}\p{Pc}]+)*)"
)
_PUBLIC_HOST = regex.compile(
    r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
    r"(?::\d{1,5})?(?=[/?#]|$)",
    regex.IGNORECASE,
)
_SPACE = regex.compile(r"\s+")


def countable(text: str) -> str:
    """Return a text whose graphemes are as many as Mastodon counts.

    A URL that Mastodon's extractor may or may not recognise (no public domain) counts
    as the longer of the two, so that a text that fits here is never refused there.
    """
    pieces = []
    at = 0
    for link in links(text):
        pieces.append(_without_hosts(text[at : link.start]))
        pieces.append(_weighed(text, link.start, link.end))
        at = link.end
    pieces.append(_without_hosts(text[at:]))
    return "".join(pieces)


def _weighed(text: str, start: int, end: int) -> str:
    url = text[start:end]
    if len(url) > _LONGEST_URL:
        return url
    before = text[start - 1] if start else " "
    known = _PUBLIC_HOST.match(url) and (before.isspace() or before in "([{\"'«“،؛")
    # A letter other than a line break must stand for each counted character, and no
    # cluster may form with what stands around it.
    return "x" * (URL_LENGTH if known else max(URL_LENGTH, len(url)))


def _without_hosts(text: str) -> str:
    if "@" not in text:
        return text
    counted: str = _MENTION.sub(
        lambda match: f"@{match[1]}" if len(match[2]) <= _LONGEST_DOMAIN else match[0],
        text,
    )
    return counted


def normal(text: str) -> str:
    """Return a text as two copies of it can be compared: white space and hosts gone."""
    spaced: str = _SPACE.sub(" ", _without_hosts(text))
    return spaced.strip()


def shown(html: str) -> str:
    """Return the words of a status that Mastodon rendered as HTML."""
    words = _Words()
    words.feed(html)
    words.close()
    return "".join(words.pieces)


class _Words(HTMLParser):
    """Collects text; a paragraph or a line break is white space."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in {"br", "p", "li", "blockquote", "div"}:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
