"""What stays live when a file is deleted is told, and never stands in the way."""

from __future__ import annotations

from datetime import timedelta

from smmflow.diagnostics import Place, Severity
from smmflow.model.publication import Outcome, PartRecord, Publication, Receipt
from tests.checks.builders import NOW, find, post

RULE = "live-without-file"


def live(
    name: str, channel: str = "mastodon", occurrence: str = "", **more: bool
) -> Publication:
    part = PartRecord("سلام", Receipt("1", "", NOW), gone=more.get("gone", False))
    due = NOW - timedelta(days=1)
    outcome = Outcome.WITHDRAWN if more.get("gone") else Outcome.PUBLISHED
    return Publication(
        occurrence or name,
        name,
        channel,
        channel,
        outcome,
        "0",
        due,
        (part,),
        "run",
        due,
        due,
    )


def ledger(*records: Publication) -> dict[tuple[str, str], Publication]:
    return {(each.occurrence, each.channel): each for each in records}


def test_a_live_post_without_a_file_is_told_once_with_its_channels() -> None:
    known = ledger(live("نوروز", "mastodon"), live("نوروز", "bluesky"), live("p"))
    (found,) = find(RULE, post(), publications=known)
    assert found.severity is Severity.WARNING
    assert found.place == Place("channels.yaml", ("channels", "bluesky"), on_key=True)
    assert found.message == (
        "نوروز stays live on bluesky, mastodon, but no file has that id any more"
    )
    assert "put content/posts/نوروز.md back with `withdrawn: true`" in found.hint
    assert "`id: نوروز`" in found.hint


def test_a_recurring_post_is_told_once_however_often_it_went_out() -> None:
    known = ledger(
        live("tea", occurrence="tea@2026-11-01T09:00"),
        live("tea", occurrence="tea@2026-11-08T09:00"),
    )
    (found,) = find(RULE, publications=known)
    assert (found.channel, found.message.split()[0]) == ("mastodon", "tea")


def test_a_file_that_was_renamed_with_its_id_is_fine() -> None:
    moved = post(name="old", path="content/posts/2026/new.md")
    assert not find(RULE, moved, publications=ledger(live("old")))


def test_what_was_taken_down_or_lies_on_a_channel_we_left_is_fine() -> None:
    known = ledger(live("a", gone=True), live("b", "twitter"))
    assert not find(RULE, publications=known)


def test_nothing_is_said_while_a_file_of_a_post_cannot_be_read() -> None:
    known = ledger(live("a"))
    broken = {"unreadable": frozenset({"content/posts/z.md"})}
    assert not find(RULE, publications=known, more=broken)
    other = {"unreadable": frozenset({"content/ideas/z.md"})}
    assert find(RULE, publications=known, more=other)
