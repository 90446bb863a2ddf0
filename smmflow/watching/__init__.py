"""Watching: what needs a person, and telling it."""

from smmflow.watching.needs import Need, Schedule, needs
from smmflow.watching.words import MARK, as_markdown, as_text

__all__ = ["MARK", "Need", "Schedule", "as_markdown", "as_text", "needs"]
