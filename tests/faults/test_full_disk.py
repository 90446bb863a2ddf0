"""A disk that is full, at whatever byte: what can't be remembered is not sent."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.machines import Files, machine_at
from tests.faults.nursery import Order
from tests.faults.stage import Stage
from tests.faults.tables import Combination, cases, read
from tests.faults.targets import KINDS
from tests.faults.verdict import Verdict
from tests.servers.processes import poll

_STEPS = dict.fromkeys(KINDS, ("a run",))
BOUNDS = {
    #        bluesky, mastodon, keyless mastodon; finds only, keys only, blind
    f"whose files can't outgrow {size} bytes": row
    for size, row in {
        100: "   1  1  .  1  .  1",
        250: "   1  1  .  1  .  1",
        500: "   1  1  .  1  .  1",
        800: "   1  1  .  1  .  1",
        1400: "  1  1  .  1  .  1",
        1800: "  1  1  .  1  .  1",
        2400: "  1  1  .  1  .  1",
        3200: "  1  1  .  1  .  1",
        4000: "  1  1  .  1  .  1",
        5200: "  1  1  .  1  .  1",
    }.items()
}
"""Its own files and git's, here and at the remote.

Kept clear of the few sizes at which a blind run is answered and can remember that
nowhere: there it is held, which is right, and moves with every byte of a record.
"""

ROOMS = {
    f"whose disk has room for {pages} pages": row
    for pages, row in {
        1: "   1  .  .  1  .  1",
        3: "   1  .  .  1  .  1",
        6: "   1  .  .  1  .  1",
        12: "  1  .  .  1  .  .",
        16: "  1  .  .  1  .  1",
        20: "  1  .  .  1  .  1",
        24: "  1  .  .  1  .  1",
        30: "  1  .  .  1  .  1",
    }.items()
}


def _outgrow(stage: Stage, case: Combination) -> Verdict:
    size = int(case.trouble.split()[-2])
    with stage.trial(case.kind) as trial:
        machine, url = trial.machine, trial.proxy.url
        now = machine.clock.now()
        order = Order(machine.root, now, trial.target, url, Files(), largest=size)
        assert stage.nursery.run(order) == 0
        return trial.verdict_two_runs_later(Files(), machine, machine)


def _fill(stage: Stage, case: Combination) -> Verdict:
    pages = int(case.trouble.split()[-2])
    with stage.trial(case.kind) as trial, _disk(trial.remote.with_name("disk")) as disk:
        machine = trial.machine = machine_at(disk / "machine", trial.remote)
        Files().composed(machine.root, trial.target)  # writes the picture
        rest = os.statvfs(disk)
        ballast = disk / "ballast"
        ballast.write_bytes(bytes((rest.f_bavail - pages) * rest.f_frsize))
        trial.run(machine, Files())
        ballast.unlink()
        return trial.verdict_two_runs_later(Files(), machine, machine)


@contextmanager
def _disk(at: Path) -> Iterator[Path]:
    at.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(at)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        yield at
    finally:
        # What another thread starts holds our open files until it is a program itself.
        poll(lambda: _umounted(at), f"nobody to use {at}")


def _umounted(at: Path) -> bool:
    ended = subprocess.run(["umount", str(at)], check=False, capture_output=True)
    return ended.returncode == 0


OUTGROWN = tuple(read(BOUNDS, _STEPS, _outgrow))
FILLED = tuple(read(ROOMS, _STEPS, _fill))


@cases(OUTGROWN)
def test_files_that_can_not_grow(case: Combination, verdict: Verdict) -> None:
    assert verdict is case.expected


@cases(FILLED)
def test_a_disk_that_is_full(case: Combination, verdict: Verdict) -> None:
    assert verdict is case.expected
