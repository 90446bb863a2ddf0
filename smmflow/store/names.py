"""Names as paths: reversible, harmless, and Persian stays Persian."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["decode", "encode"]

_LONGEST = 200
"""Bytes of one path segment; file systems take 255 and `.json` has to fit."""
_KEPT = frozenset("-_,@+=()#&!'")
_JOINERS = frozenset("\u200c\u200d")
"""Zero-width non-joiner and joiner: Persian is misspelt without them."""
_GOES_ON = "%+"
"""Ends a segment whose name goes on in the next one."""
_ESCAPE = re.compile("((?:%[0-9A-F]{2})+)")


def encode(name: str) -> str:
    """Return the path for a name: one segment, or several if it is very long.

    Letters, digits and marks of every script are kept. What a path, a Windows checkout
    or git's own checks of trees would trip over becomes `%` and the two hexadecimal
    digits of each UTF-8 byte.

    Raises:
        ValueError: The name is empty.
    """
    if not name:
        message = "an empty name has no path"
        raise ValueError(message)
    last = len(name) - 1
    segments, room = [""], _LONGEST
    for at, character in enumerate(name):
        token = character if _is_safe(character, at, last) else _escaped(character)
        size = len(token.encode())
        if size > room:
            segments[-1] += _GOES_ON
            segments.append("")
            room = _LONGEST
            if token in {".", " "}:  # no segment begins with these
                token = _escaped(character)
                size = len(token)
        segments[-1] += token
        room -= size
    return "/".join(segments)


def decode(path: str) -> str:
    """Return the name that `encode` made this path of."""
    joined = path.replace(_GOES_ON + "/", "")
    return _ESCAPE.sub(_unescaped, joined)


def _is_safe(character: str, at: int, last: int) -> bool:
    if character in {".", " "}:
        return 0 < at < last
    if character in _KEPT or character in _JOINERS:
        return True
    return unicodedata.category(character)[0] in "LMN"


def _escaped(character: str) -> str:
    return "".join(f"%{b:02X}" for b in character.encode("utf-8", "surrogatepass"))


def _unescaped(match: re.Match[str]) -> str:
    octets = bytes.fromhex(match[1].replace("%", ""))
    return octets.decode("utf-8", "surrogatepass")
