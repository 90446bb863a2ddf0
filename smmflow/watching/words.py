"""What needs a person, in words: for a terminal, an issue, a job's summary."""

from __future__ import annotations

from collections.abc import Sequence

from smmflow.language.markdown import escape
from smmflow.watching.needs import Need

__all__ = ["MARK", "as_markdown", "as_text"]

MARK = "<!-- smmflow watch -->"
"""Begins the text of the one issue that is ours, so that it is found again."""
_SHOWN = 100


def as_text(needs: Sequence[Need]) -> str:
    """Return needs for a terminal, one paragraph each."""
    if not needs:
        return "nothing needs a person\n"
    lines = []
    for need in needs:
        lines += [f"{need.what} ({need.reason})", f"  {need.words}"]
    return "\n".join(lines) + "\n"


def as_markdown(needs: Sequence[Need]) -> str:
    """Return needs for an issue or a summary; words of posts are no markup in it."""
    if not needs:
        return f"{MARK}\nNothing needs a person.\n"
    lines = [MARK, "| What | Why | What to do |", "| --- | --- | --- |"]
    lines += [
        f"| {escape(need.what)} | {escape(need.reason)} | {escape(need.words)} |"
        for need in needs[:_SHOWN]
    ]
    if len(needs) > _SHOWN:
        lines += ["", f"{len(needs) - _SHOWN} more: see `smmflow watch`."]
    lines += ["", "`smmflow watch` writes this, and closes it when nothing is left."]
    return "\n".join(lines) + "\n"
