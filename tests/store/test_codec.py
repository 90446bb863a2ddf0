"""Records as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.errors import StateError
from smmflow.model.publication import (
    Change,
    Outcome,
    PartRecord,
    Publication,
    Receipt,
)
from smmflow.model.snapshot import ChannelReading, PartReading, Snapshot
from smmflow.store import StoredLimits
from smmflow.store.codec import (
    decode_limits,
    decode_publication,
    decode_snapshot,
    encode_limits,
    encode_publication,
    encode_snapshot,
)

MOMENTS = st.datetimes(timezones=st.just(UTC))
COUNTERS = st.dictionaries(st.text(), st.none() | st.integers(0, 10**12))
RECEIPTS = st.builds(
    Receipt, st.text(), st.text(), MOMENTS, st.dictionaries(st.text(), st.text())
)
PUBLICATIONS = st.builds(
    Publication,
    due=MOMENTS,
    lease_until=MOMENTS,
    updated=MOMENTS,
    published=st.none() | MOMENTS,
    edited=st.none() | MOMENTS,
    change=st.none() | st.builds(Change, lease_until=MOMENTS),
    parts=st.lists(
        st.builds(PartRecord, st.text(), st.none() | RECEIPTS, st.text()), max_size=3
    ).map(tuple),
)
SNAPSHOTS = st.builds(
    Snapshot,
    MOMENTS,
    st.text(),
    st.lists(st.builds(PartReading, counters=COUNTERS), max_size=3).map(tuple),
    st.lists(st.builds(ChannelReading, counters=COUNTERS), max_size=3).map(tuple),
)
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
LAUNCH = Publication(
    occurrence="نوروز\u200cها",
    post="نوروز\u200cها",
    channel="mastodon",
    network="mastodon",
    outcome=Outcome.PUBLISHED,
    digest="sha256:00",
    due=NOON,
    parts=(
        PartRecord(
            "سلام دنیا",
            Receipt("1", "https://m.example/@s/1", NOON, {"cid": "x"}),
            media=(("content/media/گل.png", "00", "یک گل"),),
        ),
    ),
    run="r1",
    lease_until=NOON,
    updated=NOON,
)


@given(PUBLICATIONS)
def test_a_publication_comes_back(publication: Publication) -> None:
    assert decode_publication(encode_publication(publication), "x") == publication


@given(SNAPSHOTS)
def test_a_snapshot_comes_back(snapshot: Snapshot) -> None:
    assert decode_snapshot(encode_snapshot(snapshot), "x") == snapshot


@given(st.builds(StoredLimits, st.dictionaries(st.text(), st.integers()), MOMENTS))
def test_limits_come_back(limits: StoredLimits) -> None:
    assert decode_limits(encode_limits(limits), "x") == limits


def test_the_file_is_for_people_too() -> None:
    text = encode_publication(LAUNCH).decode()
    assert "سلام دنیا" in text
    assert text.endswith("}\n")
    keys = list(json.loads(text)["publication"])
    assert keys == sorted(keys)
    assert '"due": "2026-12-01T12:00:00+00:00"' in text


def test_unknown_counters_stay_unknown() -> None:
    reading = PartReading("a", "site", 0, "1", {"likes": None, "replies": 0})
    content = encode_snapshot(Snapshot(NOON, "r1", (reading,)))
    assert content.decode().splitlines()[1] == (
        '{"part":{"channel":"site","counters":{"likes":null,"replies":0},'
        '"gone":false,"id":"1","occurrence":"a","part":0}}'
    )


def test_times_are_stored_in_utc() -> None:
    tehran = timezone(timedelta(hours=3, minutes=30))
    moved = StoredLimits({}, NOON.astimezone(tehran))
    assert b"2026-12-01T12:00:00+00:00" in encode_limits(moved)


def test_a_time_without_a_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="aware"):
        encode_limits(StoredLimits({}, datetime(2026, 1, 1)))  # noqa: DTZ001 - that's it


def test_half_a_surrogate_pair_in_a_networks_words_is_stored_as_a_question_mark() -> (
    None
):
    snapshot = Snapshot(NOON, "r\ud8001")
    assert decode_snapshot(encode_snapshot(snapshot), "x").run == "r?1"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "x can't be read: Invalid JSON"),
        (b"\xff\xfe", "x can't be read: Invalid JSON"),
        (b"[]", "x can't be read: Input should be an object"),
        (b'{"format": 1}', "publication: Field required"),
        (b'{"format": 2, "new": []}', r"written by a newer smmflow \(format 2\)"),
        (b'{"format": "2"}', "format: Input should be 1"),
    ],
)
def test_what_can_not_be_read_is_named(content: bytes, words: str) -> None:
    with pytest.raises(StateError, match=words):
        decode_publication(content, "x")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b'"run": "r1"', b'"run": 1', "publication.run: Input should be a valid str"),
        (b'"run"', b'"colour": "red", "run"', "publication.colour: .* keyword"),
        (
            b'"published",',
            b'"maybe",',
            "publication.outcome: Input should be 'claimed'",
        ),
        (b'T12:00:00+00:00",\n  "edited"', b'T12:00:00",\n  "edited"', "no time zone"),
    ],
)
def test_a_wrong_value_is_named(old: bytes, new: bytes, words: str) -> None:
    content = encode_publication(LAUNCH)
    assert old in content
    with pytest.raises(StateError, match=words):
        decode_publication(content.replace(old, new), "x")
