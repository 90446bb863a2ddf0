"""Lines and columns of findings, looked up only in the files that have any."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from smmflow.content import front_matter, yaml_positions
from smmflow.content.source import decode, read_bytes
from smmflow.diagnostics import Finding, Place, SourceRef

__all__ = ["locate"]

_LONGEST_LINE = 400
"""Code points of a line that are kept: terminals show no more."""


def locate(root: Path, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings with lines and columns, sorted by path, line and column.

    A fault that concerns no key and no text of its file stands at the beginning of it.

    Args:
        root: The workspace.
        findings: As rules found them; those with a `source` keep it.
    """
    texts: dict[str, _Text] = {}
    located = []
    for finding in findings:
        if finding.source is None:
            path = finding.place.path
            if path not in texts:
                texts[path] = _Text(path, _text_of(root, path))
            finding = replace(finding, source=texts[path].find(finding.place))  # noqa: PLW2901  (the same finding, with its place)
        located.append(finding)
    return tuple(sorted(located, key=_order))


def _order(finding: Finding) -> tuple[str, int, int, str, str, str]:
    source = finding.source or SourceRef(finding.place.path)
    return (
        source.path,
        source.line,
        source.column,
        finding.rule,
        finding.channel,
        finding.message,
    )


def _text_of(root: Path, path: str) -> str:
    """Return a file's text, or as much of it as shows where it is at fault."""
    content = read_bytes(root, path)
    if isinstance(content, Finding):
        return ""
    text = decode(path, content)
    if isinstance(text, str):
        return text
    if b"\0" in content:
        return ""
    return content.decode("utf-8", "replace").removeprefix("\ufeff")


class _Text:
    """One file with a fault."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._lines = text.split("\n")
        self._yaml, self._yaml_line = text, 1
        self._body, self._body_line = "", 1
        self._positions: yaml_positions.Positions | None = None
        if path.endswith(".md"):
            try:
                halves = front_matter.split(text)
            except front_matter.FrontMatterMissing:
                self._yaml, self._body = "", text
            else:
                self._yaml, self._yaml_line = halves.yaml, 2
                self._body, self._body_line = halves.body, halves.body_line

    def find(self, place: Place) -> SourceRef:
        if place.line is not None:
            return self._at(place.line, place.column)
        if place.offset is not None:
            offset = max(0, min(place.offset, len(self._body)))
            return self._within(self._body, offset, self._body_line)
        if not place.keys:
            return self._at(1, 1)
        if self._positions is None:
            self._positions = yaml_positions.inspect(self._yaml)
        index = self._positions.index(place.keys, on_key=place.on_key)
        if index is None:
            return self._at(1, 1)
        return self._within(self._yaml, index, self._yaml_line)

    def _within(self, text: str, index: int, first_line: int) -> SourceRef:
        line = text.count("\n", 0, index) + first_line
        return self._at(line, index - (text.rfind("\n", 0, index) + 1) + 1)

    def _at(self, line: int, column: int) -> SourceRef:
        shown = self._lines[line - 1] if line <= len(self._lines) else ""
        return SourceRef(self._path, line, column, shown[:_LONGEST_LINE].rstrip("\r"))
