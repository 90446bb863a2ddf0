"""A new workspace is sound from the first moment, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow import workflow
from smmflow.errors import UsageError
from smmflow.model.post import Weekday
from smmflow.model.workspace import Workspace
from smmflow.scaffolding import LOCALES, Brand, new_workspace, place
from smmflow.store import Known

MOMENTS = (
    datetime(2026, 11, 22, 12, tzinfo=UTC),
    datetime(2031, 3, 20, 20, 30, tzinfo=UTC),
)


def made(folder: Path, brand: Brand) -> Workspace:
    place(new_workspace(brand), folder)
    return workflow.load(folder, remember=False)


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: f"{moment:%Y}")
@pytest.mark.parametrize("locale", LOCALES)
def test_a_new_workspace_has_no_fault_today_or_in_years(
    tmp_path: Path, locale: str, moment: datetime
) -> None:
    workspace = made(tmp_path, Brand("خبرهای ما: a #1", locale))
    prepared = workflow.prepare(workspace, Known(), moment, remember=False)
    assert prepared.findings == ()
    assert workspace.title == "خبرهای ما: a #1"


def test_nothing_of_a_new_workspace_is_published_before_somebody_wrote_it(
    tmp_path: Path,
) -> None:
    workspace = made(tmp_path, Brand("News"))
    prepared = workflow.prepare(workspace, Known(), MOMENTS[0], remember=False)
    plan = workflow.make_plan(prepared, MOMENTS[0])
    assert (plan.publishes, plan.changes) == ((), ())
    assert [post.draft for post in workspace.posts.values()] == [True]


def test_a_persian_workspace_has_tehran_time_jalali_dates_and_weeks_from_saturday(
    tmp_path: Path,
) -> None:
    workspace = made(tmp_path, Brand("خبر", "fa"))
    assert workspace.language == "fa"
    assert workspace.calendar.zone.key == "Asia/Tehran"
    assert workspace.calendar.jalali
    assert workspace.calendar.week_start is Weekday.SAT


@pytest.mark.parametrize("locale", LOCALES)
def test_the_files_of_both_languages_are_the_same_ones(locale: str) -> None:
    assert list(new_workspace(Brand("x", locale))) == list(new_workspace(Brand("x")))


def test_channels_yaml_comes_last_since_it_makes_the_workspace() -> None:
    assert list(new_workspace(Brand("x")))[-1] == "channels.yaml"


@pytest.mark.parametrize(
    ("repository", "url"),
    [
        ("", "https://example.org"),
        ("Acme/social", "https://acme.github.io/social"),
        ("Acme/acme.github.io", "https://acme.github.io"),
    ],
)
def test_the_site_is_where_github_pages_show_the_repository(
    tmp_path: Path, repository: str, url: str
) -> None:
    workspace = made(tmp_path, Brand("x", repository=repository))
    assert workspace.channels["site"].settings["url"] == url


@pytest.mark.parametrize(
    ("brand", "words"),
    [
        (Brand(" "), "a workspace needs a title"),
        (Brand("a\x00b"), "invisible character"),
        (Brand("x", timezone="Mars/Olympus"), "no time zone Mars/Olympus"),
        (Brand("x", timezone="../../etc/passwd"), "no time zone"),
        (Brand("x", timezone="Europe"), "no time zone"),
        (Brand("x", repository="acme"), "no repository of GitHub"),
        (Brand("x", repository="acme/a b"), "no repository of GitHub"),
        (Brand("x", repository="https://github.com/a/b"), "no repository of GitHub"),
    ],
)
def test_what_can_not_be_meant_is_refused(brand: Brand, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        new_workspace(brand)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_any_title_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, title: str
) -> None:
    line = " ".join(title.split())
    if line:
        folder = tmp_path_factory.mktemp("workspace")
        assert made(folder, Brand(title)).title == line


# Putting files into a folder ----------------------------------------------------------


def test_what_is_there_stays_and_what_is_missing_comes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine")
    placed = place({"a.txt": b"yours", "b/c.txt": b"new"}, tmp_path)
    assert (placed.left, placed.written) == (("a.txt",), ("b/c.txt",))
    assert (tmp_path / "a.txt").read_text() == "mine"
    assert (tmp_path / "b/c.txt").read_bytes() == b"new"


def test_a_link_is_neither_followed_nor_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "elsewhere")
    assert place({"a.txt": b"x"}, tmp_path).left == ("a.txt",)
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_leads_out_is_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (inside / "content").symlink_to(outside)
    with pytest.raises(UsageError, match="leads out of"):
        place({"a.txt": b"x", "content/b.txt": b"x"}, inside)
    assert not (inside / "a.txt").exists()
    assert list(outside.iterdir()) == []


def test_a_file_in_the_way_is_named_and_the_next_time_goes_on(tmp_path: Path) -> None:
    (tmp_path / "content").write_text("a file")
    files = {"a.txt": b"x", "content/b.txt": b"x"}
    with pytest.raises(UsageError, match=r"content/b\.txt can't be made"):
        place(files, tmp_path)
    (tmp_path / "content").unlink()
    assert place(files, tmp_path).written == ("content/b.txt",)
