from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import make_workspace, smmflow

POST = (
    "---\ntitle: سلام\npublish_at: {at}\nchannels: [site]\nlanguage: fa\n---\nسلام.\n"
)
CHANNELS = """\
title: Example
language: fa
channels:
  site: {network: site, url: https://example.org}
  toot:
    network: mastodon
    instance: http://127.0.0.1:9
    secrets: {token: TOOT_TOKEN}
"""


def test_what_was_missed_needs_a_person_and_fails_the_job(tmp_path: Path) -> None:
    files = {
        "channels.yaml": CHANNELS,
        "content/posts/old.md": POST.format(at="2026-01-01 09:00"),
        "content/posts/later.md": POST.format(at="2036-01-01 09:00"),
    }
    folder = make_workspace(tmp_path / "space", files)
    summary = tmp_path / "summary.md"
    run = smmflow(folder, "watch", "--summary", str(summary))
    assert (run.returncode, run.stderr) == (1, "")
    assert run.stdout.startswith("old on site (missed)\n  it was due more than 2 h ago")
    assert "later" not in run.stdout
    assert "| old on site | missed |" in summary.read_text()

    (folder / "content/posts/old.md").unlink()
    assert smmflow(folder, "freeze", "زلزله", "--owner", "سارا").returncode == 0
    assert "every channel (frozen)\n  سارا stopped" in smmflow(folder, "watch").stdout
    assert smmflow(folder, "unfreeze").returncode == 0
    quiet = smmflow(folder, "watch")
    assert (quiet.returncode, quiet.stdout) == (0, "nothing needs a person\n")


def test_a_channel_that_does_not_open_needs_a_person(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, {"channels.yaml": CHANNELS})
    run = smmflow(folder, "watch", "--sign-in")
    assert run.returncode == 1
    assert run.stdout.startswith("toot (sign-in)\n")
    assert "TOOT_TOKEN" in run.stdout
