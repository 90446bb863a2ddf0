"""A bot that is an administrator of a channel: its messages there, and who reads it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from smmflow.credentials import Secret
from smmflow.errors import (
    Rejected,
    Unreachable,
    Unsupported,
    UsageError,
)
from smmflow.model.channel_post import ChannelPost, Part, PartKey
from smmflow.model.media import Attachment, MediaKind
from smmflow.model.publication import Receipt
from smmflow.networks.http import Http
from smmflow.networks.images import shrunk
from smmflow.networks.interface import Among, Connection, Identity, Thread
from smmflow.networks.media import read_media
from smmflow.networks.telegram.api import BotApi, Files, said
from smmflow.networks.telegram.dialect import Dialect, Fields
from smmflow.networks.telegram.message import (
    asked,
    letter,
    media_of,
    name_of,
    receipt_of,
)
from smmflow.networks.telegram.options import looks_of, options_of

if TYPE_CHECKING:
    from smmflow.networks.interface import Network

__all__ = ["BotConnection"]

_ANEW = "withdraw the post and publish it anew"
_POSTING = "can_post_messages"
_IN_GROUPS = frozenset({"administrator", "member"})


class BotConnection(Connection):
    """Publishes once: there is no key, and what is there can't be read by a bot.

    Args:
        service: Address of the server of the API.
        token: The bot's.
        chat: `@name`, or the id.
        network: The offline half.
        dialect: How that server wants it.
        transport: What carries requests; None for the real network.
        root: The workspace, which paths of media are relative to.
    """

    def __init__(  # noqa: PLR0913 - all named
        self,
        *,
        service: str,
        token: Secret,
        chat: str,
        network: Network,
        dialect: Dialect,
        transport: httpx.BaseTransport | None,
        root: Path,
    ) -> None:
        self._http = Http(service, network.title, transport=transport)
        self._api = BotApi(self._http, token, network.title)
        self._chat: str | int = chat if chat.startswith("@") else int(chat)
        self._network = network
        self._dialect = dialect
        self._root = root

    def whoami(self) -> Identity:
        """Return the bot, and whether it may post in the channel.

        https://core.telegram.org/bots/api#getchatmember
        """
        me = _object(self._api.ask("getMe", repeatable=True))
        chat = self._about_chat()
        who = {"chat_id": self._chat, "user_id": me.get("id")}
        member = _object(self._api.ask("getChatMember", who, repeatable=True))
        name = me.get("username") or me.get("first_name") or me.get("id")
        page = chat.get("username")
        return Identity(
            str(me.get("id")),
            f"@{name}" if me.get("username") else str(name),
            f"{self._dialect.pages}/{page}" if page else "",
            scopes=_rights(member),
        )

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt:
        """Send a part as one message, or as one album.

        Raises:
            NetworkError: Of the kind that fits.
            ConfigurationError: A file can't be used.
        """
        del key  # the API takes none
        content = post.parts[part]
        sent = letter(content, post.settings, self._dialect)
        fields: Fields = {
            "chat_id": self._chat,
            **sent.fields,
            **options_of(post.settings, sent.method),
        }
        if after is not None:
            fields |= self._dialect.reply(_number(after.parent.id))
        files = {name: self._file(each) for name, each in sent.files.items()}
        result = self._api.ask(sent.method, fields, repeatable=False, files=files)
        return receipt_of(result, content, self._dialect)

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Raise: a bot can't read what stands in a channel.

        Raises:
            Unsupported: Always.
        """
        del post, part, key, among
        raise Unsupported(
            f"a bot can't read what stands in a channel of {self._network.title}",
            hint="look into the channel, and settle it with `smmflow reconcile`",
        )

    def adopt(self, url: str) -> Receipt:
        """Return the receipt of a message by its address in this channel.

        That it is there, and ours, is the word of whoever looked: a bot can't. When it
        went out is not known either, so it is as old as this call.

        Raises:
            UsageError: It is no address of a message in this channel.
        """
        if not self._network.capabilities.permalinks:
            return super().adopt(url)
        answer = self._api.exchange("getChat", {"chat_id": self._chat}, repeatable=True)
        chat = _object(self._api.result(answer, repeatable=True))
        number = self._dialect.number(url, chat)
        if number is None:
            raise UsageError(
                f"{url} is no address of a message in {self._chat}",
                hint="copy it from the message in the channel, as in "
                f"{self._dialect.address(chat, 1234)}",
            )
        if answer.at is None:
            raise Unreachable(f"{self._http.base} did not say what time it is")
        return Receipt(str(number), self._dialect.address(chat, number), answer.at)

    def edit(self, receipt: Receipt, post: ChannelPost, part: int) -> Receipt:
        """Change the text or the caption, and of the files those that are others now.

        https://core.telegram.org/bots/api#updating-messages

        Raises:
            Rejected: It is a poll, or shows more or fewer files than before.
        """
        content = post.parts[part]
        digests = [each.facts.sha256 for each in content.media]
        live = receipt.more.get("sha256", "").split()
        if content.poll is not None:
            if receipt.more.get("poll") == asked(content):
                return receipt
            raise Rejected("a live poll can't be changed here", hint=_ANEW)
        if not digests and not live:
            preview = options_of(post.settings, "editMessageText")
            words = self._dialect.words(content.text, "text")
            self._change("editMessageText", receipt.id, {**words, **preview})
            return receipt
        names = receipt.more.get("messages", receipt.id).split()
        # Of one file, what it was need not be known: it is put in its place.
        known = len(live) == len(digests) or (len(digests) == 1 and not live)
        if len(names) != len(digests) or not known:
            raise Rejected(
                "files of a live message can be replaced here, but neither added nor "
                "taken away",
                hint=_ANEW,
            )
        self._change_files(receipt, post, content, live)
        more = {**receipt.more, "sha256": " ".join(digests)}
        more.setdefault("messages", receipt.id)
        return Receipt(receipt.id, receipt.url, receipt.at, more)

    def withdraw(self, receipt: Receipt) -> None:
        """Delete a message, or all of an album; what is gone already is no error.

        https://core.telegram.org/bots/api#deletemessage

        Raises:
            Rejected: The network lets nobody delete it any more.
        """
        for name in receipt.more.get("messages", receipt.id).split():
            where = {"chat_id": self._chat, "message_id": _number(name)}
            answer = self._api.exchange("deleteMessage", where, repeatable=False)
            words = said(answer).lower()
            if _refused(answer.status) and _tells_gone(words):
                continue
            try:
                self._api.result(answer, repeatable=False)
            except Rejected as error:
                raise Rejected(
                    error.message,
                    hint="bots can delete what is younger than 48 hours: delete it by "
                    "hand, and the next run finds it gone",
                ) from None

    def followers(self) -> int | None:
        """Read how many are in the channel, the bot among them."""
        count = self._api.ask(
            self._dialect.members, {"chat_id": self._chat}, repeatable=True
        )
        return count if isinstance(count, int) else None

    def close(self) -> None:
        """Let go of sockets."""
        self._http.close()

    def _about_chat(self) -> Mapping[str, object]:
        where = {"chat_id": self._chat}
        return _object(self._api.ask("getChat", where, repeatable=True))

    def _change_files(
        self, receipt: Receipt, post: ChannelPost, content: Part, live: list[str]
    ) -> None:
        names = receipt.more.get("messages", receipt.id).split()
        for index, each in enumerate(content.media):
            if index < len(live) and live[index] == each.facts.sha256:
                if index == 0:
                    fields = self._dialect.words(content.text, "caption")
                    looks = looks_of(post.settings, each.facts.kind)
                    looks.pop("has_spoiler", None)  # stays as it is
                    self._change("editMessageCaption", names[0], {**fields, **looks})
                continue
            if not self._dialect.edits_media:
                raise Rejected("files of a live message can't be changed", hint=_ANEW)
            media = media_of(content, index, post.settings, self._dialect)
            files = {name_of(index): self._file(each)}
            self._change("editMessageMedia", names[index], {"media": media}, files)

    def _change(
        self, method: str, name: str, fields: Fields, files: Files | None = None
    ) -> None:
        where: Fields = {"chat_id": self._chat, "message_id": _number(name)}
        answer = self._api.exchange(
            method, {**where, **fields}, repeatable=False, files=files
        )
        if _refused(answer.status) and "not modified" in said(answer).lower():
            return
        self._api.result(answer, repeatable=False)

    def _file(self, attachment: Attachment) -> tuple[str, bytes, str]:
        facts = attachment.facts
        content = read_media(self._root, facts)
        limits = self._network.capabilities.media_limits(facts.kind)
        most = limits.max_bytes if limits else None
        name = facts.path.rpartition("/")[2]
        if facts.kind is MediaKind.IMAGE and most is not None and len(content) > most:
            smaller = shrunk(content, most, name=facts.path)
            return name, smaller.content, smaller.media_type
        return name, content, facts.media_type


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise Unreachable("the server answered with something else than asked for")
    return value


def _number(name: str) -> int:
    if not name.isdecimal():
        raise Rejected(
            f"of this message only its address is known: {name}",
            hint="change it by hand in the app",
        )
    return int(name)


def _rights(member: Mapping[str, object]) -> frozenset[str]:
    """https://core.telegram.org/bots/api#chatmember."""
    rights = {name for name, value in member.items() if value is True}
    # Groups know no right to post: who is in one has it.
    grouped = _POSTING not in member and member.get("status") in _IN_GROUPS
    if grouped or member.get("status") == "creator":
        rights.add(_POSTING)
    return frozenset(each for each in rights if each.startswith("can_"))


def _refused(status: int) -> bool:
    return HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR


def _tells_gone(words: str) -> bool:
    return "message" in words and "not found" in words
