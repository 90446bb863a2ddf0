"""Trials made ahead, several at a time: each mostly waits for git and for a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import TypeVar

import pytest

from tests.faults.nursery import Nursery
from tests.faults.stage import Stage
from tests.faults.tables import Combination
from tests.faults.targets import FAKES, KEYLESS, FakeHost
from tests.faults.verdict import Verdict
from tests.servers.bluesky import Person
from tests.servers.processes import ServerUnavailable

LANES = (("bluesky", "finds only"), ("mastodon", KEYLESS, "keys only", "blind"))
"""Kinds of one lane wait for each other."""

Outcomes = Mapping[Combination, Future[Verdict]]
_Server = TypeVar("_Server")


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    nursery = Nursery(tmp_path_factory.mktemp("nursery") / "log").start()
    yield nursery
    nursery.stop()


@pytest.fixture(scope="session")
def stage(request: pytest.FixtureRequest, nursery: Nursery) -> Iterator[Stage]:
    kinds = {each.kind for each in _selected(request)}

    def person() -> Person:
        network = request.getfixturevalue("bluesky_network")
        person: Person = network.sign_in(network.create_account("faults"))
        return person

    with ExitStack() as stack:
        hosts = {kind: FakeHost(kind).start() for kind in FAKES}
        for host in hosts.values():
            stack.callback(host.stop)
        yield Stage(
            nursery,
            hosts,
            bluesky=_if_wanted("bluesky" in kinds, person),
            mastodon=_if_wanted(
                bool(kinds & {"mastodon", KEYLESS}),
                lambda: request.getfixturevalue("mastodon_server"),
            ),
        )


@pytest.fixture(scope="session")
def _outcomes(request: pytest.FixtureRequest, stage: Stage) -> Iterator[Outcomes]:
    with ExitStack() as stack:
        lanes = {}
        for kinds in LANES:
            lane = ThreadPoolExecutor(1)
            stack.callback(lane.shutdown, cancel_futures=True)
            lanes.update(dict.fromkeys(kinds, lane))
        yield {
            each: lanes[each.kind].submit(each.play, stage, each)
            for each in _selected(request)
        }


@pytest.fixture
def verdict(_outcomes: Outcomes, case: Combination) -> Verdict:
    """What became of a combination."""
    return _outcomes[case].result()


def _selected(request: pytest.FixtureRequest) -> list[Combination]:
    params = (
        item.callspec.params
        for item in request.session.items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
    )
    cases = (each.get("case") for each in params)
    return [each for each in cases if isinstance(each, Combination)]


def _if_wanted(
    wanted: bool,  # noqa: FBT001 - read at two places, above
    start: Callable[[], _Server],
) -> _Server | ServerUnavailable:
    if not wanted:
        return ServerUnavailable("no test asked for it")
    try:
        return start()
    except ServerUnavailable as problem:
        return problem
