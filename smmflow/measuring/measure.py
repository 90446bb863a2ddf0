"""One measuring run: ask each channel for what is due, and keep what came back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from smmflow.errors import Rejected, SmmflowError
from smmflow.measuring.schedule import PartToRead, due, followers_due
from smmflow.model.capabilities import Capabilities, Support
from smmflow.model.publication import Publication
from smmflow.model.snapshot import ChannelReading, PartReading, Snapshot
from smmflow.networks.interface import Connection

__all__ = ["Failure", "Measured", "measure"]


@dataclass(frozen=True, slots=True)
class Failure:
    """A channel that could not be read, wholly or in part, and why."""

    channel: str
    error: SmmflowError


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run brought.

    Attributes:
        snapshot: To be kept; None if nothing was due or nothing came back.
        failures: In the order of channels.
    """

    snapshot: Snapshot | None
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class _ChannelAnswer:
    parts: tuple[PartReading, ...]
    followers: tuple[ChannelReading, ...]
    failures: tuple[Failure, ...]


def measure(  # noqa: PLR0913 - each is a different thing, all named
    publications: Mapping[tuple[str, str], Publication],
    snapshots: Iterable[Snapshot],
    *,
    connections: Mapping[str, Connection],
    capabilities: Mapping[str, Capabilities],
    now: datetime,
    run: str,
) -> Measured:
    """Read counters and followers that are due; a thread per channel.

    A channel that fails never stops the others, and keeps what it gave before.

    Args:
        publications: The ledger.
        snapshots: All earlier ones, in any order.
        connections: By channel; publications of other channels are left alone.
        capabilities: By channel: what to ask for, and how many parts at once.
        now: When this run reads, aware; the snapshot carries it.
        run: The run's name; the snapshot carries it.
    """
    earlier = tuple(snapshots)
    able = {name: capabilities[name] for name in connections}
    wanted: dict[str, list[PartToRead]] = {
        name: [] for name, can in able.items() if can.measure is Support.YES
    }
    for part in due(publications, earlier, now):
        if part.channel in wanted:
            wanted[part.channel].append(part)
    countable = [name for name, can in able.items() if can.followers is Support.YES]
    audience = set(followers_due(countable, earlier, now))
    asked = sorted({name for name, parts in wanted.items() if parts} | audience)
    if not asked:
        return Measured(None)

    def ask(name: str) -> _ChannelAnswer:
        return _ask(
            name,
            connections[name],
            wanted.get(name, ()),
            batch=able[name].measure_batch,
            followers=name in audience,
        )

    with ThreadPoolExecutor(len(asked), thread_name_prefix="measure") as threads:
        answers = tuple(threads.map(ask, asked))
    parts = tuple(each for answer in answers for each in answer.parts)
    channels = tuple(each for answer in answers for each in answer.followers)
    failures = tuple(each for answer in answers for each in answer.failures)
    if not parts and not channels:
        return Measured(None, failures)
    return Measured(Snapshot(now, run, parts, channels), failures)


def _ask(
    channel: str,
    connection: Connection,
    wanted: Sequence[PartToRead],
    *,
    batch: int,
    followers: bool,
) -> _ChannelAnswer:
    answers: dict[str, Mapping[str, int | None] | None] = {}
    readings: tuple[ChannelReading, ...] = ()
    failures: list[Failure] = []
    try:
        if followers:
            count = connection.followers()
            readings = (ChannelReading(channel, {"followers": count}),)
        for some in _batches(wanted, batch):
            try:
                answers.update(connection.measure([each.receipt for each in some]))
            except Rejected as error:  # about these parts alone: the others may do
                failures.append(Failure(channel, error))
    except SmmflowError as error:  # about the channel: asking on would not help it
        failures.append(Failure(channel, error))
    parts = tuple(
        _reading(each, answers) for each in wanted if each.receipt.id in answers
    )
    return _ChannelAnswer(parts, readings, tuple(failures))


def _batches(wanted: Sequence[PartToRead], size: int) -> Iterator[Sequence[PartToRead]]:
    for start in range(0, len(wanted), size):
        yield wanted[start : start + size]


def _reading(
    wanted: PartToRead, answers: Mapping[str, Mapping[str, int | None] | None]
) -> PartReading:
    counters = answers[wanted.receipt.id]
    name = (wanted.occurrence, wanted.channel, wanted.part, wanted.receipt.id)
    if counters is None:
        return PartReading(*name, {}, gone=True)
    return PartReading(*name, _without_our_reply(wanted, counters, answers))


def _without_our_reply(
    wanted: PartToRead,
    counters: Mapping[str, int | None],
    answers: Mapping[str, Mapping[str, int | None] | None],
) -> dict[str, int | None]:
    """Leave our own next part out of the replies, as the metric's definition says.

    A next part that this very answer reports gone is no longer in the network's count.
    """
    found = dict(counters)
    replies = found.get("replies")
    gone = wanted.next_part in answers and answers[wanted.next_part] is None
    if replies and wanted.next_part and not gone:
        found["replies"] = replies - 1
    return found
