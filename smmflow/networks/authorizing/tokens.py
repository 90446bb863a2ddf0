"""What a code buys: a token, as long-lived and as narrow as the network offers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, assert_never
from urllib.parse import quote

from smmflow.credentials import Secret
from smmflow.errors import ConfigurationError, NetworkError, RateLimited, SignInFailed
from smmflow.networks.authorizing.consent import Consent
from smmflow.networks.authorizing.ways import (
    CodeFlow,
    Lengthen,
    OwnApp,
    PageToken,
    Password,
    Proof,
    Registered,
    Step,
)
from smmflow.networks.http import Answer, Http
from smmflow.networks.signing import basic

if TYPE_CHECKING:
    import httpx  # only for types

__all__ = ["App", "Tokens", "log_in", "redeem", "register"]

_WHO = "the sign-in"
_AGAIN = "run the command again: a code can be used once, and for some minutes only"


@dataclass(frozen=True, slots=True)
class App:
    """The app in whose name a person is asked.

    Attributes:
        client: Its id.
        password: Its secret; None if it is public.
    """

    client: Secret
    password: Secret | None


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


def register(
    there: Registered,
    redirect: str,
    scopes: tuple[str, ...],
    *,
    transport: httpx.BaseTransport | None = None,
) -> App:
    """Let the server make an app called smmflow.

    https://docs.joinmastodon.org/methods/apps/#create

    Raises:
        NetworkError: Of the kind that fits.
    """
    http = Http(there.address, _WHO, transport=transport)
    try:
        form = {
            "client_name": "smmflow",
            "redirect_uris": redirect,
            "scopes": " ".join(scopes),
        }
        made = http.carry_out("POST", "", repeatable=True, form=form).fields()
    finally:
        http.close()
    return App(_secret(made, "client_id", http), _secret(made, "client_secret", http))


def redeem(
    flow: CodeFlow,
    app: App,
    wanted: Consent,
    code: Secret,
    *,
    transport: httpx.BaseTransport | None = None,
) -> Tokens:
    """Exchange a code for what the channel needs.

    https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3

    Raises:
        SignInFailed: The network refuses, or its answer holds no token.
        ConfigurationError: The channel names a Page that the person does not look
            after.
        NetworkError: Of the kind that fits.
    """
    http = _http(flow.token, transport, code, wanted.verifier, app.client, app.password)
    form = {
        "grant_type": "authorization_code",
        "code": code.reveal(),
        "redirect_uri": wanted.redirect,
    }
    if flow.challenge:
        form["code_verifier"] = wanted.verifier.reveal()
    headers = {}
    if app.password is not None and _proof(flow.app) is Proof.BASIC:
        headers["Authorization"] = basic(http, app.client, app.password)
    else:
        form["client_id"] = app.client.reveal()
        if app.password is not None:
            form["client_secret"] = app.password.reveal()
    try:
        answer = http.exchange("POST", "", repeatable=True, form=form, headers=headers)
        tokens = _tokens(http, answer)
    finally:
        http.close()
    for step in flow.steps:
        tokens = _taken(step, tokens, app, transport)
    return tokens


def log_in(
    way: Password,
    user: str,
    password: Secret,
    *,
    transport: httpx.BaseTransport | None = None,
) -> Tokens:
    """Sign in with a name and a password, as a device called smmflow.

    https://spec.matrix.org/v1.15/client-server-api/#post_matrixclientv3login

    Raises:
        SignInFailed: The server refuses, or takes no passwords.
        NetworkError: Of the kind that fits.
    """
    http = _http(way.address, transport, password)
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": user},
        "password": password.reveal(),
        "initial_device_display_name": "smmflow",
    }
    try:
        return _tokens(http, http.exchange("POST", "", repeatable=True, body=body))
    finally:
        http.close()


def _proof(app: OwnApp | Registered) -> Proof:
    match app:
        case OwnApp():
            return app.proof
        case Registered():
            return Proof.FORM
        case _:
            assert_never(app)


def _taken(
    step: Step, tokens: Tokens, app: App, transport: httpx.BaseTransport | None
) -> Tokens:
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
    http = _http(step.address, transport, tokens.token, app.client, app.password)
    asked = {"grant_type": step.grant_type, step.parameter: tokens.token.reveal()}
    if step.names_client:
        asked["client_id"] = app.client.reveal()
    if app.password is not None:
        asked["client_secret"] = app.password.reveal()
    try:
        longer = _tokens(http, http.exchange("GET", "", repeatable=True, params=asked))
    finally:
        http.close()
    return replace(tokens, token=longer.token)


def _of_page(
    step: PageToken, tokens: Tokens, transport: httpx.BaseTransport | None
) -> Tokens:
    """Find the token of a Page.

    https://developers.facebook.com/docs/graph-api/reference/user/accounts/
    """
    http = _http(step.address, transport, tokens.token)
    asked = {"fields": "id,name,access_token", "limit": "100"}
    seen: list[str] = []
    try:
        for _ in range(_PAGES):
            answer = http.exchange(
                "GET", "", repeatable=True, token=tokens.token, params=asked
            )
            if not answer.ok:
                raise _refused(http, answer)
            for page in _objects(answer.fields().get("data")):
                if page.get("id") == step.page:
                    return replace(tokens, token=_secret(page, "access_token", http))
                seen.append(f"{page.get('id')} ({http.safe(str(page.get('name')))})")
            after = _next(answer.fields().get("paging"))
            if not after:
                break
            asked["after"] = after
    finally:
        http.close()
    there = ", ".join(seen) or "none"
    raise ConfigurationError(
        f"the channel names the Page {step.page}, and this sign-in sees: {there}",
        hint="correct `page` in channels.yaml, or allow that Page when you are asked",
    )


_PAGES = 10


def _next(paging: object) -> str:
    if not isinstance(paging, dict) or not paging.get("next"):
        return ""
    cursors = paging.get("cursors")
    return str(cursors.get("after") or "") if isinstance(cursors, dict) else ""


def _http(
    address: str, transport: httpx.BaseTransport | None, *hidden: Secret | None
) -> Http:
    http = Http(address, _WHO, transport=transport)
    for each in hidden:
        if each is not None:
            http.hide(each)
            http.hide(Secret(quote(each.reveal(), safe="")))
    return http


def _tokens(http: Http, answer: Answer) -> Tokens:
    if not answer.ok:
        raise _refused(http, answer)
    fields = answer.fields()
    inner = list(_objects(fields.get("data")))
    if "access_token" not in fields and inner:
        # https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login
        fields = inner[0]
    refresh = fields.get("refresh_token")
    return Tokens(
        _secret(fields, "access_token", http),
        Secret(refresh) if isinstance(refresh, str) and refresh else None,
        _scopes(fields.get("scope", fields.get("permissions"))),
    )


def _refused(http: Http, answer: Answer) -> NetworkError:
    problem = http.refusal(answer, repeatable=True)
    final = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
    if isinstance(problem, RateLimited) or not final:
        return problem
    return SignInFailed(problem.message, hint=_AGAIN)


def _secret(fields: Mapping[str, object], name: str, http: Http) -> Secret:
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


def _objects(value: object) -> list[Mapping[str, object]]:
    if not isinstance(value, list):
        return []
    return [each for each in value if isinstance(each, dict)]
