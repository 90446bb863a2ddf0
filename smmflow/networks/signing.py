"""Signing: how a network's tokens are renewed, as data, and the request for it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, assert_never

from smmflow.credentials import Secret
from smmflow.errors import OutcomeUnknown, SignInFailed, Unreachable
from smmflow.model.grant import Grant

if TYPE_CHECKING:
    import httpx  # only for types, as in `interface`

    from smmflow.networks.http import Answer, Http

__all__ = [
    "Ask",
    "Extended",
    "GrantRefused",
    "Renewal",
    "Rotating",
    "basic",
    "renew",
]

_DEAD = "invalid_grant"
"""https://www.rfc-editor.org/rfc/rfc6749#section-5.2"""
_DEAD_AT_X = "the token was invalid"
"""X says so in words, under `invalid_request`, which also means a missing parameter.

https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token
"""
_EXPIRED = 190
"""Meta's code of a token that is dead.

https://developers.facebook.com/docs/graph-api/guides/error-handling
"""
_SIGN_IN = "sign in again and set the new secret: it wins over what is sealed"
_LONGEST = timedelta(days=3650)


class GrantRefused(SignInFailed):
    """The network takes this grant no more: only a person can get another."""


@dataclass(frozen=True, slots=True)
class Rotating:
    """Each renewal needs a refresh token, gives another, and ends the one used.

    Attributes:
        address: The token endpoint, which takes RFC 6749's refresh request.
        margin: A token that dies sooner than this is renewed.
        life: How long a token lives whose answer does not say it.
        token: The network's name for the secret that is renewed.
        refresh: Likewise, for the refresh token that the first renewal uses.
        client: Likewise, for the app's id.
        password: Likewise, for the app's secret; apps without one are public.
    """

    address: str
    margin: timedelta
    life: timedelta
    token: str = "token"  # noqa: S105 - a name
    refresh: str = "refresh_token"
    client: str = "client_id"
    password: str = "client_secret"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class Extended:
    """The token itself asks for a longer life; asking twice harms nobody.

    Attributes:
        address: The endpoint, which takes `grant_type` and `access_token`.
        grant_type: What it wants to be asked.
        margin: A token that dies sooner than this is renewed.
        life: How long a token lives whose answer does not say it.
        youngest: A younger token is not renewed.
        token: The network's name for the secret.
    """

    address: str
    grant_type: str
    margin: timedelta
    life: timedelta
    youngest: timedelta
    token: str = "token"  # noqa: S105 - a name


Renewal = Rotating | Extended


class Ask(Protocol):
    """Asks a network for the next grant, as `renew` does."""

    def __call__(
        self,
        renewal: Renewal,
        grant: Grant,
        secrets: Mapping[str, Secret],
        *,
        now: datetime,
    ) -> Grant:
        """Return the next grant; raises as `renew`."""
        ...


def renew(
    renewal: Renewal,
    grant: Grant,
    secrets: Mapping[str, Secret],
    *,
    now: datetime,
    transport: httpx.BaseTransport | None = None,
) -> Grant:
    """Return the next grant; one request.

    Args:
        renewal: How.
        grant: What is there.
        secrets: The channel's, by the network's names.
        now: The present, aware.
        transport: What carries the request; None for the real network.

    Raises:
        GrantRefused: Only a person can get another.
        OutcomeUnknown: The grant may be used up, and nobody has the next.
        NetworkError: Of the kind that fits; the grant is as it was.
    """
    from smmflow.networks.http import Http  # noqa: PLC0415 - planning starts without

    http = Http(renewal.address, "the sign-in", transport=transport)
    for each in (grant.token, grant.refresh, *secrets.values()):
        if each is not None:
            http.hide(each)
    try:
        match renewal:
            case Rotating():
                answer = _rotate(http, renewal, grant, secrets)
                return _granted(http, answer, now, renewal)
            case Extended():
                answer = _extend(http, renewal, grant)
                return _granted(http, answer, now, renewal)
            case _:
                assert_never(renewal)
    finally:
        http.close()


def _rotate(
    http: Http, renewal: Rotating, grant: Grant, secrets: Mapping[str, Secret]
) -> Answer:
    """Ask as https://www.rfc-editor.org/rfc/rfc6749#section-6 says."""
    form = {"grant_type": "refresh_token"}
    if grant.refresh is not None:
        form["refresh_token"] = grant.refresh.reveal()
    headers = {}
    client, password = secrets.get(renewal.client), secrets.get(renewal.password)
    if client is not None and password is not None:
        headers["Authorization"] = basic(http, client, password)
    elif client is not None:
        form["client_id"] = client.reveal()
    return http.exchange("POST", "", repeatable=False, form=form, headers=headers)


def basic(http: Http, client: Secret, password: Secret) -> str:
    """Return the header by which an app says who it is, hidden from errors.

    https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
    """
    pair = f"{client.reveal()}:{password.reveal()}".encode()
    coded = base64.b64encode(pair).decode("ascii")
    http.hide(Secret(coded))
    return f"Basic {coded}"


def _extend(http: Http, renewal: Extended, grant: Grant) -> Answer:
    """Ask as https://developers.facebook.com/docs/threads/get-started/long-lived-tokens.

    The token stands in the query because the endpoint takes it nowhere else.
    """
    asked = {"grant_type": renewal.grant_type, "access_token": grant.token.reveal()}
    return http.exchange("GET", "", repeatable=True, params=asked)


def _granted(http: Http, answer: Answer, now: datetime, renewal: Renewal) -> Grant:
    rotates = isinstance(renewal, Rotating)
    if not answer.ok:
        problem = http.refusal(answer, repeatable=not rotates)
        if _is_dead(answer):
            raise GrantRefused(problem.message, hint=_SIGN_IN)
        raise problem
    fields = answer.fields()
    token, refresh = fields.get("access_token"), fields.get("refresh_token")
    has_token = isinstance(token, str) and token
    has_refresh = isinstance(refresh, str) and refresh
    if not has_token or (rotates and not has_refresh):
        kind = OutcomeUnknown if rotates else Unreachable
        raise kind(f"{http.base} answered without a token")
    return Grant(
        Secret(str(token)),
        Secret(str(refresh)) if rotates else None,
        now,
        now + (_life(fields.get("expires_in")) or renewal.life),
    )


def _life(said: object) -> timedelta | None:
    if not isinstance(said, int | float) or not 0 < said < _LONGEST.total_seconds():
        return None
    return timedelta(seconds=said)


def _is_dead(answer: Answer) -> bool:
    fields = answer.fields()
    error = fields.get("error")
    if isinstance(error, dict):
        return error.get("code") == _EXPIRED
    words = str(fields.get("error_description", ""))
    return error == _DEAD or _DEAD_AT_X in words
