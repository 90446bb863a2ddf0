"""Bluesky's offline half: settings, abilities, and text as the lexicon measures it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from smmflow.credentials import Credentials
from smmflow.errors import ConfigurationError
from smmflow.language.measures import (
    code_points,
    grapheme_count,
    utf8_length,
    utf16_length,
)
from smmflow.model.capabilities import (
    Capabilities,
    Limit,
    LinkStyle,
    MediaLimits,
    MentionStyle,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.media import MediaKind
from smmflow.model.text import RichText
from smmflow.networks.bluesky.address import profile
from smmflow.networks.bluesky.record import LARGEST_IMAGE
from smmflow.networks.interface import Network, Settings

if TYPE_CHECKING:
    # Checking and planning load no HTTP client.
    import httpx

    from smmflow.networks.bluesky.connection import BlueskyConnection

__all__ = ["Bluesky", "BlueskySettings"]

DEFAULT_SERVICE = "https://bsky.social"


class BlueskySettings(Settings):
    """What `channels.yaml` says about a Bluesky account."""

    handle: str = Field(
        pattern=r"^[a-zA-Z0-9.-]+\.[a-zA-Z][a-zA-Z0-9-]*$",
        description="Handle of the account without @, as in smmflow.bsky.social",
    )
    service: str = Field(
        default=DEFAULT_SERVICE,
        pattern=r"^https?://[^/\s]+/?$",
        description="Address of the account's server",
    )


class Bluesky(Network):
    """Bluesky, and any server of the AT Protocol.

    Limits are those of the lexicons:
    https://github.com/bluesky-social/atproto/tree/main/lexicons/app/bsky
    """

    name = "bluesky"
    title = "Bluesky"
    documentation = "https://docs.bsky.app/docs/category/http-reference"
    extras = frozenset({"images"})
    settings = BlueskySettings
    secrets: ClassVar[Mapping[str, str]] = {
        "password": "an app password, from Settings, Privacy and security, "
        "App passwords"
    }
    capabilities = Capabilities(
        text=Limit(300),
        also=(Limit(3000, Unit.UTF8),),
        links=LinkStyle.SPAN,
        media=(
            MediaLimits(
                MediaKind.IMAGE,
                frozenset({"image/jpeg", "image/png", "image/webp"}),
                LARGEST_IMAGE,
                recode=True,
            ),
        ),
        max_media=4,
        # The lexicon has no bound; the official app stops here.
        # https://github.com/bluesky-social/social-app/pull/5611
        alt_text=Limit(2000, sure=False),
        card=Support.YES,
        threads=Support.YES,
        edit=Support.YES,
        withdraw=Support.YES,
        find=Support.YES,
        idempotent=True,
        measure=Support.YES,
        measure_batch=25,
        followers=Support.YES,
        messages=Support.YES,
        reply=Support.YES,
        metrics=("likes", "reposts", "replies", "quotes"),
        hashtag_max=64,
        mentions=MentionStyle.DOMAIN,
        languages=3,
    )

    def length(self, text: RichText, unit: Unit) -> int:
        """Return the length of the visible text: links count what is seen of them.

        https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json
        """
        match unit:
            case Unit.GRAPHEMES | Unit.WEIGHTED:
                return grapheme_count(text.text)
            case Unit.UTF8:
                return utf8_length(text.text)
            case Unit.CODE_POINTS:
                return code_points(text.text)
            case Unit.UTF16:
                return utf16_length(text.text)

    def profile(self, channel: Channel) -> str:
        """Return the account's page in the network's own app."""
        handle = str(channel.settings.get("handle", ""))
        return profile(handle) if handle else ""

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> BlueskyConnection:
        """Return a connection; sends nothing yet.

        Raises:
            ConfigurationError: The channel names no handle or password.
            MissingSecret: The app password is not set.
        """
        # Imported here, because they load an HTTP client.
        from smmflow.networks.bluesky.connection import (  # noqa: PLC0415
            BlueskyConnection,
        )
        from smmflow.networks.bluesky.session import Session  # noqa: PLC0415
        from smmflow.networks.http import Http  # noqa: PLC0415

        handle = str(channel.settings.get("handle", ""))
        if not handle or "password" not in channel.secrets:
            raise ConfigurationError(
                f"channel {channel.name} needs a handle and a secret named password",
                hint="channels.yaml: handle: name.bsky.social, "
                "secrets: {password: BLUESKY_APP_PASSWORD}",
            )
        service = str(channel.settings.get("service") or DEFAULT_SERVICE)
        password = credentials.secret(channel.secrets["password"], channel=channel.name)
        http = Http(service.rstrip("/"), self.title, transport=transport)
        return BlueskyConnection(
            http, Session(http, handle, password), root=root or Path()
        )
