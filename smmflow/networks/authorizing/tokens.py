"""What a code, or a password, buys: the tokens that a channel needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from smmflow.credentials import Secret
from smmflow.networks.authorizing.answers import Tokens, opened, tokens_in
from smmflow.networks.authorizing.app import App
from smmflow.networks.authorizing.consent import Consent
from smmflow.networks.authorizing.steps import taken
from smmflow.networks.authorizing.ways import (
    CodeFlow,
    OwnApp,
    Password,
    Proof,
    Registered,
)
from smmflow.networks.signing import basic

if TYPE_CHECKING:
    import httpx  # only for types

__all__ = ["log_in", "redeem"]


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
    form = {
        "grant_type": "authorization_code",
        "code": code.reveal(),
        "redirect_uri": wanted.redirect,
    }
    if flow.challenge:
        form["code_verifier"] = wanted.verifier.reveal()
    headers = {}
    if app.password is None or _proof(flow.app) is Proof.FORM:
        form["client_id"] = app.client.reveal()
        if app.password is not None:
            form["client_secret"] = app.password.reveal()
    hidden = (code, wanted.verifier, app.client, app.password)
    with opened(flow.token, transport, *hidden) as http:
        if app.password is not None and _proof(flow.app) is Proof.BASIC:
            headers["Authorization"] = basic(http, app.client, app.password)
        answer = http.exchange("POST", "", repeatable=True, form=form, headers=headers)
        tokens = tokens_in(http, answer)
    for step in flow.steps:
        tokens = taken(step, tokens, app, transport)
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
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": user},
        "password": password.reveal(),
        "initial_device_display_name": "smmflow",
    }
    with opened(way.address, transport, password) as http:
        return tokens_in(http, http.exchange("POST", "", repeatable=True, body=body))


def _proof(app: OwnApp | Registered) -> Proof:
    match app:
        case OwnApp():
            return app.proof
        case Registered():
            return Proof.FORM
        case _:
            assert_never(app)
