r"""LinkedIn's "little text": what a post's commentary is written in.

Fifteen characters are markup there, and one that is not escaped can cut the text off
without an error. Hashtags are `{hashtag|\#|word}`, mentions `@[Name](urn:li:person:1)`.
https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from smmflow.model.text import RichText, Span, SpanKind
from smmflow.networks.words import comparable

__all__ = ["MENTIONABLE", "commentary", "escape", "is_same", "shown", "unescape"]

MENTIONABLE = re.compile(r"urn:li:(?:person|organization):[A-Za-z0-9_-]+")
"""Accounts that a mention can name."""

_RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")
_ESCAPED = re.compile(r"\\([\\|{}@\[\]()<>#*_~])")
_SHORTENED = re.compile(r"https?://lnkd\.in/")
_ADDRESS = re.compile(r"https?://[^\s()]+")
_WORDS = r"(?:\\.|[^\\\[\]{}|])*"
_ELEMENT = re.compile(
    r"\\(?P<escaped>[\\|{}@\[\]()<>#*_~])"
    rf"|\{{hashtag\|\\?(?P<mark>[#＃])\|(?P<tag>{_WORDS})\}}"
    rf"|@\[(?P<name>{_WORDS})\]\([^()\s]*\)",
    re.DOTALL,
)


def escape(text: str) -> str:
    """Return little text that shows exactly these words."""
    return _RESERVED.sub(r"\\\g<0>", text)


def unescape(text: str) -> str:
    """Return the words that little text without hashtags and mentions shows."""
    return _ESCAPED.sub(r"\1", text)


def commentary(text: RichText) -> str:
    """Return a text as little text, its hashtags and mentions as such.

    A mention is a link over a name, `[Name](urn:li:organization:1)`; the name has to
    be the account's own, or LinkedIn shows plain words.
    """
    pieces: list[str] = []
    at = 0
    for span in _elements(text):
        pieces.append(escape(text.text[at : span.start]))
        words = text.text[span.start : span.end]
        if span.kind is SpanKind.TAG:
            pieces.append(f"{{hashtag|\\{words[0]}|{escape(words[1:])}}}")
        else:
            pieces.append(f"@[{escape(words)}]({span.target})")
        at = span.end
    return "".join((*pieces, escape(text.text[at:])))


def shown(written: str) -> str:
    """Return the words that readers see of little text; a name without its `@`."""
    return _ELEMENT.sub(_words_of, written)


def is_same(seen: str, sent: str) -> bool:
    """Tell whether words that LinkedIn gives back are those that were sent.

    It may put short addresses of its own in the place of longer ones:
    https://www.linkedin.com/help/linkedin/answer/a521889 and
    https://github.com/activepieces/activepieces/issues/3703
    """
    if _SHORTENED.search(seen):
        seen, sent = _ADDRESS.sub("…", seen), _ADDRESS.sub("…", sent)
    return comparable(seen) == comparable(sent)


def _elements(text: RichText) -> Iterator[Span]:
    for span in text.spans:
        words = text.text[span.start : span.end]
        tag = span.kind is SpanKind.TAG and words[:1] in {"#", "＃"}
        named = span.kind is SpanKind.MENTION and MENTIONABLE.fullmatch(span.target)
        if tag or named:
            yield span


def _words_of(found: re.Match[str]) -> str:
    if found["escaped"] is not None:
        return found["escaped"]
    if found["tag"] is not None:
        return found["mark"] + unescape(found["tag"])
    return unescape(found["name"])
