"""Git over smart HTTP on loopback, with access tokens and protected branches.

`git http-backend` does the work, as it does behind any web server (CGI, RFC 3875).
"""

import base64
import binascii
import itertools
import secrets
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Self

from tests.servers.processes import LOOPBACK, plain_environment

PROTECTION = Path(__file__).with_name("protected-branch.sh")
PUSH_SERVICE = "git-receive-pack"


@dataclass(frozen=True)
class Token:
    secret: str
    user: str
    may_write: bool


@dataclass(frozen=True)
class GitRepository:
    """A bare repository: on disk for the test to look at, by URL for what is tested."""

    path: Path
    url: str

    def url_for(self, token: Token) -> str:
        """The URL with the token in it, as CI systems write it."""
        return self.url.replace("://", f"://x-access-token:{token.secret}@", 1)


@dataclass
class Traffic:
    """What clients asked of the server since it started.

    A push that lost a race may never be sent: git sees where the branch is, and gives
    up. So a push is counted when git asks for that.
    """

    requests: int = 0
    fetches: int = 0
    pushes: int = 0
    landed: int = 0

    @property
    def conflicts(self) -> int:
        """Pushes that others were faster than."""
        return self.pushes - self.landed


class GitServer:
    """`start()`, tokens and repositories, `stop()`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._tokens: dict[str, Token] = {}
        self._names = (f"repository-{number}" for number in itertools.count(1))
        self._interruptions: list[Callable[[], None]] = []
        self._server: ThreadingHTTPServer | None = None
        self._traffic = Traffic()
        self._counting = Lock()

    def start(self) -> Self:
        handler = type("Handler", (_Handler,), {"git": self})
        self._server = ThreadingHTTPServer((LOOPBACK, 0), handler)
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def url(self) -> str:
        assert self._server, "not started"
        return f"http://{LOOPBACK}:{self._server.server_port}"

    def create_token(self, user: str = "author", *, may_write: bool = True) -> Token:
        """A new token of this user."""
        token = Token(secrets.token_hex(16), user, may_write)
        self._tokens[token.secret] = token
        return token

    def create_repository(
        self,
        name: str = "",
        *,
        protected: Sequence[str] = (),
        may_push: Sequence[str] = (),
    ) -> GitRepository:
        """An empty bare repository.

        Nobody but the users in `may_push` can push to a `protected` branch, and nobody
        can delete or rewrite it.
        """
        folder = f"{name or next(self._names)}.git"
        path = self._root / folder
        git = ["git", "-C", str(path)]
        subprocess.run(
            ["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True
        )
        for key, values in (("branch", protected), ("pusher", may_push)):
            for value in values:
                command = [*git, "config", "--add", f"protection.{key}", value]
                subprocess.run(command, check=True)
        hook = path / "hooks" / "update"
        hook.parent.mkdir(exist_ok=True)
        shutil.copyfile(PROTECTION, hook)
        hook.chmod(0o755)
        return GitRepository(path, f"{self.url}/{folder}")

    def before_next_push(self, action: Callable[[], None]) -> None:
        """Do this once, when the next push has been prepared and not yet received.

        The client has by then seen where the branches are, so an action that pushes
        makes the client lose a race, every time.
        """
        self._interruptions.append(action)

    @property
    def traffic(self) -> Traffic:
        """What was asked so far."""
        with self._counting:
            return replace(self._traffic)

    def count(self, request: str, output: bytes) -> None:
        """Take an answered request into the account.

        Args:
            request: Its path and query.
            output: The answer; a refused ref is an `ng` in it.
                https://git-scm.com/docs/pack-protocol#_report_status
        """
        with self._counting:
            self._traffic.requests += 1
            self._traffic.fetches += request.endswith(
                "info/refs?service=git-upload-pack"
            )
            self._traffic.pushes += request.endswith(
                f"info/refs?service={PUSH_SERVICE}"
            )
            received = (
                request.endswith(f"/{PUSH_SERVICE}") and b"ng refs/" not in output
            )
            self._traffic.landed += received

    def token(self, secret: str) -> Token | None:
        return self._tokens.get(secret)

    def interrupt(self) -> None:
        if self._interruptions:
            self._interruptions.pop()()

    def run_backend(self, variables: dict[str, str], body: bytes) -> bytes:
        environment = {
            **plain_environment(),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_PROJECT_ROOT": str(self._root),
            "GIT_HTTP_EXPORT_ALL": "1",
            **variables,
        }
        return subprocess.run(
            ["git", "http-backend"],
            input=body,
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
        ).stdout


class _Handler(BaseHTTPRequestHandler):
    git: GitServer
    protocol_version = "HTTP/1.1"
    timeout = 30  # of a client that holds its connection and says nothing

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *_: object) -> None:
        """Tests have enough output."""

    def _serve(self) -> None:
        body = self._read_body()  # even of a request refused: the connection is reused
        path, _, query = self.path.partition("?")
        token = self.git.token(self._secret())
        if not token:
            self._refuse(HTTPStatus.UNAUTHORIZED)
            return
        pushing = PUSH_SERVICE in (path.rpartition("/")[2], query.partition("=")[2])
        if pushing and not token.may_write:
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        if pushing and self.command == "POST":
            self.git.interrupt()
        output = self.git.run_backend(
            {
                "REQUEST_METHOD": self.command,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REMOTE_USER": token.user,
                "REMOTE_ADDR": self.client_address[0],
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            },
            body,
        )
        self.git.count(self.path, output)
        self._answer(output)

    def _secret(self) -> str:
        """The password of basic authentication, where git puts the token."""
        scheme, _, encoded = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return ""
        try:
            pair = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return ""
        return pair.partition(":")[2]

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []  # git sends large packs so
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _refuse(self, status: HTTPStatus) -> None:
        self.send_response(status)
        if status == HTTPStatus.UNAUTHORIZED:
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, output: bytes) -> None:
        """Turn what a CGI program prints into a response."""
        head, _, content = output.partition(b"\r\n\r\n")
        headers = [line.split(": ", 1) for line in head.decode().splitlines()]
        status = next((value for name, value in headers if name == "Status"), "200")
        self.send_response(int(status.split()[0]))
        for name, value in headers:
            if name != "Status":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
