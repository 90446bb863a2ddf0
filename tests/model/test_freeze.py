from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from smmflow.model.freeze import Freeze, active, came_due_during

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALL = Freeze("f1", "زلزله", "sara", NOON)


def stopped(freeze: Freeze, *, at: datetime, **about: str) -> bool:
    asked = {"channel": "site", "post": "hello", "campaign": "", **about}
    return active([freeze], now=at, **asked) is not None


def test_a_freeze_stops_everything_from_its_moment_on() -> None:
    assert not stopped(ALL, at=NOON - HOUR)
    assert stopped(ALL, at=NOON)
    assert stopped(ALL, at=NOON + timedelta(days=365))


def test_a_freeze_ends_by_itself_or_by_a_person_whichever_comes_first() -> None:
    timed = replace(ALL, until=NOON + 2 * HOUR)
    lifted = replace(timed, lifted=NOON + HOUR)
    assert stopped(timed, at=NOON + HOUR)
    assert not stopped(timed, at=NOON + 2 * HOUR)
    assert not stopped(lifted, at=NOON + HOUR)


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"channel": "mastodon"}, True),
        ({"channel": "bluesky"}, False),
        ({"channel": "mastodon", "post": "statement"}, False),
        ({"channel": "mastodon", "campaign": "relief"}, False),
        ({"channel": "mastodon", "campaign": "launch"}, True),
    ],
)
def test_a_freeze_has_a_scope_and_spares_what_it_names(
    about: dict[str, str], *, expected: bool
) -> None:
    freeze = replace(ALL, channels=("mastodon",), spared=("statement", "relief"))
    assert stopped(freeze, at=NOON, **about) is expected


def test_what_came_due_during_a_freeze_that_is_over_is_known() -> None:
    over = replace(ALL, lifted=NOON + HOUR)

    def held(due: datetime) -> Freeze | None:
        return came_due_during([over], channel="x", post="p", campaign="", due=due)

    assert held(NOON + HOUR / 2) == over
    assert held(NOON + HOUR) is None
    assert held(NOON - HOUR) is None
