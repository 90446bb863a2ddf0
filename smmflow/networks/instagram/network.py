"""Instagram's offline half: settings, abilities, and what a post may set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
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
    Most,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.media import MediaKind
from smmflow.model.text import SpanKind
from smmflow.networks.authorizing import SignIn
from smmflow.networks.instagram.sign_in import sign_in
from smmflow.networks.interface import Network, PostSettings, Settings
from smmflow.networks.signing import Extended

if TYPE_CHECKING:
    # Checking and planning load no HTTP client.
    import httpx

    from smmflow.networks.instagram.connection import InstagramConnection

__all__ = [
    "MOST_MENTIONS",
    "MOST_TAGS",
    "Instagram",
    "InstagramPostSettings",
    "InstagramSettings",
]

_MEGABYTE = 1_000_000
_SERVICE = "https://graph.instagram.com/v23.0"
_MOST_COLLABORATORS = 3
MOST_TAGS = 30
MOST_MENTIONS = 20


class InstagramSettings(Settings):
    """What `channels.yaml` says about an account on Instagram."""

    account: str = Field(
        pattern=r"^[0-9]+$",
        description="Number of the professional account, as `user_id` of "
        "https://graph.instagram.com/me?fields=user_id",
    )
    handle: str = Field(default="", description="Name of the account, for people")
    media_url: str = Field(
        default="",
        pattern=r"^(https?://\S+)?$",
        description="Where the site's files are public, because Instagram fetches "
        "them; else the address of the channel on the network `site`",
    )
    service: str = Field(
        default=_SERVICE,
        pattern=r"^https?://\S+$",
        description="Address of the API with its version, when the one smmflow knows "
        "has been switched off",
    )


class InstagramPostSettings(PostSettings):
    """What a post may set for Instagram.

    https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
    """

    format: Literal["feed", "reel", "story"] = Field(
        default="feed",
        description="Where it is shown; one video in the feed is a reel, too",
    )
    share_to_feed: bool = Field(
        default=True, description="Show a reel in the feed besides"
    )
    collaborators: tuple[str, ...] = Field(
        default=(),
        max_length=_MOST_COLLABORATORS,
        description="Names of accounts that are asked to be its authors besides; "
        "not for stories",
    )
    thumb_offset: int | None = Field(
        default=None,
        ge=0,
        description="The moment of a reel that is its cover, in milliseconds",
    )
    cover_url: str = Field(
        default="",
        pattern=r"^(https?://\S+)?$",
        description="Public address of a picture that is a reel's cover",
    )


class Instagram(Network):
    """A professional account (business or creator).

    Where the numbers come from: for captions and files
    https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
    and for kinds of posts, carousels and alt text
    https://developers.facebook.com/docs/instagram-platform/content-publishing/
    """

    name = "instagram"
    title = "Instagram"
    documentation = (
        "https://developers.facebook.com/docs/instagram-platform/content-publishing/"
    )
    settings = InstagramSettings
    post_settings = InstagramPostSettings
    secrets: ClassVar[Mapping[str, str]] = {
        "token": "a long-lived access token, which lasts 60 days, from your app at "
        "https://developers.facebook.com/apps, Instagram, API setup with Instagram "
        "login"
    }
    # https://developers.facebook.com/docs/instagram-platform/reference/refresh_access_token/
    renewal = Extended(
        "https://graph.instagram.com/refresh_access_token",
        "ig_refresh_token",
        margin=timedelta(days=30),
        life=timedelta(days=60),
        youngest=timedelta(hours=24),
    )
    scopes = frozenset(
        {
            "instagram_business_basic",
            "instagram_business_content_publish",
            "instagram_business_manage_comments",
            "instagram_business_manage_insights",
        }
    )
    capabilities = Capabilities(
        # The reference says 2,200 characters, not what it takes for one: more than
        # that is too long however it counts, and fewer may be.
        text=Limit(2200, Unit.GRAPHEMES),
        also=(Limit(2200, Unit.UTF16, sure=False),),
        # The app takes five hashtags since December 2025; the API's page says thirty.
        # https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
        most=(
            Most(SpanKind.TAG, 5, sure=False),
            Most(SpanKind.TAG, MOST_TAGS),
            Most(SpanKind.MENTION, MOST_MENTIONS),
        ),
        media=(
            # Shapes of the feed; stories are taller, and small pictures are scaled.
            MediaLimits(
                MediaKind.IMAGE,
                frozenset({"image/jpeg"}),
                8 * _MEGABYTE,
                min_side=320,
                min_ratio=4 / 5,
                max_ratio=1.91,
                sure=False,
            ),
            # Sources give 300 MB and 1 GB for reels, and less for stories.
            MediaLimits(
                MediaKind.VIDEO,
                frozenset({"video/mp4", "video/quicktime"}),
                300 * _MEGABYTE,
                shortest=3,
                longest=15 * 60,
                sure=False,
            ),
        ),
        max_media=10,
        mixed_media=True,
        media_required=True,
        public_media=True,
        # The API gives no number; people measured this one.
        alt_text=Limit(1000, Unit.CODE_POINTS, sure=False),
        # Likewise: it gives none for comments.
        comment=Limit(2200, Unit.CODE_POINTS, sure=False),
        find=Support.YES,
        measure=Support.YES,
        followers=Support.YES,
        metrics=("views", "reach", "likes", "comments", "saves", "shares"),
        messages=Support.YES,
        reply=Support.YES,
        mentions=MentionStyle.HANDLE,
    )

    def ways_in(self, channel: Channel) -> tuple[SignIn, ...]:
        """Return how a person lets smmflow in."""
        return (sign_in(_service(channel), self.scopes),)

    def profile(self, channel: Channel) -> str:
        """Return the account's page, if `handle` is set."""
        handle = str(channel.settings.get("handle", "")).lstrip("@")
        return f"https://www.instagram.com/{handle}/" if handle else ""

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> InstagramConnection:
        """Return a connection; sends nothing yet.

        Raises:
            ConfigurationError: The channel names no account or no secret.
            MissingSecret: The token is not set.
        """
        from smmflow.networks.instagram.connection import (  # noqa: PLC0415 - loads HTTP
            InstagramConnection,
        )

        del root  # Instagram fetches files from where they are public
        account = str(channel.settings.get("account", ""))
        if not account or "token" not in channel.secrets:
            raise ConfigurationError(
                f"channel {channel.name} needs an account and a secret named token",
                hint="channels.yaml: account: '17841400008460056', "
                "secrets: {token: INSTAGRAM_TOKEN}",
            )
        return InstagramConnection(
            _service(channel),
            account,
            credentials.secret(channel.secrets["token"], channel=channel.name),
            str(channel.settings.get("media_url") or ""),
            transport=transport,
        )


def _service(channel: Channel) -> str:
    return str(channel.settings.get("service") or _SERVICE).rstrip("/")
