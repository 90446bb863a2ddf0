"""Which way text runs."""

from __future__ import annotations

import unicodedata
from typing import Literal

__all__ = ["Direction", "direction", "language_direction"]

Direction = Literal["ltr", "rtl", "auto"]

_ISOLATES = frozenset({"LRI", "RLI", "FSI"})
_RTL_LANGUAGES = frozenset(
    {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}
)


def direction(text: str) -> Direction:
    """Return the direction of the first strong character; `auto` if there is none.

    What stands inside isolates does not count: rules P2 and P3 of
    https://www.unicode.org/reports/tr9/.
    """
    depth = 0
    for each in text:
        bidi = unicodedata.bidirectional(each)
        if bidi in _ISOLATES:
            depth += 1
        elif bidi == "PDI":
            depth = max(0, depth - 1)
        elif depth == 0 and bidi == "L":
            return "ltr"
        elif depth == 0 and bidi in {"R", "AL"}:
            return "rtl"
    return "auto"


def language_direction(language: str) -> Direction:
    """Return the direction a language is written in, by its BCP 47 code."""
    return "rtl" if language.partition("-")[0].lower() in _RTL_LANGUAGES else "ltr"
