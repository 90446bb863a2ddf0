"""The action: its command becomes words, and nothing in it is expanded or run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.workflows import ROOT

SHOW = f"#!{sys.executable}\nimport json, sys\nprint(json.dumps(sys.argv[1:]))\n"


def step(name: str) -> dict[str, Any]:
    action = yaml.safe_load((ROOT / "action.yml").read_bytes())
    (found,) = (each for each in action["runs"]["steps"] if each.get("name") == name)
    assert isinstance(found, dict)
    return found


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The step that runs a command, with a smmflow that shows its arguments."""
    programs = folder / "venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(sys.executable)
    (programs / "smmflow").write_text(SHOW, encoding="utf-8")
    (programs / "smmflow").chmod(0o755)
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step("Run")["run"]],
        cwd=folder,
        env={
            "PATH": f"{programs}:{os.environ['PATH']}",
            "VENV": str(folder / "venv"),
            "COMMAND": command,
        },
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("check --format github", ["check", "--format", "github"]),
        ('new post "Two words"', ["new", "post", "Two words"]),
        ("freeze 'زلزله در شمال'", ["freeze", "زلزله در شمال"]),
        ("check\n  --strict\n", ["check", "--strict"]),
        ("check; touch pwned", ["check;", "touch", "pwned"]),
        ("$(touch pwned) `touch pwned`", ["$(touch", "pwned)", "`touch", "pwned`"]),
        ("check > pwned | tee pwned", ["check", ">", "pwned", "|", "tee", "pwned"]),
        ("* $HOME ~", ["*", "$HOME", "~"]),
    ],
)
def test_a_command_is_words_and_no_shell_sees_it(
    tmp_path: Path, command: str, words: list[str]
) -> None:
    done = run(command, tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == words
    assert not (tmp_path / "pwned").exists()


def test_a_quote_without_its_end_fails_and_runs_nothing(tmp_path: Path) -> None:
    done = run("check 'oops", tmp_path)
    assert done.returncode != 0
    assert done.stdout == ""


def test_inputs_reach_its_shells_as_variables_only() -> None:
    for name in ("Install", "Run"):
        assert "${{" not in step(name)["run"]
    assert step("Run")["env"]["COMMAND"] == "${{ inputs.command }}"
