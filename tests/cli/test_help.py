from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from smmflow.cli.main import COMMANDS, cli
from tests.cli.terminal import smmflow


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_examples(name: str) -> None:
    shown = CliRunner().invoke(cli, [name, "--help"])
    assert shown.exit_code == 0
    assert "Examples:\n    smmflow " in shown.output


@pytest.mark.parametrize("name", COMMANDS)
def test_the_one_line_in_the_list_begins_the_help_of_the_command(name: str) -> None:
    shown = " ".join(CliRunner().invoke(cli, [name, "--help"]).output.split())
    assert COMMANDS[name].rstrip(".").split(":")[0].split(",")[0] in shown


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from smmflow.cli.main import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'httpx', 'yaml', 'git', 'pydantic', 'jinja2', 'markdown_it'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines()[-1] == "HEAVY []"


def test_a_mistyped_command_gets_a_suggestion(tmp_path: Path) -> None:
    run = smmflow(tmp_path, "chekc")
    assert run.returncode == 2
    assert "Did you mean `check`?" in run.stderr


def test_a_folder_without_a_workspace_says_how_to_begin(tmp_path: Path) -> None:
    run = smmflow(tmp_path, "check")
    assert run.returncode == 2
    assert "channels.yaml" in run.stderr
    assert "Traceback" not in run.stderr
