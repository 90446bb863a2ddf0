"""The command line as people use it: another process, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["git", "make_workspace", "smmflow"]

CHANNELS = """\
title: Example
description: A workspace for tests.
language: en
channels:
  site: {network: site, url: https://example.org, max_lateness: 3650d}
"""
CALENDAR = "timezone: Asia/Tehran\n"


def smmflow(
    folder: Path,
    *arguments: str,
    secrets: Mapping[str, str] | None = None,
    under: Sequence[str] = (),
    timeout: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Run a command; its words and exit code are in the result.

    Args:
        folder: Where to run it.
        *arguments: The command line.
        secrets: Further variables of the environment.
        under: A command that runs it, such as one that makes the disk full.
        timeout: Seconds until the test fails.
    """
    return subprocess.run(
        [*under, sys.executable, "-W", "error", "-m", "smmflow", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", **(secrets or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def git(folder: Path, *arguments: str) -> str:
    """Run git and return its words."""
    return subprocess.run(
        ["git", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout


def make_workspace(
    folder: Path, files: Mapping[str, str] | None = None, *, repository: bool = True
) -> Path:
    """Write a workspace, by default in a git repository with one commit."""
    wanted = {"channels.yaml": CHANNELS, "calendar.yaml": CALENDAR, **(files or {})}
    for path, text in wanted.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    if repository:
        git(folder, "init", "-q", "-b", "main")
        git(folder, "add", ".")
        git(folder, "commit", "-q", "-m", "A workspace")
    return folder
