"""Lanes: one thread per channel, in order within each, none waiting for another."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from queue import SimpleQueue

from smmflow.model.publication import Outcome, Publication
from smmflow.publishing.claims import Claim
from smmflow.publishing.sending import Sender

__all__ = ["Lanes"]


class Lanes:
    """Channels being served.

    Args:
        claims: What to send, in order; each gives exactly one result.
        senders: By channel.
    """

    def __init__(self, claims: Iterable[Claim], senders: Mapping[str, Sender]) -> None:
        self._stopping = threading.Event()
        self._finished: SimpleQueue[Publication] = SimpleQueue()
        by_channel: dict[str, list[Claim]] = {}
        for each in claims:
            by_channel.setdefault(each.post.channel, []).append(each)
        self._outstanding = sum(len(lane) for lane in by_channel.values())
        for name, lane in by_channel.items():
            arguments = (lane, senders[name])
            threading.Thread(target=self._serve, args=arguments, name=name).start()

    def results(self) -> Iterator[Publication]:
        """Yield each result as it becomes known, until there are no more."""
        while self._outstanding:
            result = self._finished.get()
            self._outstanding -= 1
            yield result

    def stop(self) -> None:
        """Begin nothing new; what is not begun is released."""
        self._stopping.set()

    def _serve(self, lane: Iterable[Claim], sender: Sender) -> None:
        trouble = ""
        for each in lane:
            if self._stopping.is_set():
                trouble = "the run was stopped before it was sent"
            if trouble:
                result = sender.release(each, trouble)
            else:
                result = sender.send(each, self._stopping)
            if result.outcome is Outcome.FAILED and not trouble:
                # Not this post's fault: the next ones would only fail the same way,
                # and must not overtake it.
                trouble = f"not sent, after {each.record.post}: {result.error}"
            self._finished.put(result)
