"""Findings for GitHub: annotations, a summary, code scanning; and hostile words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from sarif_pydantic import Sarif

from tests.cli.terminal import make_workspace, smmflow

BAD = """\
---
title: سلام
publish_at: 2030-12-01 09:00
channels: [site]
language: fa
"::error::owned, 100%": "##[add-mask]a"
---
::add-mask::secret
@everyone <img src=x> [a](javascript:x) | b

سلام.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_workspace(tmp_path, {"content/posts/bad.md": BAD})


def test_github_gets_annotations_and_nothing_in_a_file_commands_the_job(
    folder: Path,
) -> None:
    run = smmflow(folder, "check", "--format", "github")
    assert run.returncode == 1
    first, *rest = run.stdout.splitlines()
    token = first.removeprefix("::stop-commands::")
    assert re.fullmatch(r"words-of-files-[0-9a-f]{32}", token)
    end = rest.index(f"::{token}::")
    log, annotations = rest[:end], rest[end + 1 :]
    assert '  | "::error::owned, 100%": "##[add-mask]a"' in log
    (unknown,) = [each for each in annotations if "title=unknown-key" in each]
    assert unknown.startswith("::error file=content/posts/bad.md,line=6,col=1,title=")
    assert "100%25" in unknown
    assert all(re.match("::(error|warning|notice) file=", each) for each in annotations)
    again = smmflow(folder, "check", "--format", "github").stdout
    assert token not in again


def test_github_is_given_no_more_annotations_of_a_kind_than_it_shows(
    tmp_path: Path,
) -> None:
    keys = "".join(f"nonsense{number}: 1\n" for number in range(30))
    text = BAD.replace("language: fa\n", f"language: fa\n{keys}")
    folder = make_workspace(tmp_path, {"content/posts/bad.md": text})
    said = smmflow(folder, "check", "--format", "github").stdout
    assert len(re.findall("^::error ", said, re.MULTILINE)) == 10
    assert len(re.findall(": error unknown-key:", said)) >= 30


def test_code_scanning_gets_sarif(folder: Path) -> None:
    run = smmflow(folder, "check", "--format", "sarif")
    log = Sarif.model_validate_json(run.stdout)
    (scan,) = log.runs
    rules = scan.tool.driver.rules or []
    results = scan.results or []
    found = {each.rule_id: each for each in results}
    assert {each.id for each in rules} == set(found)
    place = (found["unknown-key"].locations or [])[0].physical_location
    assert place is not None
    assert place.artifact_location is not None
    assert place.region is not None
    assert place.artifact_location.uri == "content/posts/bad.md"
    assert (place.region.start_line, place.region.start_column) == (6, 1)
    as_json = smmflow(folder, "check", "--format", "json").stdout
    assert len(results) == len(json.loads(as_json)["findings"])


def test_a_summary_is_added_to_and_shows_the_words_of_files_as_they_are(
    folder: Path, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    assert smmflow(folder, "check", "--summary", str(summary)).returncode == 1
    text = summary.read_text()
    assert text.startswith("before\n## smmflow check\n")
    page = MarkdownIt("commonmark").enable("table").render(text)
    assert "unknown-key" in page
    assert set(re.findall("<([a-z0-9]+)", page)) == {
        *("p", "h2", "table", "thead", "tbody", "tr", "th", "td")
    }


def test_a_summary_that_can_not_be_written_is_named(folder: Path) -> None:
    run = smmflow(folder, "check", "--summary", "nowhere/summary.md")
    assert run.returncode == 2
    assert "nowhere/summary.md can't be written" in run.stderr
