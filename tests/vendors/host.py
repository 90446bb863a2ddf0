"""A vendor behind real HTTP on loopback, whatever hosts its addresses name."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

import httpx

from tests.vendors.vendor import Posting, Vendor

LOOPBACK = "127.0.0.1"
EVERYTHING = "/-/everything"
"""Where a test reads what is live, without the network's own API."""
WAITING = "/-/waiting"
"""Where a test reads what waits for its time."""
SEND = "/-/send"
"""Where a test lets everything that waits go out."""
_HOP = {"connection", "content-length", "transfer-encoding", "content-encoding"}


class VendorHost:
    """`start()`, then requests to `url` with the vendor's own `Host`, then `stop()`.

    Args:
        vendor: What answers; may be replaced by one with nothing on it.
    """

    def __init__(self, vendor: Vendor) -> None:
        self.vendor = vendor
        host = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                if len(body) < length:  # cut on its way
                    self.close_connection = True
                    return
                response = host.answer(
                    self.command, self.path, list(self.headers.items()), body
                )
                content = response.read()
                size: str | None = str(len(content))
                if self.command == "HEAD":  # says how much there is, if it knows
                    size = response.headers.get("Content-Length")
                    content = b""
                with suppress(ConnectionError):
                    self.send_response(response.status_code)
                    for name, value in response.headers.items():
                        if name.lower() not in _HOP:
                            self.send_header(name, value)
                    if size is not None:
                        self.send_header("Content-Length", size)
                    self.end_headers()
                    self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve  # noqa: N815 - its names

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._server.server_port}"

    def start(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        ).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(
        self, method: str, path: str, headers: list[tuple[str, str]], body: bytes
    ) -> httpx.Response:
        if path in {EVERYTHING, WAITING, SEND}:
            return httpx.Response(200, json=self._told(path))
        name = httpx.Headers(headers).get("host", LOOPBACK)
        scheme = "http" if name.startswith(LOOPBACK) else "https"
        request = httpx.Request(
            method, f"{scheme}://{name}{path}", headers=headers, content=body
        )
        return self.vendor.handle_request(request)

    def _told(self, path: str) -> list[dict[str, str]]:
        vendor = self.vendor
        if path == SEND:
            vendor.send_due()
        postings = vendor.waiting() if path == WAITING else vendor.live()
        return [
            {"id": each.id, "text": each.text, "parent": each.parent}
            for each in postings
        ]


def everything(url: str) -> list[Posting]:
    """Read what is live at a vendor's host."""
    return _told(url, EVERYTHING)


def all_that_waits(url: str) -> list[Posting]:
    """Read what waits for its time at a vendor's host."""
    return _told(url, WAITING)


def send_all(url: str) -> list[Posting]:
    """Let everything that waits go out; return what is live then."""
    return _told(url, SEND)


def _told(url: str, path: str) -> list[Posting]:
    with httpx.Client(trust_env=False, timeout=30) as client:
        answer = client.get(f"{url}{path}").raise_for_status()
        return [Posting(**each) for each in json.loads(answer.content)]
