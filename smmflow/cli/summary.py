"""The summary of a job: a file that grows while the job's commands run."""

from __future__ import annotations

from pathlib import Path

from smmflow.errors import UsageError

__all__ = ["add_to_summary"]


def add_to_summary(file: Path, words: str) -> None:
    """Add Markdown to the end of a file.

    Raises:
        UsageError: It can't be written.
    """
    try:
        with file.open("a", encoding="utf-8") as opened:
            opened.write(words)
    except OSError as problem:
        raise UsageError(
            f"the summary {file} can't be written: {problem.strerror}",
            hint="name a file in a folder that exists",
        ) from problem
