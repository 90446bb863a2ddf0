"""What needs a person, in words: for a terminal, an issue, a job's summary."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from smmflow.language.markdown import escape
from smmflow.watching.needs import Need

__all__ = ["MARK", "as_markdown", "as_text", "as_title"]

MARK = "<!-- smmflow watch -->"
"""Begins the text of the one issue that is ours, so that it is found again."""
_SHOWN = 100
_LARGEST = 60_000
"""Characters of a table: an issue takes 65,536, and a summary more.

https://github.com/peter-evans/create-issue-from-file/issues/1049
"""
_LONGEST = 500
"""Characters of a cell, before signs are escaped."""


def as_text(needs: Sequence[Need]) -> str:
    """Return needs for a terminal, one paragraph each."""
    if not needs:
        return "nothing needs a person\n"
    lines = []
    for need in needs:
        lines += [f"{need.what} ({need.reason})", f"  {need.words}"]
    return "\n".join(lines) + "\n"


def as_title(needs: Sequence[Need]) -> str:
    """Return how many things need a person, for the head of an issue."""
    match len(needs):
        case 0:
            return "smmflow: nothing needs a person"
        case 1:
            return "smmflow: 1 thing needs a person"
        case many:
            return f"smmflow: {many} things need a person"


def as_markdown(needs: Sequence[Need]) -> str:
    """Return needs for an issue or a summary; words of posts are no markup in it."""
    if not needs:
        return f"{MARK}\nNothing needs a person.\n"
    head = [MARK, "| What | Why | What to do |", "| --- | --- | --- |"]
    rows = [
        f"| {_cell(need.what)} | {_cell(need.reason)} | {_cell(need.words)} |"
        for need in needs[:_SHOWN]
    ]
    ends = accumulate(len(row) + 1 for row in rows)
    shown = rows[: sum(end <= _LARGEST for end in ends)]
    more = len(needs) - len(shown)
    rest = ["", f"{more} more: see `smmflow watch`."] if more else []
    tail = ["", "`smmflow watch` writes this, and closes it when nothing is left."]
    return "\n".join([*head, *shown, *rest, *tail]) + "\n"


def _cell(words: str) -> str:
    short = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
    return escape(short)
