"""Watching: what needs a person, and telling it."""

from smmflow.watching.issue import Deed, Told, tell
from smmflow.watching.needs import Dying, Need, needs
from smmflow.watching.words import MARK, as_markdown, as_text, as_title

__all__ = [
    "MARK",
    "Deed",
    "Dying",
    "Need",
    "Told",
    "as_markdown",
    "as_text",
    "as_title",
    "needs",
    "tell",
]
