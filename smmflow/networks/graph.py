"""Meta's Graph API: requests, and what its errors mean for the caller.

Facebook, Instagram and Threads speak it. Errors come as
`{"error": {"message", "code", "error_subcode", "is_transient"}}`, with whatever status:
https://developers.facebook.com/docs/graph-api/guides/error-handling
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal

from smmflow.credentials import Secret
from smmflow.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SignInFailed,
    Unreachable,
)
from smmflow.networks.http import Answer, Http
from smmflow.networks.waiting import retry_after

__all__ = ["Graph", "next_cursor"]

_TROUBLE = frozenset({1, 2})
"""The service itself has trouble: the request may have been carried out."""
_LIMITED = frozenset({4, 17, 32, 341, 613})
"""https://developers.facebook.com/docs/graph-api/overview/rate-limiting"""
_BUSINESS_LIMITED = range(80_000, 80_100)
_SIGN_IN = frozenset({10, 102, 190, 463, 467})
_PERMISSIONS = range(200, 300)
_SAID_BEFORE = 506
"""Not said of what, so that it may be the very post whose answer was lost."""
_BLOCKED = 2207051
"""Comes with posts that are live: https://github.com/gitroomhq/postiz-app/issues/1681"""
_GONE = (100, 33)
_NO_SUCH_NAME = frozenset({803})
"""https://developers.facebook.com/docs/graph-api/guides/error-handling"""

Method = Literal["GET", "POST", "DELETE"]


def next_cursor(page: Mapping[str, object]) -> str:
    """Return where a list goes on behind one of its pages; empty if it ends there.

    A short page proves nothing: what the token may not see is left out of it.
    https://developers.facebook.com/docs/graph-api/results

    Raises:
        OutcomeUnknown: It goes on, and does not say where.
    """
    paging = page.get("paging")
    if not isinstance(paging, dict) or not paging.get("next"):
        return ""
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    if not after:
        raise OutcomeUnknown("a list goes on and does not say where")
    return str(after)


class Graph:
    """Requests in the name of an access token.

    Args:
        http: Requests to one host; its base ends with the version.
        token: The access token; sent as a header, so that no address holds it.
        title: The network's, for messages.
    """

    def __init__(self, http: Http, token: Secret, title: str) -> None:
        self.http = http
        self._token = token
        self._title = title

    def ask(
        self,
        method: Method,
        path: str,
        *,
        repeatable: bool,
        params: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> Mapping[str, object]:
        """Send one request and return the object that was answered.

        Args:
            method: Parameters of a POST go into its body as a form, those of other
                methods into the query.
            path: Behind the version, as in `/me`.
            repeatable: Doing it twice harms nobody.
            params: As the API names them; structures as JSON text.
            files: Of a POST: name, bytes and media type of each.

        Raises:
            NetworkError: Of the kind that fits.
        """
        answer = self.exchange(
            method, path, repeatable=repeatable, params=params, files=files
        )
        return self.accepted(answer, repeatable=repeatable)

    def exchange(
        self,
        method: Method,
        path: str,
        *,
        repeatable: bool,
        params: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> Answer:
        """Send one request and return the answer, whatever it says."""
        given = dict(params or {})
        if files:
            return self.http.exchange(
                method,
                path,
                repeatable=repeatable,
                token=self._token,
                form=given,
                files=files,
            )
        if method == "POST":
            return self.http.exchange(
                method, path, repeatable=repeatable, token=self._token, form=given
            )
        return self.http.exchange(
            method, path, repeatable=repeatable, token=self._token, params=given
        )

    def accepted(self, answer: Answer, *, repeatable: bool) -> Mapping[str, object]:
        """Return what was answered if it is no error.

        Raises:
            NetworkError: Of the kind that fits.
        """
        error = answer.fields().get("error")
        if isinstance(error, dict):
            raise self._meant(error, answer, repeatable=repeatable)
        return self.http.accepted(answer, repeatable=repeatable).fields()

    def is_gone(self, answer: Answer) -> bool:
        """Tell whether an answer says that what was asked for does not exist."""
        error = answer.fields().get("error")
        if not isinstance(error, dict):
            return False
        return (error.get("code"), error.get("error_subcode")) == _GONE or (
            error.get("code") in _NO_SUCH_NAME
        )

    def must_be_gone(self, name: str) -> None:
        """Look whether that something "does not exist" means that it is gone.

        What a token may not change is refused in the very same words:
        https://developers.facebook.com/docs/graph-api/guides/error-handling

        Raises:
            SignInFailed: It is there.
            NetworkError: Of the kind that fits.
        """
        answer = self.exchange(
            "GET", f"/{name}", repeatable=True, params={"fields": "id"}
        )
        if self.is_gone(answer):
            return
        self.accepted(answer, repeatable=True)
        raise SignInFailed(
            f"{self._title} shows {name} and does not let the token take it down",
            hint="check the secret that the channel names, and its scopes",
        )

    def _meant(
        self, error: Mapping[str, object], answer: Answer, *, repeatable: bool
    ) -> NetworkError:
        code = error.get("code")
        code = code if isinstance(code, int) else 0
        said = str(error.get("error_user_msg") or error.get("message") or "no reason")
        message = f"{self._title} refused: {self.http.safe(said)} (code {code})"
        may_be_live = code == _SAID_BEFORE or error.get("error_subcode") == _BLOCKED
        if may_be_live and not repeatable:
            return OutcomeUnknown(message, hint="look at the account: it may be live")
        if code in _LIMITED or code in _BUSINESS_LIMITED:
            return RateLimited(message, retry_after=retry_after(answer.headers))
        if code in _SIGN_IN or code in _PERMISSIONS:
            return SignInFailed(
                message, hint="check the secret that the channel names, and its scopes"
            )
        # Codes below 1 are not documented: whatever they mean, the status decides.
        nameless = code <= 0
        if (
            code in _TROUBLE
            or error.get("is_transient") is True
            or (nameless and answer.ok)
        ):
            return (Unreachable if repeatable else OutcomeUnknown)(message)
        if nameless or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return self.http.refusal(answer, repeatable=repeatable)
        return Rejected(message)
