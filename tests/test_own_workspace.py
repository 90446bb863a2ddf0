"""This repository is a workspace: smmflow's own social media."""

from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from smmflow import workflow
from smmflow.clock import FixedClock
from smmflow.diagnostics import Severity
from smmflow.model.post import Repeating
from smmflow.model.workspace import Workspace
from smmflow.store import Known

ROOT = Path(__file__).parent.parent
AT_ITS_BEGINNING = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
LATER = (
    datetime(2026, 12, 31, 23, 0, tzinfo=UTC),
    datetime(2027, 3, 20, 12, 0, tzinfo=UTC),
    datetime(2028, 2, 29, 9, 0, tzinfo=UTC),
)
LARGEST_PICTURE = 150_000


@cache
def workspace() -> Workspace:
    return workflow.load(ROOT)


def findings(moment: datetime, *severities: Severity) -> list[str]:
    clock = FixedClock(moment)
    prepared = workflow.prepare(workspace(), Known(), clock.now())
    return [
        f"{each.rule}: {each.message}"
        for each in workflow.located(prepared)
        if each.severity in severities
    ]


def test_it_has_no_fault_at_all_at_its_beginning() -> None:
    assert findings(AT_ITS_BEGINNING, *Severity) == []


@pytest.mark.parametrize("moment", LATER, ids=lambda moment: f"{moment:%Y-%m-%d}")
def test_it_stays_free_of_errors_when_time_passes(moment: datetime) -> None:
    assert findings(moment, Severity.ERROR) == []


def test_something_is_due_on_the_site_for_the_demo_and_nothing_is_held() -> None:
    prepared = workflow.prepare(workspace(), Known(), AT_ITS_BEGINNING)
    plan = workflow.make_plan(prepared, AT_ITS_BEGINNING)
    due = [(each.occurrence.id, each.post.channel) for each in plan.publishes]
    assert len(due) >= 3
    assert {channel for _, channel in due} == {"site"}
    assert plan.holds == ()


def test_it_writes_in_both_languages_about_equally() -> None:
    languages = Counter(post.language for post in workspace().posts.values())
    assert len(workspace().posts) >= 18
    assert set(languages) == {"en", "fa"}
    assert abs(languages["en"] - languages["fa"]) <= 4


def test_it_uses_what_it_talks_about() -> None:
    posts = workspace().posts.values()
    assert any(post.media for post in posts)
    assert any(post.poll for post in posts)
    assert any(isinstance(post.schedule, Repeating) for post in posts)
    assert any("\n---\n" in post.body for post in posts)
    assert any("::: only" in post.body for post in posts)
    assert any("{% include" in post.body for post in posts)


def test_every_picture_is_described_and_small() -> None:
    for post in workspace().posts.values():
        for file in post.media:
            assert file.alt, post.id
            size = (ROOT / "content" / file.file).stat().st_size
            assert size < LARGEST_PICTURE, file.file


def test_persian_is_written_with_persian_letters() -> None:
    for path in (ROOT / "content").rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        foreign = {"ي": "Arabic yeh", "ك": "Arabic kaf", "٤": "Arabic four"}
        assert [name for letter, name in foreign.items() if letter in text] == []
