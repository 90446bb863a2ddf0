"""A proxy on loopback that stands before a real server and spoils what passes.

It passes everything on until the write that it was told to spoil. A write is a POST,
PUT, PATCH or DELETE; signing in does not count, because nothing is published by it.
"""

from __future__ import annotations

import http.client
import re
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import BinaryIO, Self
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
WRITES = {"POST", "PUT", "PATCH", "DELETE"}
NO_WRITE = re.compile(r"server\.(create|refresh)Session$")
SLOW_SECONDS = 0.05
HTML = b"<!doctype html><title>Welcome</title>"


class Fault(StrEnum):
    """What happens to a write; each is the second half of a sentence about it."""

    REFUSED = "finds nobody listening"
    RESET = "finds the connection reset before it is read"
    CUT_REQUEST = "is cut in the middle on its way"
    SLOW = "is answered slowly"
    NO_ANSWER = "is carried out and never answered"
    LOST = "is lost and never answered"
    LATE = "arrives after nobody waits for its answer any more"
    DROPPED_ANSWER = "is carried out and its answer is dropped"
    CUT_ANSWER = "is carried out and its answer is cut in the middle"
    ERROR_AFTER = "is carried out and answered with 500"
    GATEWAY_AFTER = "is carried out and answered with a page and 502"
    ERROR_BEFORE = "is not carried out and answered with 503"
    LIMITED = "is answered with 429"
    LIMITED_UNTIL = "is answered with 429 and Retry-After"
    PAGE = "is carried out and answered with a page and 200"
    OTHER_JSON = "is carried out and answered with other JSON"

    @property
    def leaves_silence(self) -> bool:
        """Whether only the client's own patience ends it."""
        return self in {Fault.NO_ANSWER, Fault.LOST, Fault.LATE}


def is_write(method: str, path: str) -> bool:
    return method in WRITES and not NO_WRITE.search(path)


@dataclass(frozen=True)
class Exchange:
    """One request as it was read."""

    method: str
    path: str
    head: bytes
    body: bytes

    @property
    def is_write(self) -> bool:
        return is_write(self.method, self.path)


class Proxy:
    """`start()`, `spoil()`, then what is tested, then `stop()`.

    Args:
        upstream: The address of the real server.
        without: A header of requests that is not passed on.
    """

    def __init__(self, upstream: str, *, without: str = "") -> None:
        self._without = without
        there = urlsplit(upstream)
        self._upstream = (str(there.hostname), there.port or 80)
        # Keeps the port ours while nobody listens: nothing else is given it.
        self._place = socket.socket()
        self._place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._place.bind((LOOPBACK, 0))
        self._listener: socket.socket | None = None
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._silence = threading.Event()
        self._fault: Fault | None = None
        self._spoiled = range(0)
        self._told: Callable[[], None] | None = None
        self.writes = 0

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._place.getsockname()[1]}"

    def start(self) -> Self:
        self.listen()
        return self

    def stop(self) -> None:
        self._silence.set()
        self.hang_up()
        for each in self._threads:
            each.join()
        self._place.close()

    def spoil(self, fault: Fault, first: int, times: int = 1) -> None:
        """Spoil so many writes from this one on; 1 is the next one."""
        with self._lock:
            self.writes = 0
            self._fault = fault
            self._spoiled = range(first, first + times)
        self._hang_up_if_due()

    def watch(self, told: Callable[[], None]) -> None:
        """Call this whenever a write was carried out that met no fault."""
        self._told = told

    def heal(self) -> None:
        """Spoil nothing any more; what arrives late arrives now."""
        with self._lock:
            self._fault = None
        self._silence.set()
        self.listen()
        for each in self._threads[:]:
            if each.name == "request":
                each.join()
        self._silence = threading.Event()

    def recover(self) -> None:
        """Listen again after an outage, which is over for good."""
        if self._listener is None:
            with self._lock:
                self._fault = None
            self.listen()

    def will_be_silent(self) -> bool:
        """Tell whether the next write would wait for an answer in vain."""
        with self._lock:
            fault = self._fault if self.writes + 1 in self._spoiled else None
        return fault is not None and fault.leaves_silence

    def listen(self) -> None:
        """Take connections, if not done already."""
        if self._listener is None:
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(self._place.getsockname())
            listener.listen()
            self._listener = listener
            self._run("listener", self._accept, listener)

    def hang_up(self) -> None:
        """Refuse connections."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _hang_up_if_due(self) -> None:
        with self._lock:
            due = self._fault is Fault.REFUSED and self.writes + 1 in self._spoiled
        if due:
            self.hang_up()

    def _run(self, name: str, work: object, *arguments: object) -> None:
        assert callable(work)
        thread = threading.Thread(target=work, args=arguments, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:  # hung up
                return
            self._run("request", self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(ConnectionError):
            with connection.makefile("rb") as stream:
                exchange = _read(stream, self._without)
            if exchange is None:
                return
            fault = self._fault_of(exchange)
            if fault is None:
                answer = self._forward(exchange)
                if exchange.is_write:
                    self._tell()
                self._hang_up_if_due()  # before the client can send the next one
                connection.sendall(answer)
            else:
                self._spoil(fault, exchange, connection)

    def _tell(self) -> None:
        if self._told is not None:
            self._told()

    def _fault_of(self, exchange: Exchange) -> Fault | None:
        return self._next_fault() if exchange.is_write else None

    def _next_fault(self) -> Fault | None:
        with self._lock:
            self.writes += 1
            return self._fault if self.writes in self._spoiled else None

    def _spoil(
        self, fault: Fault, exchange: Exchange, connection: socket.socket
    ) -> None:
        answer = self._forward(exchange) if fault in _CARRIED_OUT else b""
        if fault in _INSTEAD:
            connection.sendall(_INSTEAD[fault])
        elif fault is Fault.SLOW:
            self._silence.wait(SLOW_SECONDS)
            connection.sendall(answer)
        elif fault is Fault.CUT_ANSWER:
            connection.sendall(answer[:-12])
        elif fault.leaves_silence:
            self._silence.wait()
            if fault is Fault.LATE:
                self._forward(exchange)
        elif fault is not Fault.DROPPED_ANSWER:
            if fault is Fault.CUT_REQUEST:
                self._forward_half(exchange)
            # A refused connection that was faster than our hanging up is reset, too.
            reset(connection)

    def _forward(self, exchange: Exchange) -> bytes:
        """Pass a request on; return the answer as bytes that end the connection."""
        with closing(socket.create_connection(self._upstream)) as upstream:
            upstream.sendall(exchange.head + exchange.body)
            answer = http.client.HTTPResponse(upstream, method=exchange.method)
            with closing(answer):
                answer.begin()
                body = answer.read()
                kept = "".join(
                    f"{name}: {value}\r\n"
                    for name, value in answer.getheaders()
                    if name.lower()
                    not in {"connection", "content-length", "transfer-encoding"}
                )
                # What answers HEAD says how much there is, and ends.
                size = int(answer.headers.get("Content-Length", 0))
                size = size if exchange.method == "HEAD" else len(body)
                return _answer(answer.status, body, kind="", more=kept, size=size)

    def _forward_half(self, exchange: Exchange) -> None:
        """Begin a request at the real server and break off."""
        with closing(socket.create_connection(self._upstream)) as upstream:
            upstream.sendall(exchange.head + exchange.body[: len(exchange.body) // 2])


def _read(stream: BinaryIO, without: str) -> Exchange | None:
    line = stream.readline()
    if not line:
        return None
    method, path, _ = line.decode("latin-1").split(" ", 2)
    headers = http.client.parse_headers(stream)
    body = stream.read(int(headers.get("Content-Length", 0)))
    for name in ("Connection", without):
        del headers[name]
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = line.decode("latin-1") + fields + "Connection: close\r\n\r\n"
    return Exchange(method, urlsplit(path).path, head.encode("latin-1"), body)


def _answer(
    status: int,
    body: bytes,
    *,
    kind: str = "application/json",
    more: str = "",
    size: int | None = None,
) -> bytes:
    size = len(body) if size is None else size
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
    if kind:
        head += f"Content-Type: {kind}\r\n"
    head += f"{more}Content-Length: {size}\r\nConnection: close\r\n\r\n"
    return head.encode("latin-1") + body


def reset(connection: socket.socket) -> None:
    """End a connection with a reset, as a machine does that was switched off."""
    never_linger(connection)
    connection.close()


def never_linger(connection: socket.socket) -> None:
    """Let a connection end with a reset whenever it is closed."""
    at_once = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)


_CARRIED_OUT = {
    Fault.SLOW,
    Fault.NO_ANSWER,
    Fault.DROPPED_ANSWER,
    Fault.CUT_ANSWER,
    Fault.ERROR_AFTER,
    Fault.GATEWAY_AFTER,
    Fault.PAGE,
    Fault.OTHER_JSON,
}
"""Faults of the answer: the server does what it is asked to."""
_INSTEAD = {
    Fault.ERROR_AFTER: _answer(500, b'{"error": "oops"}'),
    Fault.GATEWAY_AFTER: _answer(502, HTML, kind="text/html"),
    Fault.ERROR_BEFORE: _answer(503, b'{"error": "busy"}'),
    Fault.LIMITED: _answer(429, b'{"error": "slow down"}'),
    Fault.LIMITED_UNTIL: _answer(429, b"{}", more="Retry-After: 7\r\n"),
    Fault.PAGE: _answer(200, HTML, kind="text/html"),
    Fault.OTHER_JSON: _answer(200, b'{"hello": ["world"]}'),
}
"""Answers that are given whatever the server says."""
