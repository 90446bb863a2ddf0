"""YAML with the 1.2 core schema, at the speed of libyaml and within bounds.

PyYAML's own loaders follow YAML 1.1, where `no` is false and `10:30` is 630. Here
only libyaml's parser is used; what a scalar means is decided by the core schema of
https://yaml.org/spec/1.2.2/#103-core-schema, with three rules of our own: a number
with leading zeros stays text, so that `007` loses nothing; keys are words, whatever
they look like; and tags are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from smmflow.errors import ConfigurationError

__all__ = [
    "MAX_ALIASES",
    "MAX_DEPTH",
    "MAX_EXPANDED",
    "BrokenYaml",
    "Event",
    "events_of",
    "is_trap",
    "parse",
    "parser_fault",
    "plain",
]

MAX_ALIASES = 64
"""Aliases in one file; more than that is no text written by hand."""
MAX_EXPANDED = 10_000
"""Values that all aliases of one file may stand for together."""
MAX_DEPTH = 24
"""Lists and mappings inside each other."""

Event = Any
"""types-PyYAML gives events no attributes."""

_CONSTANTS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF"), float("inf")),
    **dict.fromkeys(("+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_WORDS_OF_1_1 = frozenset(
    word
    for base in ("y", "n", "yes", "no", "on", "off")
    for word in (base, base.capitalize(), base.upper())
)
_SPECIAL = frozenset(_CONSTANTS) | _WORDS_OF_1_1
_NUMERIC_START = frozenset("0123456789+-.")
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(?:(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)"
)
_NUMBER_OF_1_1 = re.compile(
    r"[-+]?(?:[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"  # 10:30 was 630
    r"|0[0-7_]+"  # 010 was 8
    r"|0b[01_]+"
    r"|[0-9]+(?:_[0-9]+)+)"  # 1_000 was 1000
)
_LONGEST_NUMBER = 300
"""Longer tokens of digits stay text: no file of ours holds such a number."""
_NOT_PRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


class BrokenYaml(Exception):
    """Text that is no YAML, or more of it than we take.

    Args:
        rule: `yaml-broken`, `yaml-too-complex` or `duplicate-key`.
        message: What is wrong.
        hint: What to do about it.
        index: The code point of the text where it went wrong.
    """

    def __init__(self, rule: str, message: str, hint: str, index: int) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.hint = hint
        self.index = index


def parse(text: str) -> tuple[object, bool]:
    """Return what a YAML text says, and whether it deserves a second look.

    The second look (`yaml_positions.inspect`) is for duplicate keys, of which the first
    counts here, and for words that other tools read differently. It costs more, so
    faultless files are spared it.

    Raises:
        BrokenYaml: It is no YAML, or beyond the bounds of this module.
        ConfigurationError: PyYAML was built without libyaml.
    """
    try:
        reader = _Reader(events_of(text))
        return reader.document(), reader.remarkable
    except yaml.YAMLError as error:
        raise parser_fault(error, text) from None


def events_of(text: str) -> Callable[[], Event]:
    """Return a function that gives the next event of a YAML text.

    Raises:
        ConfigurationError: PyYAML was built without libyaml.
    """
    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]  # noqa: PLC0415  (absent without libyaml; stubs leave it out)
    except ImportError:
        message = "the installed PyYAML has no libyaml"
        hint = "install PyYAML from a wheel, or with libyaml's headers present"
        raise ConfigurationError(message, hint=hint) from None
    get_event: Callable[[], Event] = CParser(text).get_event
    return get_event


def plain(text: str) -> object:  # noqa: PLR0911  (one for each type)
    """Return what an unquoted scalar means in the core schema.

    A float if it looks like one, and so for int, bool and null; else the text itself.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _NUMERIC_START or len(text) > _LONGEST_NUMBER:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _OCTAL.fullmatch(text):
        return int(text, 8)
    if _HEX.fullmatch(text):
        return int(text, 16)
    return text


def is_trap(text: str) -> bool:
    """Tell whether YAML 1.1 reads an unquoted scalar differently: `no`, `10:30`."""
    return text in _WORDS_OF_1_1 or _NUMBER_OF_1_1.fullmatch(text) is not None


class _Reader:
    """Builds plain values from events; one per text."""

    __slots__ = ("_anchors", "_budget", "_depth", "_next", "_unused", "remarkable")

    def __init__(self, next_event: Callable[[], Event]) -> None:
        self._next = next_event
        self._anchors: dict[str, object] = {}
        self._unused = MAX_ALIASES
        self._budget = MAX_EXPANDED
        self._depth = 0
        self.remarkable = False

    def document(self) -> object:
        """Return the only document of the stream; None if there is none."""
        following = self._next
        following()
        event = following()
        if event.__class__ is StreamEndEvent:
            return None
        value = self._node(following())
        following()
        event = following()
        if event.__class__ is DocumentStartEvent:
            raise _broken(
                event,
                "a second document begins here",
                "keep one document in a file: take away this `---`",
            )
        return value

    def _node(self, event: Event) -> object:
        kind = event.__class__
        if kind is ScalarEvent:
            return self._scalar(event)
        if kind is MappingStartEvent:
            value: object = self._mapping(event)
        elif kind is SequenceStartEvent:
            value = self._sequence(event)
        else:
            return self._alias(event)
        return value

    def _scalar(self, event: Event) -> object:
        value: Any = event.value
        if event.tag is not None:
            raise _tagged(event)
        if event.implicit[0]:
            text = event.value
            if text in _SPECIAL:
                if text in _CONSTANTS:
                    value = _CONSTANTS[text]
                else:
                    self.remarkable = True
            elif text[0] in _NUMERIC_START:
                value = plain(text)
                if value is text and _NUMBER_OF_1_1.fullmatch(text):
                    self.remarkable = True
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        return value

    def _mapping(self, start: Event) -> dict[str, object]:
        found: dict[str, object] = {}
        self._enter(start, found)
        following = self._next
        while True:
            event = following()
            if event.__class__ is MappingEndEvent:
                break
            if event.__class__ is not ScalarEvent:
                raise _broken(
                    event,
                    "a key must be a word, not a list, a mapping or an alias",
                    "put a word, a colon and a space before the value; "
                    "quote values that hold `{` or `[`",
                )
            if event.tag is not None:
                raise _tagged(event)
            key = event.value
            value = following()
            result = (
                self._scalar(value)
                if value.__class__ is ScalarEvent
                else self._node(value)
            )
            if key in found:
                self.remarkable = True
            else:
                found[key] = result
        self._depth -= 1
        if start.anchor is not None:
            self._anchors[start.anchor] = found
        return found

    def _sequence(self, start: Event) -> list[object]:
        found: list[object] = []
        self._enter(start, found)
        following = self._next
        while True:
            event = following()
            kind = event.__class__
            if kind is ScalarEvent:
                found.append(self._scalar(event))
            elif kind is SequenceEndEvent:
                break
            else:
                found.append(self._node(event))
        self._depth -= 1
        if start.anchor is not None:
            self._anchors[start.anchor] = found
        return found

    def _enter(self, start: Event, found: object) -> None:
        if start.tag is not None:
            raise _tagged(start)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _complex(start, f"lists and mappings nest deeper than {MAX_DEPTH}")
        if start.anchor is not None:
            self._anchors.pop(start.anchor, found)

    def _alias(self, event: Event) -> object:
        if event.__class__ is not AliasEvent or event.anchor not in self._anchors:
            raise _broken(
                event,
                f"`*{event.anchor}` refers to nothing before it",
                "quote a value that begins with `*`",
            )
        self._unused -= 1
        if self._unused < 0:
            raise _complex(event, f"there are more than {MAX_ALIASES} aliases")
        value = self._anchors[event.anchor]
        self._budget -= _size(value, self._budget)
        if self._budget < 0:
            raise _complex(event, f"aliases stand for more than {MAX_EXPANDED} values")
        return value


def _size(value: object, enough: int) -> int:
    """Count values, giving up soon after there are `enough`."""
    total, waiting = 0, [value]
    while waiting and total <= enough:
        each = waiting.pop()
        total += 1
        if isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
    return total


def _broken(event: Event, message: str, hint: str) -> BrokenYaml:
    return BrokenYaml("yaml-broken", message, hint, event.start_mark.index)


def _complex(event: Event, message: str) -> BrokenYaml:
    hint = "write the values out, or keep them in more than one file"
    return BrokenYaml("yaml-too-complex", message, hint, event.start_mark.index)


def _tagged(event: Event) -> BrokenYaml:
    return BrokenYaml(
        "yaml-too-complex",
        f"the tag `{event.tag}` is not used here",
        "quote text that begins with `!`; numbers and dates need no tag",
        event.start_mark.index,
    )


_HINTS = {
    "mapping values are not allowed": "a colon and a space inside a value need quotes "
    'around the value: title: "Version 1: it is out"',
    "cannot start any token": "YAML indents with spaces, never with tabs; a value that "
    "begins with @, ` or % needs quotes",
    "did not find expected key": "keys of one list stand under each other: look at the "
    "spaces before this line and at quotes in the line above",
    "could not find expected ':'": "every key is followed by a colon and a space",
    "did not find expected ',' or ']'": "close the list with ], and quote entries "
    "that hold a comma or a bracket",
    "did not find expected ',' or '}'": "close the mapping with }, and quote entries "
    "that hold a comma or a brace",
    "unexpected end of stream": "a quote or bracket is opened and never closed",
    "did not find expected '-' indicator": "entries of one list stand under each other",
    "block sequence entries are not allowed": "begin the list on a line of its own",
    "unknown escape character": "in double quotes write \\\\ for a backslash, or use "
    "single quotes",
    "tab character": "YAML indents with spaces, never with tabs",
}


def parser_fault(error: yaml.YAMLError, text: str) -> BrokenYaml:
    """Return what libyaml did not like, in words for a person."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        unprintable = _NOT_PRINTABLE.search(text)
        if unprintable is None:
            return BrokenYaml("yaml-broken", f"this is no YAML: {error}", "", 0)
        return BrokenYaml(
            "yaml-broken",
            f"the invisible character U+{ord(unprintable[0]):04X} can't stand here",
            "delete it, or write it as an escape in double quotes",
            unprintable.start(),
        )
    problem = str(getattr(error, "problem", "") or "it can't be read")
    hint = next((hint for words, hint in _HINTS.items() if words in problem), "")
    message = f"this is no YAML: {problem}"
    return BrokenYaml("yaml-broken", message, hint, min(mark.index, len(text)))
