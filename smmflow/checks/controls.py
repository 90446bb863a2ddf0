"""Rules about characters that nobody sees and that do something."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from smmflow.checks.places import at_key
from smmflow.checks.rule import PostRule
from smmflow.checks.subject import Subject
from smmflow.diagnostics import Finding, Place, Severity
from smmflow.model.post import Post

__all__ = ["ControlCharacter"]

_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufeff]")
_OPENING = frozenset("\u202a\u202b\u202d\u202e")
"""Embeddings and overrides of direction."""
_CLOSING = "\u202c"
_MARK = "\ufeff"
_NAMES = {
    "\u202a": "LEFT-TO-RIGHT EMBEDDING",
    "\u202b": "RIGHT-TO-LEFT EMBEDDING",
    "\u202d": "LEFT-TO-RIGHT OVERRIDE",
    "\u202e": "RIGHT-TO-LEFT OVERRIDE",
    _MARK: "a byte order mark",
}


class ControlCharacter(PostRule):
    r"""An invisible character commands instead of being read.

    What: A title, a text, a summary, an alt text or a content warning holds a control
    character other than a tab or the end of a line, an embedding or override of
    direction that is not closed on its line, or a byte order mark in the middle. The
    last only warns. Zero-width joiners and non-joiners, directional marks and isolates
    are fine: Persian, Arabic and emoji need them.

    Why: Nobody sees it, networks and feeds refuse it or show a box, and an override
    makes a text read as what it is not.

    Fix: Delete it; an editor that shows invisible characters finds it. In place of an
    override, a directional mark or an isolate does.

    Bad:
        title: "Version 1\x07 is out"

    Good:
        title: Version 1 is out

    Source: https://www.w3.org/TR/xml/#charsets https://www.unicode.org/reports/tr9/
    """

    name = "control-character"

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return each such character of a text once, where it first stands."""
        del subject
        for text, keys in _texts(post):
            for _, odd, times in _found(text):
                yield self._finding(at_key(post.path, *keys), odd, times)
        for at, odd, times in _found(post.body):
            yield self._finding(Place(post.path, offset=at), odd, times)

    def _finding(self, place: Place, odd: str, times: int) -> Finding:
        name = _NAMES.get(odd, "a control character")
        often = f", {times} times" if times > 1 else ""
        end = " is not closed on its line" if odd in _OPENING else " stands here"
        return self.finding(
            place,
            f"U+{ord(odd):04X} ({name}){end}{often}",
            hint="delete it: nobody sees it, and it does harm",
            severity=Severity.WARNING if odd == _MARK else None,
        )


def _texts(post: Post) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    yield post.title, ("title",)
    yield post.summary, ("summary",)
    yield post.content_warning, ("content_warning",)
    for index, each in enumerate(post.media):
        yield each.alt or "", ("media", index, "alt")


def _found(text: str) -> Iterator[tuple[int, str, int]]:
    """Yield each odd character once: its first offset, itself, how often it stands."""
    if not _ODD.search(text):
        return
    first: dict[str, int] = {}
    count: Counter[str] = Counter()
    for at in _odd_offsets(text):
        first.setdefault(text[at], at)
        count[text[at]] += 1
    for odd, at in first.items():
        yield at, odd, count[odd]


def _odd_offsets(text: str) -> Iterator[int]:
    start = 0
    for line in text.split("\n"):
        opened: list[int] = []
        for match in _ODD.finditer(line):
            at = start + match.start()
            if match[0] in _OPENING:
                opened.append(at)
            elif match[0] == _CLOSING:
                del opened[-1:]
            else:
                yield at
        yield from opened
        start += len(line) + 1
