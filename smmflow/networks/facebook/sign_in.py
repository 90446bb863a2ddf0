"""How Facebook signs people in, and how that becomes the token of a Page."""

from __future__ import annotations

from smmflow.networks.authorizing import (
    CodeFlow,
    Lengthen,
    OwnApp,
    PageToken,
    Redirect,
)

__all__ = ["sign_in"]

_LISTS_PAGES = "pages_show_list"


def sign_in(service: str, page: str, scopes: frozenset[str]) -> CodeFlow:
    """Return how a person agrees.

    https://developers.facebook.com/documentation/facebook-login/guides/advanced/manual-flow,
    https://developers.facebook.com/documentation/facebook-login/guides/access-tokens/get-long-lived

    Args:
        service: Address of the Graph API with its version.
        page: Id of the Page.
        scopes: What the token shall allow.
    """
    exchange = f"{service}/oauth/access_token"
    version = service.rpartition("/")[2]
    return CodeFlow(
        page=f"https://www.facebook.com/{version}/dialog/oauth",
        token=exchange,
        scopes=tuple(sorted({*scopes, _LISTS_PAGES})),
        app=OwnApp(
            "https://developers.facebook.com/apps, Facebook Login, Settings, Valid "
            "OAuth Redirect URIs"
        ),
        redirect=Redirect.HTTPS,
        separator=",",
        challenge=False,
        steps=(
            Lengthen(
                exchange, "fb_exchange_token", "fb_exchange_token", names_client=True
            ),
            PageToken(f"{service}/me/accounts", page, f"{service}/me/permissions"),
        ),
    )
