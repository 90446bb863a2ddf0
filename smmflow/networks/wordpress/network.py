"""WordPress's offline half: settings of a site, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from smmflow.credentials import Credentials
from smmflow.errors import ConfigurationError
from smmflow.language.measures import utf8_length
from smmflow.model.capabilities import (
    Capabilities,
    Limit,
    LinkStyle,
    Markup,
    MediaLimits,
    ScheduleLimits,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.media import MediaKind
from smmflow.model.text import RichText
from smmflow.networks.interface import Network, Settings
from smmflow.networks.wordpress.content import comment_of

if TYPE_CHECKING:
    # Checking and planning load no HTTP client.
    import httpx

    from smmflow.networks.wordpress.connection import WordPressConnection

__all__ = ["WordPress", "WordPressSettings"]

# https://developer.wordpress.org/reference/functions/get_allowed_mime_types/
_IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/avif"})
_GIF = frozenset({"image/gif"})
_VIDEO = frozenset({"video/mp4", "video/webm", "video/quicktime", "video/ogg"})
_AUDIO = frozenset({"audio/mpeg", "audio/ogg", "audio/wav", "audio/flac"})


class WordPressSettings(Settings):
    """What `channels.yaml` says about a site."""

    url: str = Field(
        pattern=r"^https?://[^\s?#]+$",
        description="Address of the site, as in https://example.org/blog",
    )
    user: str = Field(
        min_length=1, description="Name that the user signs in with, not the shown one"
    )


class WordPress(Network):
    """A site of one's own, by an application password.

    WordPress itself bounds neither texts nor files (the server it runs on does), so
    that the bound of a text warns only:
    https://developer.wordpress.org/rest-api/reference/posts/
    """

    name = "wordpress"
    title = "WordPress"
    documentation = "https://developer.wordpress.org/rest-api/"
    settings = WordPressSettings
    secrets: ClassVar[Mapping[str, str]] = {
        "password": "an application password, from the site's Users, Profile, "
        "Application Passwords"
    }
    # https://wordpress.org/documentation/article/roles-and-capabilities/
    scopes = frozenset(
        {
            "delete_published_posts",
            "edit_posts",
            "edit_published_posts",
            "moderate_comments",
            "publish_posts",
            "upload_files",
        }
    )
    capabilities = Capabilities(
        text=Limit(200_000, Unit.CODE_POINTS, sure=False),
        markup=Markup.HTML,
        links=LinkStyle.SPAN,
        media=(
            MediaLimits(MediaKind.IMAGE, _IMAGES, sure=False),
            MediaLimits(MediaKind.GIF, _GIF, sure=False),
            MediaLimits(MediaKind.VIDEO, _VIDEO, sure=False),
            MediaLimits(MediaKind.AUDIO, _AUDIO, sure=False),
        ),
        max_media=100,
        mixed_media=True,
        alt_text=Limit(5000, sure=False),
        # Of the column, and so in bytes:
        # https://developer.wordpress.org/reference/functions/wp_check_comment_data_max_lengths/
        comment=Limit(65_525, Unit.UTF8),
        title=True,
        edit=Support.YES,
        withdraw=Support.YES,
        schedule=Support.YES,
        schedule_limits=ScheduleLimits(earliest=timedelta(minutes=2)),
        find=Support.YES,
        # Visits and likes are counted by plugins, each in its own way.
        measure=Support.YES,
        metrics=("comments",),
        messages=Support.YES,
        reply=Support.YES,
    )

    def length(self, text: RichText, unit: Unit) -> int:
        """Return the length of a text; in bytes, of the comment that it becomes."""
        if unit is Unit.UTF8:
            return utf8_length(comment_of(text.text))
        return super().length(text, unit)

    def profile(self, channel: Channel) -> str:
        """Return the site's address."""
        return str(channel.settings.get("url", "")).rstrip("/")

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> WordPressConnection:
        """Return a connection; sends nothing yet.

        Raises:
            ConfigurationError: The channel names no site or no user.
            MissingSecret: The password is not set.
        """
        from smmflow.networks.wordpress.connection import (  # noqa: PLC0415 - loads HTTP
            WordPressConnection,
        )

        url = str(channel.settings.get("url", "")).rstrip("/")
        user = str(channel.settings.get("user", ""))
        if not url or not user or "password" not in channel.secrets:
            raise ConfigurationError(
                f"channel {channel.name} needs a url, a user and a secret named "
                "password",
                hint="channels.yaml: url: https://example.org, user: sara, "
                "secrets: {password: WORDPRESS_PASSWORD}",
            )
        password = credentials.secret(channel.secrets["password"], channel=channel.name)
        return WordPressConnection(
            url, user, password, transport=transport, root=root or Path()
        )
