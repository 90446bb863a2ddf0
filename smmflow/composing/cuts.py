"""Where a text may be cut in two, and how well it reads if it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import regex

from smmflow.model.text import RichText, SpanKind

__all__ = ["Cut", "Ending", "cuts"]


class Ending(IntEnum):
    """What ends at a cut; the higher, the better it reads."""

    CHARACTER = 0
    """Only between characters of scripts that put no space between words."""
    WORD = 1
    CLAUSE = 2
    SENTENCE = 3
    PARAGRAPH = 4


@dataclass(frozen=True, slots=True)
class Cut:
    """A place to cut: one part ends at `end`, the next starts at `start`.

    What lies between, if anything, is white space.
    """

    end: int
    start: int
    ending: Ending


# No-break spaces are there so that nothing is cut at them.
_SPACE = regex.compile(r"[^\S\u00a0\u2007\u202f]++")
_CLOSERS = "\"'”’»›)]}」』）】》"
_SENTENCE = frozenset(".!?…؟۔。！？")
_CLAUSE = frozenset(",;:،؛、，；：—–")
_WIDE = regex.compile(
    r"[。！？，、；：][」』）】》”’]*+(?=[\p{L}\p{N}「『（【《])"
    r"|(?<=[\p{Han}\p{Hiragana}\p{Katakana}])(?=[\p{Han}\p{Hiragana}\p{Katakana}])"
)
_CLUSTER = regex.compile(r"\X")
_SOLID = frozenset({SpanKind.LINK, SpanKind.MENTION, SpanKind.TAG})


def cuts(rich: RichText) -> tuple[Cut, ...]:
    """Return every place to cut, in order.

    Never inside a word, a link, a mention, a tag or a grapheme. Chinese and Japanese
    put no spaces between words, so there any two characters may part.
    """
    edges = _edges(rich.text)
    solid = [each for each in rich.spans if each.kind in _SOLID]
    found = []
    index = 0
    for cut in sorted(_candidates(rich.text), key=lambda each: each.end):
        while index < len(solid) and solid[index].end <= cut.end:
            index += 1
        inside = index < len(solid) and solid[index].start < cut.start
        clean = edges is None or (cut.end in edges and cut.start in edges)
        if clean and not inside and cut.end > 0 and cut.start < len(rich.text):
            found.append(cut)
    return tuple(found)


def _edges(text: str) -> frozenset[int] | None:
    """Return where graphemes begin; None if each character is one."""
    if text.isascii() and "\r" not in text:
        return None
    return frozenset(match.start() for match in _CLUSTER.finditer(text))


def _candidates(text: str) -> Iterator[Cut]:
    for match in _SPACE.finditer(text):
        yield Cut(match.start(), match.end(), _ending(text, match.start(), match[0]))
    if text.isascii():
        return
    for match in _WIDE.finditer(text):
        marks = match[0]
        if not marks:
            yield Cut(match.end(), match.end(), Ending.CHARACTER)
        elif marks[0] in _SENTENCE:
            yield Cut(match.end(), match.end(), Ending.SENTENCE)
        else:
            yield Cut(match.end(), match.end(), Ending.CLAUSE)


def _ending(text: str, end: int, space: str) -> Ending:
    if space.count("\n") > 1:
        return Ending.PARAGRAPH
    last = end - 1
    while last > 0 and text[last] in _CLOSERS:
        last -= 1
    if "\n" in space or text[last] in _SENTENCE:
        return Ending.SENTENCE
    return Ending.CLAUSE if text[last] in _CLAUSE else Ending.WORD
