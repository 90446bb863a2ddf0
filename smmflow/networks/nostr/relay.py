"""A relay: one WebSocket, one question at a time.

Messages: https://github.com/nostr-protocol/nips/blob/master/01.md
Signing in where a relay asks for it: https://github.com/nostr-protocol/nips/blob/master/42.md
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING

from smmflow.errors import (
    MissingExtra,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    Unreachable,
)
from smmflow.networks.http import USER_AGENT, first_line
from smmflow.networks.nostr.event import Event, Kind, signed
from smmflow.networks.nostr.keys import Signer

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

__all__ = ["Filter", "Relay"]

_PATIENCE = 20.0
_LARGEST = 8 * 1024 * 1024
_MOST_MESSAGES = 20_000
_SUBSCRIPTION = "smmflow"

Filter = Mapping[str, object]


class Relay:
    """A relay at an address.

    Args:
        url: As in `wss://relay.example.org`.
        signer: Who we are, for relays that ask.
    """

    def __init__(self, url: str, signer: Signer) -> None:
        self.url = url
        self._signer = signer
        self._socket: ClientConnection | None = None
        self._open = ExitStack()

    def publish(self, event: Event, *, now: datetime) -> None:
        """Give an event to the relay; one it has already is no error.

        Raises:
            NetworkError: `OutcomeUnknown` if it got the event and said nothing.
        """
        socket = self._opened()
        self._send(socket, ["EVENT", event.as_json()])
        for message in self._messages(socket, said=True):
            match message:
                case ["OK", name, True, *_] if name == event.id:
                    return
                case ["OK", name, False, *why] if name == event.id:
                    reason = first_line(str(why[0])) if why else ""
                    if reason.startswith("auth-required:"):
                        self._sign_in(socket, now)
                        self._send(socket, ["EVENT", event.as_json()])
                        continue
                    if reason.startswith("duplicate:"):
                        return
                    raise _refusal(self.url, reason)
                case ["AUTH", str(challenge)]:
                    self._challenge = challenge
                case _:
                    pass  # notices, and ends of questions asked before

    def find(self, *filters: Filter) -> list[Event]:
        """Return the events that any of the filters fits.

        Raises:
            NetworkError: Of the kind that fits.
        """
        socket = self._opened()
        self._send(socket, ["REQ", _SUBSCRIPTION, *filters])
        found: dict[str, Event] = {}
        for message in self._messages(socket, said=False):
            match message:
                case ["EVENT", name, value] if name == _SUBSCRIPTION:
                    event = Event.of_json(value)
                    if event is not None:
                        found[event.id] = event
                case ["EOSE", name, *_] if name == _SUBSCRIPTION:
                    break
                case ["CLOSED", name, *why] if name == _SUBSCRIPTION:
                    raise _refusal(self.url, first_line(str(why[0])) if why else "")
                case ["AUTH", str(challenge)]:
                    self._challenge = challenge
                case _:
                    pass
        self._send(socket, ["CLOSE", _SUBSCRIPTION])
        return list(found.values())

    def close(self) -> None:
        """Let go of the socket."""
        self._socket = None
        self._open.close()

    _challenge = ""

    def _sign_in(self, socket: ClientConnection, now: datetime) -> None:
        if not self._challenge:
            raise SignInFailed(f"{self.url} asks to sign in and gives no challenge")
        tags = (("relay", self.url), ("challenge", self._challenge))
        self._challenge = ""
        event = signed(self._signer, Kind.AUTH, "", tags=tags, at=now)
        self._send(socket, ["AUTH", event.as_json()])
        for message in self._messages(socket, said=False):
            match message:
                case ["OK", name, True, *_] if name == event.id:
                    return
                case ["OK", name, False, *why] if name == event.id:
                    reason = first_line(str(why[0])) if why else ""
                    raise SignInFailed(f"{self.url} does not let us in: {reason}")
                case _:
                    pass

    def _opened(self) -> ClientConnection:
        if self._socket is not None:
            return self._socket
        client, problems = _websockets()
        try:
            connection = client(
                self.url,
                open_timeout=10,
                close_timeout=1,
                max_size=_LARGEST,
                user_agent_header=USER_AGENT,
                ping_interval=None,
            )
            self._socket = self._open.enter_context(connection)
        except (OSError, ValueError, problems) as problem:
            raise Unreachable(
                f"{self.url} can't be reached: {first_line(str(problem))}",
                hint="is it the address of a relay?",
            ) from None
        return self._socket

    def _send(self, socket: ClientConnection, message: list[object]) -> None:
        _, problems = _websockets()
        try:
            socket.send(json.dumps(message, ensure_ascii=False))
        except (OSError, problems):
            self.close()
            raise Unreachable(f"{self.url} hung up") from None

    def _messages(
        self, socket: ClientConnection, *, said: bool
    ) -> Iterator[list[object]]:
        """Yield what the relay says.

        Raises:
            OutcomeUnknown: It says no more, after something was `said` to it that it
                may have acted on.
            Unreachable: It says no more, and nothing was at stake.
        """
        _, problems = _websockets()
        kind = OutcomeUnknown if said else Unreachable
        for _ in range(_MOST_MESSAGES):
            try:
                text = socket.recv(timeout=_PATIENCE)
            except (OSError, problems):
                self.close()
                raise kind(f"{self.url} did not answer") from None
            try:
                message = json.loads(text)
            except (ValueError, RecursionError):
                message = None
            if not isinstance(message, list):
                self.close()
                raise kind(f"{self.url} does not speak as relays do")
            yield message
        self.close()
        raise kind(f"{self.url} does not come to an end")


def _refusal(url: str, reason: str) -> NetworkError:
    """Return what a relay's no means, by its first word."""
    said = f"{url} refused: {reason or 'no reason given'}"
    match reason.partition(":")[0]:
        case "rate-limited":
            return RateLimited(said, retry_after=None)
        case "auth-required" | "restricted":
            return SignInFailed(said, hint="may this key write to that relay?")
        case "error":
            return Unreachable(said)
        case _:
            return Rejected(said)


def _websockets() -> tuple[
    Callable[..., AbstractContextManager[ClientConnection]], type[Exception]
]:
    try:
        client = import_module("websockets.sync.client")
        problems = import_module("websockets.exceptions")
    except ModuleNotFoundError:
        raise MissingExtra(
            "Nostr needs the package websockets, which is not installed",
            hint="pip install 'smmflow[nostr]'",
        ) from None
    return client.connect, problems.WebSocketException
