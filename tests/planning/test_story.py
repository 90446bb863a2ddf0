"""The story of a post is told from its ledger's versions, each by what is new in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from smmflow.model.calendar import Calendar
from smmflow.model.publication import (
    Change,
    ChangeKind,
    Outcome,
    PartRecord,
    Publication,
    Receipt,
)
from smmflow.planning import Story

START = datetime(2026, 12, 1, 5, 30, tzinfo=UTC)
RECEIPT = Receipt("at://did:plc:x/1", "https://example.org/1", START)


def seconds(number: float) -> datetime:
    return START + timedelta(seconds=number)


def change(kind: ChangeKind, run: str, at: float, *words: str) -> Change:
    return Change(kind, "1", words, run, seconds(at + 1800))


CLAIMED = Publication(
    "نوروز",
    "نوروز",
    "sky",
    "bluesky",
    Outcome.CLAIMED,
    "0",
    START,
    (PartRecord("سلام به جهان"),),
    "run-1",
    seconds(1800),
    START,
)
LIVE = replace(
    CLAIMED,
    outcome=Outcome.PUBLISHED,
    parts=(PartRecord("سلام به جهان", RECEIPT),),
    updated=seconds(1.5),
)
EDITING = replace(
    LIVE,
    change=change(ChangeKind.EDIT, "run-2", 60, "سلام به همهٔ جهان"),
    updated=seconds(60),
)
EDITED = replace(
    EDITING,
    change=None,
    parts=(PartRecord("سلام به همهٔ جهان", RECEIPT),),
    edited=seconds(62),
    updated=seconds(62),
)


def told(*records: Publication) -> list[list[str]]:
    story = Story(Calendar(zone=ZoneInfo("Asia/Tehran")), lambda text, _role: text)
    return [list(story.tell("سارا", each)) for each in records]


def test_a_claim_and_its_receipt_are_told_with_the_time_between() -> None:
    assert told(CLAIMED, LIVE) == [
        [
            "2026-12-01 09:00:00  claimed  نوروز on sky",
            "    by سارا, run run-1; due 2026-12-01 09:00",
            "    | سلام به جهان",
        ],
        [
            "2026-12-01 09:00:01  published  نوروز on sky",
            "    by سارا, run run-1; due 2026-12-01 09:00",
            "    live https://example.org/1",
            "    receipt at://did:plc:x/1",
            "    1.5 s after it was claimed",
        ],
    ]


def test_an_edit_is_called_so_with_its_words_its_run_and_its_receipt() -> None:
    begun, made = told(CLAIMED, LIVE, EDITING, EDITED)[2:]
    assert begun == [
        "2026-12-01 09:01:00  edit claimed  نوروز on sky",
        "    by سارا, run run-2; due 2026-12-01 09:00",
        "    | سلام به {+همهٔ+} جهان",
    ]
    assert made == [
        "2026-12-01 09:01:02  edited  نوروز on sky",
        "    by سارا, run run-2; due 2026-12-01 09:00",
        "    | سلام به {+همهٔ+} جهان",
        "    live https://example.org/1",
        "    receipt at://did:plc:x/1",
        "    2.0 s after it was claimed",
    ]


def test_what_changes_beside_the_words_is_named() -> None:
    titled = replace(EDITED, parts=LIVE.parts, title="Nowruz", language="fa")
    assert "    also changed: title, language" in told(LIVE, EDITING, titled)[2]


def test_a_withdrawal_is_told_from_its_claim_to_what_is_gone() -> None:
    begun = replace(
        LIVE, change=change(ChangeKind.WITHDRAW, "run-3", 90), updated=seconds(90)
    )
    gone = replace(
        LIVE,
        outcome=Outcome.WITHDRAWN,
        parts=(replace(LIVE.parts[0], gone=True),),
        updated=seconds(91),
    )
    rows = told(CLAIMED, LIVE, begun, gone)[2:]
    assert rows[0][0].endswith("withdrawal claimed  نوروز on sky")
    assert rows[1] == [
        "2026-12-01 09:01:31  withdrawn  نوروز on sky",
        "    by سارا, run run-3; due 2026-12-01 09:00",
        "    gone https://example.org/1",
        "    1.0 s after it was claimed",
    ]


def test_a_time_that_moved_between_two_attempts_is_told() -> None:
    failed = replace(CLAIMED, outcome=Outcome.FAILED, error="down", updated=seconds(3))
    again = replace(CLAIMED, due=seconds(86400), run="run-4", updated=seconds(86400))
    rows = told(CLAIMED, failed, again)
    assert "    down" in rows[1]
    assert rows[2][0].endswith("claimed  نوروز on sky")
    assert "    rescheduled from 2026-12-01 09:00" in rows[2]


def test_an_edit_that_failed_or_was_refused_is_not_called_one() -> None:
    assert EDITING.change is not None
    over = replace(EDITING.change, lease_until=seconds(61))
    doubt = replace(EDITING, change=over, error="no answer", updated=seconds(61))
    refused = replace(doubt, change=replace(over, refused=True), error="too long")
    unmade = replace(LIVE, error="could not be reached", updated=seconds(61))
    assert "edit in doubt" in told(LIVE, EDITING, doubt)[2][0]
    assert "edit refused" in told(LIVE, EDITING, refused)[2][0]
    row = told(LIVE, EDITING, unmade)[2]
    assert "edit not made" in row[0]
    assert "    could not be reached" in row


def test_what_a_person_decided_is_told_once() -> None:
    word = "سارا: it is live, I looked"
    doubt = replace(CLAIMED, outcome=Outcome.IN_DOUBT, updated=seconds(9))
    settled = replace(LIVE, decided=word, updated=seconds(99))
    rows = told(CLAIMED, doubt, settled, replace(settled, title="سلام"))
    assert [row.count(f"    {word}") for row in rows] == [0, 0, 1, 0]
