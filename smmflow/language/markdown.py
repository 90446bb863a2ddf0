"""Words in Markdown that are shown as they are, and notify nobody."""

from __future__ import annotations

import re

__all__ = ["escape"]

_BREAK = "\u200b"
_MARKUP = re.compile(r"[\\`*_\[\]<>|#~&!]")
_NOTIFIES = re.compile(r"@(?=\w)|#(?=\d)|(?<=\b[Gg][Hh])-(?=\d)")


def escape(text: str) -> str:
    r"""Return words on one line, without markup, mention or reference.

    A mention or a number of an issue is broken by a zero-width space: GitHub looks for
    them in the rendered page, where a backslash or an entity has become the sign again.
    https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
    """
    flat = " ".join(text.split())
    quiet = _NOTIFIES.sub(lambda found: found[0] + _BREAK, flat)
    return _MARKUP.sub(
        lambda found: {"<": "&lt;", "&": "&amp;"}.get(found[0], f"\\{found[0]}"), quiet
    )
