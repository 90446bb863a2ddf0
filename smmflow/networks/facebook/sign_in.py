"""How Facebook signs people in, and how that becomes the token of a Page."""

from __future__ import annotations

from smmflow.networks.authorizing import (
    CodeFlow,
    DeviceFlow,
    Lengthen,
    OwnApp,
    PageToken,
    Redirect,
)

__all__ = ["ways_in"]

_APPS = "https://developers.facebook.com/apps"
_LISTS_PAGES = "pages_show_list"


def ways_in(
    service: str, page: str, scopes: frozenset[str]
) -> tuple[CodeFlow, DeviceFlow]:
    """Return how a person agrees: in a browser, or on another device.

    https://developers.facebook.com/documentation/facebook-login/guides/advanced/manual-flow,
    https://developers.facebook.com/documentation/facebook-login/guides/access-tokens/get-long-lived,
    https://developers.facebook.com/docs/facebook-login/for-devices; the last does not
    say whether it grants what Pages need, so what was granted is looked at.

    Args:
        service: Address of the Graph API with its version.
        page: Id of the Page.
        scopes: What the token shall allow.
    """
    exchange = f"{service}/oauth/access_token"
    version = service.rpartition("/")[2]
    asked = tuple(sorted({*scopes, _LISTS_PAGES}))
    of_page = PageToken(f"{service}/me/accounts", page, f"{service}/me/permissions")
    in_browser = CodeFlow(
        page=f"https://www.facebook.com/{version}/dialog/oauth",
        token=exchange,
        scopes=asked,
        app=OwnApp(f"{_APPS}, Facebook Login, Settings, Valid OAuth Redirect URIs"),
        redirect=Redirect.HTTPS,
        separator=",",
        challenge=False,
        steps=(
            Lengthen(
                exchange,
                grant_type="fb_exchange_token",
                parameter="fb_exchange_token",
                names_client=True,
            ),
            of_page,
        ),
    )
    elsewhere = DeviceFlow(
        start=f"{service}/device/login",
        poll=f"{service}/device/login_status",
        scopes=asked,
        place=f"{_APPS}, App settings, Advanced, Client token",
        steps=(of_page,),
    )
    return in_browser, elsewhere
