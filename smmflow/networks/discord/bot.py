"""A bot in its channel: what it posted can be found, counted and talked about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from smmflow.errors import OutcomeUnknown
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.message import Author, Message, MessageKind, Messages
from smmflow.model.publication import Pending, Receipt
from smmflow.model.text import RichText
from smmflow.networks.discord.connection import DiscordConnection
from smmflow.networks.discord.door import BotDoor
from smmflow.networks.discord.markup import shown, written
from smmflow.networks.discord.message import (
    count_of_reactions,
    id_of,
    matches,
    mentions_allowed,
    moment_of,
    objects,
    since,
)
from smmflow.networks.interface import Among, Thread

__all__ = ["DiscordBot"]

_CLOCKS_DIFFER = timedelta(minutes=1)
_NONCE = 25
"""https://docs.discord.com/developers/resources/message#create-message"""
_PAGE = 100
_PAGES = 10
_READ = 3
"""Pages of messages that one call of `messages` reads at most."""

Json = Mapping[str, object]


class DiscordBot(DiscordConnection):
    """Publishes with the part's key as an enforced nonce, remembered for minutes.

    Args:
        door: What opens the channel.
        root: The workspace, which paths of media are relative to.
    """

    def __init__(self, door: BotDoor, root: Path) -> None:
        super().__init__(door, root)
        self._door = door
        self._me = ""

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt | Pending:
        """Send the message, as a reply to the part before it.

        https://docs.discord.com/developers/resources/message#create-message

        Raises:
            NetworkError: Of the kind that fits.
            ConfigurationError: A file can't be used.
        """
        more: dict[str, object] = {"nonce": key.hex[:_NONCE], "enforce_nonce": True}
        if after is not None:
            more["message_reference"] = {"message_id": after.parent.id}
        return self._create(post, post.parts[part], more)

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Look among the bot's own messages in the channel, the oldest first.

        By the nonce where Discord gives it back, else by what the message says.

        Raises:
            OutcomeUnknown: So much was posted since that not all of it was read.
        """
        content, nonce = post.parts[part], key.hex[:_NONCE]
        me = self._own_id()
        for message in self._after(since(among.since - _CLOCKS_DIFFER)):
            name = str(message.get("id"))
            if name in among.others or _author(message).get("id") != me:
                continue
            given = message.get("nonce")
            # Another part's key is as good a proof as our own.
            if isinstance(given, str) and len(given) == _NONCE:
                same = given == nonce
            else:
                same = matches(message, content, answer=part > 0)
            if same:
                return self._receipt(name, self._door.channel)
        return None

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        """Count the reactions of one message."""
        found: dict[str, Mapping[str, int | None] | None] = {}
        for each in receipts:
            message = self._door.message(each.id)
            found[each.id] = (
                None if message is None else {"reactions": count_of_reactions(message)}
            )
        return found

    def followers(self) -> int | None:
        """Read how many members the server has, about; None outside of servers.

        https://docs.discord.com/developers/resources/guild#get-guild
        """
        server = self._door.room()["guild_id"]
        if server == "@me":
            return None
        asked = {"with_counts": "true"}
        guild = self._door.ask("GET", f"/guilds/{server}", params=asked).fields()
        count = guild.get("approximate_member_count")
        return count if isinstance(count, int) else None

    def messages(self, receipts: Sequence[Receipt], *, after: str) -> Messages:
        """Read replies to the bot's messages, and messages that name it.

        Without the privileged intent Message Content the words of others are empty,
        except where they name the bot:
        https://docs.discord.com/developers/events/gateway#message-content-intent
        """
        me = self._own_id()
        ours = {each.id for each in receipts}
        # What nobody published yet, nobody answered yet.
        cursor = after or min((each.id for each in receipts), key=int, default="0")
        found: list[Message] = []
        for _ in range(_READ):
            page = self._page(cursor)
            if not page:
                return Messages(tuple(found), cursor)
            cursor = str(page[-1]["id"])
            found += [
                _message(each, me, ours, self._page_of(each))
                for each in page
                if _author(each).get("id") != me and _speaks_to(each, me)
            ]
        return Messages(tuple(found), cursor, more=True)

    def reply(self, message: Message, text: RichText, *, key: str) -> Receipt:
        """Answer a message with a reply to it, by an enforced nonce once."""
        body = {
            "content": written(text),
            "allowed_mentions": {**mentions_allowed({}), "replied_user": True},
            "message_reference": {"message_id": message.id},
            "nonce": hashlib.sha256(key.encode()).hexdigest()[:_NONCE],
            "enforce_nonce": True,
        }
        self._door.room()
        path = self._door.messages()
        answer = self._door.ask("POST", path, repeatable=False, body=body)
        return self._receipt(id_of(answer), self._door.channel)

    def _own_id(self) -> str:
        if not self._me:
            self._me = self.whoami().id
        return self._me

    def _foreign(self, message: Json) -> str:
        author = _author(message)
        if author.get("id") == self._own_id():
            return ""
        return f"a message of {author.get('username')}, not of this bot"

    def _page_of(self, message: Json) -> str:
        return self._receipt(str(message["id"]), self._door.channel).url

    def _after(self, cursor: str) -> Iterator[Json]:
        """Yield what the channel has behind an id, the oldest first.

        Raises:
            OutcomeUnknown: It has more than anybody should read.
        """
        for _ in range(_PAGES):
            page = self._page(cursor)
            if not page:
                return
            yield from page
            cursor = str(page[-1]["id"])
        raise OutcomeUnknown(f"the channel has more than {_PAGES * _PAGE} messages")

    def _page(self, cursor: str) -> list[Json]:
        # https://docs.discord.com/developers/resources/message#get-channel-messages
        asked = {"after": cursor, "limit": str(_PAGE)}
        answer = self._door.ask("GET", self._door.messages(), params=asked)
        if not isinstance(answer.content(), list):
            raise OutcomeUnknown("Discord did not answer with a list of messages")
        found = [
            each
            for each in objects(answer.content())
            if str(each.get("id")).isdecimal() and int(str(each["id"])) > int(cursor)
        ]
        return sorted(found, key=lambda each: int(str(each["id"])))


def _author(message: Json) -> Json:
    author = message.get("author")
    return author if isinstance(author, dict) else {}


def _answered(message: Json) -> Json:
    answered = message.get("referenced_message")
    return answered if isinstance(answered, dict) else {}


def _speaks_to(message: Json, me: str) -> bool:
    named = {each.get("id") for each in objects(message.get("mentions"))}
    return me in named or _author(_answered(message)).get("id") == me


def _message(message: Json, me: str, ours: set[str], page: str) -> Message:
    name = str(message["id"])
    answered = _answered(message)
    parent = str(answered.get("id") or "")
    to_us = _author(answered).get("id") == me
    kind = MessageKind.MENTION
    if to_us:
        kind = MessageKind.COMMENT if parent in ours else MessageKind.REPLY
    author = _author(message)
    shown_name = author.get("global_name") or author.get("username") or ""
    return Message(
        id=name,
        kind=kind,
        author=Author(str(author.get("id") or ""), str(shown_name)),
        text=shown(str(message.get("content") or "")),
        at=moment_of(name),
        url=page,
        on=parent if parent in ours else "",
        conversation=parent or name,
    )
