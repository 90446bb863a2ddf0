from __future__ import annotations

import json
from pathlib import Path

from tests.cli.terminal import make_workspace, smmflow

GOOD = """\
---
title: سلام
publish_at: 2030-12-01 09:00
channels: [site]
language: fa
pillar: releases
---
سلام، دنیا.
"""
BAD = GOOD.replace("pillar: releases", "piller: releases").replace(
    "channels: [site]", "channels: [site, myspace]"
)
STRATEGY = "---\npillars: [{id: releases, title: Releases}]\n---\nBe useful.\n"


def workspace(folder: Path, **posts: str) -> Path:
    files = {f"content/posts/{name}.md": text for name, text in posts.items()}
    return make_workspace(folder, {"strategy.md": STRATEGY, **files})


def test_a_workspace_without_faults_ends_with_0(tmp_path: Path) -> None:
    run = smmflow(workspace(tmp_path, salam=GOOD), "check")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "1 post checked: no fault found\n"


def test_an_error_ends_with_1_and_shows_line_column_and_hint(tmp_path: Path) -> None:
    run = smmflow(workspace(tmp_path, salam=BAD), "check")
    assert run.returncode == 1
    lines = run.stdout.splitlines()
    where = "content/posts/salam.md:6:1: error unknown-key:"
    (found,) = [each for each in range(len(lines)) if lines[each].startswith(where)]
    assert lines[found + 1] == "  | piller: releases"
    assert lines[found + 2] == "  hint: did you mean `pillar`?"
    assert "error unknown-channel" in run.stdout


def test_warnings_fail_only_a_strict_check(tmp_path: Path) -> None:
    folder = workspace(tmp_path, salam=GOOD.replace("pillar: releases\n", ""))
    assert smmflow(folder, "check").returncode == 0
    strict = smmflow(folder, "check", "--strict")
    assert strict.returncode == 1
    assert "warning serves-nothing" in strict.stdout


def test_paths_narrow_what_is_told(tmp_path: Path) -> None:
    folder = workspace(tmp_path, good=GOOD, bad=BAD)
    assert smmflow(folder, "check", "content/posts/good.md").returncode == 0
    assert smmflow(folder, "check", "content/posts").returncode == 1
    below = smmflow(folder / "content/posts", "check", "bad.md")
    assert below.returncode == 1
    outside = smmflow(folder, "check", str(tmp_path.parent))
    assert (outside.returncode, "not in the workspace" in outside.stderr) == (2, True)


def test_json_has_the_same_findings(tmp_path: Path) -> None:
    run = smmflow(workspace(tmp_path, salam=BAD), "check", "--format", "json")
    assert run.returncode == 1
    found = {each["rule"]: each for each in json.loads(run.stdout)["findings"]}
    assert found["unknown-key"] == {
        "rule": "unknown-key",
        "severity": "error",
        "message": found["unknown-key"]["message"],
        "hint": "did you mean `pillar`?",
        "channel": "",
        "path": "content/posts/salam.md",
        "line": 6,
        "column": 1,
        "text": "piller: releases",
    }
