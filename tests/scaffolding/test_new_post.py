"""New posts load without a finding, whatever their titles are."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.content import load
from smmflow.errors import UsageError
from smmflow.model.calendar import Calendar, Slot
from smmflow.model.channel import Channel
from smmflow.model.post import At, InSlot, Post, Unscheduled
from smmflow.model.workspace import Workspace
from smmflow.scaffolding import new_post

TEHRAN = ZoneInfo("Asia/Tehran")
BERLIN = ZoneInfo("Europe/Berlin")


def workspace(calendar: Calendar | None = None, *taken: str) -> Workspace:
    posts = {
        name: Post(
            id=name,
            path=f"content/posts/{name}.md",
            title=name,
            body="",
            body_line=4,
            language="en",
            channels=(),
            schedule=Unscheduled(),
        )
        for name in taken
    }
    return Workspace(
        root=Path(),
        calendar=calendar or Calendar(slots=(Slot("mornings", (time(9, 30),)),)),
        channels={"site": Channel("site", "site"), "no": Channel("no", "site")},
        posts=posts,
    )


def read_back(path: str, text: str, calendar: str = "timezone: UTC\n") -> Post:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "channels.yaml").write_text(
            "channels:\n  site: {network: site, url: https://smmflow.example}\n"
            "  'no': {network: site, url: https://smmflow.example}\n"
        )
        (root / "calendar.yaml").write_text(calendar)
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text(text, encoding="utf-8")
        loaded = load(root)
    assert loaded.findings == ()
    (post,) = loaded.posts.values()
    return post


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Version 1 is out!", "version-1-is-out"),
        ("نسخهٔ ۱ منتشر می\u200cشود", "نسخهٔ-۱-منتشر-می-شود"),
        ("Cafe\u0301", "caf\u00e9"),
        ("../../etc/passwd", "etc-passwd"),
        ("🎉🎉", "post"),
    ],
)
def test_a_title_becomes_the_name_of_its_file(title: str, stem: str) -> None:
    path, _ = new_post(workspace(), title)
    assert path == f"content/posts/{stem}.md"


def test_a_name_that_is_taken_gets_a_number() -> None:
    path, _ = new_post(workspace(None, "launch", "LAUNCH-2"), "Launch")
    assert path == "content/posts/launch-3.md"


def test_a_long_title_is_cut_between_words() -> None:
    path, text = new_post(workspace(), "انتشار " * 40)
    assert len(path.encode()) <= 120
    assert path.endswith("-انتشار.md")
    assert read_back(path, text).title == ("انتشار " * 40).strip()


@pytest.mark.parametrize(
    "title",
    ['no: "x" #y', "no", "09:30", "2026", "1.10", "- a", "*x", "{{ a }}", "a: b",
     "#tag", "@ali", "null", "'", '"', "\\", "سلام: دنیا", "\u2028x", "\ufeffx",
     "\U0001f389 party", "~", "---", "%", "`x`", "a #b", "!x", "\x85y", "می\u200cشود"],
)  # fmt: skip
def test_awkward_titles_are_quoted(title: str) -> None:
    assert read_back(*new_post(workspace(), title)).title == " ".join(title.split())


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_any_title_comes_back_as_it_was(title: str) -> None:
    line = " ".join(title.split())
    if not line:
        return
    assert read_back(*new_post(workspace(), title)).title == line


def test_the_time_is_written_in_the_zone_of_the_workspace() -> None:
    calendar = Calendar(zone=TEHRAN)
    moment = datetime(2026, 12, 1, 5, 30, tzinfo=ZoneInfo("UTC"))
    path, text = new_post(workspace(calendar), "x", publish_at=moment, created=moment)
    assert "publish_at: 2026-12-01 09:00\n" in text
    post = read_back(path, text, "timezone: Asia/Tehran\n")
    assert post.schedule == At(moment)
    assert post.created == moment


def test_a_jalali_workspace_gets_a_jalali_date() -> None:
    calendar = Calendar(zone=TEHRAN, jalali=True)
    moment = datetime(2026, 12, 1, 9, 0, tzinfo=TEHRAN)
    path, text = new_post(workspace(calendar), "x", publish_at=moment)
    assert "publish_at: 1405-09-10 09:00\n" in text
    settings = "timezone: Asia/Tehran\ncalendar: jalali\n"
    assert read_back(path, text, settings).schedule == At(moment)


@pytest.mark.parametrize("fold", [0, 1])
def test_a_time_that_exists_twice_is_written_with_its_offset(fold: int) -> None:
    moment = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=fold)
    path, text = new_post(workspace(Calendar(zone=BERLIN)), "x", publish_at=moment)
    post = read_back(path, text, "timezone: Europe/Berlin\n")
    assert isinstance(post.schedule, At)
    assert post.schedule.moment.utcoffset() == moment.utcoffset()
    assert post.schedule.moment.timestamp() == moment.timestamp()


def test_a_post_can_wait_for_a_slot_on_named_channels() -> None:
    path, text = new_post(
        workspace(), "x", slot="mornings", channels=("site", "no"), language="no"
    )
    post = read_back(path, text)
    assert post.schedule == InSlot("mornings")
    assert post.channels == ("site", "no")
    assert post.language == "no"


@pytest.mark.parametrize("title", ["", " \n", "a\x07b", "\ud800"])
def test_a_title_that_is_no_line_of_text_is_refused(title: str) -> None:
    with pytest.raises(UsageError):
        new_post(workspace(), title)


def test_names_that_the_workspace_has_not_are_refused() -> None:
    with pytest.raises(UsageError, match="no channel nowhere"):
        new_post(workspace(), "x", channels=("nowhere",))
    with pytest.raises(UsageError, match="no slot evenings"):
        new_post(workspace(), "x", slot="evenings")
    moment = datetime(2026, 12, 1, tzinfo=TEHRAN)
    with pytest.raises(UsageError, match="not both"):
        new_post(workspace(), "x", slot="mornings", publish_at=moment)
