"""Runs as processes that may be killed: `python -m tests.faults.nursery`.

Starting Python and loading smmflow takes longer than a run. So one process, which has
loaded everything and has a single thread, forks a child for each run. It reads orders
as lines of JSON and answers each with how the child ended.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import traceback
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from git.cmd import Git

from smmflow.clock import FixedClock
from tests.faults.deaths import (
    GIT,
    Death,
    DyingClock,
    DyingTowards,
    journal_that_dies,
)
from tests.faults.machines import Files, Machine
from tests.faults.targets import Target

KILLED = -signal.SIGKILL


@dataclass(frozen=True)
class Order:
    """A run to be made.

    Attributes:
        root: Of the machine.
        now: What its clock says.
        url: The proxy before the server.
        largest: Bytes that a file may grow to, as on a full disk; 0 for no bound.
    """

    root: Path
    now: datetime
    target: Target
    url: str
    files: Files
    death: Death | None = None
    largest: int = 0

    def as_json(self) -> str:
        return json.dumps(asdict(self), default=str)

    @classmethod
    def of_json(cls, line: str) -> Self:
        read: dict[str, Any] = json.loads(line)
        due = datetime.fromisoformat(read["files"].pop("due"))
        return cls(
            Path(read["root"]),
            datetime.fromisoformat(read["now"]),
            Target(**read["target"]),
            read["url"],
            Files(**read["files"], due=due),
            Death(read["death"]) if read["death"] else None,
            read["largest"],
        )


class Nursery:
    """`start()`, `run()` as often as need be, `stop()`."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._turn = threading.Lock()

    def start(self) -> Self:
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.nursery"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=Path(__file__).parents[2],
            )
        return self

    def stop(self) -> None:
        with self._process as process:
            assert process.stdin
            process.stdin.close()

    def run(self, order: Order) -> int:
        """Make a run; return its exit code, or the signal's number below zero."""
        process = self._process
        assert process.stdin
        assert process.stdout
        with self._turn:
            process.stdin.write(order.as_json() + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        assert answer, self._log.read_text()
        return int(answer)


def main() -> None:
    Git().version()  # what is done once is done before any child
    for line in sys.stdin:
        order = Order.of_json(line)
        child = os.fork()
        if not child:
            os._exit(_live(order))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _live(order: Order) -> int:
    try:
        _run(order)
    except BaseException:  # noqa: BLE001 - a child must not go on as its parent
        traceback.print_exc()
        return 1
    return 0


def _run(order: Order) -> None:
    clock: FixedClock = DyingClock(order.now, death=order.death)
    machine = Machine(order.root, clock)
    if order.death and order.death.command:
        _stand_before_git(order.root, order.death.command)
    if order.largest:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order.largest, order.largest))
    towards = DyingTowards(order.url, order.death)
    connection = order.target.connect(order.root, order.url, towards)
    journal = journal_that_dies(order.death, threads=order.files.threads)
    machine.run("dies", order.files, order.target, connection, journal=journal)


def _stand_before_git(root: Path, command: tuple[str, int, str]) -> None:
    folder = root.parent / f"{root.name}-bin"
    folder.mkdir()
    shutil.copy(GIT, folder / "git")
    name, number, when = command
    os.environ.update(
        DEATH_GIT=str(shutil.which("git")),
        DEATH_COMMAND=name,
        DEATH_NUMBER=str(number),
        DEATH_WHEN=when,
        DEATH_COUNT=str(folder / "count"),
        PATH=f"{folder}:{os.environ['PATH']}",
    )


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
