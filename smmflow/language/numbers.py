"""Numbers as English and Persian write them."""

from __future__ import annotations

from smmflow.language.digits import to_persian

__all__ = ["format_number", "format_percent"]

# Arabic thousands, decimal and percent signs, as CLDR has them for Persian:
# https://www.unicode.org/cldr/charts/latest/summary/fa.html
_PERSIAN_SIGNS = str.maketrans({",": "٬", ".": "٫", "%": "٪", "-": "−"})


def format_number(value: float, locale: str, *, decimals: int = 0) -> str:
    """Write a number with separators: `1,234.5` in English, `۱٬۲۳۴٫۵` in Persian.

    Args:
        value: The number.
        locale: `en` or `fa`; others are written as English.
        decimals: How many digits follow the point.
    """
    return _localised(f"{value:,.{decimals}f}", locale)


def format_percent(share: float, locale: str, *, decimals: int = 0) -> str:
    """Write a share of one as a percentage: 0.4 is `40%`, in Persian `۴۰٪`."""
    return _localised(f"{share * 100:,.{decimals}f}%", locale)


def _localised(number: str, locale: str) -> str:
    if locale.partition("-")[0] != "fa":
        return number
    return to_persian(number.translate(_PERSIAN_SIGNS))
