"""The same work for many things, shared among the cores of the machine."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["FEW", "on_every_core"]

FEW = 1000
"""A process of its own is worth its start for no fewer."""
_MOST = 8

_Thing = TypeVar("_Thing")
_Result = TypeVar("_Result")


def on_every_core(
    work: Callable[[_Thing], _Result], things: Sequence[_Thing], few: int = FEW
) -> list[_Result]:
    """Return the results in the order of the things, whoever got them.

    Work on few things, on one core, or beside other threads stays in this process: a
    process that forks must have one thread only, and elsewhere than on Linux system
    libraries may have started some (https://docs.python.org/3/library/os.html#os.fork).

    Args:
        work: What to do; a function of its argument alone, whose results pickle.
        things: What to do it with.
        few: So many for each process at least.
    """
    shares = min(_cores(), _MOST, len(things) // few)
    if shares < 2 or sys.platform != "linux" or threading.active_count() > 1:  # noqa: PLR2004 - more than itself
        return [work(each) for each in things]
    gc.freeze()  # what both have stays shared: nobody looks for garbage in it
    try:
        return _shared(work, things, shares)
    finally:
        gc.unfreeze()


def _shared(
    work: Callable[[_Thing], _Result], things: Sequence[_Thing], shares: int
) -> list[_Result]:
    from multiprocessing import get_context  # noqa: PLC0415 - much work pays for it

    context = get_context("fork")
    receivers: list[Connection[None, list[_Result]] | None] = [None]
    processes = []
    for share in range(1, shares):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(
            target=_send, args=(sender, work, things[share::shares]), daemon=True
        )
        process.start()
        sender.close()
        receivers.append(receiver)
        processes.append(process)
    results: dict[int, _Result] = {}
    for share, other in enumerate(receivers):
        found = _receive(other) if other is not None else None
        if found is None:  # ours, or that of a process that came to no end
            found = [work(each) for each in things[share::shares]]
        results.update(zip(range(share, len(things), shares), found, strict=True))
    for process in processes:
        process.join()
    return [results[index] for index in range(len(things))]


def _send(
    sender: Connection[list[_Result], None],
    work: Callable[[_Thing], _Result],
    things: Sequence[_Thing],
) -> None:
    # An error is left to the first process, which meets it again and can say so.
    with suppress(Exception):
        sender.send([work(each) for each in things])
    sender.close()
    os._exit(0)  # nothing that was open before the fork is ours to flush or close


def _receive(receiver: Connection[None, list[_Result]]) -> list[_Result] | None:
    with receiver, suppress(EOFError, OSError):
        return receiver.recv()
    return None


def _cores() -> int:
    with suppress(AttributeError, OSError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
