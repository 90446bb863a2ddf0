"""What CI runs on a stranger's pull request, and what comes of it: nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.cli.terminal import CALENDAR, git, make_workspace
from tests.hostile.attacks import ATTACKS, OUTSIDE, Attack
from tests.hostile.job import SECRETS, run
from tests.servers.company import FILES

OURS = re.compile(r"::(?:error|warning|notice) (?:file=content/|file=[\w.]+,|title=)")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A workspace with a neighbour that nobody may read or write."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/canary.txt").write_text(OUTSIDE)
    return make_workspace(tmp_path / "work", {**FILES, "calendar.yaml": CALENDAR})


def checked_out(base: Path, attack: Attack) -> Path:
    """Commit an attack and check it out elsewhere, as CI does."""
    git(base, "checkout", "--quiet", "-b", "proposal")
    attack.make(base)
    git(base, "commit", "--quiet", "--message", "Change")
    clone = base.with_name("clone")
    git(base.parent, "clone", "--quiet", str(base), str(clone))
    return clone


def everything(folder: Path) -> dict[str, bytes | str]:
    """All that is below a folder, links as what they say; but git's own and ours."""
    return {
        str(path.relative_to(folder)): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if not {".git", ".smmflow"} & set(path.parts)
        and (path.is_symlink() or path.is_file())
    }


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_a_hostile_pull_request_is_checked_and_comes_to_nothing(
    tmp_path: Path, base: Path, attack: Attack
) -> None:
    clone = checked_out(base, attack)
    before = everything(tmp_path)
    summary = tmp_path / "summary.md"
    done = run(clone, "check", "--format", "github", "--summary", str(summary))
    said = done.stdout + done.stderr
    assert done.returncode == attack.code, said[:2000]
    told = summary.read_text(encoding="utf-8") if summary.exists() else ""
    summary.unlink(missing_ok=True)
    assert attack.says in said, said[:2000]
    assert "Traceback" not in said
    for canary in (OUTSIDE, *SECRETS.values()):
        assert canary not in said + told
    assert everything(tmp_path) == before
    assert_no_command_of_theirs(said)
    assert_no_markup_of_theirs(told)


def assert_no_command_of_theirs(said: str) -> None:
    """The runner obeys lines that begin with `::`, and old ones with `##[`.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    token, theirs = "", []
    for row in said.splitlines():
        if token:
            token = "" if row.strip() == f"::{token}::" else token
        elif row.startswith("::stop-commands::words-of-files-"):
            token = row.removeprefix("::stop-commands::")
        elif re.match(r"\s*(?:::|##\[)", row) and not OURS.match(row):
            theirs.append(row[:300])
    assert (theirs, token) == ([], "")


def assert_no_markup_of_theirs(told: str) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(told)
    kinds = {each.type for token in tokens for each in (token, *(token.children or ()))}
    assert not kinds & {"html_block", "html_inline", "image"}, told[:2000]
    assert "javascript:" not in {
        str(each.attrGet("href"))[:11]
        for token in tokens
        for each in token.children or ()
    }
    assert not re.search(r"(?<!\w)@\w", told), told[:2000]
