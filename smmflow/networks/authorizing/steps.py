"""Steps from a token to the one that is kept: longer-lived, or that of a Page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from smmflow.credentials import Secret
from smmflow.errors import ConfigurationError
from smmflow.networks.authorizing.answers import (
    Tokens,
    objects,
    opened,
    refused,
    secret_in,
    tokens_in,
)
from smmflow.networks.authorizing.app import App
from smmflow.networks.authorizing.ways import Lengthen, PageToken, Step
from smmflow.networks.http import Http, first_line

if TYPE_CHECKING:
    import httpx  # only for types

__all__ = ["taken"]

_PAGES = 10


def taken(
    step: Step, tokens: Tokens, app: App, transport: httpx.BaseTransport | None
) -> Tokens:
    """Return the tokens after a step.

    Raises:
        ConfigurationError: The channel names a Page that the person has not.
        NetworkError: Of the kind that fits.
    """
    match step:
        case Lengthen():
            return _lengthened(step, tokens, app, transport)
        case PageToken():
            return _of_page(step, tokens, transport)
        case _:
            assert_never(step)


def _lengthened(
    step: Lengthen, tokens: Tokens, app: App, transport: httpx.BaseTransport | None
) -> Tokens:
    """Exchange a token for one that lives longer.

    All stands in the query because these endpoints take it nowhere else:
    https://developers.facebook.com/docs/threads/get-started/long-lived-tokens,
    https://developers.facebook.com/documentation/facebook-login/guides/access-tokens/get-long-lived
    """
    asked = {"grant_type": step.grant_type, step.parameter: tokens.token.reveal()}
    if step.names_client:
        asked["client_id"] = app.client.reveal()
    if app.password is not None:
        asked["client_secret"] = app.password.reveal()
    hidden = (tokens.token, app.client, app.password)
    with opened(step.address, transport, *hidden) as http:
        answer = http.exchange("GET", "", repeatable=True, params=asked)
        return replace(tokens, token=tokens_in(http, answer).token)


def _of_page(
    step: PageToken, tokens: Tokens, transport: httpx.BaseTransport | None
) -> Tokens:
    """Find the token of a Page, and what of the permissions was granted.

    https://developers.facebook.com/docs/graph-api/reference/user/accounts/,
    https://developers.facebook.com/docs/graph-api/reference/user/permissions/
    """
    with opened(step.permissions, transport, tokens.token) as http:
        granted = frozenset(
            str(each.get("permission"))
            for each in objects(_said(http, tokens.token, {}).get("data"))
            if each.get("status") == "granted"
        )
    seen = []
    with opened(step.address, transport, tokens.token) as http:
        for page in _pages(http, tokens.token):
            if page.get("id") == step.page:
                return Tokens(secret_in(page, "access_token", http), scopes=granted)
            seen.append(f"{page.get('id')} ({page.get('name')})")
    there = first_line(", ".join(seen)) or "none"
    raise ConfigurationError(
        f"the channel names the Page {step.page}, and this sign-in sees: {there}",
        hint="correct `page` in channels.yaml, or allow that Page when you are asked",
    )


def _pages(http: Http, token: Secret) -> Iterator[Mapping[str, object]]:
    asked = {"fields": "id,name,access_token", "limit": "100"}
    for _ in range(_PAGES):
        said = _said(http, token, asked)
        yield from objects(said.get("data"))
        after = _next(said.get("paging"))
        if not after:
            return
        asked["after"] = after


def _said(http: Http, token: Secret, asked: Mapping[str, str]) -> Mapping[str, object]:
    answer = http.exchange("GET", "", repeatable=True, token=token, params=asked)
    if not answer.ok:
        raise refused(http, answer)
    return answer.fields()


def _next(paging: object) -> str:
    # A short page proves nothing: what the token may not see is left out of it.
    if not isinstance(paging, dict) or not paging.get("next"):
        return ""
    cursors = paging.get("cursors")
    return str(cursors.get("after") or "") if isinstance(cursors, dict) else ""
