"""A proxy before a mail server: it spoils messages as the other one spoils requests."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from tests.faults.proxy import SLOW_SECONDS, Fault, Proxy, never_linger

_LATER = b"451 4.7.1 Greylisted for 7 seconds\r\n"
_PAGE = b"HTTP/1.1 200 OK\r\n\r\n<!doctype html><title>Welcome</title>\r\n"
_NOT_TAKEN = {
    Fault.ERROR_BEFORE: _LATER,
    Fault.LIMITED: _LATER,
    Fault.LIMITED_UNTIL: _LATER,
}
"""What is said of a message that is read and not passed on."""
_INSTEAD = {
    Fault.CUT_ANSWER: b"25",
    Fault.ERROR_AFTER: b"421 4.3.2 Closing\r\n",
    Fault.GATEWAY_AFTER: _PAGE,
    Fault.PAGE: _PAGE,
    Fault.OTHER_JSON: b'{"hello": ["world"]}\r\n',
}
"""What is said of a message that is taken."""
_SILENCE = 0.2
"""Seconds of silence before it hangs up: to the client, either is no answer."""


class MailProxy(Proxy):
    """As `Proxy`, where a write is a message."""

    @property
    def url(self) -> str:
        return super().url.replace("http://", "smtp://", 1)

    def _serve(self, connection: socket.socket) -> None:
        with (
            connection,
            suppress(OSError),
            socket.create_connection(self._upstream) as server,
            connection.makefile("rb") as said,
            server.makefile("rb") as answered,
        ):
            connection.sendall(_reply(answered))
            for line in iter(said.readline, b""):
                server.sendall(line)
                connection.sendall(_reply(answered))
                if line[:4].upper() == b"DATA" and not self._message(
                    connection, said, server, answered
                ):
                    return

    def _message(
        self,
        connection: socket.socket,
        said: BinaryIO,
        server: socket.socket,
        answered: BinaryIO,
    ) -> bool:
        """Pass a message on, or don't; tell whether the client is still there."""
        fault = self._next_fault()
        lines = list(_until_dot(said))
        if fault in _NOT_TAKEN:
            connection.sendall(_NOT_TAKEN[fault])
            return False
        if fault in {Fault.RESET, Fault.CUT_REQUEST, Fault.LOST, Fault.LATE}:
            if fault is Fault.CUT_REQUEST:
                server.sendall(b"".join(lines[: len(lines) // 2]))
            self._hang_up_on(connection, fault)
            if fault is Fault.LATE:
                self._silence.wait()
                server.sendall(b"".join(lines))
                _reply(answered)
            return False
        server.sendall(b"".join(lines))
        reply = _reply(answered)
        if fault is None:
            self._tell()
            self._hang_up_if_due()
        elif fault is Fault.SLOW:
            self._silence.wait(SLOW_SECONDS)
        elif fault not in _INSTEAD:
            self._hang_up_on(connection, fault)
            return False
        connection.sendall(_INSTEAD.get(fault, reply) if fault else reply)
        return fault is not Fault.CUT_ANSWER

    def _hang_up_on(self, connection: socket.socket, fault: Fault) -> None:
        if fault.leaves_silence:
            self._silence.wait(_SILENCE)
        never_linger(connection)
        connection.shutdown(socket.SHUT_RDWR)


def _reply(answered: BinaryIO) -> bytes:
    lines = []
    while line := answered.readline():
        lines.append(line)
        if line[3:4] != b"-":
            break
    return b"".join(lines)


def _until_dot(said: BinaryIO) -> Iterator[bytes]:
    while line := said.readline():
        yield line
        if line == b".\r\n":
            return
