"""A web server on loopback with pages that a test gives it."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

Pages = dict[str, tuple[str, bytes]]


@pytest.fixture
def page_server() -> Iterator[Callable[[Pages], str]]:
    """Serve pages by path; a type of `redirect` sends to the bytes as a URL."""
    servers = []

    def serve(pages: Pages) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, content = pages.get(self.path, ("", b""))
                if kind == "redirect":
                    self.send_response(302)
                    self.send_header("Location", content.decode())
                    self.end_headers()
                    return
                self.send_response(200 if kind else 404)
                self.send_header("Content-Type", kind or "text/plain")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()
