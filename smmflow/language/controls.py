"""Characters that command a terminal instead of being read, made visible."""

from __future__ import annotations

import re

__all__ = ["visible"]

_COMMANDS = re.compile(
    r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff]|\r(?!\n)"
)
"""Control characters (ECMA-48, C0 and C1) but for tabs and ends of lines; the two
overrides of direction, which make text read as what it is not; and halves of surrogate
pairs, which no terminal can be sent. Isolates and ZWNJ stay: Persian needs them."""


def visible(text: str) -> str:
    r"""Return text that can only be read: what would command is written as `\u001b`.

    That is JSON's own way to write it, so JSON stays the JSON it was.
    """
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
