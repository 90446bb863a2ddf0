"""A mail server on loopback that keeps what it takes: `aiosmtpd`, in a thread.

It is real SMTP with SIZE, AUTH and STARTTLS, and sends nothing on. `SpoiltWay` stands
between it and whoever speaks to it, and spoils what passes.
"""

import contextlib
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum
from typing import Any, BinaryIO, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.processes import LOOPBACK, free_port
from tests.vendors.vendor import Account

USER, PASSWORD = "account-5c1d", "password-9e4b"


@dataclass(frozen=True)
class Delivery:
    """A message that was taken, and from whom to whom."""

    sender: str
    to: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=email.policy.default)

    @property
    def id(self) -> str:
        return str(self.message["Message-ID"]).strip("<>")

    @property
    def text(self) -> str:
        plain = self.message.get_body(("plain",))
        return "" if plain is None else str(plain.get_content()).strip()

    @property
    def html(self) -> str:
        page = self.message.get_body(("html",))
        return "" if page is None else str(page.get_content())


@dataclass
class MailServer:
    """`start()`, then everything else, then `stop()`.

    Attributes:
        size: Bytes that a message may have.
        tls: What it encrypts with, if it does.
        at_once: It encrypts from the first byte, and not only when it is asked to.
        refused: Addresses that it takes no mail for, and what it says of them.
        host: Where it listens, and so for `port`.
    """

    size: int = 1024 * 1024
    tls: ssl.SSLContext | None = None
    at_once: bool = False
    refused: dict[str, str] = field(default_factory=dict)
    host: str = LOOPBACK
    port: int = 0
    _taken: list[Delivery] = field(default_factory=list)
    _controller: Controller | None = None

    def start(self) -> Self:
        self.port = free_port()
        self._controller = Controller(
            self,
            hostname=self.host,
            port=self.port,
            server_hostname="localhost",
            data_size_limit=self.size,
            ssl_context=self.tls if self.at_once else None,
            tls_context=None if self.at_once else self.tls,
            auth_require_tls=self.tls is not None and not self.at_once,
            authenticator=_authenticate,
        )
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()

    def account(self, **settings: object) -> Account:
        """A newsletter by way of this server, as a workspace would have it."""
        usual: dict[str, object] = {
            "host": self.host,
            "port": self.port,
            "security": "none",
            "sender": "news@example.org",
            "sender_name": "Example News",
            "to": "subscribers@lists.example.org",
        }
        secrets = {"user": USER, "password": PASSWORD}
        return Account("newsletter", {**usual, **settings}, secrets)

    def live(self) -> list[Delivery]:
        """Everything it took, the oldest first."""
        return list(self._taken)

    def clear(self) -> None:
        """Forget what it took."""
        self._taken.clear()

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        del server
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        del server, session, options
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del server, session
        content = envelope.content
        assert isinstance(content, bytes)
        sender = envelope.mail_from or ""
        self._taken.append(Delivery(sender, tuple(envelope.rcpt_tos), content))
        return "250 OK"


def _authenticate(
    server: SMTP,
    session: Session,
    envelope: Envelope,
    mechanism: str,
    given: Any,  # noqa: ANN401 - by mechanism
) -> AuthResult:
    del server, session, envelope, mechanism
    right = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=given == right, handled=False)


class Spoil(StrEnum):
    """What goes wrong on the way."""

    NOTHING = "nothing"
    NOBODY = "the connection ends before a word"
    BUSY = "the server has no time, and says for how long"
    FOREIGN = "something else than a mail server answers"
    LOST_BEFORE_DATA = "the connection ends before the message"
    LATER = "the message is not taken for now"
    LOST_IN_DATA = "the connection ends within the message"
    LOST_ANSWER = "the message is taken and the answer is lost"
    FOREIGN_ANSWER = "the message is taken and the answer is no SMTP"
    CLOSING = "the message is taken, and a closing server answers"
    LATER_DATA = "the message is not taken for now, once it was read"
    REFUSED_DATA = "the message is refused once it was read"
    LOST_FAREWELL = "the message is taken, and QUIT finds nobody"


_BUSY = b"421 4.3.2 Too many connections, try again in 7 seconds\r\n"
_LATER = b"451 4.7.1 Greylisted for 7 seconds\r\n"
_PAGE = b"HTTP/1.1 200 OK\r\n\r\n<!doctype html><title>Welcome</title>\r\n"
_INSTEAD = {
    Spoil.FOREIGN_ANSWER: _PAGE,
    Spoil.CLOSING: b"421 4.3.2 Closing\r\n",
    Spoil.LATER_DATA: _LATER,
    Spoil.REFUSED_DATA: b"554 5.7.1 Looks like spam\r\n",
}


class SpoiltWay:
    """A proxy before a mail server; `start()`, then `port`, then `stop()`."""

    def __init__(self, server: MailServer, spoil: Spoil) -> None:
        self._server = server
        self._spoil = spoil
        self._listener = socket.create_server((LOOPBACK, 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.port: int = self._listener.getsockname()[1]

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        # On Linux, closing alone does not wake who waits for a connection.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client, contextlib.suppress(OSError):
                self._greet(client)

    def _greet(self, client: socket.socket) -> None:
        match self._spoil:
            case Spoil.NOBODY:
                return
            case Spoil.BUSY:
                client.sendall(_BUSY)
            case Spoil.FOREIGN:
                client.sendall(_PAGE)
            case _:
                address = (self._server.host, self._server.port)
                with socket.create_connection(address) as server:
                    self._pass_on(client, server)

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        said, answered = client.makefile("rb"), server.makefile("rb")
        with said, answered:
            client.sendall(_reply(answered))
            for line in iter(said.readline, b""):
                verb = line[:4].upper()
                if verb == b"MAIL" and self._spoil is Spoil.LOST_BEFORE_DATA:
                    return
                if verb == b"MAIL" and self._spoil is Spoil.LATER:
                    client.sendall(_LATER)
                    continue
                if verb == b"QUIT" and self._spoil is Spoil.LOST_FAREWELL:
                    return
                server.sendall(line)
                client.sendall(_reply(answered))
                if verb == b"DATA" and not self._message(
                    client, said, server, answered
                ):
                    return

    def _message(
        self,
        client: socket.socket,
        said: BinaryIO,
        server: socket.socket,
        answered: BinaryIO,
    ) -> bool:
        """Pass on a message and its answer; tell whether to go on."""
        lines = list(_until_dot(said))
        if self._spoil is Spoil.LOST_IN_DATA:
            server.sendall(b"".join(lines[: len(lines) // 2]))
            return False
        if self._spoil in {Spoil.LATER_DATA, Spoil.REFUSED_DATA}:
            client.sendall(_INSTEAD[self._spoil])
            return False
        server.sendall(b"".join(lines))
        reply = _reply(answered)
        if self._spoil is Spoil.LOST_ANSWER:
            return False
        client.sendall(_INSTEAD.get(self._spoil, reply))
        return True


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
