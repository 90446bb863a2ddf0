"""All hosts of all networks behind one proxy on loopback, honest or hostile.

Programs are led there by `HTTPS_PROXY`, as in companies that look into all traffic, and
take its certificate by `SSL_CERT_FILE`: nothing in the program knows that it is tested.
"""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlsplit

import httpx

from tests.hostile.needles import forms
from tests.servers.processes import LOOPBACK, ServerUnavailable, free_port

__all__ = ["ELSEWHERE", "Hosts", "Temper", "certificate"]

ELSEWHERE = "elsewhere.example"
"""Where answers lead to: nobody may go there."""
_HOP = {"connection", "content-length", "transfer-encoding", "content-encoding"}
_KEYS = ("message", "error_description", "title", "detail", "description")


class Temper(StrEnum):
    """How the hosts answer; each is the end of a sentence about a server."""

    WORKS = "works"
    SPOILS = "works, and answers every write with what was sent"
    REFUSES = "answers 400 with what was sent"
    BREAKS = "answers 500 with what was sent"
    KNOWS_NOBODY = "answers 401 with what was sent"
    SAYS_NO_POLITELY = "answers 200 with a refusal that holds what was sent"
    SENDS_AWAY = "redirects to an address that holds what was sent"
    DEAD = "is not there"


_STATUSES = {
    Temper.REFUSES: 400,
    Temper.BREAKS: 500,
    Temper.KNOWS_NOBODY: 401,
    Temper.SAYS_NO_POLITELY: 200,
}


class _Server(ThreadingHTTPServer):
    # A run asks all networks at once, and whoever is turned away waits for seconds.
    request_queue_size = 128


class Hosts:
    """`start()`, then programs with `variables` speak to it, then `stop()`.

    What it `knows` to be secret it gives back in all forms when it is sent in any.

    Args:
        pair: Files of a certificate for all hosts and of its key.
        honest: What answers as a network does, by its host.
    """

    def __init__(
        self,
        pair: tuple[Path, Path],
        honest: Mapping[str, httpx.BaseTransport] | None = None,
    ) -> None:
        self.temper = Temper.WORKS
        self.asked: set[str] = set()
        self.repeated: set[str] = set()
        self._secrets: dict[str, str] = {}
        self._pair = pair
        self._honest = honest or {}
        self._count = 0
        self._lock = threading.Lock()
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*pair)
        self._server = _Server((LOOPBACK, 0), _handler(self, tls))
        self.nobody = free_port()

    @classmethod
    @contextmanager
    def of(
        cls,
        pair: tuple[Path, Path],
        honest: Mapping[str, httpx.BaseTransport] | None = None,
    ) -> Iterator[Self]:
        """Started, and stopped in the end."""
        hosts = cls(pair, honest).start()
        try:
            yield hosts
        finally:
            hosts.stop()

    def knows(self, secrets: Mapping[str, str]) -> None:
        """Tell it of secrets, by name."""
        self._secrets.update(secrets)

    @property
    def variables(self) -> Mapping[str, str]:
        """What leads a program here, or to a port where nobody listens."""
        dead = self.temper is Temper.DEAD
        port = self.nobody if dead else self._server.server_port
        proxy = f"http://{LOOPBACK}:{port}"
        return {
            "HTTPS_PROXY": proxy,
            "HTTP_PROXY": proxy,
            "NO_PROXY": LOOPBACK,
            "SSL_CERT_FILE": str(self._pair[0]),
        }

    def start(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        ).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        with self._lock:
            self.asked.add(host)
            self._count += 1
        words = self._sent(request)
        reads = request.method in {"GET", "HEAD"} or "oauth" in request.url.path
        match self.temper:
            case Temper.WORKS:
                return self._honestly(request)
            case Temper.SPOILS if reads:
                return self._honestly(request)
            case Temper.SENDS_AWAY:
                place = f"https://{ELSEWHERE}/{quote(words[:4000])}"
                return httpx.Response(307, headers={"Location": place})
            case Temper.SPOILS:
                return _refusal(500 if self._count % 2 else 400, words, self._count)
            case _:
                return _refusal(_STATUSES[self.temper], words, self._count)

    def _honestly(self, request: httpx.Request) -> httpx.Response:
        if request.url.host not in self._honest:
            return httpx.Response(404, json={"error": "nobody is here"})
        return self._honest[request.url.host].handle_request(request)

    def _sent(self, request: httpx.Request) -> str:
        """The secrets of a request in all their forms, then the request itself.

        Which form comes first is another each time: programs show the beginning.
        """
        lines = [f"{name}: {each}" for name, each in request.headers.items()]
        head = f"{request.method} {request.url} {' '.join(lines)}"
        whole = f"{head} {request.content.decode('latin-1')}"
        written = []
        for name, secret in self._secrets.items():
            if any(each in whole for each in forms(secret).values()):
                self.repeated.add(name)
                written += [*forms(secret).values()]
        first = self._count % len(written) if written else 0
        return " ".join(dict.fromkeys([*written[first:], *written[:first], whole]))


def _refusal(status: int, words: str, count: int) -> httpx.Response:
    """What was sent, in every place where networks put their words."""
    said = dict.fromkeys(_KEYS, words)
    shapes: tuple[object, ...] = (
        {**said, "error": words, "ok": False},
        {**said, "error": {**said, "code": 100}, "ok": False},
        {"errors": [said, {"error": said}], "ok": False},
        words,
    )
    shape = shapes[count % len(shapes)]
    if isinstance(shape, str) and count % 8 > len(shapes):
        return httpx.Response(status, text=shape)
    return httpx.Response(status, json=shape)


def _handler(hosts: Hosts, tls: ssl.SSLContext) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        through = ""

        def do_CONNECT(self) -> None:
            host = self.path.partition(":")[0]
            hosts.asked.add(host)
            self.send_response(200)
            self.end_headers()
            inner = type("Inner", (Handler,), {"through": host})
            with (
                suppress(OSError),
                tls.wrap_socket(self.connection, server_side=True) as opened,
            ):
                inner(opened, self.client_address, self.server)
            self.close_connection = True

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            there = urlsplit(self.path)
            scheme, host = there.scheme or "https", there.netloc or self.through
            path = f"{there.path}?{there.query}" if there.query else there.path
            headers = [(n, v) for n, v in self.headers.items() if n.lower() not in _HOP]
            url = f"{scheme}://{host}{path}"
            request = httpx.Request(self.command, url, headers=headers, content=body)
            response = hosts.answer(request)
            content, size = response.read(), str(len(response.content))
            if self.command == "HEAD":  # says how much there would be
                size = response.headers.get("Content-Length", "")
                content = b""
            with suppress(OSError):
                self.send_response(response.status_code)
                for name, value in response.headers.items():
                    if name.lower() not in _HOP:
                        self.send_header(name, value)
                if size:
                    self.send_header("Content-Length", size)
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(content)
            self.close_connection = True

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve  # noqa: N815 - its names

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def certificate(folder: Path, hosts: Iterable[str]) -> tuple[Path, Path]:
    """A certificate for these hosts that its own key signed, and the key."""
    if shutil.which("openssl") is None:
        raise ServerUnavailable("openssl is not installed")
    made, key = folder / "certificate.pem", folder / "key.pem"
    names = ",".join(f"DNS:{each}" for each in hosts)
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048"),
            *("-subj", "/CN=hosts", "-addext", f"subjectAltName={names}"),
            *("-days", "2", "-keyout", str(key), "-out", str(made)),
        ],
        check=True,
        capture_output=True,
    )
    return made, key
