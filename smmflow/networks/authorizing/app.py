"""The app in whose name a person is asked; some servers make one on request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smmflow.credentials import Secret
from smmflow.networks.authorizing.answers import opened, secret_in
from smmflow.networks.authorizing.ways import Registered

if TYPE_CHECKING:
    import httpx  # only for types

__all__ = ["App", "register"]


@dataclass(frozen=True, slots=True)
class App:
    """The app in whose name a person is asked.

    Attributes:
        client: Its id.
        password: Its secret; None if it is public.
    """

    client: Secret
    password: Secret | None


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
    form = {
        "client_name": "smmflow",
        "redirect_uris": redirect,
        "scopes": " ".join(scopes),
    }
    with opened(there.address, transport) as http:
        made = http.carry_out("POST", "", repeatable=True, form=form).fields()
        client = secret_in(made, "client_id", http)
        return App(client, secret_in(made, "client_secret", http))
