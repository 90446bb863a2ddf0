"""Checking as a whole: what is left out, softened, and said once."""

from __future__ import annotations

from pathlib import Path

import pytest

from smmflow.checks import adjust
from smmflow.diagnostics import Finding, Place, Severity
from tests.checks.builders import Bench, find, post
from tests.checks.workspaces import findings_of
from tests.checks.workspaces import post as post_file


def test_a_withdrawn_post_is_not_checked() -> None:
    assert not Bench().check(post("", withdrawn=True, channels=()))


def test_a_withdrawn_posts_names_still_have_to_be_right() -> None:
    assert find("unknown-channel", post(withdrawn=True, channels=("mastadon",)))


def test_a_channel_with_a_fault_is_not_unknown_besides(tmp_path: Path) -> None:
    channels = "title: A\nchannels: {there: {network: x, max_cost: 1}}\n"
    body = "Hello.\n\n::: only there\nYou there.\n:::\n"
    files = {"channels.yaml": channels, **post_file("", body, channels="there")}
    found = findings_of(tmp_path, files)
    assert [each.rule for each in found] == ["bad-value"]


def test_a_rule_is_ignored_in_the_post_that_says_so_alone() -> None:
    see = "See #1405"
    quiet = post(see, name="q", ignore=frozenset({"hashtag-only-digits"}))
    [found] = find("hashtag-only-digits", post(see), quiet)
    assert found.place.path == "content/posts/p.md"


def test_an_error_only_warns_in_a_draft() -> None:
    [found] = find("no-channel", post(channels=(), draft=True))
    assert found.severity is Severity.WARNING
    [found] = find("no-channel", post(channels=()))
    assert found.severity is Severity.ERROR


def test_a_note_stays_a_note_in_a_draft() -> None:
    [found] = find("hashtag-only-digits", post("See #1405", draft=True))
    assert found.severity is Severity.NOTE


def test_faults_found_before_are_ignored_and_softened_likewise() -> None:
    posts = (
        post(name="live"),
        post(name="draft", draft=True),
        post(name="ignoring", ignore=frozenset({"template-error"})),
    )
    found = [
        Finding("template-error", Severity.ERROR, "m", Place(each.path, offset=0))
        for each in posts
    ]
    kept = adjust(found, Bench().subject(*posts))
    assert [(each.place.path, each.severity) for each in kept] == [
        ("content/posts/live.md", Severity.ERROR),
        ("content/posts/draft.md", Severity.WARNING),
    ]


def test_faults_of_files_that_are_no_posts_stay() -> None:
    found = Finding("yaml-trap", Severity.NOTE, "m", Place("calendar.yaml"))
    assert adjust([found], Bench().subject(post(ignore=frozenset({"yaml-trap"})))) == (
        found,
    )


def test_a_rule_that_does_not_exist_is_named_with_the_one_meant() -> None:
    [found] = find("unknown-rule", post(ignore=frozenset({"text-to-long"})))
    assert found.hint == "did you mean `text-too-long`?"
    assert found.place.keys == ("ignore",)


@pytest.mark.parametrize(
    "rule", ["yaml-trap", "template-error", "text-empty", "unknown-channel"]
)
def test_what_reading_or_composing_may_have_found_is_never_called_unused(
    rule: str,
) -> None:
    assert not find("unused-ignore", post(ignore=frozenset({rule})))


def test_nothing_is_called_unused_while_a_post_is_a_draft() -> None:
    ignoring = frozenset({"alt-text-missing"})
    assert find("unused-ignore", post(ignore=ignoring))
    assert not find("unused-ignore", post(ignore=ignoring, draft=True))


def test_what_holds_on_every_channel_is_said_once_for_all() -> None:
    both = post("See http://example.org", channels=("bluesky", "mastodon"))
    [found] = find("link-insecure", both)
    assert found.channel == ""


def test_an_empty_workspace_has_no_fault() -> None:
    assert Bench().check() == ()
