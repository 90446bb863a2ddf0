"""What an edit changes, word by word: short enough to read in a plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import zip_longest

from smmflow.model.plan import Edit

__all__ = ["Piece", "Sign", "changed_beside", "diff", "word_diffs", "written"]

_AROUND = 3
"""Words that are shown on each side of what changed."""
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
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    pieces: list[Piece] = []
    steps = matcher.get_opcodes()
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


def word_diffs(edit: Edit) -> Iterator[tuple[int, tuple[Piece, ...]]]:
    """Yield the number of each part whose words change, from 1, and how."""
    then = (part.text for part in edit.live.parts)
    now = (part.text.text for part in edit.post.parts)
    for number, (old, new) in enumerate(zip_longest(then, now, fillvalue=""), start=1):
        if pieces := diff(old, new):
            yield number, pieces


def changed_beside(edit: Edit) -> tuple[str, ...]:
    """Return names of what changes beside the words of the parts, as far as is known.

    The ledger keeps what readers see first, not every link and setting: an edit that
    changes nothing else is about those.
    """
    post, live = edit.post, edit.live
    named = {
        "title": (post.title, live.title),
        "summary": (post.summary, live.summary),
        "language": (post.language, live.language),
        "content warning": (post.content_warning, live.content_warning),
        "tags": (post.tags, live.tags),
        "media": (
            [[(m.facts.sha256, m.alt) for m in part.media] for part in post.parts],
            [[(sha256, alt) for _, sha256, alt in part.media] for part in live.parts],
        ),
        "poll": (
            [part.poll.options if part.poll else () for part in post.parts],
            [part.poll for part in live.parts],
        ),
    }
    found = tuple(name for name, (new, old) in named.items() if new != old)
    if found or any(word_diffs(edit)):
        return found
    return ("links, spaces or settings",)
