"""Mastodon's offline half: settings, abilities, and text as its servers count it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
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
    MediaLimits,
    MentionStyle,
    PollLimits,
    ScheduleLimits,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.media import MediaKind
from smmflow.model.text import RichText
from smmflow.networks.authorizing import CodeFlow, Registered, SignIn
from smmflow.networks.interface import Network, Settings
from smmflow.networks.mastodon.text import countable

if TYPE_CHECKING:
    # Checking and planning load no HTTP client.
    import httpx

    from smmflow.networks.mastodon.connection import MastodonConnection

__all__ = ["Mastodon", "MastodonSettings"]

_MEBIBYTE = 1024 * 1024
_GIF = frozenset({"image/gif"})
_IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})
_VIDEO = frozenset({"video/mp4", "video/webm", "video/quicktime"})


class MastodonSettings(Settings):
    """What `channels.yaml` says about a Mastodon account."""

    instance: str = Field(
        pattern=r"^https?://[^/\s]+/?$",
        description="Address of the server, as in https://mastodon.social",
    )
    handle: str = Field(default="", description="Name of the account, for people")


class Mastodon(Network):
    """Mastodon, and servers that speak its API.

    Limits are those of an untouched Mastodon 4; an instance's own come from
    `Connection.limits`. Where the numbers come from:
    https://github.com/mastodon/mastodon/blob/main/app/models/media_attachment.rb,
    https://docs.joinmastodon.org/entities/Instance/#configuration
    """

    name = "mastodon"
    title = "Mastodon"
    documentation = "https://docs.joinmastodon.org/api/"
    settings = MastodonSettings
    secrets: ClassVar[Mapping[str, str]] = {
        "token": "an access token with the scopes read and write, from the instance's "
        "Preferences, Development, New application"
    }
    capabilities = Capabilities(
        text=Limit(500),
        media=(
            MediaLimits(MediaKind.IMAGE, _IMAGES, 16 * _MEBIBYTE, 33_177_600),
            MediaLimits(MediaKind.GIF, _GIF, 16 * _MEBIBYTE, 33_177_600),
            MediaLimits(MediaKind.VIDEO, _VIDEO, 99 * _MEBIBYTE, 8_294_400),
        ),
        max_media=4,
        alt_text=Limit(1500),
        poll=PollLimits(
            min_options=2,
            max_options=4,
            option=Limit(50),
            shortest=timedelta(minutes=5),
            longest=timedelta(seconds=2_629_746),
        ),
        threads=Support.YES,
        content_warning=Support.YES,
        visibilities=frozenset({"unlisted", "followers"}),
        edit=Support.YES,
        # The API knows no change of visibility, and a changed poll loses its votes.
        # https://docs.joinmastodon.org/methods/statuses/#edit
        fixed=frozenset({"poll", "visibility"}),
        withdraw=Support.YES,
        schedule=Support.YES,
        # https://docs.joinmastodon.org/methods/statuses/#create and, for the number,
        # https://github.com/mastodon/mastodon/blob/main/app/models/scheduled_status.rb
        schedule_limits=ScheduleLimits(earliest=timedelta(minutes=5), per_day=25),
        find=Support.YES,
        # For one hour, and only on Mastodon itself: enough to send again at once, not
        # to send again in a later run. https://docs.joinmastodon.org/methods/statuses/
        idempotent=True,
        measure=Support.YES,
        measure_batch=20,
        followers=Support.YES,
        messages=Support.YES,
        reply=Support.YES,
        metrics=("likes", "reposts", "replies", "quotes"),
        mentions=MentionStyle.ADDRESS,
        languages=1,
    )

    def length(self, text: RichText, unit: Unit) -> int:
        """Return the length as Mastodon's validator counts.

        A URL is 23 characters, a mention its local part, everything else graphemes:
        https://github.com/mastodon/mastodon/blob/main/app/validators/status_length_validator.rb

        Only a part's text: a content warning counts with it, see `overhead`.
        """
        match unit:
            case Unit.GRAPHEMES | Unit.WEIGHTED:
                return grapheme_count(countable(text.text))
            case Unit.CODE_POINTS:
                return code_points(text.text)
            case Unit.UTF8:
                return utf8_length(text.text)
            case Unit.UTF16:
                return utf16_length(text.text)

    def ways_in(self, channel: Channel) -> tuple[SignIn, ...]:
        """Return how a person lets smmflow in: the server makes an app on its own.

        Servers before 4.3 know no challenge and ignore it.
        https://docs.joinmastodon.org/spec/oauth/
        """
        instance = _instance(channel)
        return (
            CodeFlow(
                page=f"{instance}/oauth/authorize",
                token=f"{instance}/oauth/token",
                scopes=("read", "write"),
                app=Registered(f"{instance}/api/v1/apps"),
            ),
        )

    def overhead(self, content_warning: str) -> int:
        """Return what a content warning takes: it counts together with the text."""
        return grapheme_count(content_warning)

    def limits_for(self, raw: Mapping[str, int]) -> Capabilities:
        """Return the capabilities with an instance's numbers put in.

        Args:
            raw: As `MastodonConnection.limits` gave them; a number that is missing
                stays Mastodon's own.
        """
        return limited(self.capabilities, raw)

    def profile(self, channel: Channel) -> str:
        """Return the account's page, if `handle` is set."""
        instance = _instance(channel)
        handle = str(channel.settings.get("handle", "")).lstrip("@").partition("@")[0]
        return f"{instance}/@{handle}" if handle else instance

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> MastodonConnection:
        """Return a connection; sends nothing yet.

        Raises:
            ConfigurationError: The channel names no instance.
            MissingSecret: The token is not set.
        """
        from smmflow.networks.mastodon.connection import (  # noqa: PLC0415 - loads HTTP
            MastodonConnection,
        )

        instance = _instance(channel)
        if not instance or "token" not in channel.secrets:
            raise ConfigurationError(
                f"channel {channel.name} needs an instance and a secret named token",
                hint="channels.yaml: instance: https://mastodon.social, "
                "secrets: {token: MASTODON_TOKEN}",
            )
        token = credentials.secret(channel.secrets["token"], channel=channel.name)
        return MastodonConnection(
            instance, token, self, transport=transport, root=root or Path()
        )


def limited(capabilities: Capabilities, raw: Mapping[str, int]) -> Capabilities:
    """Return capabilities with some of their numbers replaced."""

    def bound(limits: MediaLimits) -> MediaLimits:
        video = limits.kind is MediaKind.VIDEO
        size, pixels = (
            ("video_bytes", "video_pixels")
            if video
            else ("image_bytes", "image_pixels")
        )
        return replace(
            limits,
            max_bytes=raw.get(size, limits.max_bytes),
            max_pixels=raw.get(pixels, limits.max_pixels),
        )

    poll, alt_text = capabilities.poll, capabilities.alt_text
    return replace(
        capabilities,
        text=replace(
            capabilities.text, maximum=raw.get("text", capabilities.text.maximum)
        ),
        max_media=raw.get("media", capabilities.max_media),
        media=tuple(bound(each) for each in capabilities.media),
        alt_text=alt_text
        and replace(alt_text, maximum=raw.get("alt_text", alt_text.maximum)),
        poll=poll
        and replace(
            poll,
            max_options=raw.get("poll_options", poll.max_options),
            option=replace(
                poll.option, maximum=raw.get("poll_option", poll.option.maximum)
            ),
            shortest=_seconds(raw, "poll_shortest", poll.shortest),
            longest=_seconds(raw, "poll_longest", poll.longest),
        ),
    )


def _instance(channel: Channel) -> str:
    return str(channel.settings.get("instance", "")).rstrip("/")


def _seconds(raw: Mapping[str, int], key: str, default: timedelta) -> timedelta:
    return timedelta(seconds=raw[key]) if key in raw else default
