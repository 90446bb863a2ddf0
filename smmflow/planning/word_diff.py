"""What an edit changes of what is live: its words, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from smmflow.language.word_diff import Piece, diff
from smmflow.model.plan import Edit

__all__ = ["changed_beside", "word_diffs"]


def word_diffs(edit: Edit) -> Iterator[tuple[int, tuple[Piece, ...]]]:
    """Yield the number of each part whose words change, from 1, and how."""
    then = (part.text for part in edit.live.parts)
    now = (part.text.text for part in edit.post.parts)
    for number, (old, new) in enumerate(zip_longest(then, now, fillvalue=""), start=1):
        if pieces := diff(old, new):
            yield number, pieces


def changed_beside(edit: Edit) -> tuple[str, ...]:
    """Return names of what changes beside the words of the parts, as far as is known.

    The ledger keeps what readers see first, not every link and setting: an edit that
    changes nothing else is about those.
    """
    post, live = edit.post, edit.live
    named = {
        "title": (post.title, live.title),
        "summary": (post.summary, live.summary),
        "language": (post.language, live.language),
        "content warning": (post.content_warning, live.content_warning),
        "tags": (post.tags, live.tags),
        "media": (
            [[(m.facts.sha256, m.alt) for m in part.media] for part in post.parts],
            [[(sha256, alt) for _, sha256, alt in part.media] for part in live.parts],
        ),
        "poll": (
            [part.poll.options if part.poll else () for part in post.parts],
            [part.poll for part in live.parts],
        ),
    }
    found = tuple(name for name, (new, old) in named.items() if new != old)
    if found or any(word_diffs(edit)):
        return found
    return ("links, spaces or settings",)
