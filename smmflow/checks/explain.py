"""A rule's documentation as Markdown, taken from the docstring of its class."""

from __future__ import annotations

import re
import textwrap

from smmflow.checks.registry import RULES
from smmflow.checks.rule import FormRule, Rule

__all__ = ["SECTIONS", "explain", "rules_table", "sections"]

SECTIONS = ("What", "Why", "Fix", "Bad", "Good", "Source")
"""Parts of a rule's docstring, in their order; only the last may be absent."""

_HEAD = re.compile(rf"^({'|'.join(SECTIONS)}):[ \t]*", re.MULTILINE)


def sections(rule: Rule) -> dict[str, str]:
    """Return the parts of a rule's documentation by name, in the order written."""
    pieces = _HEAD.split(rule.documentation)[1:]
    return {
        name: textwrap.dedent(text.strip("\n")).strip()
        for name, text in zip(pieces[::2], pieces[1::2], strict=True)
    }


def explain(rule: Rule) -> str:
    """Return what a rule finds, why it matters and what to do, as Markdown."""
    parts = sections(rule)
    lines = [
        f"# {rule.name}",
        f"**{rule.title}.** Severity: {rule.severity}.",
        _flow(parts["What"]),
        "## Why it matters",
        _flow(parts["Why"]),
        "## How to fix it",
        _flow(parts["Fix"]),
        "## Example",
        "Instead of",
        _block(parts["Bad"]),
        "write",
        _block(parts["Good"]),
    ]
    if isinstance(rule, FormRule):
        lines[1] += " Found while files are read or composed."
    else:
        lines.insert(7, f"To accept it in one post: `ignore: [{rule.name}]`.")
    if "Source" in parts:
        links = "\n".join(f"- <{url}>" for url in parts["Source"].split())
        lines += ["## Sources", links]
    return "\n\n".join(lines) + "\n"


def rules_table() -> str:
    """Return all rules as a Markdown table: name, severity, what each finds."""
    rows = [
        f"| `{rule.name}` | {rule.severity} | {rule.title} |" for rule in RULES.values()
    ]
    return "\n".join(["| Rule | Severity | Finds |", "|---|---|---|", *rows]) + "\n"


def _flow(paragraph: str) -> str:
    return " ".join(paragraph.split())


def _block(example: str) -> str:
    return f"```text\n{example}\n```"
