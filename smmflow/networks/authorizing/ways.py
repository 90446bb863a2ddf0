"""Ways in which a person signs in to a network, as data: nothing here sends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlsplit

__all__ = [
    "CodeFlow",
    "DeviceFlow",
    "Lengthen",
    "OwnApp",
    "PageToken",
    "Password",
    "Proof",
    "Redirect",
    "Registered",
    "SignIn",
    "Typed",
    "origin",
]


class Proof(Enum):
    """How an app shows its secret at the token endpoint.

    https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
    """

    BASIC = auto()
    FORM = auto()


class Redirect(Enum):
    """Where a network lets a browser be sent when the person has agreed."""

    LOOPBACK = auto()
    """To this machine: https://www.rfc-editor.org/rfc/rfc8252#section-7.3"""
    HTTPS = auto()
    """To an https address of the app's owner only; a person copies what comes."""


@dataclass(frozen=True, slots=True)
class OwnApp:
    """People make an app of their own at the network first.

    Attributes:
        place: Where, in words that end a sentence.
        proof: How it shows its secret.
        public: Apps without a secret are taken, too.
    """

    place: str
    proof: Proof = Proof.FORM
    public: bool = False


@dataclass(frozen=True, slots=True)
class Registered:
    """The server makes an app for whoever asks.

    Attributes:
        address: Where to ask: https://docs.joinmastodon.org/methods/apps/#create
    """

    address: str


@dataclass(frozen=True, slots=True)
class Lengthen:
    """A token that dies within hours is exchanged for one that lives for weeks.

    Attributes:
        address: Asked with GET.
        grant_type: What it wants to be asked.
        parameter: What it calls the token that it is given.
        names_client: It wants the app's id besides the app's secret.
    """

    address: str
    grant_type: str
    parameter: str
    names_client: bool = False


@dataclass(frozen=True, slots=True)
class PageToken:
    """A person's token is exchanged for that of a Page they look after.

    Attributes:
        address: Lists the person's Pages, each with its token.
        page: Id of the Page.
        permissions: Lists what the person granted.
    """

    address: str
    page: str
    permissions: str


Step = Lengthen | PageToken


@dataclass(frozen=True, slots=True)
class CodeFlow:
    """The person agrees in a browser, which brings a code that buys a token.

    https://www.rfc-editor.org/rfc/rfc6749#section-4.1

    Attributes:
        page: Where the person agrees.
        token: Where the code is exchanged.
        scopes: What is asked for.
        app: In whose name.
        redirect: Where the browser may be sent.
        separator: Between scopes.
        challenge: Whether the code is bound to this run, by
            https://www.rfc-editor.org/rfc/rfc7636; servers that don't know it are said
            to ignore it, and some don't.
        secret: The network's name of the secret that the token becomes.
        refresh: Likewise, for the refresh token; empty if none comes.
        steps: What is done with the token before it is kept.
    """

    page: str
    token: str
    scopes: tuple[str, ...]
    app: OwnApp | Registered
    redirect: Redirect = Redirect.LOOPBACK
    separator: str = " "
    challenge: bool = True
    secret: str = "token"  # noqa: S105 - a name
    refresh: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceFlow:
    """The person agrees on another device, where they type a short code.

    Attributes:
        start: Gives a code, for the app's id and what proves that it is the app.
        poll: Tells whether the person is done.
        scopes: What is asked for.
        place: Where a person finds the app's client token.
        separator: Between scopes.
        secret: The network's name of the secret that the token becomes.
        steps: What is done with the token before it is kept.
    """

    start: str
    poll: str
    scopes: tuple[str, ...]
    place: str
    separator: str = ","
    secret: str = "token"  # noqa: S105 - a name
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Password:
    """The person's name and password buy a token, and are forgotten.

    Attributes:
        address: Where:
            https://spec.matrix.org/v1.15/client-server-api/#password-based
        secret: The network's name of the secret that the token becomes.
    """

    address: str
    secret: str = "token"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class Typed:
    """The person copies every secret from a page of the network."""


SignIn = CodeFlow | DeviceFlow | Password | Typed


def origin(service: str) -> str:
    """Return the address of a service without its version."""
    parts = urlsplit(service)
    return f"{parts.scheme}://{parts.netloc}"
