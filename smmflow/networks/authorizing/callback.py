"""The loopback address that a browser is sent to: takes one answer, ignores others."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from queue import Empty, SimpleQueue
from socketserver import ThreadingTCPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from smmflow.errors import SignInFailed, UsageError
from smmflow.networks.authorizing.consent import (
    Agreed,
    Consent,
    Declined,
    Reply,
    reply,
)

__all__ = ["Callback", "address"]

_PATH = "/callback"
_LOOPBACK = "127.0.0.1"
_SILENT_SECONDS = 10
_POLL_SECONDS = 0.05
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.1rem/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 32rem;
  padding-inline: 1rem; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{words}</p>
</main>
</body>
</html>
"""
_AGREED = _PAGE.format(
    title="smmflow has its answer",
    words="You can close this page. The terminal says what comes next.",
)
_DECLINED = _PAGE.format(
    title="smmflow was not let in",
    words="You can close this page. The terminal says why.",
)


def address(port: int) -> str:
    """Return where a browser is sent that comes back to this machine."""
    return f"http://{_LOOPBACK}:{port}{_PATH}"


class Callback:
    """Listens on 127.0.0.1 as soon as it is made, and answers while it is waited for.

    Args:
        port: Where; 0 for any that is free.

    Raises:
        UsageError: Something else listens there.
    """

    def __init__(self, port: int) -> None:
        try:
            self._server = _Server(port)
        except OSError as problem:
            raise UsageError(
                f"port {port} of this machine can't be listened on: "
                f"{problem.strerror or problem}",
                hint="take another with --port, and tell it to the network's app; or "
                "use --paste, which listens nowhere",
            ) from None
        self.redirect = address(self._server.port)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.server_close()

    def wait(self, wanted: Consent, seconds: float) -> Reply:
        """Return the answer to a question, and nobody else's.

        Raises:
            SignInFailed: None came in time.
        """
        server = self._server
        server.wanted = wanted
        Thread(target=server.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()
        try:
            return server.replies.get(timeout=seconds)
        except Empty:
            raise SignInFailed(
                f"no answer came from the browser within {seconds:.0f} seconds",
                hint="run the command again; --wait gives more time, and --paste "
                "needs no listener on this machine",
            ) from None
        finally:
            server.shutdown()


class _Server(ThreadingTCPServer):
    """One question and its reply; a thread for each connection, as some say nothing."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__((_LOOPBACK, port), _Handler)
        self.wanted: Consent | None = None
        self.replies: SimpleQueue[Reply] = SimpleQueue()
        self._turn = Lock()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def take(self, target: str) -> Reply | None:
        """Return the reply that a request brings, the first time; None if none."""
        with self._turn:
            if self.wanted is None or urlsplit(target).path != _PATH:
                return None
            said = reply(self.wanted, target)
            if said is not None:
                self.wanted = None
            return said

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: whoever hangs up or sends nonsense changes nothing."""
        del request, client_address


class _Handler(BaseHTTPRequestHandler):
    timeout = _SILENT_SECONDS
    server: _Server

    def do_GET(self) -> None:
        said = self.server.take(self.path)
        match said:
            case None:
                self._nothing()
            case Agreed():
                self._show(_AGREED)
                self.server.replies.put(said)
            case Declined():
                self._show(_DECLINED)
                self.server.replies.put(said)

    def _nothing(self) -> None:
        self._answer(HTTPStatus.NOT_FOUND, b"")

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _nothing  # noqa: N815 - its names

    def _show(self, page: str) -> None:
        # The reply counts although the browser is gone before it has read the page.
        with suppress(OSError):
            self._answer(HTTPStatus.OK, page.encode())

    def _answer(self, status: HTTPStatus, content: bytes) -> None:
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing: the addresses asked for hold codes."""
