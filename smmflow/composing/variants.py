"""Wording that only some channels get: `::: only a b` and `::: not a` containers."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

from smmflow.composing.lines import Line, lines
from smmflow.composing.rules import fault
from smmflow.diagnostics import Finding, Place

__all__ = ["Variant", "select"]

_OPEN = re.compile(r":{3,}[ \t]*(only|not)[ \t]+(\S.*?)[ \t]*$")
_CLOSE = re.compile(r":{3,}[ \t]*$")


@dataclass(frozen=True, slots=True)
class Variant:
    """What one channel gets of a text.

    Attributes:
        text: Lines of other channels are blank rather than gone, so that the number of
            a line here is its number in the whole text.
        findings: What is wrong with the containers.
    """

    text: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Container:
    line: Line
    mine: bool


def select(body: str, channel: str, known: Collection[str], path: str) -> Variant:
    """Return the wording for a channel.

    Args:
        body: The whole text.
        channel: Whose wording is wanted.
        known: Names of all channels; others in a container are findings.
        path: The file, for the findings.
    """
    if ":::" not in body:
        return Variant(body)
    kept: list[str] = []
    findings: list[Finding] = []
    container: _Container | None = None
    for line in lines(body):
        opening = None if line.code else _OPEN.match(line.text)
        if opening:
            if container:
                findings.append(_unclosed(container.line, path))
            names = opening[2].replace(",", " ").split()
            findings.extend(_unknown(names, known, line, path))
            container = _Container(line, (channel in names) == (opening[1] == "only"))
            kept.append("")
        elif container and not line.code and _CLOSE.match(line.text):
            container = None
            kept.append("")
        else:
            if not line.code and line.text.startswith(":::"):
                findings.append(_malformed(line, path))
            kept.append(line.text if container is None or container.mine else "")
    if container:
        findings.append(_unclosed(container.line, path))
    return Variant("\n".join(kept), tuple(findings))


def _unclosed(line: Line, path: str) -> Finding:
    return fault(
        "variant-unclosed",
        f"`{line.text.strip()}` is never closed",
        Place(path, offset=line.offset),
        hint="end it with a line of `:::`; containers don't nest",
    )


def _malformed(line: Line, path: str) -> Finding:
    return fault(
        "variant-malformed",
        f"`{line.text.strip()}` begins or ends no variant",
        Place(path, offset=line.offset),
        hint="write `::: only CHANNEL` or `::: not CHANNEL`, and end it with `:::`",
    )


def _unknown(
    names: list[str], known: Collection[str], line: Line, path: str
) -> list[Finding]:
    return [
        fault(
            "unknown-channel",
            f"there is no channel `{name}`",
            Place(path, offset=line.offset + line.text.find(name)),
            hint=_suggestion(name, known),
        )
        for name in names
        if name not in known
    ]


def _suggestion(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, known, n=1)
    if close:
        return f"did you mean `{close[0]}`?"
    return "channels are listed in channels.yaml"
