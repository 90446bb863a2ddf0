from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from smmflow.content import parse_moment
from smmflow.errors import UsageError
from smmflow.model.calendar import Calendar

TEHRAN = ZoneInfo("Asia/Tehran")
BERLIN = ZoneInfo("Europe/Berlin")
NINE = datetime(2026, 12, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "jalali"),
    [
        ("2026-12-01 09:00", False),
        ("2026-12-01 09:00", True),
        ("1405-09-10 09:00", True),
        ("۱۴۰۵-۰۹-۱۰ ۰۹:۰۰", True),
        ("2026-12-01 07:30 +02:00", False),
    ],
)
def test_a_time_is_read_as_files_are_read(text: str, *, jalali: bool) -> None:
    assert parse_moment(text, Calendar(TEHRAN, jalali=jalali)) == NINE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("soon", "no date and time"),
        ("1405-09-10 09:00", "is long past"),
        ("2026-03-29 02:30", "never show"),
        ("2026-10-25 02:30", "twice"),
        ("2026-02-30 09:00", "there is no day"),
    ],
)
def test_what_is_no_time_is_refused_with_a_hint(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        parse_moment(text, Calendar(BERLIN))
    assert caught.value.hint
