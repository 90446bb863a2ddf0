"""Forges: where pull requests are opened and reviewed, behind one interface."""

from smmflow.forge.choose import choose, open_comments, open_witness
from smmflow.forge.github_comments import GitHubComments, Kept
from smmflow.forge.interface import Forge, Witness

__all__ = [
    "Forge",
    "GitHubComments",
    "Kept",
    "Witness",
    "choose",
    "open_comments",
    "open_witness",
]
