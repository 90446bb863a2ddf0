"""Vendors' servers in memory, for networks of which no real server can be run here.

A vendor answers as its own description and documentation say it answers, keeps what it
was given, and refuses what the real one is known to refuse. Every request is held
against the network's own description: what that finds is kept in `faults`, and each
test ends by asserting that there are none.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from smmflow.credentials import Credentials
from smmflow.model.channel import Channel
from smmflow.model.media import Attachment
from smmflow.testing import picture_file


@dataclass(frozen=True)
class Posting:
    """Something live, as the network's own API gives it.

    Attributes:
        parent: Id of what it follows; empty for none.
    """

    id: str
    text: str
    parent: str = ""


@dataclass(frozen=True)
class Account:
    """An account on a vendor's server, as a workspace would have it.

    Attributes:
        secrets: The network's names of secrets to their values.
    """

    network: str
    settings: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)

    def channel(self, name: str = "there") -> Channel:
        """The channel, its secrets named after what they are."""
        names = {each: each.upper() for each in self.secrets}
        return Channel(name, self.network, settings=self.settings, secrets=names)

    def credentials(self) -> Credentials:
        """The secrets by the names that `channel` gives them."""
        return Credentials({each.upper(): it for each, it in self.secrets.items()})


class Vendor(httpx.BaseTransport, ABC):
    """A vendor's servers, all hosts of them, as a transport.

    One lock for all: whatever the threads, requests are carried out one by one.

    Attributes:
        account: An account that exists there.
        faults: What requests had wrong by the network's own description.
        requests: All of them, in order.
    """

    account: Account

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.requests: list[httpx.Request] = []
        self._lock = threading.RLock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        with self._lock:
            self.requests.append(request)
            return self.answer(request)

    @abstractmethod
    def answer(self, request: httpx.Request) -> httpx.Response:
        """Carry one request out."""

    def picture(self, root: Path) -> Attachment:
        """Write a picture that is taken here below a folder."""
        return picture_file(root)

    @abstractmethod
    def live(self) -> list[Posting]:
        """Everything that is live, the oldest first."""

    def waiting(self) -> list[Posting]:
        """Everything that waits for its time; by the id that it is scheduled under."""
        return []

    def send_due(self) -> None:
        """Send everything that waits."""

    @abstractmethod
    def say(self, post: str, words: str) -> str:
        """Let somebody else say something below a live post; return its id.

        Raises:
            NotImplementedError: Nobody can, or it can't be read there.
        """
