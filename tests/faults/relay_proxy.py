"""A proxy before a Nostr relay: it spoils events as the other one spoils requests."""

from __future__ import annotations

import json
import socket
from contextlib import suppress

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.server import ServerProtocol
from websockets.sync.client import connect
from websockets.sync.server import Server, ServerConnection

from tests.faults.proxy import SLOW_SECONDS, Fault, Proxy, never_linger

_SAID_INSTEAD = {
    Fault.ERROR_AFTER: "error: oops",
    Fault.ERROR_BEFORE: "error: busy",
    Fault.LIMITED: "rate-limited: slow down",
    Fault.LIMITED_UNTIL: "rate-limited: slow down",
}
"""What the relay seems to say instead of yes."""
_SENT_INSTEAD = {
    Fault.CUT_ANSWER: '["OK","',
    Fault.GATEWAY_AFTER: "<!doctype html>",
    Fault.PAGE: "<!doctype html>",
    Fault.OTHER_JSON: '{"hello": ["world"]}',
}
"""What comes in the place of its answer."""
_NOT_CARRIED_OUT = {
    Fault.RESET,
    Fault.CUT_REQUEST,
    Fault.LOST,
    Fault.LATE,
    Fault.ERROR_BEFORE,
    Fault.LIMITED,
    Fault.LIMITED_UNTIL,
}
_SILENCE = 0.2
"""Seconds of silence before it hangs up: to the client, either is no answer."""


class RelayProxy(Proxy):
    """As `Proxy`, where a write is an event.

    Args:
        upstream: The address of the relay.
    """

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream)
        self._relay = upstream
        # It accepts nothing itself: connections ask it whether it is closing.
        self._server = Server(self._place, lambda *_: None)

    @property
    def url(self) -> str:
        return super().url.replace("http://", "ws://", 1)

    def stop(self) -> None:
        super().stop()
        for each in (self._server.shutdown_watcher, self._server.shutdown_notifier):
            each.close()

    def _serve(self, connection: socket.socket) -> None:
        client = ServerConnection(
            connection, ServerProtocol(), self._server, close_timeout=1
        )
        try:
            with suppress(ConnectionClosed, InvalidHandshake, OSError, EOFError):
                client.handshake()
                while self._passes(connection, client, json.loads(client.recv())):
                    pass
        finally:
            client.close_socket()

    def _passes(
        self, connection: socket.socket, client: ServerConnection, message: list[object]
    ) -> bool:
        """Pass a message on, or don't; tell whether the client is still there."""
        match message[0]:
            case "EVENT":
                return self._event(connection, client, message)
            case "REQ":
                self._question(client, message)
                return True
            case _:
                return True

    def _question(self, client: ServerConnection, message: list[object]) -> None:
        with connect(self._relay, close_timeout=1) as relay:
            relay.send(json.dumps(message))
            while True:
                said = relay.recv(timeout=10)
                client.send(said)
                if json.loads(said)[0] in {"EOSE", "CLOSED"}:
                    return

    def _event(
        self, connection: socket.socket, client: ServerConnection, message: list[object]
    ) -> bool:
        fault = self._next_fault()
        answer = "" if fault in _NOT_CARRIED_OUT else self._told_relay(message)
        if fault is None:
            self._tell()
            self._hang_up_if_due()
            client.send(answer)
        elif fault is Fault.SLOW:
            self._silence.wait(SLOW_SECONDS)
            client.send(answer)
        elif fault in _SAID_INSTEAD:
            event = message[1]
            assert isinstance(event, dict)
            reply = ["OK", event["id"], False, _SAID_INSTEAD[fault]]
            client.send(json.dumps(reply))
        elif fault in _SENT_INSTEAD:
            client.send(_SENT_INSTEAD[fault])
        else:
            if fault.leaves_silence:
                self._silence.wait(_SILENCE)
            never_linger(connection)
            client.close_socket()
            if fault is Fault.LATE:
                self._silence.wait()
                self._told_relay(message)
            return False
        return True

    def _told_relay(self, message: list[object]) -> str:
        with connect(self._relay, close_timeout=1) as relay:
            relay.send(json.dumps(message))
            return str(relay.recv(timeout=10))
