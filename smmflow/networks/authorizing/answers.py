"""What networks answer to a sign-in: read with care, and never repeated in errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from smmflow.credentials import Secret
from smmflow.errors import NetworkError, RateLimited, SignInFailed
from smmflow.networks.http import Answer, Http

if TYPE_CHECKING:
    import httpx  # only for types

__all__ = ["Tokens", "objects", "opened", "refused", "secret_in", "tokens_in"]

_WHO = "the sign-in"
_AGAIN = "run the command again: a code can be used once, and for some minutes only"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in gave.

    Attributes:
        token: The access token.
        refresh: What gets the next one; None if the network gives none.
        scopes: What the token may do; None if the answer did not say.
    """

    token: Secret
    refresh: Secret | None = None
    scopes: frozenset[str] | None = None


@contextmanager
def opened(
    address: str, transport: httpx.BaseTransport | None, *hidden: Secret | None
) -> Iterator[Http]:
    """Yield requests to one address, with secrets that no error repeats."""
    http = Http(address, _WHO, transport=transport)
    for each in hidden:
        if each is not None:
            http.hide(each)
    try:
        yield http
    finally:
        http.close()


def tokens_in(http: Http, answer: Answer) -> Tokens:
    """Return the tokens of an answer.

    Raises:
        NetworkError: Of the kind that fits; SignInFailed if there are none.
    """
    if not answer.ok:
        raise refused(http, answer)
    fields = answer.fields()
    inner = list(objects(fields.get("data")))
    if "access_token" not in fields and inner:
        # https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login
        fields = inner[0]
    refresh = fields.get("refresh_token")
    return Tokens(
        secret_in(fields, "access_token", http),
        Secret(refresh) if isinstance(refresh, str) and refresh else None,
        _scopes(fields.get("scope", fields.get("permissions"))),
    )


def refused(http: Http, answer: Answer) -> NetworkError:
    """Return the error that a refusal means."""
    problem = http.refusal(answer, repeatable=True)
    final = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
    if isinstance(problem, RateLimited) or not final:
        return problem
    return SignInFailed(problem.message, hint=_AGAIN)


def secret_in(fields: Mapping[str, object], name: str, http: Http) -> Secret:
    """Return a field that has to be there.

    Raises:
        SignInFailed: It is not, or nothing that a secret can be.
    """
    value = fields.get(name)
    if not isinstance(value, str) or not value or not value.isprintable():
        raise SignInFailed(f"{http.base} answered without {name}", hint=_AGAIN)
    return Secret(value)


def _scopes(said: object) -> frozenset[str] | None:
    """Read a list with spaces, as by RFC 6749, with commas, or as JSON."""
    if isinstance(said, str):
        return frozenset(said.replace(",", " ").split())
    if isinstance(said, list):
        return frozenset(str(each) for each in said)
    return None


def objects(value: object) -> list[Mapping[str, object]]:
    """Return those of a list that are objects."""
    if not isinstance(value, list):
        return []
    return [each for each in value if isinstance(each, dict)]
