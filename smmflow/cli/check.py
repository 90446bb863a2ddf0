"""`smmflow check`: every fault of the workspace in one pass."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from smmflow.cli.options import now_option
from smmflow.cli.output import paint
from smmflow.diagnostics import Finding, Severity, SourceRef

__all__ = ["command"]

_SHOWN_WIDTH = 96


@click.command(name="check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json"]),
    default="text",
    help="For people, or for programs.",
)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option(
    "--no-cache", is_flag=True, help="Read and judge everything anew; it is slower."
)
@now_option
@click.pass_obj
def command(  # noqa: PLR0913 - one for each option
    folder: Path,
    paths: tuple[Path, ...],
    shape: str,
    moment: datetime | None,
    *,
    strict: bool,
    no_cache: bool,
) -> None:
    """Find faults in the workspace before anybody else does.

    Reads every file, composes every post for every channel, and applies every rule.
    With PATHS, tells only of those files and folders. Sends nothing, needs no secret.
    Ends with 1 if there is an error.

    \b
    Examples:
      smmflow check
      smmflow check content/posts/launch.md
      smmflow check --strict --format json
      smmflow explain text-too-long
    """
    from smmflow import workflow
    from smmflow.clock import SystemClock

    clock = SystemClock()
    workspace = workflow.load(folder, remember=not no_cache)
    known = workflow.look_up(workspace, clock)
    prepared = workflow.prepare(
        workspace, known, moment or clock.now(), remember=not no_cache
    )
    wanted = [_relative(folder / path, workspace.root) for path in paths]
    findings = [f for f in workflow.located(prepared) if _concerns(f, wanted)]
    if shape == "json":
        click.echo(_as_json(findings), nl=False)
    else:
        click.echo(_as_text(findings, len(workspace.posts)), nl=False)
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(finding.severity in failing for finding in findings):
        raise click.exceptions.Exit(1)


def _relative(path: Path, root: Path) -> str:
    absolute = path.absolute()
    if not absolute.exists():
        raise click.UsageError(f"there is no {path}")
    try:
        return absolute.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        raise click.UsageError(f"{path} is not in the workspace {root}") from None


def _concerns(finding: Finding, wanted: Sequence[str]) -> bool:
    path = finding.place.path
    return not wanted or any(
        each in {".", path} or path.startswith(each + "/") for each in wanted
    )


def _source(finding: Finding) -> SourceRef:
    return finding.source or SourceRef(finding.place.path)


def _as_text(findings: Sequence[Finding], posts: int) -> str:
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
    counts = [
        f"{number} {severity}{'' if number == 1 else 's'}"
        for severity in Severity
        if (number := sum(f.severity is severity for f in findings))
    ]
    checked = f"{posts} post{'' if posts == 1 else 's'} checked"
    lines.append(f"{checked}: {', '.join(counts) or 'no fault found'}")
    return "\n".join(lines) + "\n"


def _window(line: str, column: int) -> str:
    """Return as much of a long line as fits, with the fault in it."""
    line = line.rstrip()
    if len(line) <= _SHOWN_WIDTH:
        return line
    start = max(0, min(column - _SHOWN_WIDTH // 2, len(line) - _SHOWN_WIDTH))
    shown = line[start : start + _SHOWN_WIDTH]
    before = "…" if start else ""
    return before + shown + ("…" if start + _SHOWN_WIDTH < len(line) else "")


def _as_json(findings: Sequence[Finding]) -> str:
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
