"""How Threads signs people in."""

from __future__ import annotations

from smmflow.networks.authorizing import CodeFlow, Lengthen, OwnApp, Redirect, origin

__all__ = ["sign_in"]


def sign_in(service: str, scopes: frozenset[str]) -> CodeFlow:
    """Return how a person agrees.

    https://developers.facebook.com/documentation/threads/get-started/get-access-tokens-and-permissions,
    https://developers.facebook.com/docs/threads/get-started/long-lived-tokens

    Args:
        service: Address of the API with its version.
        scopes: What the token shall allow.
    """
    host = origin(service)
    return CodeFlow(
        page="https://threads.com/oauth/authorize",
        token=f"{host}/oauth/access_token",
        scopes=tuple(sorted(scopes)),
        app=OwnApp(
            "https://developers.facebook.com/apps, Use cases, Threads API, Settings"
        ),
        redirect=Redirect.HTTPS,
        separator=",",
        challenge=False,
        steps=(Lengthen(f"{host}/access_token", "th_exchange_token", "access_token"),),
    )
