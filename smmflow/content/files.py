"""One file's values: read, split and parsed, or the findings that forbid it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from smmflow.content import front_matter, yaml_core, yaml_positions
from smmflow.content.source import decode, read_bytes
from smmflow.diagnostics import Finding, Place, Severity

__all__ = ["Parsed", "parse_markdown", "parse_yaml", "read_file"]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file says, before anybody knows whether its keys make sense.

    Attributes:
        values: Keys and values; None if they can't be read.
        body: The text after them.
        body_line: The 1-based line on which `body` begins.
        findings: Faults of form.
    """

    values: dict[str, object] | None
    body: str = ""
    body_line: int = 1
    findings: tuple[Finding, ...] = ()


def read_file(
    root: Path | str, path: str, *, optional: bool = False, size: int | None = None
) -> Parsed:
    """Return what one file of the workspace says.

    Args:
        root: The workspace.
        path: The file, relative to it; Markdown if its name ends in .md, else YAML.
        optional: Markdown without front matter is all body.
        size: Of the file in bytes, if it was found inside the workspace.
    """
    content = read_bytes(root, path, size)
    if isinstance(content, Finding):
        return Parsed(None, findings=(content,))
    text = decode(path, content)
    if isinstance(text, Finding):
        return Parsed(None, findings=(text,))
    if path.endswith(".md"):
        return parse_markdown(path, text, optional=optional)
    return parse_yaml(path, text)


def parse_markdown(path: str, text: str, *, optional: bool = False) -> Parsed:
    """Return what the front matter of a text says, and the body after it."""
    if optional and not text.startswith("---"):
        return Parsed({}, text)
    try:
        halves = front_matter.split(text)
    except front_matter.FrontMatterMissing as fault:
        finding = Finding(
            "front-matter-missing",
            Severity.ERROR,
            fault.message,
            Place(path, line=fault.line),
            fault.hint,
        )
        return Parsed(None, findings=(finding,))
    return _parse(path, halves.yaml, 2, halves.body, halves.body_line)


def parse_yaml(path: str, text: str) -> Parsed:
    """Return what a YAML file says."""
    return _parse(path, text, 1, "", 1)


def _parse(path: str, yaml: str, first_line: int, body: str, body_line: int) -> Parsed:
    try:
        values, remarkable = yaml_core.parse(yaml)
    except yaml_core.BrokenYaml as fault:
        place = _place(path, yaml, fault.index, first_line)
        finding = Finding(fault.rule, Severity.ERROR, fault.message, place, fault.hint)
        return Parsed(None, body, body_line, (finding,))
    if values is None:
        return Parsed({}, body, body_line)
    if not isinstance(values, dict):
        finding = Finding(
            "wrong-type",
            Severity.ERROR,
            "these are no keys with values",
            Place(path, line=first_line),
            "write `key: value`, one on a line",
        )
        return Parsed(None, body, body_line, (finding,))
    findings = _second_look(path, yaml, first_line) if remarkable else ()
    return Parsed(values, body, body_line, findings)


def _second_look(path: str, yaml: str, first_line: int) -> tuple[Finding, ...]:
    positions = yaml_positions.inspect(yaml)
    repeated = tuple(
        Finding(
            "duplicate-key",
            Severity.ERROR,
            f"the key `{each.keys[-1]}` stands here a second time",
            _place(path, yaml, each.index, first_line),
            "keep one of them",
        )
        for each in positions.repeated
    )
    traps = tuple(
        Finding(
            "yaml-trap",
            Severity.NOTE,
            f"other YAML tools read `{each.word}` as something else",
            Place(path, each.keys),
            f'put quotes around it: "{each.word}"',
        )
        for each in positions.traps
    )
    return repeated + traps


def _place(path: str, yaml: str, index: int, first_line: int) -> Place:
    line = yaml.count("\n", 0, index) + first_line
    column = index - (yaml.rfind("\n", 0, index) + 1) + 1
    return Place(path, line=line, column=column)
