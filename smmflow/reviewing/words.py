"""A review in words: the comment on a pull request, short enough for a phone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from smmflow.diagnostics import Severity
from smmflow.language.direction import isolated
from smmflow.language.markdown import as_html
from smmflow.language.measures import utf16_length
from smmflow.model.review import Review, ReviewChange, ReviewEntry, ReviewFinding
from smmflow.reviewing.details import details

__all__ = ["LONGEST", "MARK", "as_markdown"]

MARK = "<!-- smmflow review -->"
"""Begins the one comment that is ours, so that it is found again."""
LONGEST = 65_536
"""Characters that GitHub takes in a comment; it refuses a longer one with 422.

https://github.com/telia-oss/github-pr-resource/issues/259
"""
_FOR_ENDING = 1_000
_BETWEEN = "\n\n"
"""An empty line ends a block of HTML, and begins the next."""
_FINDINGS_SHOWN = 10
_FILES_SHOWN = 3
_ASIDE = 4
"""What is about no post has a fourth of the room at most, or none."""
_OF_HEAD, _OF_PLAN = 12, 16
_ON_A_LINE = 300
"""Code points of a title, a path, a message."""
_DEEDS = {
    ReviewChange.BROKEN: "broken",
    ReviewChange.NEW: "new",
    ReviewChange.EDITED: "edited",
    ReviewChange.WITHDRAWN: "withdrawn",
    ReviewChange.REMOVED: "removed",
    ReviewChange.RESCHEDULED: "rescheduled",
    ReviewChange.AFFECTED: "affected by something else",
}


def as_markdown(
    review: Review, *, doubtful: Sequence[str] = (), longest: int = LONGEST
) -> str:
    """Return a review for a pull request, where nothing in the posts is markup.

    All that anybody chose stands in blocks of HTML, where Markdown has no meaning.

    What has no room is left out from the end, details first, and it says so.

    Args:
        review: What to tell; its words may be anybody's.
        doubtful: Files because of which the review may not be what it seems.
        longest: The most UTF-16 units it may have.
    """
    if review.is_empty:
        nothing = f"{MARK}\nNothing that smmflow publishes is different."
        return _joined([nothing, _caution(doubtful), _foot(review)])
    asides = (each for each in _asides(review) if utf16_length(each) * _ASIDE < longest)
    head = [_head(review), _caution(doubtful), *asides]
    room = longest - sum(utf16_length(each) + 2 for each in head) - _FOR_ENDING
    blocks, thin, absent = _fitted(review.entries, room)
    absent += review.left_out
    lines = [*head, *blocks]
    if thin or absent:
        lines.append(_shortened(thin, absent))
    return _joined([*lines, _foot(review)])


def _joined(blocks: Sequence[str]) -> str:
    return _BETWEEN.join(filter(None, blocks))


def _caution(files: Sequence[str]) -> str:
    """Return why not to believe a review; empty if there is no reason."""
    if not files:
        return ""
    told = ", ".join(f"<code>{_word(each)}</code>" for each in files[:_FILES_SHOWN])
    more = f" and {len(files) - _FILES_SHOWN} more" if len(files) > _FILES_SHOWN else ""
    return (
        f"<p><b>This pull request changes how it is checked</b> ({told}{more}): "
        "what stands here is its own word. Read the files themselves.</p>"
    )


def _head(review: Review) -> str:
    errors = review.errors
    verdict = (
        f"<b>{errors} {'error' if errors == 1 else 'errors'} to put right first.</b>"
        if errors
        else "No error stands in the way."
    )
    told = f"<p>{verdict} Times are in {_word(review.zone)}.</p>"
    return f"{MARK}\n### smmflow: {_headline(review)}\n\n{told}"


def _asides(review: Review) -> Iterator[str]:
    """Yield what is about no entry alone."""
    if missing := _missing(review.entries):
        yield f"<p>Still to approve: {'; '.join(missing)}</p>"
    if review.findings:
        yield _findings(review.findings)


def _headline(review: Review) -> str:
    posts = len({each.post for each in review.entries})
    counts = [f"{number} {_DEEDS[kind]}" for kind, number in review.counts.items()]
    if review.left_out:
        counts.append(f"{review.left_out} more")
    if not counts:
        return "nothing of a post is different"
    return f"{posts} {'post' if posts == 1 else 'posts'} ({', '.join(counts)})"


def _missing(entries: Sequence[ReviewEntry]) -> tuple[str, ...]:
    """Return the approvals that are missing, each once."""
    needed = dict.fromkeys(each for entry in entries for each in entry.approvals)
    return tuple(
        _word(f"{each.what} ({', '.join(each.whom) or 'nobody may'})")
        for each in needed
    )


def _fitted(entries: Sequence[ReviewEntry], room: int) -> tuple[list[str], int, int]:
    """Return blocks of entries, how many have no details, and how many are absent.

    Details are made in order, only as long as there is room: making those of all would
    let a large review keep a job busy.
    """
    leads, lines = list(_leads(entries)), [_line(each) for each in entries]
    sizes = [
        utf16_length(lead) + utf16_length(line) + 2 * len(_BETWEEN)
        for lead, line in zip(leads, lines, strict=True)
    ]
    shown, used = len(entries), sum(sizes)
    while shown and used > room:
        shown -= 1
        used -= sizes[shown]
    opened = 0
    for number, entry in enumerate(entries[:shown]):
        whole = _entry(entry)
        used += utf16_length(whole) - utf16_length(lines[number])
        if used > room:
            break
        lines[number] = whole
        opened += 1
    pairs = zip(leads[:shown], lines[:shown], strict=True)
    blocks = [block for pair in pairs for block in pair if block]
    return blocks, shown - opened, len(entries) - shown


def _leads(entries: Sequence[ReviewEntry]) -> Iterator[str]:
    """Yield what stands before each entry: the post's name and faults at its first."""
    for _, group in groupby(entries, key=lambda each: (each.post, each.path)):
        first, *others = group
        title = f'<h4 dir="auto">{as_html(_short(first.title or first.post))}</h4>'
        path = f"<p><code>{_word(first.path)}</code></p>"
        every = (found for each in (first, *others) for found in each.findings)
        faults = tuple(dict.fromkeys(every))
        yield "\n".join([title, path, *([_findings(faults)] if faults else [])])
        yield from ("" for _ in others)


def _entry(entry: ReviewEntry) -> str:
    """Return an entry as a line that can be opened."""
    inside = "\n".join(details(entry))
    return f"<details>\n<summary>{_gist(entry)}</summary>\n{inside}\n</details>"


def _line(entry: ReviewEntry) -> str:
    return f"<p>{_gist(entry)}</p>"


def _gist(entry: ReviewEntry) -> str:
    words = [f"<b>{_DEEDS[entry.change]}</b> on {_word(entry.channel)}"]
    if entry.due_before:
        words.append(f"<del>{_word(entry.due_before)}</del> {_word(entry.due)}")
    elif entry.due:
        words.append(_word(entry.due))
    over = [each for part in entry.parts for each in part.counts if each.is_over]
    if over:
        words.append("<b>too long</b>")
    elif len(entry.parts) == 1 and entry.parts[0].counts:
        first = entry.parts[0].counts[0]
        words.append(f"{first.length} / {first.maximum:,} {_word(first.unit)}")
    elif len(entry.parts) > 1:
        words.append(f"{len(entry.parts)} parts")
    return " · ".join(words)


def _findings(findings: Sequence[ReviewFinding]) -> str:
    order = list(Severity)
    worst = sorted(findings, key=lambda each: order.index(each.severity))
    rows = [f"<li>{_finding(each)}</li>" for each in worst[:_FINDINGS_SHOWN]]
    if len(worst) > _FINDINGS_SHOWN:
        rows.append(
            f"<li>{len(worst) - _FINDINGS_SHOWN} more: <code>smmflow check</code></li>"
        )
    return "<ul>\n" + "\n".join(rows) + "\n</ul>"


def _finding(found: ReviewFinding) -> str:
    where = f"{found.path}:{found.line}" if found.line else found.path
    hint = f" <i>{_word(found.hint)}</i>" if found.hint else ""
    return (
        f"<b>{found.severity}</b> {_word(found.message)} "
        f"(<code>{_word(where)}</code>, {_word(found.rule)}){hint}"
    )


def _word(text: str) -> str:
    """Return words for the middle of a line, whose order they leave alone."""
    return as_html(isolated(_short(text)))


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _ON_A_LINE else flat[: _ON_A_LINE - 1] + "…"


def _shortened(thin: int, absent: int) -> str:
    told = []
    if thin:
        told.append(f"{thin} without their words")
    if absent:
        told.append(f"{absent} not at all")
    return (
        f"**There is no room for everything: {' and '.join(told)}.** "
        "`smmflow review --base main` shows the rest."
    )


def _foot(review: Review) -> str:
    head = f" for {as_html(review.head[:_OF_HEAD])}" if review.head else ""
    told = f"Written by smmflow{head}; plan {as_html(review.plan[:_OF_PLAN])}."
    return f"<p><sub>{told}</sub></p>\n"
