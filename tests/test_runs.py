"""A run that waits: a real workspace and state branch, and a clock that jumps."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow import memory, workflow
from smmflow.clock import FixedClock
from smmflow.credentials import Credentials
from smmflow.errors import UsageError
from smmflow.model.freeze import Freeze
from smmflow.model.plan import HoldReason, Plan
from smmflow.networks.line import connected
from smmflow.runs import LEAD, Run, Shard
from tests.cli.terminal import make_workspace, smmflow

TEHRAN = ZoneInfo("Asia/Tehran")
NINE = datetime(2026, 12, 1, 9, tzinfo=TEHRAN).astimezone(UTC)


def post(at: str) -> str:
    head = f"title: سلام\npublish_at: {at}\nchannels: [site]\nlanguage: fa\n"
    return f"---\n{head}---\nسلام.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "content/posts/nine.md": post("2026-12-01 09:00"),
        "content/posts/later.md": post("2026-12-01 09:07"),
        "content/posts/tomorrow.md": post("2026-12-02 09:00"),
    }
    return make_workspace(tmp_path, files)


def run_in(folder: Path, clock: FixedClock) -> Run:
    workspace = workflow.load(folder)
    state = memory.open_state(workspace, clock)
    with connected(workspace.channels.values(), Credentials({}), root=folder) as line:
        return Run(folder, "r1", state, line, clock)


def test_what_is_due_soon_goes_out_at_its_very_second(folder: Path) -> None:
    clock = FixedClock(NINE - timedelta(minutes=8))
    run = run_in(folder, clock)
    until = clock.now() + timedelta(minutes=15)
    went = {}
    prepared, plan = run.look()
    while waits := run.next_due(plan, until):
        due = waits[0].occurrence.due
        assert due is not None
        run.wait_for(due)
        assert clock.now() == due - LEAD
        prepared, plan = run.look(due)
        for each in run.carry_out(prepared, plan, lambda _result: None):
            went[each.occurrence] = each.published
    assert went == {"nine": NINE, "later": NINE + timedelta(minutes=7)}


def test_a_freeze_and_a_changed_file_reach_a_run_that_waits(folder: Path) -> None:
    clock = FixedClock(NINE - timedelta(minutes=8))
    run = run_in(folder, clock)
    _, before = run.look()
    freeze = Freeze("f1", "زلزله", "سارا", clock.now(), None, (), ("later",))
    run.state.change_freezes("Freeze", lambda known: (*known, freeze))
    (folder / "content/posts/later.md").write_text(post("2026-12-01 09:30"))
    run.wait_for(NINE)
    prepared, plan = run.look(NINE)
    assert len(before.waits) == 3
    assert [each.reason for each in plan.holds] == [HoldReason.FROZEN]
    assert run.carry_out(prepared, plan, lambda _result: None) == ()
    assert run.next_due(plan, NINE + timedelta(minutes=7)) == ()


def test_a_freeze_that_ends_at_the_very_second_of_a_post_lets_it_go(
    folder: Path,
) -> None:
    clock = FixedClock(NINE - LEAD)
    run = run_in(folder, clock)
    freeze = Freeze("f1", "کوتاه", "سارا", clock.now() - LEAD, NINE, (), ())
    run.state.change_freezes("Freeze", lambda known: (*known, freeze))
    prepared, plan = run.look(NINE)
    (sent,) = run.carry_out(prepared, plan, lambda _result: None)
    assert sent.published == NINE


def test_a_channel_without_a_connection_is_not_waited_for(folder: Path) -> None:
    run = run_in(folder, FixedClock(NINE - LEAD))
    _, plan = run.look()
    assert run.next_due(plan, NINE)
    assert run.next_due(Plan(plan.at, ()), NINE) == ()
    (folder / "channels.yaml").write_text(
        "title: B\nlanguage: fa\nchannels:\n"
        "  site: {network: site, url: https://example.org}\n"
        "  other: {network: site, url: https://other.example}\n"
    )
    (folder / "content/posts/nine.md").write_text(
        post("2026-12-01 09:00").replace("[site]", "[other]")
    )
    _, plan = run.look()
    assert run.next_due(plan, NINE) == ()


def test_a_freeze_from_another_process_stops_one_that_waits(tmp_path: Path) -> None:
    due = datetime.now(TEHRAN) + LEAD + timedelta(seconds=5)
    files = {"content/posts/soon.md": post(f"{due:%Y-%m-%d %H:%M:%S}")}
    folder = make_workspace(tmp_path, files)
    command = [sys.executable, "-u", "-m", "smmflow", "publish", "--look-ahead", "10m"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as it:
        assert it.stdout
        assert it.stdout.readline().startswith("waiting  soon on site until ")
        frozen = smmflow(folder, "freeze", "زلزله", "--owner", "سارا")
        assert frozen.returncode == 0, frozen.stderr
        rest = it.stdout.read()
    assert (it.returncode, rest) == (0, "0 published, 0 not, 1 held\n")


@given(st.sets(st.text("abcdef", min_size=1)), st.integers(1, 9))
def test_shards_divide_the_channels_among_them(names: set[str], of: int) -> None:
    shards = [Shard.parse(f"{n}/{of}").part_of(tuple(names)) for n in range(1, of + 1)]
    assert sorted(name for shard in shards for name in shard) == sorted(names)


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "1/0", "a/b", "-1/2", ""])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no shard"):
        Shard.parse(text)
