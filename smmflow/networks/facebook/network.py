"""Facebook's offline half: a Page's settings, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from smmflow.credentials import Credentials
from smmflow.errors import ConfigurationError
from smmflow.model.capabilities import (
    Capabilities,
    Limit,
    MediaLimits,
    ScheduleLimits,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.media import MediaKind
from smmflow.networks.authorizing import SignIn
from smmflow.networks.facebook.sign_in import ways_in
from smmflow.networks.interface import Network, Settings

if TYPE_CHECKING:
    # Checking and planning load no HTTP client.
    import httpx

    from smmflow.networks.facebook.connection import FacebookConnection

__all__ = ["SERVICE", "Facebook", "FacebookSettings"]

SERVICE = "https://graph.facebook.com/v25.0"
"""https://developers.facebook.com/docs/graph-api/guides/versioning"""
_MEBIBYTE = 1024 * 1024
_IMAGES = frozenset({"image/jpeg", "image/png"})
_GIF = frozenset({"image/gif"})
_VIDEO = frozenset({"video/mp4", "video/quicktime"})


class FacebookSettings(Settings):
    """What `channels.yaml` says about a Page."""

    page: str = Field(
        pattern=r"^[0-9]+$",
        description="Id of the Page, digits only, from the Page's About, Transparency",
    )
    service: str = Field(
        default=SERVICE,
        pattern=r"^https?://[^\s]+$",
        description="Address of the Graph API with its version",
    )


class Facebook(Network):
    """A Page, by a Page access token.

    Where the numbers come from:
    https://developers.facebook.com/docs/pages-api/posts,
    https://developers.facebook.com/docs/graph-api/reference/page/photos/ and
    https://developers.facebook.com/docs/video-api/guides/publishing. The length of a
    post is told by nobody but third parties, so that it warns only.
    """

    name = "facebook"
    title = "Facebook"
    documentation = "https://developers.facebook.com/docs/pages-api"
    settings = FacebookSettings
    secrets: ClassVar[Mapping[str, str]] = {
        "token": "a Page access token, made from a long-lived user token, with the "
        "permissions that the page on connecting Facebook lists"
    }
    scopes = frozenset(
        {
            "pages_manage_engagement",
            "pages_manage_posts",
            "pages_read_engagement",
            "pages_read_user_content",
            "read_insights",
        }
    )
    capabilities = Capabilities(
        text=Limit(63_206, Unit.CODE_POINTS, sure=False),
        media=(
            MediaLimits(
                MediaKind.IMAGE, _IMAGES, 4 * _MEBIBYTE, recode=True, sure=False
            ),
            MediaLimits(MediaKind.GIF, _GIF, 4 * _MEBIBYTE, sure=False),
            MediaLimits(
                MediaKind.VIDEO,
                _VIDEO,
                1024 * _MEBIBYTE,
                most=1,
                longest=20 * 60,
                sure=False,
            ),
        ),
        max_media=10,
        alt_text=Limit(1000, sure=False),
        comment=Limit(8000, Unit.CODE_POINTS, sure=False),
        edit=Support.YES,
        fixed=frozenset({"media"}),
        withdraw=Support.YES,
        schedule=Support.YES,
        # Ten minutes from when Facebook has read the request: what comes too late is
        # refused for good, so uploads get time. Of the longest, third parties say 30
        # days, 75 days and 6 months; the shortest is safe.
        # https://developers.facebook.com/docs/pages-api/posts#scheduled-posts
        schedule_limits=ScheduleLimits(
            earliest=timedelta(minutes=20), latest=timedelta(days=30)
        ),
        find=Support.YES,
        measure=Support.YES,
        # https://developers.facebook.com/docs/graph-api/batch-requests
        measure_batch=50,
        followers=Support.YES,
        metrics=("likes", "comments", "shares", "views", "reach"),
        messages=Support.YES,
        reply=Support.YES,
        # Error 506: https://developers.facebook.com/docs/graph-api/guides/error-handling
        repeats=False,
    )

    def ways_in(self, channel: Channel) -> tuple[SignIn, ...]:
        """Return how a person lets smmflow in."""
        page = str(channel.settings.get("page", ""))
        return ways_in(_service(channel), page, self.scopes)

    def profile(self, channel: Channel) -> str:
        """Return the Page's address."""
        page = str(channel.settings.get("page", ""))
        return f"https://www.facebook.com/{page}" if page else ""

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> FacebookConnection:
        """Return a connection; sends nothing yet.

        Raises:
            ConfigurationError: The channel names no Page.
            MissingSecret: The token is not set.
        """
        from smmflow.networks.facebook.connection import (  # noqa: PLC0415 - loads HTTP
            FacebookConnection,
        )

        page = str(channel.settings.get("page", ""))
        if not page or "token" not in channel.secrets:
            raise ConfigurationError(
                f"channel {channel.name} needs a page and a secret named token",
                hint='channels.yaml: page: "1234567890", '
                "secrets: {token: FACEBOOK_TOKEN}",
            )
        return FacebookConnection(
            _service(channel),
            page,
            credentials.secret(channel.secrets["token"], channel=channel.name),
            transport=transport,
            root=root or Path(),
        )


def _service(channel: Channel) -> str:
    return str(channel.settings.get("service", SERVICE)).rstrip("/")
