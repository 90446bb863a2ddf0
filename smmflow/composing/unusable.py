"""What stands in a text although no network shows it: pictures and HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from smmflow.composing.markdown import parse
from smmflow.composing.rules import fault
from smmflow.diagnostics import Finding, Place
from smmflow.model.post import Post

__all__ = ["unusable"]

_HTML = re.compile(r"</?[A-Za-z][^<>\n]*>|<!--")


def unusable(post: Post, parts: Sequence[str]) -> list[Finding]:
    """Find the first picture and the first HTML tag, code aside.

    Args:
        post: For the place of a finding.
        parts: The Markdown of its parts, as the channel gets it.
    """
    found: dict[str, Finding] = {}
    for part in parts:
        if "![" in part or "<" in part:
            for each in _in(post, part):
                found.setdefault(each.rule, each)
    return list(found.values())


def _in(post: Post, part: str) -> Iterator[Finding]:
    for block in parse(part):
        for token in block.children or ():
            if token.type == "image":
                yield fault(
                    "image-in-text",
                    "pictures in the text are left out",
                    _place(post, block.content, "!["),
                    hint="list them under `media:`, with `alt:`",
                )
            tag = _HTML.search(token.content) if token.type == "text" else None
            if tag:
                yield fault(
                    "html-in-text",
                    f"readers will see {tag[0]} as it stands",
                    _place(post, block.content, tag[0]),
                    hint="posts are Markdown; put it in backticks if it is meant",
                )


def _place(post: Post, block: str, words: str) -> Place:
    """Return where words of a block stand in the file, as nearly as can be told."""
    start = max(0, post.body.find(block))
    return Place(post.path, offset=max(0, post.body.find(words, start)))
