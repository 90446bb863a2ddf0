"""What needs a person, as the real command tells it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.cli.terminal import make_workspace, smmflow
from tests.vendors.host import VendorHost
from tests.vendors.threads import TOKEN, ThreadsVendor

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


def test_a_token_that_dies_soon_and_that_nobody_renews_needs_a_person(
    tmp_path: Path,
) -> None:
    vendor = ThreadsVendor()
    end = datetime.now(UTC) + timedelta(days=3)
    vendor.dies = int(end.timestamp())
    host = VendorHost(vendor).start()
    after = (end + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    post = POST.replace("[site]", "[threads]").format(at=after)
    channels = (
        "title: Example\nlanguage: fa\nchannels:\n  threads: {network: threads, "
        f"service: '{host.url}/v1.0', secrets: {{token: THREADS_TOKEN}}}}\n"
    )
    files = {"channels.yaml": channels, "content/posts/later.md": post}
    folder = make_workspace(tmp_path, files)
    try:
        told = {"THREADS_TOKEN": TOKEN}
        run = smmflow(folder, "watch", "--sign-in", secrets=told)
        listed = smmflow(folder, "channels", secrets=told)
        vendor.dies += 30 * 24 * 3600
        calm = smmflow(folder, "watch", "--sign-in", secrets=told)
    finally:
        host.stop()
    assert run.returncode == 1, run.stdout + run.stderr
    assert run.stdout.startswith("threads (token)\n  the token dies on ")
    assert "misses later" in run.stdout
    assert f"the token dies on {end:%Y-%m-%d}" in listed.stdout
    assert "posts due after that: later" in listed.stdout
    assert calm.returncode == 0, calm.stdout + calm.stderr
    assert vendor.faults == []


def test_a_channel_that_does_not_open_needs_a_person(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, {"channels.yaml": CHANNELS})
    run = smmflow(folder, "watch", "--sign-in")
    assert run.returncode == 1
    assert run.stdout.startswith("toot (sign-in)\n")
    assert "TOOT_TOKEN" in run.stdout
