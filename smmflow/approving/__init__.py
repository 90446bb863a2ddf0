"""Approving: whether what would go out was approved by the right people, as it is."""

from smmflow.approving.ask import ask_of, asked_about, asked_by
from smmflow.approving.codeowners import codeowners, is_ours
from smmflow.approving.judge import judge
from smmflow.approving.needed import needed

__all__ = [
    "ask_of",
    "asked_about",
    "asked_by",
    "codeowners",
    "is_ours",
    "judge",
    "needed",
]
