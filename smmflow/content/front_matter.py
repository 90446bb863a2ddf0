"""Front matter: the YAML between two lines of `---`, and the text after it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FrontMatter", "FrontMatterMissing", "split"]

_FENCE = "---"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A text file in its two halves.

    Attributes:
        yaml: What stands between the fences; it begins on line 2.
        body: What stands after them.
        body_line: The 1-based line on which `body` begins.
    """

    yaml: str
    body: str
    body_line: int


class FrontMatterMissing(Exception):
    """A text has no front matter, or never closes it.

    Args:
        message: What is wrong.
        hint: What to do about it.
        line: The 1-based line to look at.
    """

    def __init__(self, message: str, hint: str, line: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.line = line


def split(text: str) -> FrontMatter:
    r"""Return both halves of a text whose line endings are `\n`.

    Raises:
        FrontMatterMissing: The first line is not `---`, or no later line is.
    """
    start = text.find("\n") + 1
    if not start or text[:start].rstrip() != _FENCE:
        raise _missing(text)
    end = start if text.startswith(_FENCE, start) else _next_fence(text, start)
    while end >= 0:
        after = text.find("\n", end)
        last = len(text) if after < 0 else after
        if not text[end + len(_FENCE) : last].strip():
            yaml = text[start:end]
            body = "" if after < 0 else text[after + 1 :]
            return FrontMatter(yaml, body, yaml.count("\n") + 3)
        end = _next_fence(text, end)
    raise FrontMatterMissing(
        "the front matter is never closed",
        "put a line `---` between the keys and the text",
    )


def _next_fence(text: str, start: int) -> int:
    found = text.find("\n" + _FENCE, start)
    return found if found < 0 else found + 1


def _missing(text: str) -> FrontMatterMissing:
    if text.strip().startswith(_FENCE):
        leading = len(text) - len(text.lstrip())
        return FrontMatterMissing(
            "the front matter does not begin on the first line",
            "take away what stands before the first `---`",
            text.count("\n", 0, leading) + 1,
        )
    return FrontMatterMissing(
        "there is no front matter",
        "begin the file with a line `---`, keys such as `title:`, and another `---`",
    )
