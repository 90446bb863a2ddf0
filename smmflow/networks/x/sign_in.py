"""How X signs people in, and renews a token that lives for two hours."""

from __future__ import annotations

from datetime import timedelta

from smmflow.networks.authorizing import CodeFlow, OwnApp, Proof
from smmflow.networks.signing import Rotating

__all__ = ["RENEWAL", "SECRETS", "sign_in"]

RENEWAL = Rotating(
    "https://api.x.com/2/oauth2/token",
    margin=timedelta(minutes=20),
    life=timedelta(hours=2),
)
"""https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token"""
SECRETS = {
    "refresh_token": "the refresh token that came with the access token; with it, and "
    "with SMMFLOW_KEY, smmflow gets the next ones itself",
    "client_id": "the OAuth 2.0 client id of your app",
    "client_secret": "the OAuth 2.0 client secret, if your app is confidential",
}


def sign_in(service: str, scopes: frozenset[str]) -> CodeFlow:
    """Return how a person agrees.

    https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token

    Args:
        service: Address of the API.
        scopes: What the token shall allow.
    """
    return CodeFlow(
        page="https://x.com/i/oauth2/authorize",
        token=f"{service}/2/oauth2/token",
        scopes=tuple(sorted(scopes)),
        app=OwnApp(
            "https://console.x.com, User authentication settings",
            Proof.BASIC,
            public=True,
        ),
        refresh="refresh_token",
    )
