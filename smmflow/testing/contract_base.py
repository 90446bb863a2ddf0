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
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.publication import Receipt
from smmflow.networks.interface import Connection, Network, Thread
from smmflow.testing.samples import (
    key_of,
)

__all__ = ["ContractBase", "Look", "Seen", "everything_shown", "only_if", "publish"]


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


class ContractBase:
    """Fixtures of the contract, the first four of them to be overridden.

    `network`, `channel` and `credentials` say what to test; `look` reads a part back
    without the adapter's help, and returns None for one that is gone. Each test needs
    an account on which nothing was published before. `transport` is what carries
    requests, the real network unless overridden.

    Attributes:
        publishing_path: End of the path of the request that makes a post.
    """

    publishing_path: ClassVar[str]

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
