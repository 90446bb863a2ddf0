"""Persian and Arabic digits, and the ASCII ones."""

from __future__ import annotations

__all__ = ["localise", "to_ascii", "to_persian"]

_ASCII = "0123456789"
_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"

_TO_PERSIAN = str.maketrans(_ASCII + _ARABIC, _PERSIAN * 2)
_TO_ASCII = str.maketrans(_PERSIAN + _ARABIC, _ASCII * 2)


def to_persian(text: str) -> str:
    """Write every ASCII or Arabic digit as a Persian one."""
    return text.translate(_TO_PERSIAN)


def to_ascii(text: str) -> str:
    """Write every Persian or Arabic digit as an ASCII one."""
    return text.translate(_TO_ASCII)


def localise(text: str, language: str) -> str:
    """Write ASCII digits as a language writes them; `fa` and `fa-IR` have their own."""
    return to_persian(text) if language.partition("-")[0] == "fa" else text
