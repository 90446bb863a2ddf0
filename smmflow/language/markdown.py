"""Words in Markdown and HTML that are shown as they are, and notify nobody."""

from __future__ import annotations

import html
import re

from smmflow.language.controls import visible

__all__ = ["as_html", "escape"]

_BREAK = "\u200b"
_MARKUP = re.compile(r"[\\`*_\[\]<>|#~&!]")
_NOTIFIES = re.compile(
    r"@(?=\w)|#(?=\d)|(?<=\b[Gg][Hh])-(?=\d)|(?<=github\.com)(?=/)", re.IGNORECASE
)
_MEANS_MORE = re.compile(r":(?=[\w+-]+:)")
"""Begins what GitHub shows as an emoji wherever it stands.

https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#using-emojis
"""


def escape(text: str) -> str:
    r"""Return words on one line, without markup, mention or reference.

    A mention or a number of an issue is broken by a zero-width space: GitHub looks for
    them in the rendered page, where a backslash or an entity has become the sign again.
    The address of an issue would refer to it, too, and tell all who follow it.
    https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
    """
    flat = " ".join(text.split())
    return _MARKUP.sub(
        lambda found: {"<": "&lt;", "&": "&amp;"}.get(found[0], f"\\{found[0]}"),
        _quiet(flat),
    )


def as_html(text: str) -> str:
    """Return words for inside a block of HTML: on one line, with their line breaks.

    Markdown has no meaning in such a block, which ends with an empty line only:
    https://spec.commonmark.org/0.31.2/#html-blocks. What GitHub looks for in the page
    all the same (mentions, references, emoji, mathematics) is broken. Characters that
    would make the words read as others are made visible.
    https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions
    """
    quiet = _MEANS_MORE.sub(f":{_BREAK}", _quiet(visible(text)))
    lines = html.escape(quiet).replace("$", "<span>$</span>").splitlines()
    return "<br>".join(line.strip() for line in lines)


def _quiet(text: str) -> str:
    return _NOTIFIES.sub(lambda found: found[0] + _BREAK, text)
