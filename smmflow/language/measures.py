"""How long text is, in each of the ways that networks count."""

from __future__ import annotations

import regex

__all__ = [
    "code_points",
    "grapheme_count",
    "graphemes",
    "truncate",
    "utf8_length",
    "utf16_length",
]

_CLUSTER = regex.compile(r"\X")
_LAST_BMP = "\uffff"


def graphemes(text: str) -> list[str]:
    r"""Split text into extended grapheme clusters; joined they are the text again.

    The clusters are those of UAX #29, https://www.unicode.org/reports/tr29/.
    """
    if _one_each(text):
        return list(text)
    clusters: list[str] = _CLUSTER.findall(text)
    return clusters


def grapheme_count(text: str) -> int:
    """Return how many characters a reader sees."""
    if _one_each(text):
        return len(text)
    return sum(1 for _ in _CLUSTER.finditer(text))


def code_points(text: str) -> int:
    """Return how many code points the text has."""
    return len(text)


def utf16_length(text: str) -> int:
    """Return how many UTF-16 units the text takes; a lone surrogate is one."""
    return len(text) + sum(1 for each in text if each > _LAST_BMP)


def utf8_length(text: str) -> int:
    """Return how many bytes the text takes in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def truncate(text: str, maximum: int, *, ellipsis: str = "…") -> str:
    """Shorten text to so many graphemes, the ellipsis among them, never inside one.

    Raises:
        ValueError: The maximum has no room for the ellipsis.
    """
    room = maximum - grapheme_count(ellipsis)
    if room < 0:
        raise ValueError(f"{maximum} graphemes have no room for {ellipsis!r}")
    if len(text) <= maximum:
        return text
    clusters = graphemes(text)
    if len(clusters) <= maximum:
        return text
    return "".join(clusters[:room]).rstrip() + ellipsis


def _one_each(text: str) -> bool:
    # CR LF is the only cluster of two that ASCII has.
    return text.isascii() and "\r" not in text
