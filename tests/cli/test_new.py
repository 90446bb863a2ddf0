from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import make_workspace, smmflow

NOW = ("--now", "2026-11-22T12:00Z")
JALALI = """\
timezone: Asia/Tehran
calendar: jalali
slots: {mornings: {at: ["09:30"]}}
"""


def test_a_new_post_is_complete_and_checked_without_a_fault(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path)
    at = ("--at", "2026-12-01 09:00", "--channel", "site")
    run = smmflow(folder, "new", "post", "Version 1 is out", *at, *NOW)
    assert (run.returncode, run.stdout, run.stderr) == (
        0,
        "content/posts/version-1-is-out.md\n",
        "",
    )
    assert (folder / "content/posts/version-1-is-out.md").read_text() == (
        "---\ntitle: Version 1 is out\npublish_at: 2026-12-01 09:00\n"
        "channels: [site]\nlanguage: en\ncreated: 2026-11-22 15:30\n---\n\n"
    )


def test_a_persian_post_is_named_and_dated_in_persian(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, {"calendar.yaml": JALALI})
    options = ("--language", "fa", "--at", "1405-09-10 09:00")
    run = smmflow(folder, "new", "post", "نسخهٔ یک می‌آید", *options, *NOW)
    assert (run.returncode, run.stderr) == (0, "")
    (file,) = (folder / "content/posts").iterdir()
    assert run.stdout == f"content/posts/{file.name}\n"
    text = file.read_text(encoding="utf-8")
    assert "publish_at: 1405-09-10 09:00\n" in text
    assert "created: 1405-09-01 15:30\n" in text
    (folder / "content/posts" / file.name).write_text(f"{text}سلام\n")
    planned = smmflow(folder, "plan", "--now", "2026-11-22T12:00Z").stdout
    assert "Tue 1405-09-10 09:00" in planned


def test_a_slot_takes_the_place_of_a_time(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, {"calendar.yaml": JALALI})
    run = smmflow(folder, "new", "post", "سلام", "--slot", "mornings", *NOW)
    assert run.returncode == 0
    assert "slot: mornings\n" in (folder / "content/posts/سلام.md").read_text()


def test_the_same_title_again_makes_another_file(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path)
    names = [smmflow(folder, "new", "post", "سلام").stdout for _ in range(3)]
    assert names == [f"content/posts/سلام{end}.md\n" for end in ("", "-2", "-3")]


def test_what_lies_in_the_way_is_never_overwritten(tmp_path: Path) -> None:
    """The file holds no post, so nothing but the disk knows of it."""
    folder = make_workspace(tmp_path)
    (folder / "elsewhere").mkdir()
    (folder / "content").mkdir()
    (folder / "content/posts").symlink_to(folder / "elsewhere")
    (folder / "elsewhere/hello.md").symlink_to(tmp_path / "precious")
    run = smmflow(folder, "new", "post", "Hello")
    assert (tmp_path / "precious").exists() is False
    assert run.returncode in {0, 2}
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("",), "a post needs a title"),
        (("a\x1bb",), "the invisible character U+001B"),
        (("A", "--channel", "myspace"), "channels.yaml has no channel myspace"),
        (("A", "--slot", "noon"), "calendar.yaml has no slot noon"),
        (("A", "--at", "soon"), "`soon` is no date and time"),
        (("A", "--at", ""), "is no date and time"),
        (("A", "--at", "2026-12-01"), "names a day but no time"),
        (("A", "--at", "1405-09-10 09:00"), "Jalali dates need `calendar: jalali`"),
        (("A", "--at", "2026-12-01 09:00", "--slot", "s"), "no slot s"),
    ],
)
def test_what_can_not_be_meant_is_refused_and_nothing_written(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    folder = make_workspace(tmp_path)
    run = smmflow(folder, "new", "post", *arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert words in run.stderr
    assert "hint: " in run.stderr
    assert not (folder / "content").exists()
