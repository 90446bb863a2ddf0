"""Threads' offline half: settings and abilities."""

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
    PollLimits,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.media import MediaKind
from smmflow.model.text import SpanKind
from smmflow.networks.authorizing import SignIn
from smmflow.networks.interface import Network, PostSettings, Settings
from smmflow.networks.signing import Extended
from smmflow.networks.threads.sign_in import sign_in

if TYPE_CHECKING:
    # Checking and planning load no HTTP client.
    import httpx

    from smmflow.networks.threads.connection import ThreadsConnection

__all__ = ["MOST_LINKS", "SERVICE", "Threads", "ThreadsPostSettings", "ThreadsSettings"]

SERVICE = "https://graph.threads.net/v1.0"
_MEBIBYTE = 1024 * 1024
MOST_LINKS = 5
_IMAGES = frozenset({"image/jpeg", "image/png"})
_VIDEO = frozenset({"video/mp4", "video/quicktime"})


class ThreadsSettings(Settings):
    """What `channels.yaml` says about a Threads account."""

    handle: str = Field(default="", description="Name of the account, for people")
    media_url: str = Field(
        default="",
        pattern=r"^$|^https?://[^\s]+$",
        description="Where files are for everybody; the site channel's, unless given",
    )
    service: str = Field(
        default=SERVICE,
        pattern=r"^https?://[^\s]+$",
        description="Address of the API with its version",
    )


class ThreadsPostSettings(PostSettings):
    """What a post may set for Threads.

    https://developers.facebook.com/docs/threads/posts
    """

    topic: str = Field(
        default="",
        pattern=r"^[^.&]{0,50}$",
        description="The one topic of the post, without `#`",
    )
    who_can_reply: Literal[
        "everyone",
        "accounts_you_follow",
        "mentioned_only",
        "parent_post_author_only",
        "followers_only",
    ] = Field(default="everyone", description="Whom the network lets answer")


class Threads(Network):
    """Posts of at most 500 characters, whose files the network fetches.

    Sources disagree on what a character is: the documentation counts emoji as bytes,
    and the server was seen to count everything so. The bytes only warn.
    https://developers.facebook.com/docs/threads/posts
    """

    name = "threads"
    title = "Threads"
    documentation = "https://developers.facebook.com/docs/threads"
    settings = ThreadsSettings
    post_settings = ThreadsPostSettings
    secrets: ClassVar[Mapping[str, str]] = {
        "token": "a long-lived access token of a Meta app with the use case Threads"
    }
    # https://developers.facebook.com/docs/threads/get-started/long-lived-tokens
    renewal = Extended(
        "https://graph.threads.net/refresh_access_token",
        "th_refresh_token",
        margin=timedelta(days=30),
        life=timedelta(days=60),
        youngest=timedelta(hours=24),
    )
    scopes = frozenset(
        {
            "threads_basic",
            "threads_content_publish",
            "threads_delete",
            "threads_manage_insights",
            "threads_manage_mentions",
            "threads_manage_replies",
            "threads_read_replies",
        }
    )
    capabilities = Capabilities(
        text=Limit(500, Unit.CODE_POINTS),
        also=(Limit(500, Unit.UTF8, sure=False),),
        # https://developers.facebook.com/docs/threads/posts#links
        most=(Most(SpanKind.LINK, MOST_LINKS),),
        media=(
            MediaLimits(
                MediaKind.IMAGE,
                _IMAGES,
                8 * _MEBIBYTE,
                min_side=320,
                min_ratio=1 / 10,
                max_ratio=10,
                sure=False,  # wider ones are made smaller, as far as documented
            ),
            MediaLimits(
                MediaKind.VIDEO, _VIDEO, 1024 * _MEBIBYTE, longest=300, sure=False
            ),
        ),
        max_media=20,
        mixed_media=True,
        public_media=True,
        alt_text=Limit(1000, Unit.CODE_POINTS, sure=False),
        poll=PollLimits(
            min_options=2,
            max_options=4,
            option=Limit(25, Unit.CODE_POINTS, sure=False),
            shortest=timedelta(days=1),
            longest=timedelta(days=1),
            multiple=False,
        ),
        threads=Support.YES,
        withdraw=Support.YES,
        find=Support.YES,
        measure=Support.YES,
        metrics=("views", "likes", "replies", "reposts", "quotes", "shares"),
        followers=Support.YES,
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
        return f"https://www.threads.net/@{handle}" if handle else ""

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> ThreadsConnection:
        """Return a connection; sends nothing yet.

        Raises:
            ConfigurationError: The channel names no token.
            MissingSecret: The token is not set.
        """
        from smmflow.networks.threads.connection import (  # noqa: PLC0415 - loads HTTP
            ThreadsConnection,
        )

        del root
        if "token" not in channel.secrets:
            raise ConfigurationError(
                f"channel {channel.name} needs a secret named token",
                hint="channels.yaml: secrets: {token: THREADS_TOKEN}",
            )
        token = credentials.secret(channel.secrets["token"], channel=channel.name)
        return ThreadsConnection(
            _service(channel),
            str(channel.settings.get("media_url", "")),
            token,
            transport=transport,
        )


def _service(channel: Channel) -> str:
    return str(channel.settings.get("service", SERVICE)).rstrip("/")
