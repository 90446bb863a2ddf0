"""A host of files on loopback, as Nostr's clients upload them: Blossom, in a thread.

It takes what a signed event allows it to take, and names it by the digest of its bytes:
https://github.com/hzrd149/blossom/blob/master/buds/02.md
"""

import base64
import hashlib
import json
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from smmflow.networks.nostr.event import Event, Kind
from tests.servers.processes import LOOPBACK

_SCHEME = "Nostr "


class BlossomServer:
    """`start()`, then `url`, then `stop()`.

    Attributes:
        files: Bytes that it keeps, by their digest.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self._server = ThreadingHTTPServer((LOOPBACK, 0), self._desk())
        self.url = f"http://{LOOPBACK}:{self._server.server_port}"

    def start(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _desk(host: "BlossomServer") -> type[BaseHTTPRequestHandler]:  # noqa: N805 - two selves
        class Desk(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_PUT(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                digest = hashlib.sha256(content).hexdigest()
                if not _allows(self.headers.get("Authorization", ""), digest):
                    self._answer(HTTPStatus.UNAUTHORIZED, {"message": "not allowed"})
                    return
                host.files[digest] = content
                kept = {"url": f"{host.url}/{digest}.png", "sha256": digest}
                self._answer(HTTPStatus.OK, {**kept, "size": len(content)})

            def _answer(self, status: HTTPStatus, body: dict[str, Any]) -> None:
                said = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *words: object) -> None:
                del words  # nobody reads along

        return Desk


def _allows(header: str, digest: str) -> bool:
    """Whether somebody signed that they may upload exactly these bytes."""
    if not header.startswith(_SCHEME):
        return False
    event = Event.of_json(json.loads(base64.b64decode(header.removeprefix(_SCHEME))))
    if event is None or event.kind != Kind.UPLOAD:
        return False
    return (event.tag("t"), event.tag("x")) == ("upload", digest)
