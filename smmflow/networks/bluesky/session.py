"""A Bluesky session: one sign-in per run, refreshed when its token runs out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Unpack

from smmflow.credentials import Secret
from smmflow.errors import NetworkError, SignInFailed, Unreachable
from smmflow.networks.http import Answer, Http, Request

__all__ = ["Session"]


@dataclass(frozen=True, slots=True)
class _Tokens:
    did: str
    handle: str
    access: Secret
    refresh: Secret


class Session:
    """Requests to a PDS as one account.

    A day allows 300 sign-ins, so a run signs in once, when first needed:
    https://docs.bsky.app/docs/advanced-guides/rate-limits
    """

    def __init__(self, http: Http, handle: str, password: Secret) -> None:
        self._http = http
        self._handle = handle
        self._password = password
        self._tokens: _Tokens | None = None
        http.hide(password)

    @property
    def did(self) -> str:
        """The account's identifier; signs in if that has not happened."""
        return self._current().did

    @property
    def handle(self) -> str:
        """The account's handle as its server knows it."""
        return self._current().handle

    def ask(
        self, method: str, path: str, *, repeatable: bool, **request: Unpack[Request]
    ) -> Answer:
        """Send a request as the account; the answer may have any status.

        A server refuses an expired token before it does anything, so such a request
        may be sent again.
        """
        token = self._current().access
        answer = self._send(
            method, path, repeatable=repeatable, token=token, request=request
        )
        if answer.fields().get("error") != "ExpiredToken":
            return answer
        self._tokens = self._refreshed()
        return self._send(
            method,
            path,
            repeatable=repeatable,
            token=self._tokens.access,
            request=request,
        )

    def carry_out(
        self, method: str, path: str, *, repeatable: bool, **request: Unpack[Request]
    ) -> Answer:
        """Send a request as the account that has to succeed.

        Raises:
            NetworkError: Of the kind that fits.
        """
        answer = self.ask(method, path, repeatable=repeatable, **request)
        return self.accepted(answer, repeatable=repeatable)

    def accepted(self, answer: Answer, *, repeatable: bool) -> Answer:
        """Return the answer if it is one of success.

        Raises:
            NetworkError: Of the kind that fits. A PDS says with 400 that it does not
                know a token.
        """
        words = answer.fields()
        if words.get("error") in {"ExpiredToken", "InvalidToken"}:
            raise SignInFailed(
                f"Bluesky at {self._http.base} refused the session: {words['error']}",
                hint="check the app password that the channel names",
            )
        return self._http.accepted(answer, repeatable=repeatable)

    def _send(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool,
        token: Secret,
        request: Request,
    ) -> Answer:
        signed: Request = {**request, "token": token}
        return self._http.exchange(method, path, repeatable=repeatable, **signed)

    def _current(self) -> _Tokens:
        if self._tokens is None:
            self._tokens = self._signed_in()
        return self._tokens

    def _signed_in(self) -> _Tokens:
        answer = self._http.carry_out(
            "POST",
            "/xrpc/com.atproto.server.createSession",
            repeatable=True,
            body={"identifier": self._handle, "password": self._password.reveal()},
        )
        return self._tokens_of(answer)

    def _refreshed(self) -> _Tokens:
        try:
            answer = self._http.carry_out(
                "POST",
                "/xrpc/com.atproto.server.refreshSession",
                repeatable=True,
                token=self._current().refresh,
            )
        except (Unreachable, SignInFailed):
            raise
        except NetworkError:  # the refresh token ended too
            return self._signed_in()
        return self._tokens_of(answer)

    def _tokens_of(self, answer: Answer) -> _Tokens:
        fields = answer.fields()
        try:
            tokens = _Tokens(
                str(fields["did"]),
                str(fields["handle"]),
                Secret(str(fields["accessJwt"])),
                Secret(str(fields["refreshJwt"])),
            )
        except KeyError as error:
            raise Unreachable(
                f"{self._http.base} answered without {error}: no Bluesky server?",
                hint="check `service` in channels.yaml",
            ) from None
        self._http.hide(tokens.access)
        self._http.hide(tokens.refresh)
        return tokens
