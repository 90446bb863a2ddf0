"""Slack's offline half: settings, abilities, and text as it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
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
    ScheduleLimits,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.media import MediaKind
from smmflow.model.text import RichText
from smmflow.networks.interface import Connection, Network, PostSettings, Settings
from smmflow.networks.slack.rich import escaped

if TYPE_CHECKING:
    import httpx  # checking and planning load no HTTP client

__all__ = ["Slack", "SlackPostSettings", "SlackSettings", "SlackWebhook"]

_MEBIBYTE = 1024 * 1024


class SlackSettings(Settings):
    """What `channels.yaml` says about a channel of a Slack workspace."""

    channel_id: str = Field(
        default="",
        pattern=r"^([CG][A-Z0-9]{5,20})?$",
        description="For a bot: id of the channel, at the end of View channel details",
    )
    service: str = Field(
        default="https://slack.com/api",
        pattern=r"^https?://[^\s]+[^/\s]$",
        description="Address of the API, if it is not Slack's own",
    )
    hooks: str = Field(
        default="https://hooks.slack.com",
        pattern=r"^https?://[^/\s]+$",
        description="Address of webhooks, if it is not Slack's own",
    )


class SlackPostSettings(PostSettings):
    """What a post may set for Slack under `on: <channel>:`."""

    everyone: bool = Field(
        default=False,
        description="`<!here>`, `<!channel>` and `<!everyone>` in the text ring",
    )
    previews: bool = Field(default=True, description="Links show a preview")


class Slack(Network):
    """A bot that posts in one channel of a workspace.

    Limits: https://docs.slack.dev/reference/methods/chat.postMessage,
    https://docs.slack.dev/reference/block-kit/blocks/image-block,
    https://docs.slack.dev/reference/methods/chat.scheduleMessage
    """

    name = "slack"
    title = "Slack"
    documentation = "https://docs.slack.dev/apis/web-api/"
    settings = SlackSettings
    post_settings = SlackPostSettings
    secrets: ClassVar[Mapping[str, str]] = {
        "token": "the Bot User OAuth Token (xoxb-) of an app of your own, from OAuth & "
        "Permissions at https://api.slack.com/apps; needs channel_id",
        "webhook": "instead: the whole address of an incoming webhook, from Incoming "
        "Webhooks at https://api.slack.com/apps",
    }
    scopes = frozenset(
        {"chat:write", "channels:history", "channels:read", "files:read", "files:write"}
    )
    capabilities = Capabilities(
        # Slack advises 4,000 characters and cuts off what is above 40,000; blocks are
        # refused well before that: https://github.com/slackapi/bolt-js/issues/2509
        text=Limit(4000, Unit.CODE_POINTS, sure=False),
        also=(Limit(12_000, Unit.CODE_POINTS),),
        markup=Markup.SPANS,
        links=LinkStyle.SPAN,
        media=(
            MediaLimits(
                MediaKind.IMAGE, frozenset({"image/jpeg", "image/png"}), 10 * _MEBIBYTE
            ),
            MediaLimits(MediaKind.GIF, frozenset({"image/gif"}), 10 * _MEBIBYTE),
        ),
        # A message has 50 blocks, and the text is one of them.
        max_media=49,
        alt_text=Limit(2000, Unit.CODE_POINTS),
        threads=Support.YES,
        comment=Limit(12_000, Unit.CODE_POINTS),
        edit=Support.YES,
        withdraw=Support.YES,
        schedule=Support.YES,
        schedule_limits=ScheduleLimits(
            earliest=timedelta(minutes=5), latest=timedelta(days=120)
        ),
        find=Support.YES,
        measure=Support.YES,
        followers=Support.YES,
        metrics=("reactions", "replies"),
        messages=Support.YES,
        reply=Support.YES,
    )

    def on(self, channel: Channel) -> Network:
        """Return the webhook's abilities where the channel names one."""
        return SlackWebhook() if "webhook" in channel.secrets else self

    def variants(self) -> tuple[Network, ...]:
        """Return bot and webhook."""
        return (Slack(), SlackWebhook())

    def length(self, text: RichText, unit: Unit) -> int:
        """Return the length of the words as they are sent, `&`, `<` and `>` escaped."""
        return super().length(RichText(escaped(text.text)), unit)

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> Connection:
        """Return a connection, of the kind that the channel's secrets say.

        Raises:
            ConfigurationError: The channel names neither a webhook nor a bot's channel.
            MissingSecret: The secret is not set.
        """
        from smmflow.networks.slack.connection import (  # noqa: PLC0415 - loads HTTP
            SlackConnection,
        )
        from smmflow.networks.slack.webhook import (  # noqa: PLC0415 - loads HTTP
            SlackWebhookConnection,
        )

        settings = self.settings.model_validate(dict(channel.settings))
        if "webhook" in channel.secrets:
            url = credentials.secret(channel.secrets["webhook"], channel=channel.name)
            return SlackWebhookConnection(settings.hooks, url, transport=transport)
        if "token" not in channel.secrets or not settings.channel_id:
            raise ConfigurationError(
                f"channel {channel.name} needs a secret named webhook, or one named "
                "token and the setting channel_id",
                hint="channels.yaml: channel_id: C012AB3CD, "
                "secrets: {token: SLACK_TOKEN}",
            )
        token = credentials.secret(channel.secrets["token"], channel=channel.name)
        return SlackConnection(
            settings.service,
            token,
            settings.channel_id,
            transport=transport,
            root=root or Path(),
        )


class SlackWebhook(Slack):
    """An incoming webhook: it posts, and tells nothing of what became of it.

    https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
    """

    title = "Slack webhook"
    scopes = frozenset()
    capabilities = replace(
        Slack.capabilities,
        media=(),
        max_media=0,
        alt_text=None,
        threads=Support.UNSUPPORTED,
        comment=None,
        edit=Support.UNSUPPORTED,
        withdraw=Support.UNSUPPORTED,
        schedule=Support.UNSUPPORTED,
        schedule_limits=None,
        find=Support.UNSUPPORTED,
        measure=Support.UNSUPPORTED,
        followers=Support.UNSUPPORTED,
        metrics=(),
        messages=Support.UNSUPPORTED,
        reply=Support.UNSUPPORTED,
        permalinks=False,
    )

    def variants(self) -> tuple[Network, ...]:
        """Return itself: the fuller one lists both."""
        return (self,)
