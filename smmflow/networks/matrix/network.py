"""Matrix's offline half: settings, abilities, and the size of an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from smmflow.credentials import Credentials
from smmflow.errors import ConfigurationError
from smmflow.model.capabilities import (
    Capabilities,
    Limit,
    LinkStyle,
    Markup,
    MediaLimits,
    MentionStyle,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.media import MediaKind
from smmflow.model.text import RichText
from smmflow.networks.authorizing import Password, SignIn
from smmflow.networks.interface import Network, Settings
from smmflow.networks.matrix.address import room_address
from smmflow.networks.matrix.markup import weight

if TYPE_CHECKING:
    # Checking and planning load no HTTP client.
    import httpx

    from smmflow.networks.matrix.connection import MatrixConnection

__all__ = ["Matrix", "MatrixSettings"]

_UPLOAD = 50 * 1024 * 1024
"""Of an untouched Synapse; each server chooses, and says so.

https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html#max_upload_size
"""
_WORDS = Limit(60_000, Unit.UTF8)
_TYPES = {
    MediaKind.IMAGE: {"image/jpeg", "image/png", "image/webp"},
    MediaKind.GIF: {"image/gif"},
    MediaKind.VIDEO: {"video/mp4", "video/webm", "video/quicktime"},
    MediaKind.AUDIO: {
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
        "audio/wav",
        "audio/flac",
    },
    MediaKind.OTHER: {"application/pdf"},
}


class MatrixSettings(Settings):
    """What `channels.yaml` says about a Matrix room."""

    homeserver: str = Field(
        pattern=r"^https?://[^/\s]+/?$",
        description="Address that clients use, as in https://matrix-client.matrix.org",
    )
    room: str = Field(
        pattern=r"^[!#]\S+$",
        max_length=255,
        description="The room's address or id, as in #news:example.org",
    )


class Matrix(Network):
    """A room without encryption; each part of a post is one event in it.

    An event may have 65,536 bytes in all. Words get 60,000 of them, as a part's body,
    its HTML and whom it names together; the rest is for what servers add.
    https://spec.matrix.org/v1.15/client-server-api/#size-limits
    """

    name = "matrix"
    title = "Matrix"
    documentation = "https://spec.matrix.org/latest/client-server-api/"
    settings = MatrixSettings
    secrets: ClassVar[Mapping[str, str]] = {
        "token": "an access token of the account that publishes, from its client's "
        "settings or from signing in anew"
    }
    capabilities = Capabilities(
        text=_WORDS,
        markup=Markup.SPANS,
        links=LinkStyle.SPAN,
        media=tuple(
            # Servers take files of any type; these are what clients show.
            MediaLimits(kind, frozenset(types), _UPLOAD, sure=False)
            for kind, types in _TYPES.items()
        ),
        max_media=1,
        threads=Support.YES,
        comment=_WORDS,
        content_warning=Support.NOT_WRITTEN,
        edit=Support.YES,
        withdraw=Support.YES,
        find=Support.YES,
        idempotent=True,
        measure=Support.YES,
        followers=Support.YES,
        metrics=("reactions", "replies"),
        messages=Support.YES,
        reply=Support.YES,
        mentions=MentionStyle.LINK,
    )

    def length(self, text: RichText, unit: Unit) -> int:
        """Return the length of a part's text; in bytes, of all that it becomes."""
        return weight(text) if unit is Unit.UTF8 else super().length(text, unit)

    def limits_for(self, raw: Mapping[str, int]) -> Capabilities:
        """Return the capabilities with a homeserver's largest upload put in.

        Args:
            raw: As `MatrixConnection.limits` gave it.
        """
        size = raw.get("upload")
        if size is None:
            return self.capabilities
        media = tuple(
            replace(each, max_bytes=size, sure=True) for each in self.capabilities.media
        )
        return replace(self.capabilities, media=media)

    def ways_in(self, channel: Channel) -> tuple[SignIn, ...]:
        """Return how a person lets smmflow in: by name and password, once."""
        return (Password(f"{_homeserver(channel)}/_matrix/client/v3/login"),)

    def profile(self, channel: Channel) -> str:
        """Return the room's page."""
        return room_address(str(channel.settings.get("room", "")))

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> MatrixConnection:
        """Return a connection; sends nothing yet.

        Raises:
            ConfigurationError: The channel names no homeserver or no room.
            MissingSecret: The token is not set.
        """
        from smmflow.networks.matrix.connection import (  # noqa: PLC0415 - loads HTTP
            MatrixConnection,
        )

        homeserver = _homeserver(channel)
        room = str(channel.settings.get("room", ""))
        if not homeserver or not room or "token" not in channel.secrets:
            raise ConfigurationError(
                f"channel {channel.name} needs a homeserver, a room and a secret named "
                "token",
                hint="channels.yaml: homeserver: https://matrix.example.org, "
                "room: '#news:example.org', secrets: {token: MATRIX_TOKEN}",
            )
        token = credentials.secret(channel.secrets["token"], channel=channel.name)
        return MatrixConnection(
            homeserver, room, token, self, transport=transport, root=root or Path()
        )


def _homeserver(channel: Channel) -> str:
    return str(channel.settings.get("homeserver", "")).rstrip("/")
