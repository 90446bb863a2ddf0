"""How one text becomes another, word by word: short enough to read in a plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

__all__ = ["Piece", "Sign", "diff", "written"]

_AROUND = 3
"""Words that are shown on each side of what changed."""
_MOST_PAIRS = 4_000_000
"""Of words that are compared with each other: two texts of 2,000 words."""
_WORDS = re.compile(r"\s+")
"""A zero-width non-joiner is no space: a Persian word stays one."""


class Sign(Enum):
    """What became of some words."""

    KEPT = " "
    GONE = "-"
    NEW = "+"
    SKIPPED = "…"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that share a fate."""

    sign: Sign
    words: str = ""


def diff(before: str, after: str) -> tuple[Piece, ...]:
    """Return how one text becomes another; empty if their words are the same."""
    old, new = _WORDS.split(before.strip()), _WORDS.split(after.strip())
    if old == new:
        return ()
    pieces: list[Piece] = []
    steps = _steps(old, new)
    for number, (step, start, end, new_start, new_end) in enumerate(steps):
        if step == "equal":
            first, last = number == 0, number == len(steps) - 1
            pieces += _shortened(old[start:end], first=first, last=last)
            continue
        if gone := " ".join(old[start:end]):
            pieces.append(Piece(Sign.GONE, gone))
        if come := " ".join(new[new_start:new_end]):
            pieces.append(Piece(Sign.NEW, come))
    return tuple(pieces)


def _steps(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Return how words become others, each step as `SequenceMatcher` writes it.

    Comparing takes time by the product of the lengths: beyond a bound only what both
    begin and end with is looked for, so that no text can keep a job busy.
    """
    if len(old) * len(new) <= _MOST_PAIRS:
        return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    least = min(len(old), len(new))
    first = next((n for n in range(least) if old[n] != new[n]), least)
    rest = least - first
    last = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    end, new_end = len(old) - last, len(new) - last
    steps = [
        ("equal", 0, first, 0, first),
        ("replace", first, end, first, new_end),
        ("equal", end, len(old), new_end, len(new)),
    ]
    return [each for each in steps if each[1] < each[2] or each[3] < each[4]]


def _shortened(words: list[str], *, first: bool, last: bool) -> Iterator[Piece]:
    """Yield words that stayed: those near a change, and a gap for the rest."""
    head = 0 if first else _AROUND
    tail = 0 if last else _AROUND
    if len(words) <= head + tail + 1:
        yield Piece(Sign.KEPT, " ".join(words))
        return
    if head:
        yield Piece(Sign.KEPT, " ".join(words[:head]))
    yield Piece(Sign.SKIPPED, Sign.SKIPPED.value)
    if tail:
        yield Piece(Sign.KEPT, " ".join(words[-tail:]))


def written(pieces: tuple[Piece, ...], mark: Callable[[Piece], str]) -> str:
    """Return pieces as one line, each written as `mark` does."""
    return " ".join(mark(each) for each in pieces)
