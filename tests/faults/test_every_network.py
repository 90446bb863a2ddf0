"""Every network at every fault: once or held, as the page of faults says."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from smmflow.model.capabilities import Support
from tests.faults.every import TROUBLES, Everywhere, Row
from tests.faults.grounds import KINDS, REAL
from tests.faults.nursery import Nursery
from tests.faults.page import PAGE, line, lines
from tests.faults.targets import Target
from tests.faults.verdict import Verdict

_MEMORY = Path("/dev/shm")  # noqa: S108 - trials are all files, and a disk is slow
_AT_ONCE = 4


@pytest.fixture(scope="module")
def rows(
    request: pytest.FixtureRequest, nursery: Nursery
) -> Iterator[Mapping[str, Future[Row]]]:
    """What becomes of each kind that a test asks for, worked out side by side."""
    memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    everywhere = Everywhere(nursery, memory)
    wanted = {
        str(item.callspec.params["kind"])
        for item in request.session.items
        if isinstance(item, pytest.Function)
        and item.module is request.module
        and hasattr(item, "callspec")
    }
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        yield {kind: threads.submit(everywhere.row, kind) for kind in sorted(wanted)}
        threads.shutdown(cancel_futures=True)


@pytest.mark.timeout(600)  # all kinds are worked out side by side while one is asked
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(each, marks=pytest.mark.servers if each in REAL else ())
        for each in KINDS
    ],
)
def test_a_network_at_every_fault(kind: str, rows: Mapping[str, Future[Row]]) -> None:
    row = rows[kind].result()
    assert line(kind, row) in lines(), f"{PAGE.name} should say\n{line(kind, row)}"
    can = Target(kind, "").network.capabilities
    if can.find is Support.YES:
        assert set(row.values()) == {Verdict.ONCE}


def test_the_page_has_a_line_for_every_kind_and_a_column_for_every_trouble() -> None:
    table = [each for each in lines() if each.startswith("| ")]
    kinds = [each.split(" | ")[0].removeprefix("| ") for each in table[2:]]
    assert tuple(kinds) == KINDS
    assert {each.count(" | ") for each in table} == {len(TROUBLES)}
