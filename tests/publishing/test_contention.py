"""Several machines publish the same plan at once, over one remote reached by HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from smmflow.model.publication import Outcome
from tests.publishing.conftest import Desk, make_desk
from tests.publishing.fakes import postings, texts
from tests.servers.git_http import GitServer

POSTS = 30
MACHINES = 4
SCRIPT = """
import sys
from pathlib import Path
from smmflow.clock import SystemClock
from smmflow.publishing import Journal, publish
from smmflow.repository import Repository
from smmflow.store import State
from tests.publishing.conftest import Desk
from tests.publishing.fakes import FindsNetwork, FolderConnection, plan, post
root, run, count = sys.argv[1:]
desk, clock = Desk(Path(root)), SystemClock()
branch = Repository(desk.root).state_branch("smmflow-state", "origin", clock)
# As slow as a real network, so that the others claim while this one sends.
slow = FolderConnection(desk.postings, lambda _when, _text: clock.sleep(0.03))
print("ready", flush=True)
sys.stdin.readline()
with Journal(desk.journals, run) as journal:
    results = publish(
        plan(*(post(f"p{n}") for n in range(int(count))), at=clock.now()),
        state=State(branch),
        connections={"folder": slow},
        networks={"folder": FindsNetwork()},
        clock=clock,
        journal=journal,
        run=run,
    )
print(len(results))
"""


def test_each_post_goes_out_once(tmp_path: Path, git_server: GitServer) -> None:
    remote = git_server.create_repository(protected=["main"])
    url = remote.url_for(git_server.create_token())
    desks = [make_desk(tmp_path / f"m{n}", url) for n in range(MACHINES)]
    (tmp_path / "network").mkdir()
    machines = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(desk.root), f"run-{n}", str(POSTS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        for n, desk in enumerate(desks)
    ]
    for machine in machines:
        assert machine.stdout
        assert machine.stdout.readline() == "ready\n"
    for machine in machines:
        assert machine.stdin
        machine.stdin.write("go\n")
        machine.stdin.flush()
    answers = [machine.communicate()[0] for machine in machines]

    assert [machine.returncode for machine in machines] == [0] * MACHINES
    assert sum(int(answer) for answer in answers) == POSTS
    assert (
        len(set(texts(desks[0].postings))) == len(postings(desks[0].postings)) == POSTS
    )
    ledger = Desk(desks[0].root).ledger()
    assert [each.outcome for each in ledger.values()] == [Outcome.PUBLISHED] * POSTS
