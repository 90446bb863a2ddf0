"""A preview while its files are edited: pages from memory, to this machine alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

from smmflow.errors import ConfigurationError

__all__ = ["LiveServer", "Shown"]

LOOPBACK = "127.0.0.1"
_HEARTBEAT = 10.0
"""Seconds between signs of life, so that readers who left are noticed."""
_LATEST_STOP = 0.1
_NUMBER = re.compile(r"[0-9]{1,9}")
_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
}
_SAFE = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


@dataclass(slots=True)
class Shown:
    """What is shown now, and how often it has changed.

    Attributes:
        files: Bytes by path.
        number: Raised with every change, from 0.
        is_over: Nobody should wait for another.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    number: int = 0
    is_over: bool = False
    _news: Condition = field(default_factory=Condition)

    def replace(self, files: Mapping[str, bytes]) -> None:
        """Show other files, and tell everybody who waits."""
        with self._news:
            self.files = files
            self.number += 1
            self._news.notify_all()

    def end(self) -> None:
        """Let everybody go who waits."""
        with self._news:
            self.is_over = True
            self._news.notify_all()

    def wait(self, seen: int, seconds: float) -> bool:
        """Wait until there is something else than was seen; tell whether there is."""
        with self._news:
            return self._news.wait_for(
                lambda: self.is_over or self.number != seen, seconds
            )


class LiveServer:
    """Serves what is shown, on the loopback interface only, until the block is left.

    Files come from memory, so no path leads anywhere else. A request that names another
    host is refused: a page of a stranger could otherwise make its own name lead here
    and read along (https://en.wikipedia.org/wiki/DNS_rebinding).

    Args:
        shown: What to serve.
        port: 0 for any that is free.

    Raises:
        ConfigurationError: The port is taken, or is none for us.
    """

    def __init__(self, shown: Shown, port: int) -> None:
        self._shown = shown
        try:
            self._server = _Server((LOOPBACK, port), _Conversation)
        except OSError as problem:
            raise ConfigurationError(
                f"port {port} of this machine can't be used: {problem.strerror}",
                hint="stop what uses it, or name another one with --port; 0 is any",
            ) from problem
        self._server.shown = shown
        self._thread = Thread(
            target=self._server.serve_forever, args=(_LATEST_STOP,), daemon=True
        )

    @property
    def url(self) -> str:
        """The address of the first page."""
        return f"http://{LOOPBACK}:{self._server.server_port}/"

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Answer nobody any more."""
        self._shown.end()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A browser keeps connections open; nobody waits for them at the end.
    block_on_close = False
    shown: Shown

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of readers who left in the middle of an answer."""


class _Conversation(BaseHTTPRequestHandler):
    server: _Server

    def do_HEAD(self) -> None:
        """Answer as to a GET, but for the content."""
        self.do_GET()

    def do_GET(self) -> None:
        """Answer with a file, or with news as they come."""
        if not self._is_for_us():
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, b"", "text/plain")
            return
        parts = urlsplit(self.path)
        if parts.path == "/events":
            self._tell(parts.query)
            return
        path = unquote(parts.path).lstrip("/")
        files = self.server.shown.files
        wanted = f"{path}index.html" if path.endswith("/") or not path else path
        if wanted in files:
            kind = _TYPES.get(wanted.rpartition(".")[2], "application/octet-stream")
            self._answer(HTTPStatus.OK, files[wanted], kind)
        elif f"{path}/index.html" in files:
            there = {"Location": f"/{quote(path)}/"}
            self._answer(HTTPStatus.FOUND, b"", "text/plain", there)
        else:
            words = b"There is no such page in this preview.\n"
            self._answer(HTTPStatus.NOT_FOUND, words, "text/plain; charset=utf-8")

    def _is_for_us(self) -> bool:
        port = self.server.server_port
        return self.headers.get("Host", "") in {
            f"{LOOPBACK}:{port}",
            f"localhost:{port}",
        }

    def _answer(
        self,
        status: HTTPStatus,
        content: bytes,
        kind: str,
        further: Mapping[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(content))}
        for name, value in {**headers, **_SAFE, **(further or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def _tell(self, query: str) -> None:
        """Tell when there is something else than the reader has seen.

        As https://html.spec.whatwg.org/multipage/server-sent-events.html describes.
        """
        shown = self.server.shown
        seen = parse_qs(query).get("seen", [""])[0]
        before = int(seen) if _NUMBER.fullmatch(seen) else -1
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        for name, value in _SAFE.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b": here\n\n")
        self.wfile.flush()
        while self.command == "GET" and not shown.is_over:
            if shown.wait(before, _HEARTBEAT):
                before = shown.number
                self.wfile.write(f"data: {before}\n\n".encode())
            else:
                self.wfile.write(b": still here\n\n")
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Keep the terminal for what the preview says."""
