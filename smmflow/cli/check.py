"""`smmflow check`: every fault of the workspace in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from smmflow.cli.findings import as_github, as_json, as_sarif, as_summary, as_text
from smmflow.cli.options import now_option
from smmflow.cli.output import say
from smmflow.cli.summary import add_to_summary
from smmflow.diagnostics import Finding, Severity

__all__ = ["command"]


@click.command(name="check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    help="For people, programs, GitHub's annotations, or code scanning.",
)
@click.option(
    "--summary",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Add a table in Markdown to this file, as in $GITHUB_STEP_SUMMARY.",
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
    summary: Path | None,
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
      smmflow check --format github --summary "$GITHUB_STEP_SUMMARY"
      smmflow explain text-too-long
    """
    from smmflow import memory, workflow
    from smmflow.clock import SystemClock

    clock = SystemClock()
    workspace = workflow.load(folder, remember=not no_cache)
    known = memory.look_up(workspace, clock)
    prepared = workflow.prepare(
        workspace, known, moment or clock.now(), remember=not no_cache
    )
    wanted = [_relative(folder / path, workspace.root) for path in paths]
    findings = [f for f in workflow.located(prepared) if _concerns(f, wanted)]
    say(_shaped(shape, findings, len(workspace.posts)), nl=False)
    if summary is not None:
        add_to_summary(summary, as_summary(findings, len(workspace.posts)))
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(finding.severity in failing for finding in findings):
        raise click.exceptions.Exit(1)


def _shaped(shape: str, findings: Sequence[Finding], posts: int) -> str:
    match shape:
        case "json":
            return as_json(findings)
        case "github":
            return as_github(findings, posts)
        case "sarif":
            from smmflow import __version__
            from smmflow.checks import RULES

            titles = {name: rule.title for name, rule in RULES.items()}
            return as_sarif(findings, titles, __version__)
        case _:
            return as_text(findings, posts)


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
