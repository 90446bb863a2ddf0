"""Folding: one word written in two ways becomes one word.

Persian is typed with Arabic letters on some keyboards, with or without the zero-width
non-joiner, stretched or with vowel signs; none of that makes another word.

- letters: https://www.unicode.org/charts/PDF/U0600.pdf
- case: https://www.unicode.org/versions/latest/core-spec/chapter-5/#G21790
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import regex

from smmflow.language.digits import to_ascii
from smmflow.model.text import RichText, SpanKind

__all__ = [
    "Word",
    "find_words",
    "fingerprint",
    "fold",
    "without_addresses",
    "word_pattern",
]

_JOINERS = "\u200c\u200d\u0640\u00ad\ufeff"
_DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_SIGNS = "".join(map(chr, range(0x064B, 0x0660))) + "\u0670"
_LETTERS = {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه"}
_DIGITS = {
    each: to_ascii(each)
    for each in map(chr, (*range(0x0660, 0x066A), *range(0x06F0, 0x06FA)))
}
_FOLDS: Mapping[int, str | None] = {
    **dict.fromkeys(map(ord, _JOINERS + _DIRECTIONS + _SIGNS)),
    **{ord(key): value for key, value in (_LETTERS | _DIGITS).items()},
}
_TRACKING = re.compile(r"(?<=[?&])utm_[a-z]+=[^&\s)]*&?", re.IGNORECASE)

Word = tuple[str, int, int]
"""A word as the strategy writes it, and where it stands: first and last + 1."""


def fold(text: str) -> str:
    """Return text without what makes no other word: case, joiners, letter variants.

    It works on each code point alone, so that `fold(a + b) == fold(a) + fold(b)`.
    """
    if text.isascii():
        return text.lower()
    return text.translate(_FOLDS).casefold()


def fingerprint(text: str) -> str:
    """Return what two texts share if they say the same: words, not spaces or tracking.

    Parameters named `utm_*` are left out of links, for they differ by channel.
    """
    if "utm_" in text:
        text = _TRACKING.sub("", text)
        text = re.sub(r"[?&](?=[\s)]|$)", "", text)
    return " ".join(fold(text).split())


def word_pattern(words: Iterable[str]) -> regex.Pattern[str] | None:
    """Return a pattern for folded text that finds any of the words, whole; or None.

    Where a word has a zero-width non-joiner, text may have it, nothing or a space;
    where it has spaces, any white space. A word that begins or ends with a sign,
    as in `#ad`, needs no boundary on that side.
    """
    longest_first = sorted({_spelling(each) for each in words} - {""}, key=len)[::-1]
    if not longest_first:
        return None
    return regex.compile("|".join(longest_first))


def find_words(text: str, pattern: regex.Pattern[str]) -> tuple[tuple[int, int], ...]:
    """Return where in the unfolded text the pattern matches: first and last + 1."""
    if pattern.search(fold(text)) is None:
        return ()
    origins = [at for at, each in enumerate(text) for _ in fold(each)]
    return tuple(
        (origins[match.start()], origins[match.end() - 1] + 1)
        for match in pattern.finditer(fold(text))
    )


def without_addresses(rich: RichText) -> str:
    """Return the text without the addresses written out in it."""
    # A word inside an address is no choice of ours.
    text = rich.text
    if "://" not in text:
        return text
    for span in reversed(rich.spans):
        if span.kind is SpanKind.LINK and "://" in text[span.start : span.end]:
            text = text[: span.start] + " " + text[span.end :]
    return text


def _spelling(word: str) -> str:
    stripped = word.strip().strip(_JOINERS)
    pieces = [
        r"\s?".join(regex.escape(fold(each)) for each in piece.split("\u200c") if each)
        for piece in stripped.split()
    ]
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        return ""
    letters = fold(stripped)
    before = r"(?<!\w)" if regex.match(r"\w", letters[0]) else ""
    after = r"(?!\w)"
    if not regex.match(r"\w", letters[-1]):
        after = ""
    return before + r"\s+".join(pieces) + after
