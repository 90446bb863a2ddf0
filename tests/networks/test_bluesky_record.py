"""Record keys and times are the same in every run, and valid."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from smmflow.model.channel_post import PartKey
from smmflow.networks.bluesky.record import created_at, facets, record_key
from smmflow.testing.samples import rich

DUE = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
# https://atproto.com/specs/tid
TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")


@given(
    st.text(max_size=30),
    st.integers(0, 20),
    st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - made aware below
)
def test_a_record_key_is_a_valid_tid(name: str, number: int, due: datetime) -> None:
    key = PartKey(name, "bluesky", number, due.replace(tzinfo=UTC))
    assert TID.fullmatch(record_key(key))


def test_a_record_key_does_not_depend_on_the_zone_that_a_time_is_told_in() -> None:
    key = PartKey("launch", "bluesky", 0, DUE)
    there = PartKey("launch", "bluesky", 0, DUE.astimezone(ZoneInfo("Asia/Tehran")))
    assert record_key(key) == record_key(there)
    assert created_at(key) == created_at(there) == "2026-11-22T09:30:00.000Z"


def test_posts_due_at_the_same_second_have_different_keys() -> None:
    keys = {
        record_key(PartKey(f"post{number}", "bluesky", part, DUE, attempt))
        for number in range(100)
        for part in range(3)
        for attempt in range(2)
    }
    assert len(keys) == 600


def test_record_keys_sort_by_the_second_of_their_time() -> None:
    early = PartKey("a", "bluesky", 0, DUE)
    late = PartKey("b", "bluesky", 0, DUE + timedelta(seconds=1))
    assert record_key(early) < record_key(late)


def test_parts_of_a_thread_are_a_millisecond_apart() -> None:
    assert created_at(PartKey("a", "b", 2, DUE)) == "2026-11-22T09:30:00.002Z"


@given(
    st.lists(
        st.sampled_from(
            ["سلام", "#می‌خواهم", "#نسخهٔ", "👩‍👩‍👧", "字", "https://example.org/é", "hi"]
        ),
        max_size=8,
    )
)
def test_facets_cut_out_exactly_their_words(words: list[str]) -> None:
    text = " ".join(words)
    octets = text.encode()
    cut = [
        octets[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode()  # type: ignore[index] # JSON
        for f in facets(rich(text), lambda _: None)
    ]
    assert cut == [each for each in words if each.startswith(("#", "https://"))]
