"""The how-to on adding a network is followed to the letter, in a copy of smmflow."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "add-a-network.md"


def _block(after: str) -> str:
    """The first code block behind some words of the page."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", text[text.index(after) :], re.DOTALL)
    assert found is not None, after
    return found[1]


def test_what_the_page_makes_passes_the_contract(tmp_path: Path) -> None:
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "smmflow", tmp_path / "smmflow", ignore=without)
    networks = tmp_path / "smmflow" / "networks"
    module = _block("Create `smmflow/networks/noticeboard.py`")
    (networks / "noticeboard.py").write_text(module)
    registry = networks / "registry.py"
    lines = registry.read_text().replace("_CLASSES = {\n", "_CLASSES = {\n{row}", 1)
    registry.write_text(lines.replace("{row}", _block("the only place that lists"), 1))
    test = tmp_path / "test_noticeboard.py"
    test.write_text(_block("Create `tests/networks/test_noticeboard.py`"))

    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        str(test),
    ]
    ran = subprocess.run(
        command,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert passed is not None
    assert int(passed[1]) >= 20

    command = [sys.executable, "-m", "smmflow", "networks"]
    told = subprocess.run(
        command,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "noticeboard: Noticeboard" in told.stdout
