"""Where an author starts the next part of a thread."""

from __future__ import annotations

import re

from smmflow.composing.lines import lines

__all__ = ["split_parts"]

_RULE = re.compile(r"-{3,}[ \t]*$")


def split_parts(text: str) -> tuple[str, ...]:
    """Split text at lines of three or more dashes that stand outside code blocks.

    Always, also right below a paragraph, where Markdown would see a heading.
    """
    if "---" not in text:
        return (text,)
    parts: list[list[str]] = [[]]
    for line in lines(text):
        if not line.code and _RULE.match(line.text):
            parts.append([])
        else:
            parts[-1].append(line.text)
    return tuple("\n".join(part) for part in parts)
