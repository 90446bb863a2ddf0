"""Lines to channels: connections side by side; one that fails stops no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from smmflow.credentials import Credentials
from smmflow.errors import SmmflowError
from smmflow.model.channel import Channel
from smmflow.networks.interface import Connection, Identity, InstanceLimits
from smmflow.networks.registry import network

__all__ = ["Line", "Visit", "connected", "visit"]


@dataclass(frozen=True, slots=True)
class Line:
    """Connections to channels, and why some channels have none.

    Attributes:
        connections: By channel.
        failures: By channel: a secret that is not set, a setting that is wrong.
        expires: By channel: when its token dies, where we know that ourselves.
    """

    connections: Mapping[str, Connection]
    failures: Mapping[str, SmmflowError]
    expires: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a channel answered when asked who we are.

    Attributes:
        channel: Its name.
        identity: The account; None if it could not be reached or signed in.
        error: Why not.
        limits: The instance's own, if it has its own.
    """

    channel: str
    identity: Identity | None
    error: SmmflowError | None = None
    limits: InstanceLimits | None = None


@contextmanager
def connected(
    channels: Iterable[Channel],
    credentials: Credentials,
    *,
    root: Path | None = None,
    shut: Mapping[str, SmmflowError] | None = None,
    expires: Mapping[str, datetime] | None = None,
) -> Iterator[Line]:
    """Yield connections to channels and let go of them afterwards; nothing is sent yet.

    Args:
        channels: What to connect; failures are kept, not raised.
        credentials: Where the secrets are.
        root: The workspace, which paths of media are relative to; None for the current
            folder.
        shut: Channels that are known to be unusable, and why; not connected.
        expires: When tokens die, as far as known.
    """
    with ExitStack() as stack:
        made: dict[str, Connection] = {}
        failures: dict[str, SmmflowError] = {}
        for channel in channels:
            if shut and channel.name in shut:
                failures[channel.name] = shut[channel.name]
                continue
            try:
                there = network(channel.network).on(channel)
                connection = there.connect(channel, credentials, root=root)
            except SmmflowError as problem:
                failures[channel.name] = problem
            else:
                stack.callback(connection.close)
                made[channel.name] = connection
        yield Line(made, failures, expires or {})


def visit(line: Line) -> tuple[Visit, ...]:
    """Ask every channel who we are there, side by side; in order of their names."""

    def ask(name: str) -> Visit:
        if name in line.failures:
            return Visit(name, None, line.failures[name])
        connection = line.connections[name]
        try:
            who = connection.whoami()
            if who.expires is None:
                who = replace(who, expires=line.expires.get(name))
            return Visit(name, who, limits=connection.limits())
        except SmmflowError as problem:
            return Visit(name, None, problem)

    names = sorted({*line.connections, *line.failures})
    with ThreadPoolExecutor(max(1, len(names)), thread_name_prefix="visit") as threads:
        return tuple(threads.map(ask, names))
