"""Changes of what is live, in words: what is edited and how, what is withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from typing import assert_never

from smmflow.language.markdown import escape
from smmflow.language.word_diff import Piece, Sign, written
from smmflow.model.plan import (
    Cancel,
    Change,
    Edit,
    Reschedule,
    Withdraw,
    known_as,
)
from smmflow.planning.word_diff import changed_beside, word_diffs

__all__ = ["as_fields", "as_lines", "as_row", "on_terminal"]

Paint = Callable[[str, str], str]


def as_lines(change: Change, paint: Paint) -> Iterator[str]:
    """Yield a change for a terminal: its name, then how or why."""
    where = f"{change.occurrence.id} on {known_as(change).channel}"
    match change:
        case Edit():
            yield paint("~ edit", "held") + f"  {where}"
            yield from _edited(change, lambda piece: on_terminal(piece, paint))
        case Withdraw():
            yield paint("- withdraw", "error") + f"  {where}"
            parts = len(change.live.parts)
            yield change.why if parts == 1 else f"{change.why}  ({parts} parts)"
        case Reschedule():
            yield paint("~ reschedule", "held") + f"  {where}"
            yield _moved(change)
        case Cancel():
            yield paint("- cancel", "error") + f"  {where}"
            yield f"taken back before its time: {change.why}"
        case _:
            assert_never(change)


def as_row(change: Change) -> str:
    """Return a change as a row of a Markdown table."""
    known = known_as(change)
    title = escape(known.title or change.occurrence.id)
    match change:
        case Edit():
            kind = "edit"
            what = "<br>".join(_edited(change, _in_markdown, escape))
        case Withdraw():
            kind, what = "withdraw", escape(change.why)
        case Reschedule():
            kind, what = "reschedule", _moved(change)
        case Cancel():
            kind, what = "cancel", escape(change.why)
        case _:
            assert_never(change)
    return f"| {kind} | {escape(known.channel)} | {title} | {what} |"


def as_fields(change: Change) -> Mapping[str, object]:
    """Return a change for programs."""
    live = known_as(change)
    fields: dict[str, object] = {"post": live.post, "channel": live.channel}
    fields["url"] = live.receipts[0].url if live.receipts else ""
    fields["live"] = [part.text for part in live.parts]
    match change:
        case Edit(post=post):
            fields |= {"title": post.title, "digest": post.digest}
            fields["parts"] = [part.text.text for part in post.parts]
            fields["beside"] = list(changed_beside(change))
            fields["sources"] = list(post.sources)
        case Withdraw() | Cancel():
            fields |= {"title": live.title, "why": change.why}
        case Reschedule():
            fields |= {"title": live.title, "before": live.due.isoformat()}
        case _:
            assert_never(change)
    return fields


def _moved(change: Reschedule) -> str:
    due = change.occurrence.due
    now = f"{due.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if due else "no time"
    return f"from {change.waiting.due:%Y-%m-%d %H:%M} to {now}"


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
