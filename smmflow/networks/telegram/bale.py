"""Bale's offline half: Telegram's Bot API at another address, with other markup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from smmflow.model.capabilities import (
    Capabilities,
    Limit,
    LinkStyle,
    Markup,
    MentionStyle,
    Support,
    Unit,
)
from smmflow.model.text import RichText
from smmflow.networks.telegram.dialect import BALE
from smmflow.networks.telegram.markdown import bale_markdown
from smmflow.networks.telegram.network import MEDIA, BotNetwork, TelegramSettings

__all__ = ["Bale", "BaleSettings"]


_MEDIA = tuple(
    replace(each, max_side=None, min_ratio=None, max_ratio=None, sure=False)
    for each in MEDIA
)
"""Bytes as on Telegram, by https://docs.bale.ai; of sides nothing is said."""


class BaleSettings(TelegramSettings):
    """What `channels.yaml` says about a Bale channel."""

    service: str = Field(
        default="https://tapi.bale.ai",
        pattern=r"^https?://[^/\s]+/?$",
        description="Address of the Bot API server",
    )


class Bale(BotNetwork):
    """A Bale channel, by a bot that is one of its administrators.

    Bale says less about itself than Telegram does. Captions are bounded by 1024 in
    https://github.com/python-bale-bot/python-bale-bot and by 4096 elsewhere, so the
    lower number only warns. What a length counts is not said either: what is too long
    by the unit that gives the least is refused, by the one that gives the most warned
    of.
    """

    name = "bale"
    title = "Bale"
    documentation = "https://docs.bale.ai"
    extras = frozenset({"images"})
    dialect = BALE
    settings = BaleSettings
    secrets: ClassVar[Mapping[str, str]] = {
        "token": "the bot's token, from @botfather on Bale"
    }
    scopes = frozenset({"can_post_messages"})
    capabilities = Capabilities(
        text=Limit(4096, Unit.CODE_POINTS),
        also=(Limit(4096, Unit.UTF16, sure=False),),
        caption=(Limit(1024, Unit.UTF16, sure=False),),
        markup=Markup.SPANS,
        links=LinkStyle.SPAN,
        media=_MEDIA,
        max_media=10,
        mixed_media=True,
        threads=Support.YES,
        edit=Support.YES,
        withdraw=Support.YES,
        followers=Support.YES,
        # As on Telegram: getUpdates forgets after a day.
        messages=Support.NOT_WRITTEN,
        reply=Support.NOT_WRITTEN,
        permalinks=False,
        mentions=MentionStyle.HANDLE,
    )

    def length(self, text: RichText, unit: Unit) -> int:
        """Return the length of what is sent, marks of its Markdown included."""
        return super().length(RichText(bale_markdown(text)), unit)
