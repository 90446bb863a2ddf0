from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import CHANNELS, git, make_workspace, smmflow

MISSED = """\
---
title: نوروز
publish_at: "1405-09-01 09:00" # صبح
channels: [site]
language: fa
---
سلام.
"""
NOW = "--now", "2026-12-01T09:00+03:30"
FILES = {
    "channels.yaml": CHANNELS.replace("3650d", "2h"),
    "calendar.yaml": "timezone: Asia/Tehran\ncalendar: jalali\n",
    "content/posts/نوروز.md": MISSED,
}


def test_a_missed_post_comes_back_at_its_new_time(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, FILES)
    assert "(missed)" in smmflow(folder, "plan", *NOW).stdout
    done = smmflow(folder, "reschedule", "نوروز", "۱۴۰۵-۱۰-۰۱ ۰۹:۳۰", *NOW)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "content/posts/نوروز.md: publish_at is now 1405-10-01 09:30 (Asia/Tehran)",
        "  site: goes out at 1405-10-01 09:30",
        "commit and push the file: a run publishes what is committed where it runs",
    ]
    after = (folder / "content/posts/نوروز.md").read_text(encoding="utf-8")
    assert after == MISSED.replace("1405-09-01 09:00", "1405-10-01 09:30")
    assert git(folder, "diff", "--numstat").startswith("1\t1\t")
    assert "(missed)" not in smmflow(folder, "plan", *NOW).stdout


def test_days_by_their_names_and_lengths_of_time_are_understood(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, FILES)
    told = smmflow(folder, "reschedule", "نوروز", "فردا ۱۸:۰۰", *NOW).stdout
    assert "1405-09-11 18:00" in told
    assert (
        "1405-09-10 11:00" in smmflow(folder, "reschedule", "نوروز", "+2h", *NOW).stdout
    )
    again = smmflow(folder, "reschedule", "نوروز", "1405-09-10 11:00", *NOW).stdout
    assert "publish_at was already 1405-09-10 11:00" in again
    assert "commit" not in again


def test_refusals_say_why_and_change_nothing(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, FILES)
    for name, time, words in (
        ("norouz", "+2h", "no post is called norouz"),
        ("نوروز", "1405-01-01 09:00", "that time is past"),
        ("نوروز", "soon", "is no date and time"),
        ("نوروز", "2026-12-32 09:00", "there is no day"),
        ("نوروز", "+2 fortnights", "is no length of time"),
    ):
        refused = smmflow(folder, "reschedule", name, time, *NOW)
        assert refused.returncode == 2, words
        assert words in refused.stderr
    assert git(folder, "status", "--porcelain", "content") == ""


def test_a_post_that_is_live_everywhere_stays_as_it_is(tmp_path: Path) -> None:
    folder = make_workspace(
        tmp_path, {"content/posts/نوروز.md": MISSED.replace("1405-09-01", "2026-01-01")}
    )
    assert smmflow(folder, "publish").returncode == 0
    refused = smmflow(folder, "reschedule", "نوروز", "+2h")
    assert refused.returncode == 2
    assert "published on every channel" in refused.stderr


def test_a_held_post_and_a_needed_approval_are_told(tmp_path: Path) -> None:
    blackout = "blackouts: [{from: 1405-10-01, to: 1405-10-02, reason: سوگ}]\n"
    files = {
        **FILES,
        "calendar.yaml": FILES["calendar.yaml"] + blackout,
        "team.yaml": "approvals: trailers\n",
    }
    folder = make_workspace(tmp_path, files)
    told = smmflow(folder, "reschedule", "نوروز", "1405-10-01 09:30", *NOW).stdout
    assert "needs approval" in told
    assert "  site: held (" in told


def test_a_jalali_workspace_is_planned_and_checked_in_its_own_days(
    tmp_path: Path,
) -> None:
    folder = make_workspace(tmp_path, FILES)
    assert "Plan for Tue 1405-09-10 09:00" in smmflow(folder, "plan", *NOW).stdout
    assert "1405-09-01 09:00 is over" in smmflow(folder, "check", *NOW).stdout
