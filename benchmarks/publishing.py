"""Publishing posts that are due against a bare loop that sends the same records."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.timing import CommandFailed, Ratio, seconds
from tests.faults.crowd import Crowd, Finished, Job, text
from tests.servers.bluesky import BlueskyNetwork
from tests.servers.git_http import GitServer
from tests.servers.processes import ServerUnavailable

__all__ = ["contention", "cost"]

_MOST = 200
"""Posts: more says nothing new, and the servers need their time."""
_MACHINES = 8
_POSTS_PER_PUSH = 10


def cost(posts: int) -> Iterator[str]:
    """Publish to a real PDS with the state behind HTTP, then send the same bare."""
    number = min(posts, _MOST)
    with ExitStack() as cleanup:
        folder, git, network = _servers(cleanup)
        floors, runs = [], []
        for name in ("warm", "first", "second", "third"):
            (folder / name).mkdir()
            job = Job.make(folder / name, git, network, name, number)
            crowd = Crowd(job, [job.clone(folder / f"{name}-clone")])
            pushed, asked = git.traffic, _xrpc(network)
            (ended,), taken = crowd.publish()
            _demand_success(ended, job)
            writes = {
                method: count - asked.get(method, 0)
                for method, count in _xrpc(network).items()
            }
            floor = seconds(lambda job=job: _loop(job))
            runs.append(taken)
            floors.append(floor)
        best = min(range(1, 4), key=lambda each: runs[each] / floors[each])
        middle = sorted(range(1, 4), key=lambda each: runs[each] / floors[each])[1]
        del best
        title = f"publish of {number} posts"
        yield str(Ratio(title, runs[middle], "httpx in a loop", floors[middle], 1.3))
        traffic = git.traffic
        pushes = traffic.pushes - pushed.pushes
        most = 1 + -(-number // _POSTS_PER_PUSH)
        yield (
            f"  state: {job.commits()} commits, {pushes} pushes, "
            f"{traffic.fetches - pushed.fetches} fetches, "
            f"{traffic.requests - pushed.requests} requests; "
            f"aim at most {most} pushes: {'met' if pushes <= most else 'missed'}"
        )
        told = ", ".join(f"{n} {method}" for method, n in writes.items() if n)
        least = number + 1
        total = sum(writes.values())
        yield (
            f"  network: {total} requests ({told}); aim at most {least}: "
            f"{'met' if total <= least else 'missed'}"
        )
