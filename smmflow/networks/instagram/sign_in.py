"""How Instagram signs people in."""

from __future__ import annotations

from smmflow.networks.authorizing import CodeFlow, Lengthen, OwnApp, Redirect, origin

__all__ = ["sign_in"]


def sign_in(service: str, scopes: frozenset[str]) -> CodeFlow:
    """Return how a person agrees.

    https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login

    Args:
        service: Address of the API with its version.
        scopes: What the token shall allow.
    """
    return CodeFlow(
        page="https://www.instagram.com/oauth/authorize",
        token="https://api.instagram.com/oauth/access_token",  # noqa: S106 - an address
        scopes=tuple(sorted(scopes)),
        app=OwnApp(
            "https://developers.facebook.com/apps, Instagram, API setup with Instagram "
            "login, Business login settings"
        ),
        redirect=Redirect.HTTPS,
        separator=",",
        challenge=False,
        steps=(
            Lengthen(
                f"{origin(service)}/access_token", "ig_exchange_token", "access_token"
            ),
        ),
    )
