"""Reviewing: what a change does to what appears, and telling it to reviewers."""

from smmflow.reviewing.artifact import NAME, read_artifact
from smmflow.reviewing.codec import decode_review, encode_review
from smmflow.reviewing.review import Side, review
from smmflow.reviewing.words import LONGEST, MARK, as_markdown

__all__ = [
    "LONGEST",
    "MARK",
    "NAME",
    "Side",
    "as_markdown",
    "decode_review",
    "encode_review",
    "read_artifact",
    "review",
]
