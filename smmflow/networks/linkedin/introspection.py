"""What LinkedIn says of a token: what it allows, and until when.

https://learn.microsoft.com/en-us/linkedin/shared/authentication/token-introspection
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from smmflow.credentials import Secret
from smmflow.errors import SignInFailed
from smmflow.networks.http import Http

__all__ = ["Application", "TokenFacts", "introspected"]

_ADDRESS = "https://www.linkedin.com/oauth/v2/introspectToken"


@dataclass(frozen=True, slots=True)
class Application:
    """The application that a token was made for; only it may ask about the token."""

    client_id: Secret
    client_secret: Secret


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What is known of a token.

    Attributes:
        scopes: What it allows; None if LinkedIn doesn't say.
        expires: When it stops to work, aware; None if LinkedIn doesn't say.
    """

    scopes: frozenset[str] | None = None
    expires: datetime | None = None


def introspected(http: Http, token: Secret, application: Application) -> TokenFacts:
    """Ask LinkedIn about a token.

    Raises:
        SignInFailed: The token is no longer good, or the application is another.
        NetworkError: Of the kind that fits.
    """
    for secret in (token, application.client_id, application.client_secret):
        http.hide(secret)
    answer = http.carry_out(
        "POST",
        _ADDRESS,
        repeatable=True,
        form={
            "client_id": application.client_id.reveal(),
            "client_secret": application.client_secret.reveal(),
            "token": token.reveal(),
        },
    )
    fields = answer.fields()
    if fields.get("active") is False:
        raise SignInFailed(
            "LinkedIn says that the token is expired or revoked",
            hint="make a new one: docs/how-to/connect-linkedin.md",
        )
    scope, until = fields.get("scope"), fields.get("expires_at")
    scopes = scope.replace(",", " ").split() if isinstance(scope, str) else None
    return TokenFacts(
        None if scopes is None else frozenset(scopes),
        datetime.fromtimestamp(until, UTC) if isinstance(until, int) else None,
    )
