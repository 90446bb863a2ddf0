"""Telegram's offline half: settings, abilities, and text as the Bot API counts it."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
    LinkStyle,
    Markup,
    MediaLimits,
    MentionStyle,
    PollLimits,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.media import MediaKind
from smmflow.model.text import RichText
from smmflow.networks.interface import Network, PostSettings, Settings
from smmflow.networks.telegram.dialect import TELEGRAM, Dialect
from smmflow.networks.telegram.entities import marked
from smmflow.networks.telegram.message import LONGEST_QUESTION
from smmflow.networks.telegram.options import TelegramPostSettings

if TYPE_CHECKING:
    # Checking and planning load no HTTP client.
    import httpx

    from smmflow.networks.telegram.connection import BotConnection

__all__ = ["MEDIA", "BotNetwork", "Telegram", "TelegramSettings"]

_MEBIBYTE = 1024 * 1024
_UPLOAD = 50 * _MEBIBYTE
_CHAT = re.compile(r"@[A-Za-z][A-Za-z0-9_]*|-?\d+", re.ASCII)

MEDIA = (
    # Of a photo, width and height together are bounded: no side can be longer.
    MediaLimits(
        MediaKind.IMAGE,
        frozenset({"image/jpeg", "image/png", "image/webp"}),
        10 * _MEBIBYTE,
        recode=True,
        max_side=10_000,
        min_ratio=1 / 20,
        max_ratio=20,
    ),
    MediaLimits(MediaKind.GIF, frozenset({"image/gif"}), _UPLOAD, most=1),
    MediaLimits(MediaKind.VIDEO, frozenset({"video/mp4"}), _UPLOAD),
    MediaLimits(
        MediaKind.AUDIO, frozenset({"audio/mpeg", "audio/mp4", "audio/x-m4a"}), _UPLOAD
    ),
    MediaLimits(
        MediaKind.OTHER,
        frozenset({"application/pdf", "application/zip", "application/epub+zip"}),
        _UPLOAD,
    ),
)
"""https://core.telegram.org/bots/api#sending-files, and each method's own bounds."""


class TelegramSettings(Settings):
    """What `channels.yaml` says about a Telegram channel."""

    chat: str = Field(
        pattern=rf"^(?:{_CHAT.pattern})$",
        coerce_numbers_to_str=True,
        description="The channel: `@name`, or its id, as in -1001234567890",
    )
    service: str = Field(
        default="https://api.telegram.org",
        pattern=r"^https?://[^/\s]+/?$",
        description="Address of the Bot API server, if you run your own",
    )


class BotNetwork(Network):
    """What Telegram and Bale have in common: a channel, and a bot that writes there."""

    dialect: ClassVar[Dialect]

    def profile(self, channel: Channel) -> str:
        """Return the channel's page, if `chat` is its name."""
        chat = str(channel.settings.get("chat", ""))
        return f"{self.dialect.pages}/{chat[1:]}" if chat.startswith("@") else ""

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> BotConnection:
        """Return a connection; sends nothing yet.

        Raises:
            ConfigurationError: The channel names no chat.
            MissingSecret: The token is not set.
        """
        from smmflow.networks.telegram.connection import (  # noqa: PLC0415 - loads HTTP
            BotConnection,
        )

        chat = str(channel.settings.get("chat", ""))
        if not _CHAT.fullmatch(chat) or "token" not in channel.secrets:
            raise ConfigurationError(
                f"channel {channel.name} needs a chat and a secret named token",
                hint=f'channels.yaml: chat: "@name", '
                f"secrets: {{token: {self.name.upper()}_TOKEN}}",
            )
        standard = self.settings.model_fields["service"].default
        service = str(channel.settings.get("service") or standard).rstrip("/")
        return BotConnection(
            service=service,
            token=credentials.secret(channel.secrets["token"], channel=channel.name),
            chat=chat,
            network=self,
            dialect=self.dialect,
            transport=transport,
            root=root or Path(),
        )


class Telegram(BotNetwork):
    """A Telegram channel, by a bot that is one of its administrators.

    Where the numbers come from: https://core.telegram.org/bots/api#sendmessage,
    #sendphoto, #sendmediagroup, #sendpoll.
    """

    name = "telegram"
    title = "Telegram"
    documentation = "https://core.telegram.org/bots/api"
    extras = frozenset({"images"})
    dialect = TELEGRAM
    settings = TelegramSettings
    post_settings: ClassVar[type[PostSettings]] = TelegramPostSettings
    secrets: ClassVar[Mapping[str, str]] = {
        "token": "the bot's token, from @BotFather: /newbot"
    }
    scopes = frozenset({"can_post_messages"})
    capabilities = Capabilities(
        text=Limit(4096, Unit.UTF16),
        caption=(Limit(1024, Unit.UTF16),),
        markup=Markup.SPANS,
        links=LinkStyle.SPAN,
        media=MEDIA,
        max_media=10,
        mixed_media=True,
        poll=PollLimits(
            min_options=2,
            max_options=12,
            option=Limit(100, Unit.UTF16),
            shortest=timedelta(seconds=5),
            longest=timedelta(seconds=2_628_000),
            question=Limit(LONGEST_QUESTION, Unit.UTF16),
        ),
        threads=Support.YES,
        edit=Support.YES,
        fixed=frozenset({"poll"}),
        withdraw=Support.YES,
        followers=Support.YES,
        # Comments stand in the group that is linked to the channel. A bot there gets
        # them by getUpdates, which forgets after a day and takes them away from every
        # other program of the same bot. https://core.telegram.org/bots/api#getupdates
        messages=Support.NOT_WRITTEN,
        reply=Support.NOT_WRITTEN,
        # https://github.com/tdlib/td/blob/master/td/telegram/MessageEntity.cpp
        hashtag_marks=False,
        mentions=MentionStyle.HANDLE,
    )

    def length(self, text: RichText, unit: Unit) -> int:
        """Return the length after entity parsing, which is what the API bounds."""
        if unit is Unit.UTF16:
            return utf16_length(marked(text).text)
        return super().length(text, unit)
