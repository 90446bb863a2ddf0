from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from smmflow.clock import FixedClock, SystemClock


def test_the_system_clock_is_aware() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_fixed_clock_jumps_instead_of_sleeping() -> None:
    noon = datetime(2026, 12, 1, 15, 30, tzinfo=ZoneInfo("Asia/Tehran"))
    clock = FixedClock(noon)
    clock.sleep(90)
    clock.sleep(-5)
    assert clock.now() == datetime(2026, 12, 1, 12, 1, 30, tzinfo=UTC)
    assert clock.slept == [90, -5]
