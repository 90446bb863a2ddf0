"""LinkedIn's offline half: settings, abilities, and text as it goes over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from smmflow.credentials import Credentials
from smmflow.errors import ConfigurationError
from smmflow.language.measures import utf16_length
from smmflow.model.capabilities import (
    Capabilities,
    Limit,
    MediaLimits,
    MentionStyle,
    PollLimits,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.media import MediaKind
from smmflow.model.text import RichText
from smmflow.networks.authorizing import CodeFlow, OwnApp, SignIn
from smmflow.networks.interface import Network, PostSettings, Settings
from smmflow.networks.linkedin.little_text import commentary

if TYPE_CHECKING:
    # Checking and planning load no HTTP client.
    import httpx

    from smmflow.networks.linkedin.connection import LinkedInConnection

__all__ = [
    "VERSION",
    "LinkedIn",
    "LinkedInMember",
    "LinkedInPostSettings",
    "LinkedInSettings",
]

VERSION = "202605"
"""Of the API; each is switched off about a year after its month.
https://learn.microsoft.com/en-us/linkedin/marketing/versioning"""
_MEGABYTE = 1_000_000
_DOCUMENTS = frozenset(
    {
        "application/pdf",
        "application/msword",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
)
_MEMBER = "urn:li:person:"


class LinkedInSettings(Settings):
    """What `channels.yaml` says about an account on LinkedIn."""

    author: str = Field(
        pattern=r"^urn:li:(person|organization):[A-Za-z0-9_-]+$",
        description="Who posts: urn:li:organization:1234 for a page, "
        "urn:li:person:AbC123 for a member",
    )
    version: str = Field(
        default=VERSION,
        pattern=r"^20\d{2}(0[1-9]|1[0-2])$",
        description="Month of LinkedIn's API to speak, as in 202605, when the one "
        "smmflow knows has been switched off",
    )


class LinkedInPostSettings(PostSettings):
    """What a post may say for LinkedIn."""

    question: str = Field(
        default="",
        max_length=140,
        description="What a poll asks; else it is the last paragraph of the text",
    )


class LinkedIn(Network):
    """The page of an organization; `on` gives what a member's own account can do.

    Where the numbers come from, besides those beside them:
    https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api,
    and its neighbours images-api, multiimage-post-api, videos-api, documents-api,
    poll-post-api and comments-api.
    """

    name = "linkedin"
    title = "LinkedIn"
    documentation = (
        "https://learn.microsoft.com/en-us/linkedin/marketing/community-management/"
        "shares/posts-api"
    )
    settings = LinkedInSettings
    post_settings = LinkedInPostSettings
    secrets: ClassVar[Mapping[str, str]] = {
        "token": "an access token, which lasts 60 days, from the LinkedIn developer "
        "portal, Docs and tools, OAuth token tools",
        "client_id": "optional, together with client_secret: the application's, from "
        "its page Auth; `smmflow channels` then says what the token allows and until "
        "when",
        "client_secret": "optional: the application's, from the same page",
    }
    scopes = frozenset(
        {"w_organization_social", "r_organization_social", "rw_organization_admin"}
    )
    capabilities = Capabilities(
        # The help pages say 3,000 characters, the API gives no number, and nobody says
        # whether escapes count: https://www.linkedin.com/help/linkedin/answer/a528176
        text=Limit(3000, Unit.WEIGHTED, sure=False),
        media=(
            MediaLimits(
                MediaKind.IMAGE,
                frozenset({"image/jpeg", "image/png"}),
                max_pixels=36_152_320,
            ),
            MediaLimits(MediaKind.GIF, frozenset({"image/gif"}), max_pixels=36_152_320),
            MediaLimits(
                MediaKind.VIDEO,
                frozenset({"video/mp4"}),
                max_bytes=500 * _MEGABYTE,
                most=1,
                shortest=3,
                longest=30 * 60,
            ),
            MediaLimits(MediaKind.OTHER, _DOCUMENTS, max_bytes=100 * _MEGABYTE, most=1),
        ),
        max_media=20,
        alt_text=Limit(4086, Unit.UTF16),
        poll=PollLimits(
            min_options=2,
            max_options=4,
            option=Limit(30, Unit.UTF16),
            shortest=timedelta(days=1),
            longest=timedelta(days=14),
            multiple=False,
            durations=tuple(timedelta(days=each) for each in (1, 3, 7, 14)),
        ),
        card=Support.YES,
        # The API gives no number; people measured this one.
        comment=Limit(1250, Unit.UTF16, sure=False),
        edit=Support.YES,
        fixed=frozenset({"media", "poll", "visibility"}),
        withdraw=Support.YES,
        find=Support.YES,
        measure=Support.YES,
        measure_batch=20,
        followers=Support.YES,
        metrics=("impressions", "reach", "clicks", "likes", "comments", "shares"),
        messages=Support.YES,
        reply=Support.YES,
        # The same words are refused with 422 while the first post is live.
        repeats=False,
        mentions=MentionStyle.LINK,
    )

    def on(self, channel: Channel) -> Network:
        """Return what the author of this channel can do: an organization, or a member.

        What of a member's is there to be read needs a permission that LinkedIn gives
        to chosen partners only.
        """
        author = str(channel.settings.get("author", ""))
        return LinkedInMember() if author.startswith(_MEMBER) else LinkedIn()

    def variants(self) -> tuple[Network, ...]:
        """Return the page of an organization, and a member's account."""
        return (LinkedIn(), LinkedInMember())

    def ways_in(self, channel: Channel) -> tuple[SignIn, ...]:
        """Return how a person lets smmflow in.

        LinkedIn knows a challenge only for apps that it approved as native ones.
        https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow
        """
        del channel
        return (
            CodeFlow(
                page="https://www.linkedin.com/oauth/v2/authorization",
                token="https://www.linkedin.com/oauth/v2/accessToken",  # noqa: S106 - an address
                scopes=tuple(sorted(self.scopes)),
                app=OwnApp("https://www.linkedin.com/developers/apps, Auth"),
                challenge=False,
            ),
        )

    def length(self, text: RichText, unit: Unit) -> int:
        """Return the length; a post's text counts as it is sent.

        Sources disagree whether escapes count, so they do: a text that fits here fits
        there either way.
        """
        if unit is Unit.WEIGHTED:
            return utf16_length(commentary(text))
        return super().length(text, unit)

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> LinkedInConnection:
        """Return a connection; sends nothing yet.

        Raises:
            ConfigurationError: The channel names no author.
            MissingSecret: The token is not set.
        """
        from smmflow.networks.linkedin.introspection import (  # noqa: PLC0415 - loads HTTP
            Application,
        )
        from smmflow.networks.linkedin.member import (  # noqa: PLC0415 - loads HTTP
            MemberConnection,
        )
        from smmflow.networks.linkedin.organization import (  # noqa: PLC0415 - loads HTTP
            OrganizationConnection,
        )

        author = str(channel.settings.get("author", ""))
        if not author or "token" not in channel.secrets:
            raise ConfigurationError(
                f"channel {channel.name} needs an author and a secret named token",
                hint="channels.yaml: author: urn:li:organization:1234, "
                "secrets: {token: LINKEDIN_TOKEN}",
            )
        secrets = {
            name: credentials.secret(variable, channel=channel.name)
            for name, variable in channel.secrets.items()
        }
        application = None
        if {"client_id", "client_secret"} <= secrets.keys():
            application = Application(secrets["client_id"], secrets["client_secret"])
        member = author.startswith(_MEMBER)
        kind = MemberConnection if member else OrganizationConnection
        return kind(
            author,
            secrets["token"],
            str(channel.settings.get("version", VERSION)),
            application=application,
            transport=transport,
            root=root or Path(),
        )


class LinkedInMember(LinkedIn):
    """A member's own account: it can write, and read little more than numbers.

    Reading posts and comments needs `r_member_social`, which is closed:
    https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api#permissions
    """

    title = "LinkedIn (member)"
    documentation = (
        "https://learn.microsoft.com/en-us/linkedin/marketing/community-management/"
        "members/post-statistics"
    )
    scopes = frozenset(
        {
            "openid",
            "profile",
            "w_member_social",
            "r_member_postAnalytics",
            "r_member_profileAnalytics",
        }
    )
    capabilities = replace(
        LinkedIn.capabilities,
        find=Support.UNSUPPORTED,
        messages=Support.UNSUPPORTED,
        reply=Support.UNSUPPORTED,
        measure_batch=1,
        metrics=("impressions", "reach", "likes", "comments", "shares", "saves"),
    )
