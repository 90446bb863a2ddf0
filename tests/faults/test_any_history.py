"""Any history of edits, withdrawals, renames, clocks and crashes keeps the promises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from smmflow.testing import Fault
from tests.faults.history_files import CHANNELS, Daily, File, Slot
from tests.faults.history_machine import Trouble, What
from tests.faults.history_network import Bad, Kind, Late
from tests.faults.history_promises import broken_at_any_time, broken_when_quiet
from tests.faults.history_world import World

# Half a minute of work, mostly git's, and a busy machine takes its time.
pytestmark = pytest.mark.timeout(600)

_WORDS = ("Spring is here", "سلام دنیا", "می‌نویسیم و منتشر می‌کنیم")
_MINUTES = st.sampled_from([-2, -100, -130, 3, 20, 65, 400])
_NEWS = st.integers(0, 3)
_BAD = st.lists(st.sampled_from([None, None, *Fault, *Late]), max_size=6)
_WHICH = st.integers(0, 99)
_CHANNELS = st.sampled_from(CHANNELS)


class AnyHistory(RuleBasedStateMachine):
    """People, clocks and disasters, in any order.

    Numbers named `which` and `rival` choose among what is there by then.
    """

    def __init__(self) -> None:
        super().__init__()
        self._temporary = TemporaryDirectory()
        self._count = 0
        self._has_run = self._is_broken = False

    def chosen(self, kinds: tuple[Kind, Kind]) -> tuple[Kind, Kind]:
        """Return what the channels' networks are like."""
        return kinds

    def spoil(self) -> None:
        """Make the world break its word, where the test is about this test."""

    @initialize(
        kinds=st.tuples(*[st.sampled_from(Kind)] * 2), machines=st.integers(2, 3)
    )
    def begin(self, kinds: tuple[Kind, Kind], machines: int) -> None:
        self.world = World(Path(self._temporary.name), self.chosen(kinds), machines)
        self.spoil()

    # People ---------------------------------------------------------------------------

    @rule(
        channels=st.sampled_from([CHANNELS, CHANNELS[:1], CHANNELS[1:]]),
        parts=st.sampled_from([1, 1, 2, 3]),
        minutes=_MINUTES,
    )
    def write(self, channels: tuple[str, ...], parts: int, minutes: int) -> None:
        path = f"p{len(self.world.files.files)}"
        file = File(path, self._words(parts), channels, None)
        self.world.files.files.append(file)
        self._appoint(file, minutes)

    @precondition(lambda self: self._files)
    @rule(which=_WHICH, parts=st.sampled_from([0, 0, 0, 1, 2]))
    def edit(self, which: int, parts: int) -> None:
        file = self._file(which)
        file.earlier.append(file.words)
        file.words = self._words(parts or len(file.words))

    @precondition(lambda self: any(each.earlier for each in self._files))
    @rule(which=_WHICH)
    def put_words_back(self, which: int) -> None:
        files = [each for each in self._files if each.earlier]
        file = files[which % len(files)]
        before, file.words = file.words, file.earlier.pop()
        file.earlier.append(before)

    @precondition(lambda self: self._files)
    @rule(which=_WHICH, minutes=_MINUTES)
    def reschedule(self, which: int, minutes: int) -> None:
        self._appoint(self._file(which), minutes)

    @precondition(lambda self: self._files)
    @rule(which=_WHICH, when=st.sampled_from([Slot(), Daily(time(9)), None]))
    def change_schedule(self, which: int, when: Slot | Daily | None) -> None:
        self._file(which).when = when

    @precondition(lambda self: self._files)
    @rule(which=_WHICH, folder=st.booleans(), keep=st.booleans())
    def rename(self, which: int, *, folder: bool, keep: bool) -> None:
        file = self._file(which)
        if keep:
            file.id = file.name
        elif not file.id:
            file.earlier.clear()  # the words before are those of another post
        self._count += 1
        file.path = ("archive/" if folder else "") + f"r{self._count}"

    @precondition(lambda self: self._files)
    @rule(which=_WHICH, folder=st.sampled_from(["", "spring/", "بهار/"]))
    def move(self, which: int, folder: str) -> None:
        file = self._file(which)
        file.path = folder + file.path.rpartition("/")[2]

    @precondition(lambda self: self._files)
    @rule(which=_WHICH)
    def draft(self, which: int) -> None:
        file = self._file(which)
        file.draft = not file.draft

    @precondition(lambda self: self._files)
    @rule(which=_WHICH)
    def withdraw(self, which: int) -> None:
        file = self._file(which)
        file.withdrawn = not file.withdrawn

    @precondition(lambda self: self._files)
    @rule(which=_WHICH)
    def delete_or_restore(self, which: int) -> None:
        files = self.world.files.files
        file = files[which % len(files)]
        file.deleted = not file.deleted

    @precondition(lambda self: self.world.freeze is None)
    @rule(channel=st.sampled_from(["", *CHANNELS]), minutes=st.sampled_from([0, 45]))
    def freeze(self, channel: str, minutes: int) -> None:
        until = self.world.time.now() + timedelta(minutes=minutes)
        self.world.change_freeze(until=until if minutes else None, on=channel)

    @precondition(lambda self: self.world.freeze is not None)
    @rule()
    def unfreeze(self) -> None:
        self.world.change_freeze()

    # Clocks ---------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 5, 20, 31, 50, 125, 360]))
    def time_goes_by(self, minutes: int) -> None:
        self.world.time.go_by(timedelta(minutes=minutes))

    @rule(which=_WHICH, seconds=st.integers(-60, 60))
    def set_clock(self, which: int, seconds: int) -> None:
        machines = self.world.machines
        machines[which % len(machines)].skew = timedelta(seconds=seconds)

    # Runs and disasters ---------------------------------------------------------------

    @rule(which=_WHICH, channel=_CHANNELS, news=_NEWS)
    def publish(self, which: int, channel: str, news: int) -> None:
        self._bring(news)
        self._run(which, channel)

    @rule(which=_WHICH, channel=_CHANNELS, news=_NEWS, bad=_BAD, away=st.booleans())
    def publish_in_bad_weather(
        self, which: int, channel: str, news: int, bad: list[Bad | None], *, away: bool
    ) -> None:
        self._bring(news)
        self._run(which, channel, bad=bad, away=away)

    @rule(
        which=_WHICH,
        channel=_CHANNELS,
        news=_NEWS,
        bad=_BAD,
        step=st.integers(1, 25),
        what=st.sampled_from(What),
        minutes=st.sampled_from([1, 29, 31, 90]),
        rival=_WHICH,
    )
    def publish_in_trouble(
        self,
        which: int,
        channel: str,
        news: int,
        bad: list[Bad | None],
        step: int,
        what: What,
        minutes: int,
        rival: int,
    ) -> None:
        self._bring(news)
        trouble = Trouble(step, what, minutes, lambda: self._run(rival, channel))
        self._run(which, channel, trouble=trouble, bad=bad)

    @rule(which=_WHICH)
    def lose_machine(self, which: int) -> None:
        machines = self.world.machines
        self.world.lose(machines[which % len(machines)])

    # Promises -------------------------------------------------------------------------

    @invariant()
    def every_promise_is_kept(self) -> None:
        if self._has_run:
            self._has_run = False
            self._require_none(broken_at_any_time(self.world))

    def teardown(self) -> None:
        with self._temporary:
            if not self._is_broken:
                self._require_none(broken_when_quiet(self.world))

    def _require_none(self, broken: Iterable[str]) -> None:
        words = list(broken)
        self._is_broken = bool(words)
        assert not words, "\n".join(words)

    # Words ----------------------------------------------------------------------------

    @property
    def _files(self) -> list[File]:
        return list(self.world.files.names.values())

    def _file(self, which: int) -> File:
        return self._files[which % len(self._files)]

    def _words(self, parts: int) -> tuple[str, ...]:
        self._count += 1
        start = _WORDS[self._count % len(_WORDS)]
        return tuple(f"{start} {self._count}.{n}" for n in range(parts))

    def _bring(self, news: int) -> None:
        """Write posts that are due, so that a run has something to lose."""
        for parts in range(news, 0, -1):
            self.write(CHANNELS, parts, -1)

    def _appoint(self, file: File, minutes: int) -> None:
        file.when = self.world.time.now().replace(second=0) + timedelta(minutes=minutes)

    def _run(
        self,
        which: int,
        channel: str,
        *,
        trouble: Trouble | None = None,
        bad: Sequence[Bad | None] = (),
        away: bool = False,
    ) -> None:
        machine = self.world.machines[which % len(self.world.machines)]
        self.world.run(machine, channel, trouble=trouble, bad=bad, away=away)
        self._has_run = True


class ForgetfulServers(AnyHistory):
    """Networks that take every key again, although they say they don't."""

    def chosen(self, kinds: tuple[Kind, Kind]) -> tuple[Kind, Kind]:
        del kinds
        return Kind.IDEMPOTENT, Kind.IDEMPOTENT

    def spoil(self) -> None:
        for server in self.world.servers.values():
            server.idempotent = False


class HidingServers(AnyHistory):
    """Networks where looking finds nothing, whatever is there."""

    def chosen(self, kinds: tuple[Kind, Kind]) -> tuple[Kind, Kind]:
        del kinds
        return Kind.FINDS, Kind.FINDS

    def spoil(self) -> None:
        for server in self.world.servers.values():
            server.hides = True


AnyHistory.TestCase.settings = settings(max_examples=15, stateful_step_count=25)
TestAnyHistory = AnyHistory.TestCase


@pytest.mark.parametrize("faulty", [ForgetfulServers, HidingServers])
def test_a_network_that_breaks_its_word_is_caught(faulty: type[AnyHistory]) -> None:
    # The same examples every time: how soon they meet the lie is no matter of luck.
    quick = settings(
        max_examples=100, phases=[Phase.generate], database=None, derandomize=True
    )
    with pytest.raises(AssertionError, match=r"live twice|nobody knows of"):
        run_state_machine_as_test(faulty, settings=quick)
