"""The numbers that docs/explanation/publishing.md gives are those of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.faults import (
    test_changed_minds,
    test_deaths,
    test_full_disk,
    test_network_faults,
    test_remote_faults,
)
from tests.faults.tables import Combination
from tests.faults.verdict import Verdict

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "publishing.md"
TROUBLES: Mapping[str, tuple[Combination, ...]] = {
    "a fault at one request": test_network_faults.MET_ONCE,
    "a fault at every request of a run": test_network_faults.MET_ALWAYS,
    "a fault at an edit or a withdrawal": test_network_faults.CHANGED,
    "SIGKILL while posts are sent": test_deaths.KILLED_SENDING,
    "SIGKILL at an edit or a withdrawal": test_deaths.KILLED_CHANGING,
    "a push that is refused, lost or overtaken": test_remote_faults.DISTURBED,
    "a remote that is away": test_remote_faults.ALONE,
    "a full disk": (*test_full_disk.OUTGROWN, *test_full_disk.FILLED),
    "a file that changes while its post is in doubt": test_changed_minds.CHANGED,
}


def test_the_page_has_the_numbers_of_the_tables() -> None:
    rows = [_row(name, combinations) for name, combinations in TROUBLES.items()]
    every = tuple(each for some in TROUBLES.values() for each in some)
    table = "\n".join([*rows, _row("**together**", every)])
    assert table in PAGE.read_text(encoding="utf-8"), f"the page should say\n{table}"


def test_there_are_more_than_three_hundred_and_each_is_another() -> None:
    names = [
        f"{trouble}: {each}"
        for trouble, combinations in TROUBLES.items()
        for each in combinations
    ]
    assert len(names) == len(set(names)) > 300


def test_only_what_can_not_be_known_is_held() -> None:
    held = {
        each.kind
        for combinations in TROUBLES.values()
        for each in combinations
        if each.expected is Verdict.HELD
    }
    assert held == {"blind", "keys only"}
    changed = test_changed_minds.CHANGED
    assert {
        each.step
        for each in changed
        if (each.kind, each.expected) == ("keys only", Verdict.HELD)
    } == {"new words after a post"}


def _row(name: str, combinations: tuple[Combination, ...]) -> str:
    held = sum(each.expected is Verdict.HELD for each in combinations)
    return f"| {name} | {len(combinations)} | {len(combinations) - held} | {held} |"
