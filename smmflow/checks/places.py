"""Where a fault lies in a post's file, worked out only once there is a fault."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches

from smmflow.diagnostics import Place
from smmflow.language.dates import numeric_date
from smmflow.model.calendar import Calendar
from smmflow.model.channel_post import ChannelPost
from smmflow.model.post import Post

__all__ = ["at_key", "at_part", "at_text", "did_you_mean", "local_time", "plural"]

_BREAK = re.compile(r"^ {0,3}---[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)
_SHORT = 24


def at_key(path: str, *keys: str | int, on_key: bool = False) -> Place:
    """Return the place of a value in front matter or YAML."""
    return Place(path, keys, on_key=on_key)


def at_text(post: Post, needle: str, composed: ChannelPost, part: int) -> Place:
    """Return the place of words in a post's body; of their part, if they are not there.

    What a channel gets is not what the file says, so the words are looked for.
    """
    if needle and post.body.count(needle) == 1:
        return Place(post.path, offset=post.body.index(needle))
    start = at_part(post, composed, part)
    if needle and start.offset is not None:
        found = post.body.find(needle, start.offset)
        if found < 0:
            found = post.body.find(needle)
        if found >= 0:
            return Place(post.path, offset=found)
    return start


def at_part(post: Post, composed: ChannelPost, part: int) -> Place:
    """Return the place where a part of a thread begins in the body."""
    text = composed.parts[part].text.text.strip()
    first = text.partition("\n")[0]
    for needle in (first, first[:_SHORT].rstrip()):
        if needle and post.body.count(needle) == 1:
            return Place(post.path, offset=post.body.index(needle))
    starts = _part_starts(post.body)
    return Place(post.path, offset=starts[min(part, len(starts) - 1)])


def did_you_mean(name: str, known: Iterable[str], fallback: str = "") -> str:
    """Return a hint that names what a slip of the pen may have meant."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    return fallback or (f"known: {', '.join(names)}" if names else "")


def local_time(moment: datetime, calendar: Calendar) -> str:
    """Return a moment as files of a workspace with that calendar would write it."""
    local = moment.astimezone(calendar.zone)
    day = numeric_date(local, in_jalali=calendar.jalali)
    return f"{day} {local:%H:%M}"


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: `1 file`, `2 files`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _part_starts(body: str) -> list[int]:
    fences = [match.start() for match in _FENCE.finditer(body)]
    starts = [_first_word(body, 0)]
    for match in _BREAK.finditer(body):
        inside = sum(1 for at in fences if at < match.start()) % 2
        if not inside:
            starts.append(_first_word(body, match.end()))
    return starts


def _first_word(body: str, start: int) -> int:
    for at in range(start, len(body)):
        if not body[at].isspace():
            return at
    return min(start, len(body))
