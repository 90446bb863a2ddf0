"""Discord's offline half: settings, abilities, and text as Discord counts it."""

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
    LinkStyle,
    Markup,
    MediaLimits,
    PollLimits,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.media import MediaKind
from smmflow.model.text import RichText
from smmflow.networks.discord.markup import written
from smmflow.networks.interface import Network, PostSettings, Settings

if TYPE_CHECKING:
    # Checking and planning load no HTTP client.
    import httpx

    from smmflow.networks.discord.bot import DiscordBot
    from smmflow.networks.discord.connection import DiscordConnection

__all__ = ["Discord", "DiscordPostSettings", "DiscordSettings", "DiscordWebhook"]

_MEBIBYTE = 1024 * 1024
_FILE = 10 * _MEBIBYTE
_TYPES = {
    MediaKind.IMAGE: frozenset({"image/jpeg", "image/png", "image/webp"}),
    MediaKind.GIF: frozenset({"image/gif"}),
    MediaKind.VIDEO: frozenset({"video/mp4", "video/webm", "video/quicktime"}),
    MediaKind.AUDIO: frozenset({"audio/mpeg", "audio/ogg", "audio/wav", "audio/flac"}),
    MediaKind.OTHER: frozenset({"application/pdf", "application/zip"}),
}
_SNOWFLAKE = r"^[0-9]{5,25}$"


class DiscordSettings(Settings):
    """What `channels.yaml` says about a channel on a Discord server."""

    channel_id: str = Field(
        default="",
        pattern=r"^([0-9]{5,25})?$",
        description="For a bot: id of the channel, in quotes "
        "(developer mode, right click, Copy Channel ID)",
    )
    thread_id: str = Field(
        default="",
        pattern=r"^([0-9]{5,25})?$",
        description="For a webhook: id of the thread of its channel to post in",
    )
    service: str = Field(
        default="https://discord.com/api/v10",
        pattern=r"^https?://[^\s]+[^/\s]$",
        description="Address of the API, if it is not Discord's own",
    )


class DiscordPostSettings(PostSettings):
    """What a post may set for Discord under `on: <channel>:`.

    https://docs.discord.com/developers/resources/message#allowed-mentions-object
    """

    everyone: bool = Field(
        default=False, description="`@everyone` and `@here` in the text ring"
    )
    users: tuple[str, ...] = Field(
        default=(),
        max_length=100,
        description="Ids of accounts whose `<@id>` in the text rings",
    )
    roles: tuple[str, ...] = Field(
        default=(),
        max_length=100,
        description="Ids of roles whose `<@&id>` in the text rings",
    )
    previews: bool = Field(default=True, description="Links show a preview")
    silent: bool = Field(default=False, description="Nobody's device makes a sound")
    thread_name: str = Field(
        default="",
        max_length=100,
        description="By webhook into a forum: title of the thread that the post opens",
    )


class Discord(Network):
    """A bot that posts in one channel of a server.

    Limits: https://docs.discord.com/developers/resources/message#create-message,
    https://docs.discord.com/developers/reference#uploading-files (servers with boosts
    take larger files), https://docs.discord.com/developers/resources/poll
    """

    name = "discord"
    title = "Discord"
    documentation = "https://docs.discord.com/developers/reference"
    settings = DiscordSettings
    post_settings = DiscordPostSettings
    secrets: ClassVar[Mapping[str, str]] = {
        "token": "a bot's token, from the application's page Bot at "
        "https://discord.com/developers/applications; needs channel_id",
        "webhook": "instead: a webhook's whole address, from the channel's settings, "
        "Integrations, Webhooks, Copy Webhook URL",
    }
    capabilities = Capabilities(
        # Discord does not say what it counts: the stricter reading only warns.
        text=Limit(2000, Unit.CODE_POINTS),
        also=(Limit(2000, Unit.UTF16, sure=False),),
        markup=Markup.SPANS,
        links=LinkStyle.SPAN,
        media=tuple(
            # Servers with boosts take larger ones.
            MediaLimits(kind, types, _FILE, sure=False)
            for kind, types in _TYPES.items()
        ),
        max_media=10,
        mixed_media=True,
        alt_text=Limit(1024, Unit.CODE_POINTS),
        poll=PollLimits(
            min_options=1,
            max_options=10,
            option=Limit(55, Unit.CODE_POINTS),
            shortest=timedelta(hours=1),
            longest=timedelta(days=32),
        ),
        threads=Support.YES,
        comment=Limit(2000, Unit.CODE_POINTS),
        edit=Support.YES,
        # https://docs.discord.com/developers/resources/poll#poll-create-request-object
        fixed=frozenset({"poll"}),
        withdraw=Support.YES,
        find=Support.YES,
        # A nonce is sent and enforced, but remembered for a few minutes only: a guard
        # against what a network repeats by itself, no leave to send again.
        # https://docs.discord.com/developers/resources/message#create-message
        idempotent=False,
        measure=Support.YES,
        followers=Support.YES,
        metrics=("reactions",),
        messages=Support.YES,
        reply=Support.YES,
    )

    def on(self, channel: Channel) -> Network:
        """Return the webhook's abilities where the channel names one."""
        return DiscordWebhook() if "webhook" in channel.secrets else self

    def variants(self) -> tuple[Network, ...]:
        """Return bot and webhook."""
        return (Discord(), DiscordWebhook())

    def length(self, text: RichText, unit: Unit) -> int:
        """Return the length of what is sent: with the marks and addresses of links."""
        sent = written(text)
        match unit:
            case Unit.GRAPHEMES:
                return grapheme_count(sent)
            case Unit.CODE_POINTS | Unit.WEIGHTED:
                return code_points(sent)
            case Unit.UTF8:
                return utf8_length(sent)
            case Unit.UTF16:
                return utf16_length(sent)

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> DiscordConnection | DiscordBot:
        """Return a connection, of the kind that the channel's secrets say.

        Raises:
            ConfigurationError: The channel names neither a webhook nor a bot's channel.
            MissingSecret: The secret is not set.
        """
        from smmflow.networks.discord.bot import (  # noqa: PLC0415 - loads HTTP
            DiscordBot,
        )
        from smmflow.networks.discord.connection import (  # noqa: PLC0415 - loads HTTP
            DiscordConnection,
        )
        from smmflow.networks.discord.door import (  # noqa: PLC0415 - loads HTTP
            BotDoor,
        )
        from smmflow.networks.discord.webhook import (  # noqa: PLC0415 - loads HTTP
            WebhookDoor,
        )

        settings = self.settings.model_validate(dict(channel.settings))
        if "webhook" in channel.secrets:
            url = credentials.secret(channel.secrets["webhook"], channel=channel.name)
            webhook = WebhookDoor(
                settings.service, url, settings.thread_id, transport=transport
            )
            return DiscordConnection(webhook, root or Path())
        if "token" not in channel.secrets or not settings.channel_id:
            raise ConfigurationError(
                f"channel {channel.name} needs a secret named webhook, or one named "
                "token and the setting channel_id",
                hint="channels.yaml: secrets: {webhook: DISCORD_WEBHOOK}",
            )
        token = credentials.secret(channel.secrets["token"], channel=channel.name)
        bot = BotDoor(settings.service, token, settings.channel_id, transport=transport)
        return DiscordBot(bot, root or Path())


class DiscordWebhook(Discord):
    """A webhook: it posts, changes and deletes, and can see nothing but what it posted.

    Its messages can't refer to each other, and there is no list of them:
    https://docs.discord.com/developers/resources/webhook#execute-webhook
    """

    title = "Discord webhook"
    capabilities = replace(
        Discord.capabilities,
        threads=Support.UNSUPPORTED,
        comment=None,
        find=Support.UNSUPPORTED,
        measure=Support.UNSUPPORTED,
        followers=Support.UNSUPPORTED,
        metrics=(),
        messages=Support.UNSUPPORTED,
        reply=Support.UNSUPPORTED,
    )

    def variants(self) -> tuple[Network, ...]:
        """Return itself: the fuller one lists both."""
        return (self,)
