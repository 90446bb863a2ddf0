"""A mail server that refuses to let anybody in, and says what it was told."""

from __future__ import annotations

import base64
import binascii
import socketserver
import threading
from typing import Self

from tests.servers.processes import LOOPBACK

__all__ = ["Parrot"]


class Parrot:
    """`start()`, then mail programs speak to `port`, then `stop()`."""

    def __init__(self) -> None:
        self._server = socketserver.ThreadingTCPServer((LOOPBACK, 0), _Session)
        self._server.daemon_threads = True

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def start(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        ).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 parrot.example")
        for line in self.rfile:
            said = line.decode("latin-1").strip()
            match said.split(" ")[0].upper():
                case "EHLO":
                    self._say("250-parrot.example", "250 AUTH PLAIN")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    # What the encoding holds comes first: programs show the beginning.
                    opened = _opened(said.rpartition(" ")[2]).replace("\0", " ")
                    self._say(f"535 5.7.8 {opened} was refused: {said}")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{each}\r\n" for each in lines).encode())


def _opened(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return encoded
