from __future__ import annotations

from pathlib import Path

from smmflow.checks import RULES
from tests.cli.terminal import smmflow


def test_every_rule_is_one_line_with_severity_and_title(tmp_path: Path) -> None:
    run = smmflow(tmp_path, "rules")
    assert (run.returncode, run.stderr) == (0, "")
    listed = [line.split(maxsplit=2) for line in run.stdout.splitlines()]
    assert listed == [
        [name, str(rule.severity), rule.title] for name, rule in RULES.items()
    ]


def test_a_rule_explains_itself(tmp_path: Path) -> None:
    run = smmflow(tmp_path, "explain", "alt-text-missing")
    assert run.returncode == 0
    assert run.stdout.startswith("# alt-text-missing\n")
    assert "## Sources" in run.stdout


def test_a_mistyped_rule_gets_a_suggestion(tmp_path: Path) -> None:
    run = smmflow(tmp_path, "explain", "alt-text-mising")
    assert (run.returncode, run.stdout) == (2, "")
    assert "did you mean alt-text-missing?" in run.stderr
