"""Forges: where pull requests are opened and reviewed, behind one interface."""

from smmflow.forge.choose import choose, open_comments, open_secrets, open_witness
from smmflow.forge.github_comments import GitHubComments, Kept
from smmflow.forge.github_secrets import GitHubSecrets
from smmflow.forge.interface import Forge, Issues, Witness

__all__ = [
    "Forge",
    "GitHubComments",
    "GitHubSecrets",
    "Issues",
    "Kept",
    "Witness",
    "choose",
    "open_comments",
    "open_secrets",
    "open_witness",
]
