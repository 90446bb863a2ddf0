"""What may be written in several ways: taken, or refused with the right form."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from smmflow.content import load, locate
from smmflow.model.post import At, Post

CHANNELS = "channels:\n  site: {network: site, url: https://smmflow.example}\n"
TEHRAN = "timezone: Asia/Tehran\n"
JALALI = TEHRAN + "calendar: jalali\n"
BERLIN = "timezone: Europe/Berlin\n"
LENGTH = "write it as 10m, 2h, 30d or 1w"


def read(
    root: Path, keys: str, calendar: str = ""
) -> tuple[Post | None, list[tuple[str, int, int, str]]]:
    """Return a post with these keys from line 3 on, and what is wrong with it."""
    (root / "content/posts").mkdir(parents=True)
    (root / "channels.yaml").write_text(CHANNELS, encoding="utf-8")
    (root / "calendar.yaml").write_text(calendar, encoding="utf-8")
    text = f"---\ntitle: x\n{keys}---\nمتن\n"
    (root / "content/posts/x.md").write_text(text, encoding="utf-8")
    workspace = load(root)
    found = locate(root, workspace.findings)
    assert {each.place.path for each in found} <= {"content/posts/x.md"}
    faults = [
        (f.rule, f.source.line, f.source.column, f.hint) for f in found if f.source
    ]
    return workspace.posts.get("x"), faults


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        (
            "publish_at: 2026-12-01 09:00\nslot: mornings\n",
            ("bad-value", 4, 7, "keep one of them"),
        ),
        ("media: x.png\n", ("wrong-type", 3, 8, "write it as [{file: x.png}]")),
        ("media: [x.png]\n", ("wrong-type", 3, 9, "write it as {file: x.png}")),
        (
            "media: {file: x.png}\n",
            (
                "wrong-type",
                3,
                8,
                "begin each entry with a hyphen, as in `- key: value`",
            ),
        ),
        (
            "channels: mastodon\n",
            ("wrong-type", 3, 11, "write it in brackets: [mastodon]"),
        ),
        ("tags: سلام\n", ("wrong-type", 3, 7, "write it in brackets: [سلام]")),
        ("on: {sit: {}}\n", ("bad-value", 3, 6, "did you mean `site`?")),
        ("on: {mastodon: {}}\n", ("bad-value", 3, 6, "known here: site")),
        (
            "on: site\n",
            ("wrong-type", 3, 5, "write `key: value` pairs, one on a line"),
        ),
        ("tags: [a]\ntags: [b]\n", ("duplicate-key", 4, 1, "keep one of them")),
        ("variables: {a: 1, a: 2}\n", ("duplicate-key", 3, 19, "keep one of them")),
        (
            "tags: *nix\n",
            ("yaml-broken", 3, 7, "quote a value that begins with `*`"),
        ),
        ("on: {site: {<<: {a: 1}}}\n", ("unknown-key", 3, 13, "")),
    ],
)
def test_what_is_refused_says_where_and_how_to_write_it(
    tmp_path: Path, keys: str, fault: tuple[str, int, int, str]
) -> None:
    assert read(tmp_path, keys)[1] == [fault]


@pytest.mark.parametrize(
    "media", ["[{file: x.png}]", "\n  - file: x.png", "[{file: x.png, alt: null}]"]
)
def test_the_form_that_a_hint_shows_is_taken(tmp_path: Path, media: str) -> None:
    post, faults = read(tmp_path, f"media: {media}\n")
    assert faults == []
    assert post is not None
    assert [each.file for each in post.media] == ["x.png"]


@pytest.mark.parametrize(
    ("length", "fault"),
    [
        ("-5m", ("bad-value", 3, 35, LENGTH)),
        ("1.5h", ("bad-value", 3, 35, LENGTH)),
        ("1h30m", ("bad-value", 3, 35, LENGTH)),
        ("30 min", ("bad-value", 3, 35, LENGTH)),
        ("PT1H", ("bad-value", 3, 35, LENGTH)),
        ("90", ("wrong-type", 3, 35, "write it as `30m`")),
        ("9999999999d", ("bad-value", 3, 35, "")),
    ],
)
def test_odd_lengths_of_time_are_refused(
    tmp_path: Path, length: str, fault: tuple[str, int, int, str]
) -> None:
    keys = f"poll: {{options: [a, b], open_for: {length}}}\n"
    assert read(tmp_path, keys)[1] == [fault]


@pytest.mark.parametrize("length", ["2h", "2 h", "۲h", "120m"])
def test_lengths_may_have_a_blank_and_persian_digits(
    tmp_path: Path, length: str
) -> None:
    post, faults = read(tmp_path, f"poll: {{options: [a, b], open_for: {length}}}\n")
    assert faults == []
    assert post is not None
    assert post.poll is not None
    assert post.poll.open_for.total_seconds() == 2 * 60 * 60


def test_an_anchor_s_value_is_taken_where_it_is_named(tmp_path: Path) -> None:
    post, faults = read(tmp_path, "tags: &t [a, b]\nvariables: {t: *t}\n")
    assert faults == []
    assert post is not None
    assert post.variables == {"t": ["a", "b"]}


def test_a_merge_key_is_a_key_like_any_other(tmp_path: Path) -> None:
    post, faults = read(tmp_path, "variables: {a: {<<: {b: 1}}}\n")
    assert faults == []
    assert post is not None
    assert post.variables == {"a": {"<<": {"b": 1}}}


@pytest.mark.parametrize(
    ("calendar", "moment", "rule", "hint"),
    [
        (JALALI, "1405-12-30 09:00", "date-invalid", "look at a calendar"),
        (JALALI, "۱۴۰۵-۱۲-۳۰ ۰۹:۰۰", "date-invalid", "look at a calendar"),
        (
            TEHRAN,
            "1405-12-29 09:00",
            "date-invalid",
            "Jalali dates need `calendar: jalali` in calendar.yaml",
        ),
        (BERLIN, "9999-12-31 23:59", "date-invalid", "write the year as in 2026-12-01"),
        (
            TEHRAN,
            "2022-03-22 00:30",
            "time-does-not-exist",
            "take 01:30, or give an offset, as in 2022-03-22 00:30 +03:30",
        ),
        (
            JALALI,
            "1401-01-02 00:30",
            "time-does-not-exist",
            "take 01:30, or give an offset, as in 1401-01-02 00:30 +03:30",
        ),
        (
            TEHRAN,
            "2022-09-21 23:30",
            "time-exists-twice",
            (
                "say which: 2022-09-21 23:30 +04:30 is the first, "
                "2022-09-21 23:30 +03:30 the second"
            ),
        ),
        (
            BERLIN,
            "2027-03-28 02:30",
            "time-does-not-exist",
            "take 03:30, or give an offset, as in 2027-03-28 02:30 +01:00",
        ),
        (
            BERLIN,
            "2026-10-25 02:30",
            "time-exists-twice",
            (
                "say which: 2026-10-25 02:30 +02:00 is the first, "
                "2026-10-25 02:30 +01:00 the second"
            ),
        ),
    ],
)
def test_a_time_that_is_none_is_refused(
    tmp_path: Path, calendar: str, moment: str, rule: str, hint: str
) -> None:
    post, faults = read(tmp_path, f"publish_at: {moment}\n", calendar)
    assert post is None
    assert faults == [(rule, 3, 13, hint)]


@pytest.mark.parametrize(
    ("calendar", "moment", "expected"),
    [
        (JALALI, "1403-12-30 09:00", datetime(2025, 3, 20, 5, 30, tzinfo=UTC)),
        (JALALI, "1405-12-29 09:00", datetime(2027, 3, 20, 5, 30, tzinfo=UTC)),
        (TEHRAN, "2022-03-22 01:00", datetime(2022, 3, 21, 20, 30, tzinfo=UTC)),
        (TEHRAN, "2022-03-22 00:30 +03:30", datetime(2022, 3, 21, 21, tzinfo=UTC)),
        (TEHRAN, "2022-09-21 23:30 +04:30", datetime(2022, 9, 21, 19, tzinfo=UTC)),
        (TEHRAN, "2022-09-22 00:00", datetime(2022, 9, 21, 20, 30, tzinfo=UTC)),
        (BERLIN, "2027-03-28 03:00", datetime(2027, 3, 28, 1, tzinfo=UTC)),
        (BERLIN, "2026-10-25 02:30 +01:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_time_beside_the_change_or_with_an_offset_is_taken(
    tmp_path: Path, calendar: str, moment: str, expected: datetime
) -> None:
    post, faults = read(tmp_path, f"publish_at: {moment}\n", calendar)
    assert faults == []
    assert post is not None
    assert post.schedule == At(expected)


def test_the_last_day_there_is_does_not_crash_a_blackout(tmp_path: Path) -> None:
    (tmp_path / "channels.yaml").write_text(CHANNELS, encoding="utf-8")
    text = "blackouts:\n  - from: 2027-03-20\n    to: 9999-12-31\n"
    (tmp_path / "calendar.yaml").write_text(text, encoding="utf-8")
    (found,) = locate(tmp_path, load(tmp_path).findings)
    assert found.source is not None
    assert (found.rule, found.source.line, found.source.column) == (
        "date-invalid",
        3,
        9,
    )
