"""The newsletter's offline half: settings, abilities, and which server it may trust."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from smmflow.credentials import Credentials, Secret
from smmflow.errors import ConfigurationError, MissingSecret
from smmflow.model.capabilities import (
    Capabilities,
    Limit,
    LinkStyle,
    Markup,
    MediaLimits,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.media import MediaKind
from smmflow.networks.interface import Network, Settings

if TYPE_CHECKING:
    # Checking and planning load no mail client.
    import httpx

    from smmflow.networks.newsletter.connection import NewsletterConnection

__all__ = ["ArchivedNewsletter", "Newsletter", "NewsletterSettings", "Security"]

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
"""What needs neither quotes nor letters beyond ASCII, in both halves:
https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1"""
_LONGEST_ADDRESS = 254
_WEB = r"^https://[^\s<>,]+$"
_MEBIBYTE = 1024 * 1024
_PAIR = ("user", "password")


class Security(StrEnum):
    """How the way to the server is kept secret."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


def _one_address(value: str) -> str:
    if len(value) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(value):
        message = "it must be one e-mail address and nothing else: news@example.org"
        raise ValueError(message)
    return value


def _one_address_or_none(value: str) -> str:
    return value and _one_address(value)


_Address = Annotated[str, AfterValidator(_one_address)]
_NoAddress = Annotated[str, AfterValidator(_one_address_or_none)]


class NewsletterSettings(Settings):
    """What `channels.yaml` says about a newsletter."""

    host: str = Field(
        pattern=r"^[A-Za-z0-9.:-]+$",
        description="The server that takes mail from you, as in smtp.example.org",
    )
    port: int = Field(default=587, ge=1, le=65535, description="587, or 465 for tls")
    security: Security = Field(
        default=Security.STARTTLS,
        description="starttls or tls; none only for a server on the same machine",
    )
    sender: _Address = Field(
        description="Address that the newsletter comes from",
    )
    sender_name: str = Field(
        default="", pattern=r"^[^\x00-\x1f\x7f]*$", description="Its name, for people"
    )
    to: _Address = Field(
        description="Address of the mailing list, which knows the subscribers",
    )
    reply_to: _NoAddress = Field(
        default="",
        description="Address that answers go to, if not to the sender",
    )
    unsubscribe_mail: _NoAddress = Field(
        default="",
        description="Address that takes subscribers off the list",
    )
    unsubscribe_url: str = Field(
        default="",
        pattern=rf"^$|{_WEB}",
        description="Page that takes subscribers off the list",
    )
    one_click: bool = Field(
        default=False,
        description="The page does so at once, without asking (RFC 8058)",
    )
    archive: str = Field(
        default="",
        pattern=r"^$|^https?://[^\s<>]*\{id\}[^\s<>]*$",
        description="Where the list's archive shows a message, with {id} for its "
        "Message-ID, as in https://lists.example.org/news/{id}/",
    )

    @model_validator(mode="after")
    def _no_secrets_in_the_open(self) -> Self:
        if self.security is Security.NONE and not _is_loopback(self.host):
            message = "security: none is for a server on the same machine only"
            raise ValueError(message)
        if self.one_click and not self.unsubscribe_url:
            message = "one_click needs an unsubscribe_url"
            raise ValueError(message)
        return self


class Newsletter(Network):
    """A mailing list; each post is one message to its address.

    SMTP knows no request that is safe to repeat, and nobody can look at what went out.
    So what may have been sent without an answer is held for a person to decide.
    https://www.rfc-editor.org/rfc/rfc5321#section-6.1
    """

    name = "newsletter"
    title = "Newsletter"
    documentation = "https://www.rfc-editor.org/rfc/rfc5321"
    settings = NewsletterSettings
    secrets: ClassVar[Mapping[str, str]] = {
        "user": "the name of the account on the mail server, if it asks for one",
        "password": "its password, or one made for this application only",
    }
    capabilities = Capabilities(
        # Gmail hides what comes after; counted with the HTML, so this is a warning.
        # https://help.aweber.com/hc/en-us/articles/205678278-Why-is-my-message-clipped-in-Gmail
        text=Limit(100_000, Unit.UTF8, sure=False),
        markup=Markup.HTML,
        links=LinkStyle.SPAN,
        media=(
            # What every mail program shows. Servers bound the whole message and say
            # so when they are asked: https://www.rfc-editor.org/rfc/rfc1870
            MediaLimits(
                MediaKind.IMAGE,
                frozenset({"image/jpeg", "image/png"}),
                2 * _MEBIBYTE,
                sure=False,
            ),
            MediaLimits(
                MediaKind.GIF, frozenset({"image/gif"}), 2 * _MEBIBYTE, sure=False
            ),
        ),
        max_media=10,
        mixed_media=True,
        alt_text=Limit(1000, sure=False),
        title=True,
        threads=Support.UNSUPPORTED,
        permalinks=False,
        languages=1,
    )

    def on(self, channel: Channel) -> Network:
        """Return the newsletter with permalinks if its list has an archive."""
        return ArchivedNewsletter() if channel.settings.get("archive") else Newsletter()

    def variants(self) -> tuple[Network, ...]:
        """Return it with an archive and without."""
        return ArchivedNewsletter(), Newsletter()

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> NewsletterConnection:
        """Return a connection; sends nothing yet.

        Args:
            channel: Whose settings and names of secrets to use.
            credentials: Where the secrets are.
            transport: Ignored; mail is not sent by HTTP.
            root: The workspace.

        Raises:
            ConfigurationError: A setting is missing or wrong.
            MissingSecret: A secret the channel names is not set.
        """
        from smmflow.networks.newsletter.connection import (  # noqa: PLC0415 - loads SMTP
            NewsletterConnection,
        )

        del transport
        try:
            settings = NewsletterSettings.model_validate(dict(channel.settings))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = "".join(f"{each}: " for each in first["loc"])
            words = first["msg"].removeprefix("Value error, ")
            raise ConfigurationError(
                f"channel {channel.name}: {where}{words}",
                hint="channels.yaml needs at least host, sender and to; see "
                "docs/how-to/connect-newsletter.md",
            ) from None
        signing_in = _secrets(channel, credentials)
        return NewsletterConnection(settings, signing_in, root=root or Path())


class ArchivedNewsletter(Newsletter):
    """A mailing list whose archive shows each message under its Message-ID."""

    capabilities = replace(Newsletter.capabilities, permalinks=True)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _secrets(channel: Channel, credentials: Credentials) -> tuple[Secret, ...]:
    """Return user and password; empty if the channel names none.

    Raises:
        ConfigurationError: It names one of them.
        MissingSecret: One of them is not set; all that are missing are named.
    """
    if not channel.secrets:
        return ()
    if missing := [each for each in _PAIR if each not in channel.secrets]:
        raise ConfigurationError(
            f"channel {channel.name} needs a secret named {missing[0]}, too",
            hint="channels.yaml: secrets: {user: SMTP_USER, password: SMTP_PASSWORD}, "
            "or no secrets for a server that asks for none",
        )
    found: list[Secret] = []
    problems: list[MissingSecret] = []
    for each in _PAIR:
        try:
            found.append(
                credentials.secret(channel.secrets[each], channel=channel.name)
            )
        except MissingSecret as problem:
            problems.append(problem)
    if problems:
        message = "; ".join(each.message for each in problems)
        raise MissingSecret(message, hint=problems[0].hint)
    return tuple(found)
