from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.language.jalali import (
    FIRST_YEAR,
    LAST_YEAR,
    days_in_month,
    from_gregorian,
    is_leap,
    is_valid,
    to_gregorian,
)


@pytest.mark.parametrize(
    ("jalali", "gregorian"),
    [
        ((1404, 1, 1), date(2025, 3, 21)),
        ((1405, 1, 1), date(2026, 3, 21)),
        ((1403, 1, 1), date(2024, 3, 20)),
        ((1403, 12, 30), date(2025, 3, 20)),
        ((1405, 9, 10), date(2026, 12, 1)),
        ((1405, 9, 30), date(2026, 12, 21)),
        ((1357, 11, 22), date(1979, 2, 11)),
        ((1300, 1, 1), date(1921, 3, 21)),
        ((1399, 12, 30), date(2021, 3, 20)),
    ],
)
def test_known_days_agree_both_ways(
    jalali: tuple[int, int, int], gregorian: date
) -> None:
    assert to_gregorian(*jalali) == gregorian
    assert from_gregorian(gregorian) == jalali


def test_leap_years_are_those_of_the_official_table() -> None:
    leap = [year for year in range(1370, 1420) if is_leap(year)]
    assert leap == [
        1370,
        1375,
        1379,
        1383,
        1387,
        1391,
        1395,
        1399,
        1403,
        1408,
        1412,
        1416,
    ]


def test_days_follow_each_other_without_gap_through_all_years() -> None:
    day = to_gregorian(FIRST_YEAR, 1, 1)
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for month in range(1, 13):
            assert to_gregorian(year, month, 1) == day
            day += timedelta(days=days_in_month(year, month))


@given(st.dates(to_gregorian(FIRST_YEAR, 1, 1), to_gregorian(LAST_YEAR, 12, 29)))
def test_every_day_comes_back(day: date) -> None:
    assert to_gregorian(*from_gregorian(day)) == day


@pytest.mark.parametrize(
    "day",
    [
        (1404, 12, 30),
        (1405, 13, 1),
        (1405, 0, 1),
        (1405, 7, 31),
        (1205, 1, 1),
        (1499, 1, 1),
    ],
)
def test_days_that_do_not_exist_are_refused(day: tuple[int, int, int]) -> None:
    assert not is_valid(*day)
    with pytest.raises(ValueError, match="there is no day"):
        to_gregorian(*day)


@pytest.mark.parametrize(
    "day", [date(1827, 3, 21), date(2200, 1, 1), date.min, date.max]
)
def test_days_outside_the_known_years_are_refused(day: date) -> None:
    with pytest.raises(ValueError, match="outside the years"):
        from_gregorian(day)
