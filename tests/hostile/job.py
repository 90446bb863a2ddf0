"""The installed command, run as a job runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

__all__ = ["SECRETS", "run"]

PROGRAM = Path(sys.executable).with_name("smmflow")
ROOT = Path(__file__).parents[2]
SECRETS = {"MASTODON_TOKEN": "token-canary", "GITHUB_TOKEN": "ghs-canary"}
BOUNDS = ("sh", "-c", 'ulimit -v 2000000; exec "$@"', "sh")
"""A quarter of what GitHub's machines have: what needs more has no bound."""


def run(
    folder: Path, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the installed command, as a job does; its folder brings no modules."""
    ours = {"PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*BOUNDS, str(PROGRAM), *arguments],
        cwd=folder,
        env={**SECRETS, **os.environ, **ours, **variables},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )
