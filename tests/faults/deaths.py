"""Steps of the protocol at which a run dies, and what kills it there."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import httpx

from smmflow.clock import FixedClock
from smmflow.model.publication import Publication
from smmflow.publishing import Journal
from tests.faults.proxy import Fault, is_write
from tests.faults.targets import Towards

GIT = Path(__file__).with_name("git.sh")


class Death(StrEnum):
    """When a run is killed; each is the end of a sentence about it."""

    BEFORE_JOURNAL = "killed before its journal is begun"
    IN_JOURNAL = "killed while its journal is begun"
    AFTER_JOURNAL = "killed after its journal is begun"
    BEFORE_CLAIM_COMMIT = "killed before its claims are committed"
    AFTER_CLAIM_COMMIT = "killed after its claims are committed"
    BEFORE_CLAIM_PUSH = "killed before its claims are pushed"
    AFTER_CLAIM_PUSH = "killed after its claims are pushed"
    AFTER_CLAIM_REF = "killed after it remembers its claims' push"
    BEFORE_SENDING = "killed before the journal says that it sends part 2"
    IN_SENDING = "killed while the journal is told that it sends part 2"
    AFTER_SENDING = "killed after the journal says that it sends part 2"
    BEFORE_REQUEST = "killed before the request of part 2"
    AFTER_REQUEST = "killed after the request of part 2 was carried out"
    IN_PATIENCE = "killed while it waits because part 2 met a limit"
    IN_DOUBT = "killed while it waits because part 2 got no answer"
    BEFORE_RECEIPT = "killed before the journal has the receipt of part 2"
    IN_RECEIPT = "killed while the journal is given the receipt of part 2"
    AFTER_RECEIPT = "killed after the journal has the receipt of part 2"
    AFTER_LAST_RECEIPT = "killed after the journal has the last receipt"
    BEFORE_OUTCOME_COMMIT = "killed before its outcomes are committed"
    AFTER_OUTCOME_COMMIT = "killed after its outcomes are committed"
    BEFORE_OUTCOME_PUSH = "killed before its outcomes are pushed"
    AFTER_OUTCOME_PUSH = "killed after its outcomes are pushed"
    AFTER_OUTCOME_REF = "killed after it remembers its outcomes' push"
    BEFORE_DISCARD = "killed before its journal is removed"
    AFTER_DISCARD = "killed after its journal is removed"

    @property
    def command(self) -> tuple[str, int, str] | None:
        """The git command it dies at: which, its how-manieth, and before or after."""
        return _COMMANDS.get(self)

    @property
    def fault(self) -> Fault | None:
        """What the proxy does to part 2 for it to come so far."""
        return {Death.IN_PATIENCE: Fault.LIMITED, Death.IN_DOUBT: Fault.LOST}.get(self)


_COMMANDS = {
    Death.BEFORE_CLAIM_COMMIT: ("fast-import", 1, "before"),
    Death.AFTER_CLAIM_COMMIT: ("fast-import", 1, "after"),
    Death.BEFORE_CLAIM_PUSH: ("push", 1, "before"),
    Death.AFTER_CLAIM_PUSH: ("push", 1, "after"),
    Death.AFTER_CLAIM_REF: ("update-ref", 1, "after"),
    Death.BEFORE_OUTCOME_COMMIT: ("fast-import", 2, "before"),
    Death.AFTER_OUTCOME_COMMIT: ("fast-import", 2, "after"),
    Death.BEFORE_OUTCOME_PUSH: ("push", 2, "before"),
    Death.AFTER_OUTCOME_PUSH: ("push", 2, "after"),
    Death.AFTER_OUTCOME_REF: ("update-ref", 2, "after"),
}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def journal_that_dies(death: Death | None, *, threads: bool = True) -> type[Journal]:
    """A journal that kills its run at a line of its own, or writes half of it.

    Without threads it does so at the only part of the only post.
    """

    def is_second(record: Publication, *, live: int) -> bool:
        if not threads:
            live -= 1
        watched = "thread" if threads else "single"
        proofs = len(record.receipts) + (record.waiting is not None)
        return record.occurrence == watched and proofs == live

    class DyingJournal(Journal):
        def __init__(self, folder: Path, run: str) -> None:
            _die_if(death, Death.BEFORE_JOURNAL)
            super().__init__(folder, run)
            self._tear_if(0, death is Death.IN_JOURNAL)
            _die_if(death, Death.AFTER_JOURNAL)

        def sending(self, record: Publication) -> None:
            second = is_second(record, live=1)
            _die_if(death, Death.BEFORE_SENDING, also=second)
            before = self.path.stat().st_size
            super().sending(record)
            self._tear_if(before, second and death is Death.IN_SENDING)
            _die_if(death, Death.AFTER_SENDING, also=second)

        def record(self, record: Publication) -> None:
            second = is_second(record, live=2)
            _die_if(death, Death.BEFORE_RECEIPT, also=second)
            before = self.path.stat().st_size
            super().record(record)
            self._tear_if(before, second and death is Death.IN_RECEIPT)
            _die_if(death, Death.AFTER_RECEIPT, also=second)
            last = record.occurrence == "single"
            _die_if(death, Death.AFTER_LAST_RECEIPT, also=last)

        def discard(self) -> None:
            _die_if(death, Death.BEFORE_DISCARD)
            super().discard()
            _die_if(death, Death.AFTER_DISCARD)

        def _tear_if(self, before: int, torn: bool) -> None:  # noqa: FBT001 - one reader
            if torn:
                os.truncate(self.path, (before + self.path.stat().st_size) // 2)
                die()

    return DyingJournal


@dataclass
class DyingTowards(Towards):
    """Carries requests, and kills the run at the second write."""

    url: str
    death: Death | None
    _writes: int = field(default=0)

    def __post_init__(self) -> None:
        super().__init__(self.url)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        writes = is_write(request.method, request.url.path)
        self._writes += writes
        second = writes and self._writes == 2
        if second and self.death is Death.IN_DOUBT:
            self.hurry(request)
        _die_if(self.death, Death.BEFORE_REQUEST, also=second)
        response = super().handle_request(request)
        if second and self.death is Death.AFTER_REQUEST:
            response.read()
            die()
        return response


@dataclass
class DyingClock(FixedClock):
    """Kills the run when it waits."""

    death: Death | None = None

    def sleep(self, seconds: float) -> None:
        _die_if(self.death, Death.IN_PATIENCE)
        _die_if(self.death, Death.IN_DOUBT)
        FixedClock.sleep(self, seconds)


def _die_if(death: Death | None, here: Death, *, also: bool = True) -> None:
    if death is here and also:
        die()
