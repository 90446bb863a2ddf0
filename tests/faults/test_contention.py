"""Eight machines find the same 200 posts due, at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smmflow.clock import SystemClock
from smmflow.model.publication import Outcome
from smmflow.repository import Repository
from smmflow.store import State
from tests.faults.crowd import Crowd, Job, text
from tests.servers.bluesky import BlueskyNetwork
from tests.servers.git_http import GitServer

POSTS = 200
MACHINES = 8


@pytest.fixture
def network() -> Iterator[BlueskyNetwork]:
    started = BlueskyNetwork(appview=False).start()
    yield started
    started.stop()


@pytest.mark.servers
@pytest.mark.timeout(300)  # eight interpreters on however few cores
def test_none_is_lost_and_none_goes_out_twice(
    tmp_path: Path, git_server: GitServer, network: BlueskyNetwork
) -> None:
    (tmp_path / "author").mkdir()
    job = Job.make(tmp_path / "author", git_server, network, "crowd", POSTS)
    clones = [job.clone(tmp_path / f"m{number}") for number in range(MACHINES)]
    before = git_server.traffic

    runs, seconds = Crowd(job, clones).publish()

    after = git_server.traffic
    print(  # noqa: T201 - `pytest -rP` shows the numbers
        f"{MACHINES} publishers, {POSTS} posts: {seconds:.1f} s, "
        f"{after.pushes - before.pushes} pushes, "
        f"{after.conflicts - before.conflicts} conflicts"
    )
    assert [(run.status, run.err) for run in runs] == [(0, "")] * MACHINES
    assert sorted(job.live()) == sorted(map(text, range(POSTS)))
    state = State(
        Repository(clones[0]).state_branch("smmflow-state", "origin", SystemClock())
    )
    state.fetch()
    ledger = state.publications()
    assert [each.outcome for each in ledger.values()] == [Outcome.PUBLISHED] * POSTS
    written = [part.receipt for each in ledger.values() for part in each.parts]
    assert len({receipt.id for receipt in written if receipt}) == POSTS
    published = [line for run in runs for line in run.out.splitlines()]
    assert sum(line.startswith("published") for line in published) == POSTS
