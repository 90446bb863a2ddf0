"""Findings: what is wrong in a workspace, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Finding", "Place", "Severity", "SourceRef"]


class Severity(StrEnum):
    """How much a finding matters: only an error makes `smmflow check` fail."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault lies, before anybody worked out line and column.

    Rules know keys and offsets, not lines: lines are looked up only for the few files
    that have a fault, so that faultless files stay cheap.

    Attributes:
        path: The file, relative to the workspace, with forward slashes.
        keys: The way to a value in the front matter or YAML: `("media", 0, "alt")`.
        on_key: Point at the key itself rather than at its value.
        offset: A code point offset into the text after the front matter, if the fault
            is there; it wins over `keys`.
        line: A 1-based line of the file, where it is known already; wins over both.
        column: A 1-based column in code points, used with `line`.
    """

    path: str
    keys: tuple[str | int, ...] = ()
    on_key: bool = False
    offset: int | None = None
    line: int | None = None
    column: int = 1


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A position in a file: 1-based line and column, and the line itself."""

    path: str
    line: int = 1
    column: int = 1
    text: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in a workspace.

    Attributes:
        rule: The name of the rule, as in `ignore: [text-too-long]`.
        severity: Whether it fails a check.
        message: What is wrong, one sentence without a full stop.
        place: Where, as the rule saw it.
        hint: What to do about it; may be empty.
        channel: The channel concerned, if only one is.
        source: Where, in lines and columns; None until it has been located.
    """

    rule: str
    severity: Severity
    message: str
    place: Place
    hint: str = ""
    channel: str = ""
    source: SourceRef | None = None
