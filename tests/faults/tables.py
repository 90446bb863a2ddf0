"""What is expected of each combination, as tables that a person can read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import pytest

from tests.faults.stage import Stage
from tests.faults.targets import FAKES, KINDS
from tests.faults.verdict import Verdict

_MARKS = {"1": Verdict.ONCE, "?": Verdict.HELD}
_NONE = "."
_Trouble = TypeVar("_Trouble", bound=str)


@dataclass(frozen=True)
class Combination:
    """One cell of a table: what happens where, and what has to become of it.

    Attributes:
        play: Makes it happen, and judges.
    """

    kind: str
    step: str
    trouble: str
    expected: Verdict
    play: Callable[[Stage, Combination], Verdict] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.kind}: {self.step} {self.trouble}"


def read(
    table: Mapping[_Trouble, str],
    steps: Mapping[str, Sequence[str]],
    play: Callable[[Stage, Combination], Verdict],
) -> Iterator[Combination]:
    """Read a table: a row per trouble, a column per network, a mark per step.

    `1` says that all is live once, `?` that something is held, `.` that the step has no
    such trouble.
    """
    for trouble, row in table.items():
        for kind, marks in zip(KINDS, row.split(), strict=True):
            for step, mark in zip(steps[kind], marks, strict=True):
                if mark != _NONE:
                    yield Combination(kind, step, trouble, _MARKS[mark], play)


def cases(combinations: Sequence[Combination]) -> pytest.MarkDecorator:
    """Make each a test of its own name."""
    servers = pytest.mark.servers
    return pytest.mark.parametrize(
        "case",
        [
            pytest.param(
                each, id=str(each), marks=() if each.kind in FAKES else servers
            )
            for each in combinations
        ],
    )
