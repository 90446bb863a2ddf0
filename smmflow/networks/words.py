"""Words as two copies of them can be compared: ours, and what a network shows."""

from __future__ import annotations

import unicodedata

__all__ = ["comparable"]

_UNSEEN = frozenset({"Cc", "Cf"})
_SELECTORS = range(0xFE00, 0xFE10)


def comparable(text: str) -> str:
    """Return what stays of a text whatever a network does to spaces and marks.

    Networks trim texts, join blank lines, compose letters, and drop what nobody sees:
    zero-width non-joiners, marks of direction, and selectors behind emoji. To miss a
    live post for one of these means to send it twice, so they all count for nothing.
    """
    seen = "".join(each for each in text if each.isspace() or _is_seen(each))
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _is_seen(each: str) -> bool:
    return unicodedata.category(each) not in _UNSEEN and ord(each) not in _SELECTORS
