"""Titles: one line of text, whatever people type."""

from __future__ import annotations

import unicodedata

from smmflow.errors import UsageError

__all__ = ["one_line"]


def one_line(title: str, *, of: str) -> str:
    """Return a title with plain spaces, on one line.

    Args:
        title: In any language.
        of: What gets it, for the message.

    Raises:
        UsageError: It holds no word, or characters that nobody can see.
    """
    line = " ".join(title.split())
    if not line:
        raise UsageError(f"{of} needs a title", hint="give it in quotes")
    odd = next(
        (each for each in line if unicodedata.category(each) in ("Cc", "Cs")), ""
    )
    if odd:
        message = f"the title holds the invisible character U+{ord(odd):04X}"
        raise UsageError(message, hint="type it anew")
    return line
