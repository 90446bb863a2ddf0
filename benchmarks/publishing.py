"""Publishing posts that are due: its price, and what eight publishers at once cost."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.timing import CommandFailed, Ratio, run, seconds
from tests.faults.crowd import Crowd, Finished, Job
from tests.servers.bluesky import BlueskyNetwork
from tests.servers.git_http import GitServer
from tests.servers.processes import ServerUnavailable

__all__ = ["contention", "cost"]

_MOST = 200
"""Posts: more of them say nothing new, and the servers need their time."""
_MACHINES = 8
_TURNS = 3
_PER_PUSH = 10
_FLOOR = (sys.executable, "-m", "benchmarks.floors", "send")


@dataclass(frozen=True, slots=True)
class _Servers:
    folder: Path
    git: GitServer
    network: BlueskyNetwork

    def job(self, name: str, posts: int) -> Job:
        folder = self.folder / name
        folder.mkdir()
        return Job.make(folder, self.git, self.network, name, posts)

    def crowd(self, job: Job, machines: int) -> Crowd:
        name = job.account.handle.partition(".")[0]
        folders = (self.folder / f"{name}-{number}" for number in range(machines))
        return Crowd(job, [job.clone(folder) for folder in folders])


def cost(posts: int) -> Iterator[str]:
    """Publish to a real PDS, the state behind HTTP; then send the same records bare."""
    number = min(posts, _MOST)
    with _servers() as servers:
        turns = [_turn(servers, f"turn{turn}", number) for turn in range(_TURNS + 1)]
    turns = sorted(turns[1:], key=lambda turn: turn.ratio)  # the first warmed up
    middle = turns[_TURNS // 2]
    name = f"publish of {number} posts"
    yield str(Ratio(name, middle.taken, "the same in an httpx loop", middle.floor, 1.3))
    most = 1 + -(-number // _PER_PUSH)
    yield (
        f"  state: {middle.commits} commits, {middle.pushes} pushes, "
        f"{middle.fetches} fetches, {middle.git_requests} requests; "
        f"aim: at most {most} pushes: {_verdict(middle.pushes, most)}"
    )
    told = ", ".join(f"{count} {method}" for method, count in middle.asked.items())
    total = sum(middle.asked.values())
    yield (
        f"  network: {total} requests: {told}; aim: at most {number + 1}: "
        f"{_verdict(total, number + 1)}"
    )


def contention(posts: int) -> Iterator[str]:
    """Let eight clones publish the same posts at once."""
    number = min(posts, _MOST)
    with _servers() as servers:
        job = servers.job("crowd", number)
        crowd = servers.crowd(job, _MACHINES)
        before = servers.git.traffic
        runs, taken = crowd.publish()
        after = servers.git.traffic
        for each in runs:
            _require(each)
        live = job.live()
    yield (
        f"{_MACHINES} publishers of {number} posts: {taken:.3f} s, "
        f"{len(live)} live, {len(live) - len(set(live))} twice; "
        f"{after.pushes - before.pushes} pushes, "
        f"{after.conflicts - before.conflicts} of them conflicts"
    )


@dataclass(frozen=True, slots=True)
class _Turn:
    taken: float
    floor: float
    commits: int
    pushes: int
    fetches: int
    git_requests: int
    asked: dict[str, int]

    @property
    def ratio(self) -> float:
        return self.taken / self.floor


def _turn(servers: _Servers, name: str, posts: int) -> _Turn:
    job = servers.job(name, posts)
    crowd = servers.crowd(job, 1)
    pushed, asked = servers.git.traffic, servers.network.requests()
    (ended,), taken = crowd.publish()
    _require(ended)
    traffic, answered = servers.git.traffic, servers.network.requests()
    file = servers.folder / f"{name}.json"
    other = servers.network.create_account(f"{name}floor")
    sent = {
        "service": servers.network.url,
        "handle": other.handle,
        "password": other.password,
        "records": job.records(),
    }
    file.write_text(json.dumps(sent), encoding="utf-8")
    floor = seconds(lambda: run((*_FLOOR, str(file))))
    return _Turn(
        taken,
        floor,
        job.commits(),
        traffic.pushes - pushed.pushes,
        traffic.fetches - pushed.fetches,
        traffic.requests - pushed.requests,
        {
            method: count - asked.get(method, 0)
            for method, count in answered.items()
            if count != asked.get(method, 0)
        },
    )


def _require(ended: Finished) -> None:
    if ended.status:
        raise CommandFailed(f"publish ended with {ended.status}:\n{ended.err}")


def _verdict(count: int, most: int) -> str:
    return "met" if count <= most else "missed"


@contextmanager
def _servers() -> Iterator[_Servers]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "git").mkdir()
        try:
            network = BlueskyNetwork(appview=False).start()
        except (ServerUnavailable, subprocess.CalledProcessError) as problem:
            raise CommandFailed(str(problem)) from None
        git = GitServer(folder / "git").start()
        try:
            yield _Servers(folder, git, network)
        finally:
            git.stop()
            network.stop()
