from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.terminal import make_workspace, smmflow

CHANNELS = """\
title: Example
language: fa
channels:
  site: {network: site, url: https://example.org, max_lateness: 3650d}
"""
POST = """\
---
title: سلام
publish_at: 2026-11-01 09:00
channels: [site]
language: fa
---
سلام، دنیا.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {"channels.yaml": CHANNELS, "content/posts/salam.md": POST}
    make_workspace(tmp_path, files)
    assert smmflow(tmp_path, "publish").returncode == 0
    return tmp_path


def test_a_report_speaks_the_language_of_the_workspace_or_the_one_asked_for(
    folder: Path,
) -> None:
    persian = smmflow(folder, "report", "--period", "all")
    english = smmflow(folder, "report", "--period", "all", "--locale", "en")
    assert (persian.returncode, persian.stderr) == (0, "")
    assert (english.returncode, english.stderr) == (0, "")
    assert persian.stdout.startswith("# گزارش: Example\n")
    assert english.stdout.startswith("# Report: Example\n")
    assert "سلام" in persian.stdout
    assert "۱" in persian.stdout


def test_a_spreadsheet_gets_a_row_for_each_post(folder: Path) -> None:
    run = smmflow(folder, "report", "--period", "all", "--format", "csv")
    (row,) = csv.DictReader(run.stdout.splitlines())
    assert (row["occurrence"], row["channel"]) == ("salam", "site")


def test_a_period_nobody_understands_is_refused_with_an_example(folder: Path) -> None:
    run = smmflow(folder, "report", "--period", "lately")
    assert (run.returncode, run.stdout) == (2, "")
    assert "lately" in run.stderr
    assert "hint: " in run.stderr
