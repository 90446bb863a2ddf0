from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from smmflow.errors import UsageError
from smmflow.reporting import parse_period

TEHRAN = ZoneInfo("Asia/Tehran")
# In Tehran it is the 23rd already.
NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "first", "end"),
    [
        ("last-1-day", "2026-11-23", "2026-11-24"),
        ("last-30-days", "2026-10-25", "2026-11-24"),
        ("last-۳۰-days", "2026-10-25", "2026-11-24"),
        ("2026-11", "2026-11-01", "2026-12-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2028-02", "2028-02-01", "2028-03-01"),
        ("2026-W47", "2026-11-16", "2026-11-23"),
        ("2026-W53", "2026-12-28", "2027-01-04"),
        ("2026-11-01..2026-11-30", "2026-11-01", "2026-12-01"),
        ("2026-11-05", "2026-11-05", "2026-11-06"),
        ("1405-09", "2026-11-22", "2026-12-22"),
        ("۱۴۰۵-۰۹-۰۱..۱۴۰۵-۰۹-۰۳", "2026-11-22", "2026-11-25"),
    ],
)
def test_a_period_is_whole_days_of_the_workspaces_zone(
    text: str, first: str, end: str
) -> None:
    period = parse_period(text, TEHRAN, NOW)

    assert period.start == datetime.fromisoformat(first).replace(tzinfo=TEHRAN)
    assert period.end == datetime.fromisoformat(end).replace(tzinfo=TEHRAN)


def test_all_has_no_beginning() -> None:
    period = parse_period("all", TEHRAN, NOW)

    assert period.start is None
    assert period.holds(datetime(1990, 1, 1, tzinfo=UTC))
    assert period.holds(NOW)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "last-0-days",
        "last-99999-days-ago",
        "2026-13",
        "1405-13",
        "2026-W54",
        "2026-02-30",
        "2026-11-30..2026-11-01",
        "2026-11-01..",
        "0000-01",
        "9999-12",
        "9999-12-31",
        "last-99999999-days",
    ],
)
def test_what_means_no_period_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_period(text, TEHRAN, NOW)

    assert "last-30-days" in refused.value.hint


def test_the_last_day_of_a_period_is_in_it_and_the_next_midnight_is_not() -> None:
    period = parse_period("2026-11", TEHRAN, NOW)

    assert period.holds(datetime(2026, 11, 30, 23, 59, tzinfo=TEHRAN))
    assert not period.holds(datetime(2026, 12, 1, tzinfo=TEHRAN))
