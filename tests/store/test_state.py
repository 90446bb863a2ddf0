"""The typed view of the state branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from smmflow.errors import StateError
from smmflow.model.freeze import Freeze
from smmflow.model.publication import Outcome, PartRecord, Publication
from smmflow.model.snapshot import ChannelReading, Snapshot
from smmflow.repository import StateBranch
from smmflow.store import Known, Ledger, State, StoredLimits

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def claim(occurrence: str, channel: str = "site") -> Publication:
    return Publication(
        occurrence=occurrence,
        post=occurrence.partition("@")[0],
        channel=channel,
        network="site",
        outcome=Outcome.CLAIMED,
        digest="sha256:00",
        due=NOON,
        parts=(PartRecord("سلام"),),
        run="r1",
        lease_until=NOON + timedelta(minutes=30),
        updated=NOON,
    )


def test_an_empty_repository_holds_nothing(branch: StateBranch) -> None:
    state = State(branch)
    state.fetch()
    assert state.publications() == {}
    assert state.snapshots() == ()
    assert state.limits("mastodon") is None


def test_publications_are_kept_by_occurrence_and_channel(branch: StateBranch) -> None:
    records = [
        claim("launch"),
        claim("launch", "mastodon"),
        claim("نوروز\u200cها@2027-03-20T09:30"),
        claim("خبر/" + "ن" * 300),
    ]
    state = State(branch)
    written = state.update("Claim", lambda _ledger: records)
    assert sorted(written, key=str) == sorted(records, key=str)
    assert state.publications() == {(r.occurrence, r.channel): r for r in records}
    assert "ledger/نوروز\u200cها@2027-03-20T09%3A30/site.json" in branch.read_all()


def test_a_change_sees_the_ledger_and_only_news_are_written(
    branch: StateBranch,
) -> None:
    state = State(branch)
    one, two = claim("one"), claim("two")
    state.update("Two", lambda _ledger: [one, two])

    def refuse(ledger: Ledger) -> Sequence[Publication]:
        assert ledger.some([("one", "site"), ("none", "site")]) == {
            ("one", "site"): one
        }
        return [one, replace(two, outcome=Outcome.REFUSED)]

    assert [each.post for each in state.update("Refuse", refuse)] == ["two"]
    assert state.publications()["two", "site"].outcome is Outcome.REFUSED


def test_a_broken_file_is_named_with_its_commit(branch: StateBranch) -> None:
    branch.update("Break", lambda _view: {"ledger/a/site.json": b"{"})
    commit = str(branch.view.commit)[:12]
    with pytest.raises(StateError, match=rf"ledger/a/site.json \(state .* {commit}\)"):
        State(branch).publications()


def test_a_file_that_was_moved_is_named_with_its_right_place(
    branch: StateBranch,
) -> None:
    state = State(branch)
    state.update("One", lambda _ledger: [claim("one")])
    content = branch.read("ledger/one/site.json")
    branch.update("Move", lambda _view: {"ledger/two/site.json": content})
    with pytest.raises(StateError, match="says that it is about one on site") as caught:
        state.publications()
    assert caught.value.hint.endswith("ledger/one/site.json")


def test_snapshots_lie_by_day_and_come_oldest_first(branch: StateBranch) -> None:
    readings = (ChannelReading("site", {"followers": None}),)
    late = Snapshot(NOON + timedelta(days=1), "r2", channels=readings)
    early = Snapshot(NOON, "r1", channels=readings)
    state = State(branch)
    state.save_snapshot(late)
    state.save_snapshot(early)
    assert state.snapshots() == (early, late)
    assert set(branch.read_all("metrics")) == {
        "metrics/2026/12/01/r1.jsonl",
        "metrics/2026/12/02/r2.jsonl",
    }


def test_a_job_that_runs_again_overwrites_no_snapshot(branch: StateBranch) -> None:
    first = Snapshot(NOON, "r1")
    second = Snapshot(NOON + timedelta(hours=1), "r1")
    state = State(branch)
    for each in (first, second, second):
        state.save_snapshot(each)
    assert state.snapshots() == (first, second)


def test_limits_are_remembered_with_their_date(branch: StateBranch) -> None:
    state = State(branch)
    limits = StoredLimits({"text": 5000}, NOON)
    state.save_limits({"mastodon": limits, "فارسی": limits})
    assert state.limits("mastodon") == limits
    assert state.limits("فارسی") == limits
    assert state.limits("site") is None


def test_everything_that_is_known_is_read_at_once(branch: StateBranch) -> None:
    state = State(branch)
    snapshot = Snapshot(NOON, "r1")
    assert Known.of(state, ["mastodon"]) == Known()
    state.update("One", lambda _ledger: [claim("one")])
    state.save_snapshot(snapshot)
    state.save_limits({"mastodon": StoredLimits({"text": 5000}, NOON)})
    known = Known.of(state, ["mastodon", "site"], metrics=True)
    assert known.publications == {("one", "site"): claim("one")}
    assert known.snapshots == (snapshot,)
    assert known.limits == {"mastodon": {"text": 5000}}
    assert Known.of(state, []).snapshots == ()


def test_freezes_are_kept_with_those_that_ended(branch: StateBranch) -> None:
    state = State(branch)
    assert state.freezes() == ()
    first = Freeze("r1", "زلزله", "سارا", NOON, channels=("mastodon",))
    state.change_freezes("Freeze", lambda known: (*known, first))
    second = Freeze("r2", "Crisis", "omid", NOON, until=NOON + timedelta(days=1))
    written = state.change_freezes("Freeze", lambda known: (*known, second))
    assert written == state.freezes() == (first, second)
    assert Known.of(state, []).freezes == (first, second)
    ended = state.change_freezes(
        "Unfreeze", lambda known: tuple(replace(f, lifted=NOON) for f in known)
    )
    assert [each.lifted for each in ended] == [NOON, NOON]
