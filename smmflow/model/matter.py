"""A front matter as it is written: its keys, and where in the file they stand."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Entry", "Matter"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value; places are code points of the file as it is on disk.

    Attributes:
        key: Its name.
        start: Where the key begins.
        value_start: Where the value begins; for an empty one, behind the colon.
        value_end: Where it ends.
        quote: What stands around the value: `'`, `"` or nothing.
        simple: It is one scalar that can be replaced by another: no list, no block, no
            anchor, no tag.
    """

    key: str
    start: int
    value_start: int
    value_end: int
    quote: str = ""
    simple: bool = True


@dataclass(frozen=True, slots=True)
class Matter:
    """All keys of a front matter, in the order written.

    Attributes:
        entries: The keys.
        insertion: Where another key can be written, as in `Entry.start`.
        indent: Spaces before each key.
        newline: What ends its lines.
        flow: It is written in braces, so a comma must follow what is inserted.
    """

    entries: tuple[Entry, ...]
    insertion: int
    indent: int = 0
    newline: str = "\n"
    flow: bool = False

    def find(self, key: str) -> Entry | None:
        """Return the first entry of that name; None if there is none."""
        return next((each for each in self.entries if each.key == key), None)
