from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import make_workspace, smmflow

POST = """\
---
title: سلام
publish_at: 2026-01-01 09:00
channels: [site]
language: fa
---
سلام، دنیا.
"""


def test_the_log_tells_who_claimed_what_and_where_it_is_live(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, {"content/posts/سلام.md": POST})
    published = smmflow(folder, "publish")
    assert published.returncode == 0, published.stderr
    told = smmflow(folder, "log", "سلام")
    assert told.returncode == 0
    lines = told.stdout.splitlines()
    assert lines[0].endswith("claimed  سلام on site")
    assert lines[1].startswith("    by Test Author, run ")
    assert "    | سلام، دنیا." in lines
    assert "    live https://example.org/posts/سلام/" in lines
    assert lines[-1].endswith("s after it was claimed")
    assert smmflow(folder, "log").stdout == told.stdout


def test_an_unknown_post_and_an_empty_ledger_say_so(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path)
    assert smmflow(folder, "log").stdout == "nothing was published yet\n"
    unknown = smmflow(folder, "log", "launch")
    assert unknown.returncode == 2
    assert "knows nothing of launch" in unknown.stderr
