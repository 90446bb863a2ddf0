from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cli.terminal import git, make_workspace, smmflow

CHANNELS = """\
title: نمونه
language: fa
channels:
  site: {network: site, url: https://example.org, max_lateness: 3650d}
  mirror: {network: site, url: https://mirror.example, max_lateness: 3650d}
"""


def post(at: str, words: str) -> str:
    return (
        f"---\ntitle: {words}\npublish_at: {at}\nchannels: [site, mirror]\n"
        f"language: fa\n---\n{words} ۱۲۳\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "channels.yaml": CHANNELS,
        "content/posts/نخست.md": post("2026-11-01 09:00", "سلام، دنیا"),
        "content/posts/second.md": post("2026-11-01 10:00", "می‌آید"),
        "content/posts/later.md": post("2036-11-01 10:00", "هنوز نه"),
    }
    return make_workspace(tmp_path, files)


def test_a_rehearsal_shows_every_word_and_changes_nothing(folder: Path) -> None:
    refs = git(folder, "for-each-ref")
    run = smmflow(folder, "publish", "--dry-run")
    assert (run.returncode, run.stderr) == (0, "")
    assert "would send  نخست on site\n  | سلام، دنیا ۱۲۳\n" in run.stdout
    assert "would send  second on mirror\n  | می‌آید ۱۲۳\n" in run.stdout
    assert "later" not in run.stdout
    assert git(folder, "for-each-ref") == refs
    assert git(folder, "status", "--porcelain", "--", "content", "public") == ""
    assert smmflow(folder, "publish", "--dry-run").stdout == run.stdout


def test_a_post_and_a_channel_can_be_picked(folder: Path) -> None:
    one = smmflow(folder, "publish", "--post", "نخست", "--channel", "mirror")
    assert (one.returncode, one.stderr) == (0, "")
    assert "published  نخست on mirror  https://mirror.example/" in one.stdout
    assert "1 published, 0 not, 0 held" in one.stdout
    rest = smmflow(folder, "publish")
    assert "نخست on mirror" not in rest.stdout
    assert "3 published, 0 not, 0 held" in rest.stdout
    assert "0 published, 0 not, 0 held" in smmflow(folder, "publish").stdout


def test_an_expected_digest_is_that_of_the_picked_part(folder: Path) -> None:
    picked = ("--channel", "site", "--post", "second")
    digest = smmflow(folder, "publish", "--dry-run", *picked).stdout.split()[-1]
    other = smmflow(folder, "publish", "--expect", digest)
    assert (other.returncode, other.stdout) == (3, "")
    assert "nothing was sent" in other.stderr
    (folder / "content/posts/second.md").write_text(post("2026-11-01 10:00", "نو"))
    changed = smmflow(folder, "publish", *picked, "--expect", digest)
    assert (changed.returncode, changed.stdout) == (3, "")
    assert "smmflow-state" not in git(folder, "for-each-ref")


def test_shards_share_the_work_and_one_may_be_empty(folder: Path) -> None:
    first = smmflow(folder, "publish", "--shard", "1/3")
    assert "2 published, 0 not, 0 held" in first.stdout
    assert "on mirror  https://mirror.example/" in first.stdout
    assert "2 published" in smmflow(folder, "publish", "--shard", "2/3").stdout
    empty = smmflow(folder, "publish", "--shard", "3/3")
    assert (empty.returncode, empty.stdout) == (0, "no channel is in shard 3/3\n")


def test_a_rehearsal_tells_what_would_be_waited_for(folder: Path) -> None:
    soon = datetime.now(ZoneInfo("Asia/Tehran")) + timedelta(minutes=9)
    words = post(f"{soon:%Y-%m-%d %H:%M}", "به زودی")
    (folder / "content/posts/soon.md").write_text(words)
    run = smmflow(folder, "publish", "--dry-run", "--look-ahead", "15m")
    assert "would wait  soon on site until " in run.stdout
    assert "later" not in run.stdout
    assert "soon" not in smmflow(folder, "publish", "--dry-run").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--look-ahead", "soon"), "no length of time such as 15m"),
        (("--look-ahead", "999h"), "longer than a day"),
        (("--look-ahead", "5m", "--expect", "abc"), "leave one of them out"),
        (("--shard", "3/2"), "write 2/5: the second of five"),
        (("--channel", "myspace"), "channels: site, mirror"),
        (("--post", "nothing"), "no post is called nothing"),
        (("--quickly",), "No such option"),
    ],
)
def test_what_is_not_there_can_not_be_picked(
    folder: Path, arguments: tuple[str, ...], words: str
) -> None:
    run = smmflow(folder, "publish", *arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert words in run.stderr
