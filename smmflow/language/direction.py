"""Which way text runs."""

from __future__ import annotations

import unicodedata
from typing import Literal

__all__ = ["Direction", "direction", "isolated", "language_direction"]

Direction = Literal["ltr", "rtl", "auto"]

_ISOLATES = frozenset({"LRI", "RLI", "FSI"})
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
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


def isolated(text: str) -> str:
    """Return text that leaves the order of what stands around it on a line alone.

    Isolates that it opens are closed, and what it closes without having opened it goes.
    https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
    """
    depth = 0
    kept = []
    for each in text:
        bidi = unicodedata.bidirectional(each)
        if bidi == "PDI" and depth == 0:
            continue
        depth += (bidi in _ISOLATES) - (bidi == "PDI")
        kept.append(each)
    return _FIRST_STRONG_ISOLATE + "".join(kept) + _POP_ISOLATE * (depth + 1)
