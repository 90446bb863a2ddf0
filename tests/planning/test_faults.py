from __future__ import annotations

from dataclasses import replace

from smmflow.diagnostics import Finding, Place, Severity
from smmflow.planning import faults
from tests.planning.builders import channel_post, post, workspace


def finding(
    path: str, *, channel: str = "", severity: Severity = Severity.ERROR
) -> Finding:
    return Finding("a-rule", severity, "it is wrong", Place(path), channel=channel)


BOTH = ("bluesky", "mastodon")
ONE = post("one", channels=BOTH)
TWO = post("two", channels=BOTH)
SPACE = workspace(ONE, TWO)
COMPOSED = {
    (each.id, channel): replace(
        channel_post(each, channel),
        sources=(each.path, f"content/campaigns/of-{each.id}.md"),
    )
    for each in (ONE, TWO)
    for channel in BOTH
}


def test_an_error_in_a_post_holds_it_everywhere() -> None:
    found = faults(SPACE, COMPOSED, [finding(ONE.path)])
    assert found == {
        ("one", channel): "content/posts/one.md: a-rule: it is wrong"
        for channel in BOTH
    }


def test_an_error_about_one_channel_holds_it_there_alone() -> None:
    found = faults(SPACE, COMPOSED, [finding(ONE.path, channel="bluesky")])
    assert set(found) == {("one", "bluesky")}


def test_an_error_in_a_file_holds_the_posts_that_rest_on_it() -> None:
    found = faults(SPACE, COMPOSED, [finding("content/campaigns/of-two.md")])
    assert set(found) == {("two", channel) for channel in BOTH}


def test_a_broken_calendar_holds_everything() -> None:
    assert len(faults(SPACE, COMPOSED, [finding("calendar.yaml")])) == 4


def test_a_file_that_can_not_be_read_holds_what_rests_on_it() -> None:
    space = replace(SPACE, unreadable=frozenset({"content/campaigns/of-one.md"}))
    found = faults(space, COMPOSED, [])
    assert set(found) == {("one", channel) for channel in BOTH}


def test_warnings_hold_nothing() -> None:
    warning = finding(ONE.path, severity=Severity.WARNING)
    assert faults(SPACE, COMPOSED, [warning]) == {}
