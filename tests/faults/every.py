"""Every network in turn: which of its writes are tried, with which troubles.

What is asked of all networks alike is less than of the few in the other tables, and the
same for each: its writes are counted in a run without faults, those after which
something is live are told from those before, and each meets its troubles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.deaths import Death
from tests.faults.grounds import Ground, open_ground
from tests.faults.nursery import KILLED, Nursery, Order
from tests.faults.proxy import Fault, Proxy
from tests.faults.stories import Story
from tests.faults.targets import Target
from tests.faults.trial import Trial, trial_in
from tests.faults.verdict import Verdict

BEFORE = (
    Fault.REFUSED,
    Fault.LOST,
    Fault.DROPPED_ANSWER,
    Fault.ERROR_AFTER,
    Fault.LIMITED_UNTIL,
    Fault.OTHER_JSON,
)
"""What befalls a write that makes nothing public: an upload, a container."""
DEATHS = (Death.AFTER_SENDING, Death.BEFORE_RECEIPT)
Row = Mapping[Fault | Death, Verdict]
TROUBLES: tuple[Fault | Death, ...] = (*Fault, *DEATHS)


@dataclass(frozen=True)
class Writes:
    """How-manieth writes of a run do what; 1 is the first.

    Attributes:
        before: Some that make nothing public; may be empty.
        public: One after which more is live, or waits there for its time.
    """

    before: tuple[int, ...]
    public: int


@dataclass
class Everywhere:
    """Plays trials of a story on one kind of account after another.

    Args:
        nursery: Where runs are killed.
        folder: For everything; in memory if possible.
        story: What is published, and how.
    """

    nursery: Nursery
    folder: Path | None
    story: Story

    def row(self, kind: str) -> Row:
        """What becomes of a kind's posts at each trouble: the worst of its trials."""
        with open_ground(kind) as ground:
            writes = self._writes(ground)
            return {
                trouble: _worst(self._played(ground, writes, trouble))
                for trouble in TROUBLES
            }

    def _played(
        self, ground: Ground, writes: Writes, trouble: Fault | Death
    ) -> Iterator[Verdict]:
        yield self._play(ground, trouble, writes.public)
        if trouble in BEFORE:
            for write in writes.before:
                yield self._play(ground, trouble, write)

    def _play(self, ground: Ground, trouble: Fault | Death, write: int) -> Verdict:
        with self._trial(ground) as trial:
            if isinstance(trouble, Fault):
                trial.run_into(trouble, write, self.story.files(trial.target))
            else:
                self._kill(trial, trouble)
            return self.story.end(trial)

    def _kill(self, trial: Trial, death: Death) -> None:
        machine, url = trial.machine, trial.proxy.url
        now, files = machine.clock.now(), self.story.files(trial.target)
        order = Order(machine.root, now, trial.target, url, files, death)
        ended = self.nursery.run(order)
        assert ended == KILLED, f"it did not come to its death {death}"

    def _writes(self, ground: Ground) -> Writes:
        """Make a run without faults, and count."""
        with self._trial(ground) as trial:
            proxy = _Counting(trial.proxy, trial.target)
            trial.proxy.watch(proxy.note)
            problem = trial.run(trial.machine, self.story.files(trial.target))
            assert problem is None, problem
            return proxy.writes()

    @contextmanager
    def _trial(self, ground: Ground) -> Iterator[Trial]:
        """Two fresh machines, and an account with nothing on it."""
        target = self.story.target(ground.fresh())
        with TemporaryDirectory(dir=self.folder, prefix="smmflow-") as made:
            proxy = ground.proxy(target.url).start()
            try:
                yield trial_in(Path(made), target, proxy)
            finally:
                proxy.stop()
        ground.check()


@dataclass
class _Counting:
    """Notes after which writes something more is there for readers, now or later."""

    proxy: Proxy
    target: Target
    _there: int = 0
    _grown: list[bool] = field(default_factory=list)

    def note(self) -> None:
        """A write was carried out."""
        there = len(self.target.live()) + len(self.target.waiting())
        self._grown.append(there > self._there)
        self._there = there

    def writes(self) -> Writes:
        """The first write that makes nothing public, and the second that does."""
        numbered = list(enumerate(self._grown, start=1))
        public = [number for number, grown in numbered if grown]
        before = [number for number, grown in numbered if not grown]
        assert public, "nothing came to be there"
        return Writes(tuple(before[:1]), public[min(1, len(public) - 1)])


def _worst(verdicts: Iterator[Verdict]) -> Verdict:
    return Verdict.HELD if Verdict.HELD in set(verdicts) else Verdict.ONCE
