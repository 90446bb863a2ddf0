"""What differs among servers of the Bot API: markup, replies, addresses."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping

from smmflow.model.text import RichText
from smmflow.networks.telegram.entities import marked
from smmflow.networks.telegram.markdown import bale_markdown

__all__ = ["BALE", "TELEGRAM", "Dialect", "Fields"]

Fields = dict[str, object]

_PUBLIC = re.compile(
    r"https?://(?:t|telegram)\.me/(?:s/)?(?!c/)([A-Za-z]\w+)/(\d+)(?:[?#].*)?",
    re.ASCII,
)
_PRIVATE = re.compile(r"https?://t\.me/c/(\d+)/(\d+)(?:[?#].*)?", re.ASCII)
_CHANNEL = "-100"
"""What ids of channels begin with: https://core.telegram.org/api/bots/ids"""


class Dialect(ABC):
    """How one of them wants it.

    Attributes:
        members: The method that counts who is in a chat.
        edits_media: Files of a live message can be replaced.
        streams: Videos can say that they may be watched while they load.
        sides: Most pixels of a photo, width and height together; None if not said.
        pages: What addresses of channels begin with.
    """

    members: str
    pages: str
    edits_media: bool
    streams: bool
    sides: int | None

    @abstractmethod
    def words(self, rich: RichText, name: str) -> Fields:
        """Return the fields that hold text.

        Args:
            rich: The text.
            name: `text` or `caption`.
        """

    @abstractmethod
    def reply(self, parent: int) -> Fields:
        """Return the fields that make a message follow another."""

    @abstractmethod
    def address(self, chat: Mapping[str, object], number: int) -> str:
        """Return where people see a message; empty where nobody knows."""

    @abstractmethod
    def number(self, url: str, chat: Mapping[str, object]) -> int | None:
        """Return which message of a chat an address leads to; None if to none."""


class _Telegram(Dialect):
    members = "getChatMemberCount"
    pages = "https://t.me"
    edits_media = True
    streams = True
    sides = 10_000

    def words(self, rich: RichText, name: str) -> Fields:
        said = marked(rich)
        fields: Fields = {name: said.text}
        if said.entities:
            key = "entities" if name == "text" else f"{name}_entities"
            fields[key] = [each.body() for each in said.entities]
        return fields

    def reply(self, parent: int) -> Fields:
        return {"reply_parameters": {"message_id": parent}}

    def address(self, chat: Mapping[str, object], number: int) -> str:
        """https://core.telegram.org/api/links#message-links."""
        if name := chat.get("username"):
            return f"https://t.me/{name}/{number}"
        inner = str(chat.get("id", "")).removeprefix(_CHANNEL)
        return f"https://t.me/c/{inner}/{number}"

    def number(self, url: str, chat: Mapping[str, object]) -> int | None:
        if found := _PUBLIC.fullmatch(url.strip()):
            ours = found[1].lower() == str(chat.get("username", "")).lower()
            return int(found[2]) if ours else None
        if found := _PRIVATE.fullmatch(url.strip()):
            ours = f"{_CHANNEL}{found[1]}" == str(chat.get("id"))
            return int(found[2]) if ours else None
        return None


class _Bale(Dialect):
    # No page of Bale's says where a message of a channel is to be seen.
    members = "getChatMembersCount"
    pages = "https://ble.ir"
    edits_media = False
    streams = False
    sides = None

    def words(self, rich: RichText, name: str) -> Fields:
        return {name: bale_markdown(rich)}

    def reply(self, parent: int) -> Fields:
        return {"reply_to_message_id": parent}

    def address(self, chat: Mapping[str, object], number: int) -> str:
        del chat, number
        return ""

    def number(self, url: str, chat: Mapping[str, object]) -> int | None:
        del url, chat
        return None


TELEGRAM: Dialect = _Telegram()
BALE: Dialect = _Bale()
