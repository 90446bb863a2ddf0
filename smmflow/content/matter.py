"""Where the keys of a front matter stand in a file, for those who edit it in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import yaml
from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from smmflow.content import front_matter
from smmflow.content.files import parse_markdown
from smmflow.content.yaml_core import Event, events_of
from smmflow.errors import UsageError
from smmflow.model.matter import Entry, Matter

__all__ = ["matter_of", "refuse_other_changes"]

_OPENING = (MappingStartEvent, SequenceStartEvent)
_CLOSING = (MappingEndEvent, SequenceEndEvent)
_QUOTES = {None: "", "": "", "'": "'", '"': '"'}
"""Styles of scalars on a line; the others are blocks over several."""


def matter_of(text: str) -> Matter:
    """Return the keys of a front matter, by their places in the text as it was read.

    Args:
        text: The whole file, decoded and otherwise untouched: a byte order mark and any
            ends of lines are counted.

    Raises:
        UsageError: There is no front matter that can be read.
    """
    plain, places = _plain(text)
    try:
        halves = front_matter.split(plain)
        start = plain.index("\n") + 1
        return _matter(halves.yaml, start, text, places)
    except (front_matter.FrontMatterMissing, yaml.YAMLError) as fault:
        raise UsageError(
            "its front matter can't be read", hint="`smmflow check` says where and why"
        ) from fault


def refuse_other_changes(before: str, after: str, time: str) -> None:
    """Do nothing, unless more or less than its time changes between a post's texts.

    YAML has more ways to write a thing than an edit in place can know of.

    Args:
        before: The whole file as it is.
        after: The whole file as it would be.
        time: What `publish_at` shall be.

    Raises:
        UsageError: Something else would change, or a text can't be read.
    """
    (old, old_body), (new, new_body) = _said(before), _said(after)
    old.pop("slot", None)
    if {**old, "publish_at": time} != new or old_body != new_body:
        raise UsageError(
            "its front matter is written in a way that can't be changed from outside",
            hint=f"open the file and write it so yourself: `publish_at: {time}`",
        )


def _said(text: str) -> tuple[dict[str, object], str]:
    plain, _ = _plain(text)
    parsed = parse_markdown("", plain)
    return dict(parsed.values or {}), parsed.body


def _plain(text: str) -> tuple[str, list[int]]:
    r"""Return text as `content` reads it, and where each code point of it was.

    The list has one place more, for the end of the text.
    """
    places = [
        at
        for at, each in enumerate(text)
        if not (each == "\ufeff" and at == 0)
        and not (each == "\n" and at and text[at - 1] == "\r")
    ]
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return plain, [*places, len(text)]


def _matter(matter: str, start: int, text: str, places: list[int]) -> Matter:
    next_event = events_of(matter)
    next_event()  # the stream begins
    next_event()  # and so does its document, or the stream ends
    root: Event = next_event() if matter.strip() else None
    newline = text[places[start - 1] : places[start]]
    end = places[start + len(matter)]
    if root.__class__ is not MappingStartEvent:
        return Matter((), end, newline=newline)

    def place(index: int) -> int:
        return places[start + index]

    entries = tuple(_entries(next_event, matter, place))
    mark: Any = root.start_mark
    if root.flow_style:
        return Matter(entries, place(mark.index) + 1, newline=newline, flow=True)
    return Matter(entries, end, indent=mark.column, newline=newline)


def _entries(
    next_event: Callable[[], Event], matter: str, place: Callable[[int], int]
) -> Iterator[Entry]:
    while not isinstance(key := next_event(), MappingEndEvent):
        value: Event = next_event()
        last: Event = value
        depth = int(isinstance(value, _OPENING))
        while depth:
            last = next_event()
            depth += isinstance(last, _OPENING) - isinstance(last, _CLOSING)
        begin, end = value.start_mark.index, last.end_mark.index
        scalar = value.__class__ is ScalarEvent
        style = value.style if scalar else None
        written = matter[begin:end].rstrip()
        yield Entry(
            getattr(key, "value", ""),
            place(key.start_mark.index),
            place(begin),
            place(begin + len(written)),
            _QUOTES.get(style, ""),
            simple=scalar
            and style in _QUOTES
            and not isinstance(key, _OPENING)
            and written[:1] not in ("&", "!"),
        )
