"""A state in a real repository without a remote."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smmflow.clock import FixedClock
from smmflow.repository import Repository, StateBranch


@pytest.fixture
def branch(tmp_path: Path) -> StateBranch:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    clock = FixedClock(datetime(2026, 12, 1, 12, 0, tzinfo=UTC))
    return Repository(tmp_path).state_branch("smmflow-state", "origin", clock)
