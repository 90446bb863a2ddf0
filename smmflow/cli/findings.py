"""Findings in words: for people, programs, GitHub's annotations and code scanning."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence

from smmflow.cli.output import paint
from smmflow.diagnostics import Finding, Severity, SourceRef
from smmflow.language.markdown import escape

__all__ = ["as_github", "as_json", "as_sarif", "as_summary", "as_text"]

_SHOWN_WIDTH = 96
_ANNOTATED = 10
"""GitHub shows so many of each kind for a step, and drops the rest.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""
_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
}
_SUMMARY_ROWS = 200


def as_text(findings: Sequence[Finding], posts: int) -> str:
    """Return findings for people, with the line and the fault in it."""
    lines = []
    for finding in findings:
        source = _source(finding)
        where = f"{source.path}:{source.line}:{source.column}"
        kind = paint(f"{finding.severity} {finding.rule}", finding.severity)
        lines.append(f"{where}: {kind}: {finding.message}")
        if source.text.strip():
            lines.append(f"  | {_window(source.text, source.column)}")
        if finding.hint:
            lines.append(f"  hint: {finding.hint}")
    lines.append(_counted(findings, posts))
    return "\n".join(lines) + "\n"


def as_json(findings: Sequence[Finding]) -> str:
    """Return findings for programs."""
    rows = [
        {
            "rule": finding.rule,
            "severity": str(finding.severity),
            "message": finding.message,
            "hint": finding.hint,
            "channel": finding.channel,
            "path": _source(finding).path,
            "line": _source(finding).line,
            "column": _source(finding).column,
            "text": _source(finding).text,
        }
        for finding in findings
    ]
    return json.dumps({"findings": rows}, ensure_ascii=False, indent=2) + "\n"


def as_github(findings: Sequence[Finding], posts: int) -> str:
    """Return findings for the log of a GitHub job, and the worst as annotations.

    Words of files stand between lines that switch off what GitHub takes for commands:
    a post that begins a line with `::` must not command the job.
    """
    token = f"words-of-files-{secrets.token_hex(16)}"
    log = f"::stop-commands::{token}\n{as_text(findings, posts)}::{token}::\n"
    return log + "".join(f"{line}\n" for line in _annotations(findings))


def _annotations(findings: Sequence[Finding]) -> Iterator[str]:
    for severity, level in _LEVELS.items():
        of_kind = [each for each in findings if each.severity is severity]
        for finding in of_kind[:_ANNOTATED]:
            source = _source(finding)
            where = {
                "file": source.path,
                "line": str(source.line),
                "col": str(source.column),
                "title": finding.rule,
            }
            given = ",".join(f"{key}={_property(each)}" for key, each in where.items())
            yield f"::{level} {given}::{_words(_sentence(finding))}"


def _words(text: str) -> str:
    """Return text as a workflow command takes it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _words(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(
    findings: Sequence[Finding], rules: Mapping[str, str], version: str
) -> str:
    """Return findings for code scanning, as SARIF 2.1.0.

    https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

    Args:
        findings: Located.
        rules: What each rule finds, in one sentence, by name.
        version: Of smmflow.
    """
    names = sorted({each.rule for each in findings})
    driver = {
        "name": "smmflow",
        "version": version,
        "informationUri": "https://github.com/smmflow/smmflow",
        "rules": [
            {"id": name, "shortDescription": {"text": rules.get(name) or name}}
            for name in names
        ],
    }
    results = [
        {
            "ruleId": finding.rule,
            "ruleIndex": names.index(finding.rule),
            "level": str(finding.severity),
            "message": {"text": _sentence(finding)},
            "locations": [{"physicalLocation": _location(finding)}],
        }
        for finding in findings
    ]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _location(finding: Finding) -> Mapping[str, object]:
    from urllib.parse import quote

    source = _source(finding)
    return {
        "artifactLocation": {"uri": quote(source.path)},
        "region": {"startLine": source.line, "startColumn": source.column},
    }


def as_summary(findings: Sequence[Finding], posts: int) -> str:
    """Return findings as Markdown, for the summary of a job; nothing in it is markup.

    A summary of more than 1 MiB is refused by GitHub, so it names 200 at most.
    """
    lines = ["## smmflow check", "", escape(_counted(findings, posts)), ""]
    if findings:
        lines += ["| Where | Rule | What |", "| --- | --- | --- |"]
    for finding in findings[:_SUMMARY_ROWS]:
        source = _source(finding)
        where = escape(f"{source.path}:{source.line}:{source.column}")
        kind = escape(f"{finding.severity} {finding.rule}")
        lines.append(f"| {where} | {kind} | {escape(_sentence(finding))} |")
    if len(findings) > _SUMMARY_ROWS:
        lines += ["", f"{len(findings) - _SUMMARY_ROWS} more are in the log."]
    return "\n".join(lines) + "\n\n"


def _sentence(finding: Finding) -> str:
    hint = f" ({finding.hint})" if finding.hint else ""
    return f"{finding.message}{hint}"


def _source(finding: Finding) -> SourceRef:
    return finding.source or SourceRef(finding.place.path)


def _counted(findings: Sequence[Finding], posts: int) -> str:
    counts = [
        f"{number} {severity}{'' if number == 1 else 's'}"
        for severity in Severity
        if (number := sum(f.severity is severity for f in findings))
    ]
    checked = f"{posts} post{'' if posts == 1 else 's'} checked"
    return f"{checked}: {', '.join(counts) or 'no fault found'}"


def _window(line: str, column: int) -> str:
    """Return as much of a long line as fits, with the fault in it."""
    line = line.rstrip()
    if len(line) <= _SHOWN_WIDTH:
        return line
    start = max(0, min(column - _SHOWN_WIDTH // 2, len(line) - _SHOWN_WIDTH))
    shown = line[start : start + _SHOWN_WIDTH]
    before = "…" if start else ""
    return before + shown + ("…" if start + _SHOWN_WIDTH < len(line) else "")
