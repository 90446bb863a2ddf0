"""Every network in turn: which of its writes are tried, with which troubles.

What is asked of all networks alike is less than of the few in the other tables, and the
same for each: its writes are counted in a run without faults, those after which
something is live are told from those before, and each meets its troubles.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from smmflow.model.capabilities import Support
from tests.faults.deaths import Death
from tests.faults.machines import Files
from tests.faults.nursery import KILLED, Nursery, Order
from tests.faults.proxy import Fault, Proxy, is_write
from tests.faults.targets import Target, Towards
from tests.faults.trial import Trial, trial_in
from tests.faults.verdict import Verdict
from tests.vendors.catalogue import VENDORS
from tests.vendors.host import VendorHost

BEFORE = (
    Fault.REFUSED,
    Fault.LOST,
    Fault.DROPPED_ANSWER,
    Fault.ERROR_AFTER,
    Fault.LIMITED_UNTIL,
    Fault.OTHER_JSON,
)
"""What befalls a write that makes nothing public: an upload, a container."""
DEATHS = (Death.BEFORE_REQUEST, Death.AFTER_REQUEST)
TROUBLES: tuple[Fault | Death, ...] = (*Fault, *DEATHS)


@dataclass(frozen=True)
class Writes:
    """How-manieth writes of a run do what; 1 is the first.

    Attributes:
        before: Some that make nothing public; may be empty.
        public: One after which more is live.
    """

    before: tuple[int, ...]
    public: int


@dataclass
class Everywhere:
    """Plays trials on one kind of account after another.

    Args:
        nursery: Where runs are killed.
        folder: For everything; in memory if possible.
    """

    nursery: Nursery
    folder: Path | None
    _turns: dict[str, threading.Lock] = field(default_factory=dict)

    def row(self, kind: str) -> Mapping[Fault | Death, Verdict]:
        """What becomes of a kind's posts at each trouble: the worst of its trials."""
        host = VendorHost(VENDORS[kind]()).start()
        with ExitStack() as stack:
            stack.callback(host.stop)
            writes = self._writes(kind, host)
            return {
                trouble: _worst(self._played(kind, host, writes, trouble))
                for trouble in TROUBLES
            }

    def _played(
        self, kind: str, host: VendorHost, writes: Writes, trouble: Fault | Death
    ) -> Iterator[Verdict]:
        yield self._play(kind, host, trouble, writes.public)
        if trouble in BEFORE:
            for write in writes.before:
                yield self._play(kind, host, trouble, write)

    def _play(
        self, kind: str, host: VendorHost, trouble: Fault | Death, write: int
    ) -> Verdict:
        with self._trial(kind, host) as trial:
            files = _files(trial.target)
            if isinstance(trouble, Fault):
                trial.run_into(trouble, write, files)
            else:
                self._kill(trial, trouble, write, files)
            return trial.verdict_two_runs_later(files, trial.machine, trial.other)

    def _kill(self, trial: Trial, death: Death, write: int, files: Files) -> None:
        machine, url = trial.machine, trial.proxy.url
        now = machine.clock.now()
        order = Order(machine.root, now, trial.target, url, files, death, write)
        ended = self.nursery.run(order)
        assert ended == KILLED, f"it did not come to its death {death}"

    def _writes(self, kind: str, host: VendorHost) -> Writes:
        with self._trial(kind, host) as trial:
            towards = _Counting(trial.proxy.url, host)
            connection = trial.target.connect(
                trial.machine.root, trial.proxy.url, towards
            )
            problem = trial.machine.run(
                "count", _files(trial.target), trial.target, connection
            )
            connection.close()
            assert problem is None, problem
            return towards.writes()

    @contextmanager
    def _trial(self, kind: str, host: VendorHost) -> Iterator[Trial]:
        """Two fresh machines, and a vendor with nothing on it."""
        host.vendor = VENDORS[kind]()
        with TemporaryDirectory(dir=self.folder, prefix="smmflow-") as made:
            proxy = Proxy(host.url).start()
            try:
                yield trial_in(Path(made), Target(kind, host.url), proxy)
            finally:
                proxy.stop()
        assert host.vendor.faults == [], host.vendor.faults


class _Counting(Towards):
    """Carries requests, and notes after which writes something more is live."""

    def __init__(self, url: str, host: VendorHost) -> None:
        super().__init__(url)
        self._host = host
        self._grown: list[bool] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        counts = is_write(request.method, request.url.path)
        before = len(self._host.vendor.live())
        response = super().handle_request(request)
        response.read()
        if counts:
            self._grown.append(len(self._host.vendor.live()) > before)
        return response

    def writes(self) -> Writes:
        """The first write that makes nothing public, and the second that does."""
        numbered = list(enumerate(self._grown, start=1))
        public = [number for number, grown in numbered if grown]
        before = [number for number, grown in numbered if not grown]
        assert public, "nothing went live"
        return Writes(tuple(before[:1]), public[min(1, len(public) - 1)])


def _files(target: Target) -> Files:
    return Files(threads=target.network.capabilities.threads is Support.YES)


def _worst(verdicts: Iterator[Verdict]) -> Verdict:
    return Verdict.HELD if Verdict.HELD in set(verdicts) else Verdict.ONCE
