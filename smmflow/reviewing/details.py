"""What is inside an entry of the comment: every part, and all that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from smmflow.language.markdown import as_html
from smmflow.language.word_diff import Piece, Sign, diff, written
from smmflow.model.review import (
    ReviewChange,
    ReviewCount,
    ReviewEntry,
    ReviewPart,
)

__all__ = ["details"]

_QUOTE = '<blockquote dir="auto">{}</blockquote>'
"""`dir` is among the attributes that GitHub keeps (https://github.com/github/markup):
Persian reads from right to left, whatever the language of the page."""


def details(entry: ReviewEntry) -> Iterator[str]:
    """Yield blocks of HTML without an empty line, which would end them."""
    for note in entry.notes:
        yield f'<p dir="auto">{as_html(note)}</p>'
    if entry.live:
        yield f"<p>Live now: <code>{as_html(entry.live)}</code></p>"
    if entry.content_warning:
        yield f'<p dir="auto">Behind a warning: {as_html(entry.content_warning)}</p>'
    if entry.visibility != "public":
        yield f"<p>Visibility: {as_html(entry.visibility)}</p>"
    for number, part in enumerate(entry.parts, start=1):
        yield from _part(part, number, len(entry.parts))
    for words in entry.gone:
        gone = entry.change in {ReviewChange.WITHDRAWN, ReviewChange.REMOVED}
        told = "Goes away:" if gone else "This part goes away:"
        yield f"<p>{told}</p>"
        yield _QUOTE.format(f"<del>{as_html(words)}</del>")
    if entry.beside:
        yield f"<p>Also different: {as_html(', '.join(entry.beside))}</p>"
    for each in entry.approvals:
        whom = ", ".join(each.whom) or "nobody may"
        yield f"<p>Still needs {as_html(f'{each.what} ({whom})')}</p>"


def _part(part: ReviewPart, number: int, of: int) -> Iterator[str]:
    name = f"Part {number} of {of}" if of > 1 else ""
    if told := " · ".join(filter(None, (name, _counts(part.counts, alone=of == 1)))):
        yield f"<p>{told}</p>"
    yield _QUOTE.format(as_html(part.text) or "<i>no words</i>")
    if part.before == "":
        yield "<p>This part is new.</p>"
    elif part.before and (pieces := diff(part.before, part.text)):
        yield f'<p dir="auto">{written(pieces, _marked)}</p>'
    for each in part.media:
        alt = as_html(each.alt) or "<b>no alt text</b>"
        yield f'<p dir="auto"><code>{as_html(each.path)}</code> {alt}</p>'
    if part.poll:
        answers = "".join(f"<li>{as_html(each)}</li>" for each in part.poll)
        yield f'<ul dir="auto">{answers}</ul>'
    if part.card:
        yield f"<p>Preview of <code>{as_html(part.card)}</code></p>"
    for link in part.links:
        words, target = as_html(link.words), as_html(link.target)
        yield f'<p dir="auto">“{words}” leads to <code>{target}</code></p>'


def _counts(counts: Sequence[ReviewCount], *, alone: bool) -> str:
    """Return the first limit, and further ones that are nearer.

    The line that was opened has the first of a post's only part, unless it is over.
    """
    near = [
        each
        for each in counts
        if each.length * counts[0].maximum >= counts[0].length * each.maximum
    ]
    if alone and len(near) == 1 and not near[0].is_over:
        return ""
    words = (f"{e.length} / {e.maximum:,} {as_html(e.unit)}" for e in near)
    bold = (f"<b>{w}</b>" if e.is_over else w for w, e in zip(words, near, strict=True))
    return ", ".join(bold)


def _marked(piece: Piece) -> str:
    words = as_html(piece.words)
    match piece.sign:
        case Sign.KEPT | Sign.SKIPPED:
            return words
        case Sign.GONE:
            return f"<del>{words}</del>"
        case Sign.NEW:
            return f"<ins>{words}</ins>"
        case _:
            assert_never(piece.sign)
