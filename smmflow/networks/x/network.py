"""X's offline half: settings, abilities, prices, and text as X counts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from smmflow.credentials import Credentials
from smmflow.errors import ConfigurationError
from smmflow.model.capabilities import (
    Capabilities,
    Limit,
    MediaLimits,
    MentionStyle,
    PollLimits,
    Price,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.media import MediaKind
from smmflow.model.text import RichText
from smmflow.networks.authorizing import SignIn
from smmflow.networks.interface import Network, PostSettings, Settings
from smmflow.networks.x import sign_in
from smmflow.networks.x.weighted import weighted_length

if TYPE_CHECKING:
    # Checking and planning load no HTTP client.
    import httpx

    from smmflow.networks.x.connection import XConnection

__all__ = ["X", "XPostSettings", "XPremium", "XSettings"]

_MEGABYTE = 1_000_000
_SERVICE = "https://api.x.com"
_LONGEST_VIDEO = 140
_TEXT = Limit(280, Unit.WEIGHTED)
# Sources give the number, not whether API and website agree on it.
# https://docs.x.com/changelog
_LONG_TEXT = Limit(25_000, Unit.WEIGHTED, sure=False)


class XSettings(Settings):
    """What `channels.yaml` says about an account on X."""

    handle: str = Field(default="", description="Name of the account, for people")
    premium: bool = Field(
        default=False, description="The account pays X for longer posts and videos"
    )
    service: str = Field(
        default=_SERVICE,
        pattern=r"^https?://[^/\s]+/?$",
        description="Address of the API, if it is reached through a proxy",
    )


class XPostSettings(PostSettings):
    """What a post may set for X.

    https://docs.x.com/x-api/posts/create-post
    """

    made_with_ai: bool = Field(
        default=False, description="Say that its pictures were made with AI"
    )
    paid_partnership: bool = Field(
        default=False, description="Say that somebody paid for it"
    )
    reply_settings: (
        Literal["following", "mentionedUsers", "subscribers", "verified"] | None
    ) = Field(default=None, description="Who may reply; everybody if it is left out")


class X(Network):
    """An account on X.

    Where the numbers come from: https://docs.x.com/x-api/posts/create-post (text,
    polls), https://docs.x.com/x-api/media/quickstart/best-practices (files),
    https://docs.x.com/x-api/media/create-media-metadata (descriptions).
    """

    name = "x"
    title = "X"
    documentation = "https://docs.x.com/x-api/introduction"
    settings = XSettings
    post_settings = XPostSettings
    secrets: ClassVar[Mapping[str, str]] = {
        "token": "the access token that your app at https://console.x.com gets when "
        "it signs in to your account by OAuth 2.0",
        **sign_in.SECRETS,
    }
    renewal = sign_in.RENEWAL
    scopes = frozenset(
        {"tweet.read", "tweet.write", "users.read", "offline.access", "media.write"}
    )
    capabilities = Capabilities(
        text=_TEXT,
        media=(
            MediaLimits(
                MediaKind.IMAGE,
                frozenset({"image/jpeg", "image/png", "image/webp"}),
                5 * _MEGABYTE,
            ),
            MediaLimits(
                MediaKind.GIF,
                frozenset({"image/gif"}),
                15 * _MEGABYTE,
                most=1,
                max_side=1280,
            ),
            MediaLimits(
                MediaKind.VIDEO,
                frozenset({"video/mp4", "video/quicktime"}),
                512 * _MEGABYTE,
                most=1,
                min_ratio=1 / 3,
                max_ratio=3,
                shortest=0.5,
                longest=_LONGEST_VIDEO,
            ),
        ),
        max_media=4,
        alt_text=Limit(1000, Unit.CODE_POINTS),
        poll=PollLimits(
            min_options=2,
            max_options=4,
            option=Limit(25, Unit.CODE_POINTS),
            shortest=timedelta(minutes=5),
            longest=timedelta(minutes=10_080),
            multiple=False,
        ),
        threads=Support.YES,
        comment=_TEXT,
        withdraw=Support.YES,
        find=Support.YES,
        measure=Support.YES,
        measure_batch=100,
        followers=Support.YES,
        metrics=("likes", "reposts", "replies", "quotes", "saves", "impressions"),
        messages=Support.YES,
        reply=Support.YES,
        # Twice the same is refused: https://docs.x.com/x-api/posts/create-post
        repeats=False,
        price=Price(
            post=Decimal("0.015"),
            link=Decimal("0.20"),
            currency="USD",
            since=date(2026, 4, 20),
            source="https://docs.x.com/x-api/getting-started/pricing",
        ),
        mentions=MentionStyle.HANDLE,
    )

    def on(self, channel: Channel) -> Network:
        """Return the network as an account has it that pays, or not."""
        return XPremium() if channel.settings.get("premium") is True else X()

    def ways_in(self, channel: Channel) -> tuple[SignIn, ...]:
        """Return how a person lets smmflow in."""
        return (sign_in.sign_in(_service(channel), self.scopes),)

    def variants(self) -> tuple[Network, ...]:
        """Return what accounts that pay have, then the others."""
        return (XPremium(), X())

    def length(self, text: RichText, unit: Unit) -> int:
        """Return the length as X counts: a link is 23, an emoji 2, as is a 字."""
        if unit is Unit.WEIGHTED:
            return weighted_length(text.text)
        return super().length(text, unit)

    def profile(self, channel: Channel) -> str:
        """Return the account's page, if `handle` is set."""
        handle = str(channel.settings.get("handle", "")).lstrip("@")
        return f"https://x.com/{handle}" if handle else ""

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> XConnection:
        """Return a connection; sends nothing yet.

        Raises:
            ConfigurationError: The channel names no secret.
            MissingSecret: The token is not set.
        """
        from smmflow.networks.x.connection import (  # noqa: PLC0415 - loads HTTP
            XConnection,
        )

        if "token" not in channel.secrets:
            raise ConfigurationError(
                f"channel {channel.name} needs a secret named token",
                hint="channels.yaml: secrets: {token: X_TOKEN}",
            )
        return XConnection(
            _service(channel),
            credentials.secret(channel.secrets["token"], channel=channel.name),
            self,
            transport=transport,
            root=root or Path(),
        )


def _service(channel: Channel) -> str:
    return str(channel.settings.get("service") or _SERVICE).rstrip("/")


class XPremium(X):
    """An account that pays X for longer posts and videos.

    X lets such accounts edit for a while, and an edited post is a new post with a new
    id: https://docs.x.com/x-api/fundamentals/edit-posts
    """

    capabilities = replace(
        X.capabilities,
        text=_LONG_TEXT,
        comment=_LONG_TEXT,
        edit=Support.NOT_WRITTEN,
        media=tuple(
            replace(each, longest=None, sure=False)
            if each.kind is MediaKind.VIDEO
            else each
            for each in X.capabilities.media
        ),
    )
