"""What needs a person, and what does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from smmflow.errors import SignInFailed
from smmflow.model.channel_post import Occurrence
from smmflow.model.freeze import Freeze
from smmflow.model.plan import Hold, HoldReason, Plan
from smmflow.model.schedule import Schedule
from smmflow.watching import MARK, Dying, as_markdown, as_text, needs

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
NOON = timedelta(hours=12)


def plan(reason: HoldReason, *, due: datetime | None = NOW, words: str = "چرا") -> Plan:
    return Plan(NOW, (Hold("p", "toot", Occurrence("p", "p", due), reason, words),))


@pytest.mark.parametrize("reason", sorted(HoldReason))
def test_a_hold_needs_a_person_unless_it_ends_by_itself(reason: HoldReason) -> None:
    by_itself = {HoldReason.CLAIMED, HoldReason.UNSCHEDULED, HoldReason.FROZEN}
    found = needs(plan(reason))
    assert [each.reason for each in found] == [str(reason)] * (reason not in by_itself)


def test_a_fault_in_a_post_can_wait_until_the_post_is_near() -> None:
    fault = HoldReason.FINDINGS
    assert needs(plan(fault, due=NOW + timedelta(days=2))) == ()
    assert len(needs(plan(fault, due=NOW + timedelta(hours=2)))) == 1
    assert len(needs(plan(HoldReason.NO_SLOT, due=None))) == 1


@pytest.mark.parametrize(
    ("left", "told"), [(timedelta(days=8), 0), (timedelta(days=7), 1), (-NOON, 1)]
)
def test_a_token_needs_a_person_in_its_last_days(left: timedelta, told: int) -> None:
    token = Dying("threads", NOW + left, ("launch", "after"))
    found = needs(Plan(NOW, ()), dying=(token,))
    assert len(found) == told
    for need in found:
        assert (need.what, need.reason) == ("threads", "token")
        assert "misses launch, after. Get a new one with `smmflow auth" in need.words


def test_a_freeze_is_told_once_while_it_holds() -> None:
    freeze = Freeze("f", "زلزله", "سارا", NOW - timedelta(hours=1))
    over = Freeze("g", "x", "y", NOW - timedelta(days=2), until=NOW)
    (need,) = needs(Plan(NOW, ()), freezes=(freeze, over))
    assert (need.what, need.reason) == ("every channel", "frozen")
    assert "سارا" in need.words
    assert "زلزله" in need.words


def test_a_channel_that_signs_nobody_in_is_told() -> None:
    broken = SignInFailed("the token is revoked", hint="make a new one")
    (need,) = needs(Plan(NOW, ()), unreachable={"toot": broken})
    assert need.words == "the token is revoked. make a new one"


@pytest.mark.parametrize(
    ("schedule", "reason"),
    [
        (Schedule("publish.yml", enabled=True, last_success=NOW), []),
        (Schedule("publish.yml", enabled=False, last_success=NOW), ["switched-off"]),
        (Schedule("publish.yml", enabled=True, last_success=None), ["silent"]),
        (
            Schedule("publish.yml", True, NOW - timedelta(hours=7)),  # noqa: FBT003 - a row
            ["silent"],
        ),
    ],
)
def test_a_schedule_that_is_off_or_silent_is_told(
    schedule: Schedule, reason: list[str]
) -> None:
    found = needs(Plan(NOW, ()), schedules=[schedule])
    assert [each.reason for each in found] == reason


def test_words_of_posts_are_no_markup_in_an_issue() -> None:
    found = needs(plan(HoldReason.REFUSED, words="@team <b>no</b> | [x](y)"))
    text = as_markdown(found)
    assert text.startswith(MARK)
    assert "@team" not in text
    assert "<b>" not in text
    assert r"\| \[x\](y)" in text
    assert as_text(found).startswith("p on toot (refused)\n  @team")


def test_no_needs_are_said_to_be_none() -> None:
    assert as_text(()) == "nothing needs a person\n"
    assert "Nothing needs a person" in as_markdown(())


def test_an_issue_does_not_grow_without_end() -> None:
    many = needs(plan(HoldReason.MISSED)) * 150
    assert as_markdown(many).count("\n| p on toot") == 100
    assert "50 more" in as_markdown(many)
