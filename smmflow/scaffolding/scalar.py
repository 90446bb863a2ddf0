"""Words as YAML scalars that every YAML tool reads as the same words."""

from __future__ import annotations

import json
import unicodedata

__all__ = ["scalar", "sequence"]

_NOT_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""What YAML 1.1 or 1.2 reads as a truth value or as nothing."""
_SAFE_MARKS = frozenset(" -_.!?؟،()/\u200c")
_BEYOND_ASCII = 0x7F


def scalar(text: str) -> str:
    """Return text as YAML: as it is where that is safe, else in double quotes."""
    return text if _is_safe(text) else _quoted(text)


def sequence(words: tuple[str, ...]) -> str:
    """Return words as a YAML list on one line."""
    return f"[{', '.join(scalar(word) for word in words)}]"


def _is_safe(text: str) -> bool:
    return (
        text[:1].isalpha()
        and text.strip() == text
        and text.lower() not in _NOT_WORDS
        and all(
            each in _SAFE_MARKS or unicodedata.category(each)[0] in "LNM"
            for each in text
        )
    )


def _quoted(text: str) -> str:
    """Return a double-quoted scalar, as JSON writes it, save for odd characters.

    YAML takes no raw control characters, and folds lines at U+0085, U+2028 and U+2029.
    """
    return "".join(
        f"\\u{ord(each):04x}"
        if (
            _BEYOND_ASCII <= ord(each) <= 0xFFFF  # noqa: PLR2004  (what \u can say)
            and unicodedata.category(each) in ("Cc", "Zl", "Zp", "Cn", "Co")
        )
        or each == "\ufeff"
        else each
        for each in json.dumps(text, ensure_ascii=False)
    )
