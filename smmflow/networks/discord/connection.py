"""What bots and webhooks have in common: their own messages, sent, changed, deleted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from smmflow.errors import Rejected, Unsupported, UsageError
from smmflow.model.channel_post import ChannelPost, Part, PartKey
from smmflow.model.publication import Pending, Receipt
from smmflow.networks.discord.address import Address, address_of, page_of
from smmflow.networks.discord.door import Door, is_gone
from smmflow.networks.discord.message import (
    id_of,
    message_body,
    moment_of,
    question_for,
    question_of,
    said_by,
)
from smmflow.networks.http import Request
from smmflow.networks.interface import Among, Connection, Identity, Thread
from smmflow.networks.media import read_media

__all__ = ["DiscordConnection"]

Json = dict[str, object]


class DiscordConnection(Connection):
    """A webhook: it knows no key and has no list, so a lost answer stays a doubt.

    Args:
        door: What opens the channel.
        root: The workspace, which paths of media are relative to.
    """

    def __init__(self, door: Door, root: Path) -> None:
        self._entrance = door
        self._root = root

    def whoami(self) -> Identity:
        """Return the webhook or the bot."""
        return self._entrance.whoami()

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt | Pending:
        """Send the message with its files, in one request.

        https://docs.discord.com/developers/resources/webhook#execute-webhook

        Raises:
            NetworkError: Of the kind that fits.
            ConfigurationError: A file can't be used.
        """
        if after is not None:
            raise Unsupported("messages of a webhook can't follow each other")
        del key
        return self._create(post, post.parts[part], {})

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Refuse: a webhook can read only messages of which it knows the id."""
        del post, part, key, among
        raise Unsupported("a webhook can't look at what it posted")

    def adopt(self, url: str) -> Receipt:
        """Return the receipt of a message by its link.

        A webhook is shown its own messages only, so what it is shown is its own:
        https://docs.discord.com/developers/resources/webhook#get-webhook-message
        """
        address = address_of(url)
        if address is None:
            raise UsageError(
                f"{url} is no link to a message on Discord",
                hint="open the message's menu and choose Copy Message Link",
            )
        message = self._entrance.message(address.id, address.channel)
        channel = (message or {}).get("channel_id")
        if message is None or channel not in {None, address.channel}:
            raise UsageError(
                f"{url} is gone, or is no message of this channel's account"
            )
        if obstacle := self._foreign(message):
            raise UsageError(f"{url} is {obstacle}")
        return self._receipt(address.id, address.channel)

    def words(self, receipt: Receipt) -> str | None:
        """Return what a message says, as readers see it."""
        message = self._entrance.message(receipt.id, receipt.more.get("channel", ""))
        return None if message is None else said_by(message)

    def edit(self, receipt: Receipt, post: ChannelPost, part: int) -> Receipt:
        """Change a message; its files are sent anew, which drops those it had.

        https://docs.discord.com/developers/resources/webhook#edit-webhook-message

        Raises:
            Rejected: The end of the text is a poll's question, and that is to change.
            NetworkError: Of the kind that fits.
        """
        content = post.parts[part]
        body = message_body(post, content, edit=True)
        if body.pop("poll", None):
            self._require_same(receipt, content)
        self._entrance.ask(
            "PATCH",
            f"{self._entrance.messages()}/{receipt.id}",
            repeatable=False,
            **self._carried(
                content, body, self._entrance.beside(receipt.more.get("channel", ""))
            ),
        )
        return receipt

    def withdraw(self, receipt: Receipt) -> None:
        """Delete a message; one that is gone already is no error."""
        answer = self._entrance.exchange(
            "DELETE",
            f"{self._entrance.messages()}/{receipt.id}",
            repeatable=False,
            params=dict(self._entrance.beside(receipt.more.get("channel", ""))),
        )
        if not is_gone(answer):
            self._entrance.accepted(answer, repeatable=False)

    def close(self) -> None:
        """Let go of sockets."""
        self._entrance.http.close()

    def _require_same(self, receipt: Receipt, content: Part) -> None:
        live = self._entrance.message(receipt.id, receipt.more.get("channel", ""))
        if live is None or question_of(live) != question_for(content):
            raise Rejected(
                "Discord does not change a poll, and its question is the text's end",
                hint="take the post down and publish it anew",
            )

    def _create(
        self, post: ChannelPost, content: Part, more: Mapping[str, object]
    ) -> Receipt:
        forum = str(post.settings.get("thread_name") or "")
        opened = self._entrance.sending(forum)
        body = {**message_body(post, content), **more}
        if forum:
            body["thread_name"] = forum
        home = str(self._entrance.room()["id"])
        answer = self._entrance.ask(
            "POST",
            self._entrance.birthplace(),
            repeatable=False,
            **self._carried(content, body, opened),
        )
        name = id_of(answer)
        return self._receipt(name, str(answer.fields().get("channel_id") or home))

    def _carried(self, content: Part, body: Json, asked: Mapping[str, str]) -> Request:
        """Return a query and a body with its files, as one request can carry both.

        https://docs.discord.com/developers/reference#uploading-files
        """
        if not content.media:
            return {"params": dict(asked), "body": body}
        return {
            "params": dict(asked),
            "form": {"payload_json": json.dumps(body, ensure_ascii=False)},
            "files": {
                f"files[{number}]": (
                    each.facts.path.rpartition("/")[2],
                    read_media(self._root, each.facts),
                    each.facts.media_type,
                )
                for number, each in enumerate(content.media)
            },
        }

    def _receipt(self, name: str, channel: str) -> Receipt:
        room = self._entrance.room()
        more = {} if channel == room["id"] else {"channel": channel}
        page = page_of(Address(str(room["guild_id"]), channel, name))
        return Receipt(name, page, moment_of(name), more)

    def _foreign(self, message: Mapping[str, object]) -> str:
        """Return what a message is instead of ours; empty if it is ours."""
        del message
        return ""
