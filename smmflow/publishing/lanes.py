"""Lanes: one thread per channel, in order within each, none waiting for another."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import assert_never

from smmflow.model.publication import Outcome, Publication
from smmflow.publishing.changes import Changer
from smmflow.publishing.claims import Claim, Won
from smmflow.publishing.intents import Intent
from smmflow.publishing.sending import Sender

__all__ = ["Lanes"]


class Lanes:
    """Channels being served.

    Args:
        won: What to do, in order, posts before changes; each gives exactly one result.
        senders: By channel.
        changers: By channel.
    """

    def __init__(
        self,
        won: Won,
        senders: Mapping[str, Sender],
        changers: Mapping[str, Changer],
    ) -> None:
        self._stopping = threading.Event()
        self._finished: SimpleQueue[Publication | _Dead] = SimpleQueue()
        self._dead: _Dead | None = None
        by_channel: dict[str, list[Claim | Intent]] = {}
        errands: tuple[Claim | Intent, ...] = (*won.claims, *won.intents)
        for each in errands:
            by_channel.setdefault(each.record.channel, []).append(each)
        self._outstanding = sum(len(lane) for lane in by_channel.values())
        for name, lane in by_channel.items():
            arguments = (lane, senders[name], changers[name])
            threading.Thread(target=self._serve, args=arguments, name=name).start()

    def results(self) -> Iterator[Publication]:
        """Yield each result as it becomes known, until there are no more.

        Raises:
            BaseException: What ended a lane, once the others are done. What that lane
                had not begun stays claimed, and the journal tells the next run so.
        """
        while self._outstanding:
            result = self._finished.get()
            if isinstance(result, _Dead):
                self._outstanding -= result.undone
                self._dead = result
            else:
                self._outstanding -= 1
                yield result
        if self._dead is not None:
            raise self._dead.problem

    def stop(self) -> None:
        """Begin nothing new; what is not begun is released."""
        self._stopping.set()

    def _serve(
        self, lane: Sequence[Claim | Intent], sender: Sender, changer: Changer
    ) -> None:
        done = 0
        try:
            for result in self._served(lane, sender, changer):
                self._finished.put(result)
                done += 1
        except BaseException as problem:  # noqa: BLE001 - whoever waits must hear of it
            self._finished.put(_Dead(len(lane) - done, problem))

    def _served(
        self, lane: Iterable[Claim | Intent], sender: Sender, changer: Changer
    ) -> Iterator[Publication]:
        trouble = ""
        for each in lane:
            if self._stopping.is_set():
                trouble = "the run was stopped before it was sent"
            match each:
                case Claim() if trouble:
                    result = sender.release(each, trouble)
                case Claim():
                    result = sender.send(each, self._stopping)
                case Intent() if trouble:
                    result = changer.release(each, trouble)
                case Intent():
                    result = changer.carry_out(each, self._stopping)
                case _:
                    assert_never(each)
            if not trouble and _concerns_all(each, result):
                # Not this post's fault: the next ones would only fail the same way,
                # and must not overtake it.
                trouble = f"not sent, after {each.record.post}: {result.error}"
            yield result


@dataclass(frozen=True, slots=True)
class _Dead:
    """A lane that ended before its work did: an adapter ended its thread."""

    undone: int
    problem: BaseException


def _concerns_all(done: Claim | Intent, result: Publication) -> bool:
    """Tell whether it failed for a reason that is not this post's own."""
    if isinstance(done, Claim):
        return result.outcome is Outcome.FAILED
    refused = result.change is not None and result.change.refused
    return bool(result.error) and not refused
