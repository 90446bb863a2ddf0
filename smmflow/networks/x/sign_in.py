"""How X renews tokens: each refresh token works once, and each token for two hours."""

from __future__ import annotations

from datetime import timedelta

from smmflow.networks.signing import Rotating

__all__ = ["RENEWAL", "SECRETS"]

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
