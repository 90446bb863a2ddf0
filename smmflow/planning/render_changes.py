"""Changes of what is live, in words: what is edited and how, what is withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import assert_never

from smmflow.language.markdown import escape
from smmflow.model.plan import Edit, Withdraw
from smmflow.planning.word_diff import (
    Piece,
    Sign,
    changed_beside,
    word_diffs,
    written,
)

__all__ = ["as_fields", "as_lines", "as_row", "on_terminal"]

Paint = Callable[[str, str], str]


def as_lines(change: Edit | Withdraw, paint: Paint) -> Iterator[str]:
    """Yield a change for a terminal: its name, then how or why."""
    where = f"{change.occurrence.id} on {change.live.channel}"
    match change:
        case Edit():
            yield paint("~ edit", "held") + f"  {where}"
            yield from _edited(change, lambda piece: on_terminal(piece, paint))
        case Withdraw():
            yield paint("- withdraw", "error") + f"  {where}"
            parts = len(change.live.parts)
            yield change.why if parts == 1 else f"{change.why}  ({parts} parts)"
        case _:
            assert_never(change)


def as_row(change: Edit | Withdraw) -> str:
    """Return a change as a row of a Markdown table."""
    title = escape(change.live.title or change.occurrence.id)
    match change:
        case Edit():
            kind = "edit"
            what = "<br>".join(_edited(change, _in_markdown, escape))
        case Withdraw():
            kind, what = "withdraw", escape(change.why)
        case _:
            assert_never(change)
    return f"| {kind} | {escape(change.live.channel)} | {title} | {what} |"


def as_fields(change: Edit | Withdraw) -> Mapping[str, object]:
    """Return a change for programs."""
    live = change.live
    fields: dict[str, object] = {"post": live.post, "channel": live.channel}
    fields["url"] = live.receipts[0].url if live.receipts else ""
    fields["live"] = [part.text for part in live.parts]
    match change:
        case Edit(post=post):
            fields |= {"title": post.title, "digest": post.digest}
            fields["parts"] = [part.text.text for part in post.parts]
            fields["beside"] = list(changed_beside(change))
            fields["sources"] = list(post.sources)
        case Withdraw():
            fields |= {"title": live.title, "why": change.why}
        case _:
            assert_never(change)
    return fields


def _edited(
    edit: Edit,
    mark: Callable[[Piece], str],
    plain: Callable[[str], str] = lambda words: words,
) -> Iterator[str]:
    several = len(edit.post.parts) > 1
    for number, pieces in word_diffs(edit):
        words = written(pieces, mark)
        yield f"part {number}: {words}" if several else words
    if beside := changed_beside(edit):
        yield plain(f"also changed: {', '.join(beside)}")


def on_terminal(piece: Piece, paint: Paint) -> str:
    """Return a piece of an edit in colours, and in signs where there are none."""
    match piece.sign:
        case Sign.KEPT:
            return piece.words
        case Sign.GONE:
            return paint(f"[-{piece.words}-]", "error")
        case Sign.NEW:
            return paint(f"{{+{piece.words}+}}", "due")
        case Sign.SKIPPED:
            return paint(piece.words, "dim")
        case _:
            assert_never(piece.sign)


def _in_markdown(piece: Piece) -> str:
    match piece.sign:
        case Sign.KEPT | Sign.SKIPPED:
            return escape(piece.words)
        case Sign.GONE:
            return f"<del>{escape(piece.words)}</del>"
        case Sign.NEW:
            return f"<ins>{escape(piece.words)}</ins>"
        case _:
            assert_never(piece.sign)
