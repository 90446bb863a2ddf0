from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import git, make_workspace, smmflow

TEAM = """\
approvals: forge
people: {sara: {name: Sara, github: sara, roles: [editor]}}
rules: [{approve: [editor], paths: ["content/**"]}]
"""
ROWS = ["* @sara", "/content/** @sara"]


def rows(text: str) -> list[str]:
    return [row for row in text.splitlines() if not row.startswith("#")]


def test_owners_are_printed_or_written_again_and_again(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, {"team.yaml": TEAM})
    assert rows(smmflow(root, "codeowners").stdout) == ROWS
    for _ in range(2):
        assert smmflow(root, "codeowners", "--write").returncode == 0
        written = (root / ".github/CODEOWNERS").read_text(encoding="utf-8")
        assert rows(written) == ROWS


def test_a_file_of_somebody_else_stays(tmp_path: Path) -> None:
    theirs = "* @boss\n"
    root = make_workspace(tmp_path, {"team.yaml": TEAM, ".github/CODEOWNERS": theirs})
    ran = smmflow(root, "codeowners", "--write")
    assert ran.returncode == 2
    assert "was written by somebody else" in ran.stderr
    assert (root / ".github/CODEOWNERS").read_text(encoding="utf-8") == theirs


def test_a_workspace_that_is_a_folder_of_the_repository_owns_that_folder(
    tmp_path: Path,
) -> None:
    git(tmp_path, "init", "-q")
    root = make_workspace(tmp_path / "social", {"team.yaml": TEAM}, repository=False)
    assert smmflow(root, "codeowners", "--write").returncode == 0
    written = (tmp_path / ".github/CODEOWNERS").read_text(encoding="utf-8")
    assert rows(written) == ["/social/ @sara", "/social/content/** @sara"]
