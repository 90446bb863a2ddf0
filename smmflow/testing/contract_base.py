"""What the contract of networks stands on: fixtures, and what others see."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import httpx
import pytest

from smmflow.credentials import Credentials
from smmflow.errors import (
    NetworkError,
)
from smmflow.model.capabilities import Capabilities
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, Part, PartKey
from smmflow.model.publication import Receipt
from smmflow.networks.interface import Connection, Network, Thread
from smmflow.testing.samples import channel_post, key_of
from smmflow.testing.transports import Failing, Fault

__all__ = [
    "Broken",
    "ContractBase",
    "Look",
    "Say",
    "Seen",
    "Write",
    "everything_shown",
    "only_if",
    "publish",
]


@dataclass(frozen=True, slots=True)
class Seen:
    """A live part as somebody else reads it.

    Attributes:
        text: Its words, white space normalised.
        parent: Id of the part it follows; empty for none.
        alts: Descriptions of its pictures.
        options: Answers of its poll.
    """

    text: str
    parent: str = ""
    alts: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


Look = Callable[[Receipt], Seen | None]
Say = Callable[[Receipt, str], str]
"""Somebody else says something below a live part; returns the network's id of it."""
Write = Callable[..., ChannelPost]
"""As `smmflow.testing.samples.channel_post` without its first argument."""
Broken = Callable[[Fault, str], Connection]
"""A connection whose requests meet a fault: those to a path, or all if it is empty."""


class ContractBase:
    """Fixtures of the contract, the first four of them to be overridden.

    `network`, `channel` and `credentials` say what to test; `look` reads a part back
    without the adapter's help, and returns None for one that is gone. Each test needs
    an account on which nothing was published before. `transport` is what carries
    requests, the real network unless overridden. A network that takes nothing without a
    file overrides `write`, one where others can be read `say`, and one that speaks no
    HTTP `broken`.

    Attributes:
        publishing_path: End of the path of the request that makes a post.
        asked_wait: Seconds that a network asks for in `too_many`; None where it can't
            say for how long.
    """

    publishing_path: ClassVar[str]
    asked_wait: ClassVar[float | None] = 7.0

    @pytest.fixture
    def network(self) -> Network:
        """Return the network's offline half."""
        raise NotImplementedError

    @pytest.fixture
    def channel(self) -> Channel:
        """Return a channel with the settings it takes."""
        raise NotImplementedError

    @pytest.fixture
    def credentials(self) -> Credentials:
        """Return the secrets that the channel names."""
        raise NotImplementedError

    @pytest.fixture
    def look(self) -> Look:
        """Return a function that reads a live part back."""
        raise NotImplementedError

    @pytest.fixture
    def capabilities(self, network: Network) -> Capabilities:
        """Return what the network declares."""
        return network.capabilities

    @pytest.fixture
    def write(self, channel: Channel) -> Write:
        """Return a function that makes posts of texts and parts."""

        def write(*parts: Part | str, post: str = "launch") -> ChannelPost:
            return channel_post(channel, *parts, post=post)

        return write

    @pytest.fixture
    def say(self) -> Say:
        """Return a function by which somebody else says something below a part."""

        def say(receipt: Receipt, words: str) -> str:
            raise NotImplementedError

        return say

    @pytest.fixture
    def broken(
        self,
        connect: Callable[[httpx.BaseTransport], Connection],
        transport: httpx.BaseTransport,
    ) -> Broken:
        """Return a function that connects through something broken."""

        def broken(fault: Fault, path: str) -> Connection:
            return connect(Failing(transport, path, fault))

        return broken

    @pytest.fixture
    def transport(self) -> Iterator[httpx.BaseTransport]:
        """Return what carries requests."""
        with httpx.HTTPTransport() as transport:
            yield transport

    @pytest.fixture
    def connect(
        self,
        network: Network,
        channel: Channel,
        credentials: Credentials,
        tmp_path: Path,
    ) -> Iterator[Callable[[httpx.BaseTransport], Connection]]:
        """Return a function that connects through a transport."""
        made: list[Connection] = []

        def connect(transport: httpx.BaseTransport) -> Connection:
            connection = network.connect(
                channel, credentials, transport=transport, root=tmp_path
            )
            made.append(connection)
            return connection

        yield connect
        for each in made:
            each.close()

    @pytest.fixture
    def connection(
        self,
        connect: Callable[[httpx.BaseTransport], Connection],
        transport: httpx.BaseTransport,
    ) -> Connection:
        """Return a connection with the right secrets."""
        return connect(transport)


def only_if(applies: bool) -> None:  # noqa: FBT001 - reads as a sentence
    """Skip a test of something that a network does not declare."""
    if not applies:
        pytest.skip("the network does not declare it")


def publish(
    connection: Connection,
    post: ChannelPost,
    number: int = 0,
    after: Thread | None = None,
    key: PartKey | None = None,
) -> Receipt:
    """Publish a part, however long the network works on it."""
    done = connection.publish(
        post, number, after=after, key=key or key_of(post, number)
    )
    while not isinstance(done, Receipt):
        done = connection.resume(done)
    return done


def everything_shown(error: NetworkError) -> str:
    """Return all that a log could show of an error."""
    shown = traceback.format_exception(error)
    return " ".join((repr(error), str(error), error.hint, *shown))
