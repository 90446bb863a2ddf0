"""A mail server as SMTP speaks with it, and what each of its answers means for us.

https://www.rfc-editor.org/rfc/rfc5321
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import assert_never

from smmflow.credentials import Secret, struck_out
from smmflow.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    Unreachable,
)
from smmflow.networks.http import first_line
from smmflow.networks.newsletter.network import NewsletterSettings, Security

__all__ = ["Mailbox"]

_TIMEOUT = 30.0
_AFTER_DATA = 120.0
"""Seconds; servers look for viruses before they answer."""
_SIGN_IN = frozenset({530, 534, 535, 538})
"""https://www.rfc-editor.org/rfc/rfc4954#section-6"""
_READY, _GO_ON, _CLOSING = 220, 354, 421
_FIRST_TEMPORARY, _FIRST_FINAL, _END = 400, 500, 600
_TAKEN = frozenset({250, 251})
_WAIT = re.compile(r"\b(\d{1,5})\s*(s|sec|m|min|h)[a-z]*\b", re.IGNORECASE)
_SECONDS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600}
# Policy, as greylisting and rate limits are; or too many at once.
# https://www.rfc-editor.org/rfc/rfc3463#section-3.8
_POLICY = re.compile(r"^4\.(?:7\.\d+|5\.3)\b")
_DOT = re.compile(rb"^\.", re.MULTILINE)


class Mailbox:
    """The server that takes our mail.

    Args:
        settings: Where it is, and who sends to whom.
        signing_in: User and password; empty if it asks for none.
    """

    def __init__(
        self, settings: NewsletterSettings, signing_in: tuple[Secret, ...]
    ) -> None:
        self._settings = settings
        self._signing_in = signing_in

    def sign_in(self) -> None:
        """Sign in and leave again; nothing is sent.

        Raises:
            NetworkError: Of the kind that fits.
        """
        with self._session():
            return

    def deliver(self, content: bytes) -> None:
        """Give the server a message, which it then answers for.

        Args:
            content: With CRLF line ends.

        Raises:
            OutcomeUnknown: It has the message and never said whether it took it.
            NetworkError: It did not take it.
        """
        settings = self._settings
        with self._session() as server:
            try:
                self._require_room(server, len(content))
                sized = [f"SIZE={len(content)}"] if server.has_extn("size") else []
                self._require(server.mail(settings.sender, sized), _TAKEN)
                self._require(server.rcpt(settings.to), _TAKEN)
                self._require(server.docmd("DATA"), frozenset({_GO_ON}))
            except (smtplib.SMTPException, OSError) as error:
                raise self._unreachable(error) from None
            self._hand_over(server, content)

    def _hand_over(self, server: smtplib.SMTP, content: bytes) -> None:
        ended = content if content.endswith(b"\r\n") else content + b"\r\n"
        try:
            if server.sock is not None:
                server.sock.settimeout(_AFTER_DATA)
            server.send(_DOT.sub(b"..", ended) + b".\r\n")
            code, words = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise OutcomeUnknown(
                f"{self._name} did not answer after it had the message "
                f"({type(error).__name__}), so nobody knows whether it took it"
            ) from None
        if code in _TAKEN:
            return
        # It answers for nothing that it refuses, but whoever closes the connection or
        # speaks another language may have done anything.
        # https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1
        if code == _CLOSING or not _FIRST_TEMPORARY <= code < _END:
            raise OutcomeUnknown(
                f"{self._name} answered the message with {code}: {self._safe(words)}, "
                "so nobody knows whether it took it"
            )
        raise self._refusal(code, words)

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        server: smtplib.SMTP | None = None
        try:
            try:
                server = self._connected()
                server.ehlo_or_helo_if_needed()
                self._encrypt(server)
            except smtplib.SMTPResponseException as error:
                raise self._no_service(error.smtp_code, error.smtp_error) from None
            except (smtplib.SMTPException, OSError) as error:
                raise self._unreachable(error) from None
            self._authenticate(server)
            yield server
            with suppress(smtplib.SMTPException, OSError):
                server.quit()  # whatever it says, what it took it has
        finally:
            if server is not None:
                server.close()

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        own = settings.sender.rpartition("@")[2]
        match settings.security:
            case Security.TLS:
                return smtplib.SMTP_SSL(
                    settings.host,
                    settings.port,
                    local_hostname=own,
                    timeout=_TIMEOUT,
                    context=ssl.create_default_context(),
                )
            case Security.STARTTLS | Security.NONE:
                return smtplib.SMTP(
                    settings.host, settings.port, local_hostname=own, timeout=_TIMEOUT
                )
        assert_never(settings.security)

    def _encrypt(self, server: smtplib.SMTP) -> None:
        if self._settings.security is not Security.STARTTLS:
            return
        if not server.has_extn("starttls"):
            raise Unreachable(
                f"{self._name} offers no encryption, so nothing was sent",
                hint="ask whoever runs the server; security: tls and port 465 may work",
            )
        code, words = server.starttls(context=ssl.create_default_context())
        if code != _READY:
            raise self._no_service(code, words)
        server.ehlo_or_helo_if_needed()

    def _authenticate(self, server: smtplib.SMTP) -> None:
        if not self._signing_in:
            return
        user, password = self._signing_in
        try:
            server.login(user.reveal(), password.reveal())
        except smtplib.SMTPAuthenticationError as error:
            raise self._refusal(error.smtp_code, error.smtp_error) from None
        except smtplib.SMTPNotSupportedError:
            raise SignInFailed(
                f"{self._name} lets nobody sign in",
                hint="check host, port and security in channels.yaml",
            ) from None
        except UnicodeEncodeError:
            raise SignInFailed(
                f"{self._name} takes only ASCII letters in user and password"
            ) from None
        except smtplib.SMTPResponseException as error:
            raise self._refusal(error.smtp_code, error.smtp_error) from None
        except (smtplib.SMTPException, OSError) as error:
            raise self._unreachable(error) from None

    def _require_room(self, server: smtplib.SMTP, size: int) -> None:
        """Ask how large a message may be: https://www.rfc-editor.org/rfc/rfc1870."""
        server.ehlo_or_helo_if_needed()
        said = server.esmtp_features.get("size", "").strip()
        most = int(said) if said.isdigit() else 0
        if 0 < most < size:
            raise Rejected(
                f"the message has {size} bytes, and {self._name} takes {most}",
                hint="use smaller pictures, or fewer",
            )

    def _require(self, answer: tuple[int, bytes], wanted: frozenset[int]) -> None:
        code, words = answer
        if code not in wanted:
            raise self._refusal(code, words)

    def _refusal(self, code: int, words: bytes | str) -> NetworkError:
        """Return the error that an answer means which says that nothing was sent."""
        said = self._safe(words)
        message = f"{self._name} answered {code}: {said}"
        if code in _SIGN_IN:
            return SignInFailed(
                message, hint="check the secrets that the channel names"
            )
        if _FIRST_FINAL <= code < _END:
            return Rejected(message)
        if _FIRST_TEMPORARY <= code < _FIRST_FINAL:
            wait = _WAIT.search(said)
            if wait or _POLICY.match(said):
                seconds = int(wait[1]) * _SECONDS[wait[2].lower()] if wait else None
                return RateLimited(message, retry_after=seconds)
        return Unreachable(message, hint="nothing was sent; try again later")

    def _no_service(self, code: int, words: bytes | str) -> NetworkError:
        """Return the error of a server that does not even begin to speak."""
        refusal = self._refusal(code, words)
        if isinstance(refusal, Rejected):  # it is not this message that it refuses
            return Unreachable(refusal.message, hint="nothing was sent")
        return refusal

    def _unreachable(self, error: Exception) -> Unreachable:
        words = self._safe(str(error)) or type(error).__name__
        return Unreachable(
            f"{self._name} can't be reached: {words}",
            hint="nothing was sent; try again later",
        )

    @property
    def _name(self) -> str:
        return f"the mail server {self._settings.host}:{self._settings.port}"

    def _safe(self, words: bytes | str) -> str:
        said = words.decode(errors="replace") if isinstance(words, bytes) else words
        return first_line(struck_out(said, self._signing_in))
