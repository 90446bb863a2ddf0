"""Lines of Markdown, and which of them are code and so mean nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Line", "lines"]

# https://spec.commonmark.org/0.31.2/#fenced-code-blocks
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_CLOSING = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        text: Without its newline.
        offset: Where it begins, in code points.
        code: It belongs to a fenced code block, fences included.
    """

    text: str
    offset: int
    code: bool


def lines(text: str) -> Iterator[Line]:
    """Go through the lines of a text whose line endings are line feeds."""
    fence = ""
    offset = 0
    for each in text.split("\n"):
        if fence:
            closing = _CLOSING.match(each)
            yield Line(each, offset, code=True)
            if closing and closing[1].startswith(fence):
                fence = ""
        else:
            opening = _FENCE.match(each)
            fence = opening[1] if opening else ""
            yield Line(each, offset, code=bool(fence))
        offset += len(each) + 1
