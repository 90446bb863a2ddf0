"""Every network at every fault: once or held, as the page of faults says."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from smmflow.model.capabilities import Support
from tests.faults.every import TROUBLES, Everywhere, Row
from tests.faults.grounds import HANDED_KINDS, KINDS, REAL
from tests.faults.nursery import Nursery
from tests.faults.page import PAGE, TOLD, line, lines
from tests.faults.stories import NOW, Story
from tests.faults.targets import Target
from tests.faults.verdict import Verdict

_MEMORY = Path("/dev/shm")  # noqa: S108 - trials are all files, and a disk is slow
_AT_ONCE = 4


Told = tuple[str, Story]


@pytest.fixture(scope="module")
def rows(
    request: pytest.FixtureRequest, nursery: Nursery
) -> Iterator[Mapping[Told, Future[Row]]]:
    """What becomes of each kind that a test asks for, worked out side by side."""
    memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    asked = {
        item.callspec.params["told"]
        for item in request.session.items
        if isinstance(item, pytest.Function)
        and item.module is request.module
        and hasattr(item, "callspec")
    }
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        yield {
            (kind, story): threads.submit(Everywhere(nursery, memory, story).row, kind)
            for kind, story in TOLD
            if (kind, story) in asked
        }
        threads.shutdown(cancel_futures=True)


@pytest.mark.timeout(600)  # all kinds are worked out side by side while one is asked
@pytest.mark.parametrize(
    "told",
    [
        pytest.param(
            (kind, story),
            id=kind if story == NOW else f"{kind}, for later",
            marks=pytest.mark.servers if kind in REAL else (),
        )
        for kind, story in TOLD
    ],
)
def test_a_network_at_every_fault(told: Told, rows: Mapping[Told, Future[Row]]) -> None:
    kind, story = told
    row = rows[told].result()
    wanted = line(kind, row, story)
    assert wanted in lines(), f"{PAGE.name} should say\n{wanted}"
    can = Target(kind, "").network.capabilities
    if can.find is Support.YES:
        assert set(row.values()) == {Verdict.ONCE}


def test_the_page_has_a_line_for_every_kind_and_a_column_for_every_trouble() -> None:
    table = [each for each in lines() if each.startswith("| ")]
    head = [each for each in table if each.startswith(("| network", "| ---"))]
    kinds = [
        each.split(" | ")[0].removeprefix("| ") for each in table if each not in head
    ]
    assert kinds == [*KINDS, *(f"{kind}, for later" for kind in HANDED_KINDS)]
    assert {each.count(" | ") for each in table} == {len(TROUBLES)}
