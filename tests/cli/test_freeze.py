from __future__ import annotations

import json
from pathlib import Path

from tests.cli.terminal import git, make_workspace, smmflow

POST = """\
---
title: Hello
publish_at: 2026-01-01 09:00
channels: [site]
language: en
---
Hello.
"""


def test_a_freeze_stops_publishing_and_unfreezing_lets_it_go_on(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, {"content/posts/hello.md": POST})
    frozen = smmflow(folder, "freeze", "زلزله", "--owner", "سارا")
    assert frozen.returncode == 0, frozen.stderr
    assert frozen.stdout.endswith("until `smmflow unfreeze`, by سارا: زلزله\n")
    assert "(frozen)" in smmflow(folder, "plan").stdout
    assert "0 published, 0 not, 1 held" in smmflow(folder, "publish").stdout

    ended = smmflow(folder, "unfreeze")
    assert ended.stdout.startswith("ended: زلزله (by سارا, ")
    assert "1 published, 0 not, 0 held" in smmflow(folder, "publish").stdout
    again = smmflow(folder, "unfreeze")
    assert (again.returncode, "nothing is frozen" in again.stderr) == (2, True)
    kept = json.loads(git(folder, "show", "smmflow-state:freeze.json"))
    assert kept["freezes"][0]["lifted_by"] == "Test Author"


def test_a_freeze_has_a_scope_and_must_name_what_exists(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, {"content/posts/hello.md": POST})
    for slip in (
        ["--channel", "sitte"],
        ["--except", "helo"],
        ["--until", "2020-01-01"],
    ):
        refused = smmflow(folder, "freeze", "Crisis", *slip)
        assert refused.returncode == 2, slip
    spared = smmflow(folder, "freeze", "Crisis", "--except", "hello")
    assert spared.returncode == 0, spared.stderr
    assert "1 published" in smmflow(folder, "publish").stdout


def test_unfreezing_must_name_a_channel_that_exists(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, {"content/posts/hello.md": POST})
    assert smmflow(folder, "freeze", "زلزله", "--channel", "site").returncode == 0
    refused = smmflow(folder, "unfreeze", "--channel", "sitte")
    assert refused.returncode == 2
    assert "no channel is called sitte" in refused.stderr
    assert smmflow(folder, "unfreeze", "--channel", "site").returncode == 0
