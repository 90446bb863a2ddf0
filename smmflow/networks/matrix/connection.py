"""A signed-in Matrix account in one room: messages, their threads, their counters."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from smmflow.clock import SystemClock
from smmflow.credentials import Secret
from smmflow.errors import OutcomeUnknown, Rejected, UsageError
from smmflow.model.capabilities import Unit
from smmflow.model.channel_post import ChannelPost, Part, PartKey
from smmflow.model.message import Message, Messages
from smmflow.model.publication import Receipt
from smmflow.model.text import RichText
from smmflow.networks.http import Answer, Http
from smmflow.networks.interface import (
    Among,
    Connection,
    Identity,
    InstanceLimits,
    Thread,
)
from smmflow.networks.matrix.address import event_address, event_in, user_address
from smmflow.networks.matrix.event import (
    KEY,
    content_of,
    deleted,
    moment_of,
    newest,
    part_content,
    relation_of,
    replacement,
    text_content,
    thread_relation,
    words_of,
)
from smmflow.networks.matrix.room import Room
from smmflow.networks.matrix.talk import answers_to, heard, reply_relation

if TYPE_CHECKING:
    from smmflow.networks.matrix.network import Matrix

__all__ = ["MatrixConnection"]

_CLOCKS_DIFFER = timedelta(minutes=1)
_MESSAGE = "m.room.message"


class MatrixConnection(Connection):
    """Publishes with the part's key as transaction id, and with the key in the event.

    A homeserver keeps transaction ids for a while, the event keeps the key for ever.
    https://spec.matrix.org/v1.15/client-server-api/#transaction-identifiers
    """

    def __init__(  # noqa: PLR0913 - where, who, and what any connection gets
        self,
        homeserver: str,
        room: str,
        token: Secret,
        network: Matrix,
        *,
        transport: httpx.BaseTransport | None,
        root: Path,
    ) -> None:
        http = Http(homeserver, network.title, transport=transport)
        self._room = Room(http, room, token, root)
        self._network = network

    def whoami(self) -> Identity:
        """Return the account that the token belongs to."""
        user = self._room.user
        return Identity(user, user, user_address(user))

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt:
        """Upload the file, then send the event.

        Raises:
            NetworkError: Of the kind that fits.
            ConfigurationError: The room is encrypted, or the file can't be used.
        """
        content = post.parts[part]
        self._require_room_for(content.text)
        self._room.refuse_if_encrypted()
        via = self._via  # asked before: afterwards a failure would hide a live post
        uploaded = self._room.upload(content.media[0]) if content.media else ""
        body = {**part_content(content, uploaded), KEY: key.hex}
        if after is not None:
            body["m.relates_to"] = thread_relation(after)
        answer = self._room.send(_MESSAGE, body, key.hex)
        more = _more(content, uploaded)
        if after is not None:
            more["thread"] = after.root.id
        return self._receipt(answer, via, more)

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Look among the account's own messages for the one with the key.

        Raises:
            OutcomeUnknown: So much was said since that not all of it was read.
        """
        found = None
        for event in self._room.own(among.since - _CLOCKS_DIFFER):
            other = str(event.get("event_id")) in among.others
            if not other and content_of(event).get(KEY) == key.hex:
                found = event  # the oldest wins: they come newest first
        if found is None:
            return None
        receipt = self._read(found)
        uploaded = receipt.more.get("media", "")
        more = {**receipt.more, **_more(post.parts[part], uploaded)}
        return Receipt(receipt.id, receipt.url, receipt.at, more)

    def adopt(self, url: str) -> Receipt:
        """Return the receipt of an event by its address in the channel's room.

        Its file is known by its address on the homeserver, not by what we have of it:
        an edit uploads it again.
        """
        name = event_in(url, frozenset({self._room.id, self._room.name}))
        if not name:
            raise UsageError(
                f"{url or 'nothing'} is no address of a message in {self._room.name}",
                hint="open the message's menu, choose Share, and copy the address, as "
                "in https://matrix.to/#/!room:example.org/$event",
            )
        event = self._room.event(name)
        if event is None or deleted(event):
            raise UsageError(f"{url} is gone, or never was")
        if event.get("sender") != self._room.user:
            raise UsageError(
                f"{url} is a message of {event.get('sender')}, and this channel is "
                f"{self._room.user}"
            )
        return self._read(event)

    def words(self, receipt: Receipt) -> str | None:
        """Return what a message says since its last edit; None if it is gone."""
        event = self._room.event(receipt.id)
        return None if event is None or deleted(event) else words_of(newest(event))

    def edit(self, receipt: Receipt, post: ChannelPost, part: int) -> Receipt:
        """Replace what a message says; a file that stays is not uploaded again."""
        content = post.parts[part]
        self._require_room_for(content.text)
        uploaded = ""
        if content.media:
            same = receipt.more.get("sha256") == content.media[0].facts.sha256
            kept = receipt.more.get("media", "") if same else ""
            uploaded = kept or self._room.upload(content.media[0])
        body = replacement(part_content(content, uploaded), receipt.id)
        # A number that was used before would repeat an older edit instead.
        self._room.send(_MESSAGE, body, secrets.token_hex(16))
        kept_of = {k: v for k, v in receipt.more.items() if k == "thread"}
        more = {**kept_of, **_more(content, uploaded)}
        return Receipt(receipt.id, receipt.url, receipt.at, more)

    def withdraw(self, receipt: Receipt) -> None:
        """Take back what a message says; one that is gone already is no error.

        Its edits are events of their own and say it, too, so they go first: as long as
        the message itself is there, they can be found.
        https://spec.matrix.org/v1.15/client-server-api/#redactions
        """
        event = self._room.event(receipt.id)
        if event is None or deleted(event):
            return
        edits = self._room.related(receipt.id, "m.replace", _MESSAGE)
        own = [each for each in edits if each.get("sender") == self._room.user]
        for name in (*(str(each.get("event_id")) for each in own), receipt.id):
            self._room.redact(name, _number("withdraw", name))

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        """Count reactions and answers of one message, ours among the answers."""
        return {each.id: self._counters(each) for each in receipts}

    def followers(self) -> int | None:
        """Read how many accounts besides ours are in the room."""
        joined = self._room.joined()
        return None if joined is None else joined - 1

    def messages(self, receipts: Sequence[Receipt], *, after: str) -> Messages:
        """Read answers to the account's messages, and what names it.

        A first reading starts at the oldest of the receipts, or without any at the
        start of the room.
        """
        token = after
        if not token and receipts:
            oldest = min(receipts, key=lambda each: each.at)
            token = self._room.token_after(oldest.id)
        return heard(self._room, token, receipts)

    def reply(self, message: Message, text: RichText, *, key: str) -> Receipt:
        """Answer a message, in its thread if it stands in one."""
        self._require_room_for(text)
        self._room.refuse_if_encrypted()
        via = self._via
        body = {**text_content(text), "m.relates_to": reply_relation(message)}
        answer = self._room.send(_MESSAGE, body, _number("reply", key))
        thread = message.more.get("thread", "")
        return self._receipt(answer, via, {"thread": thread} if thread else {})

    def limits(self) -> InstanceLimits:
        """Read how large a file the homeserver takes."""
        size = self._room.largest_upload()
        raw = {} if size is None else {"upload": size}
        return InstanceLimits(self._network.limits_for(raw), raw)

    def close(self) -> None:
        """Let go of sockets."""
        self._room.http.close()

    @property
    def _via(self) -> str:
        return self._room.user.partition(":")[2]

    def _require_room_for(self, text: RichText) -> None:
        limit = self._network.capabilities.text
        if not self._network.fits(text, (limit,)):
            raise Rejected(
                f"the text takes {self._network.length(text, Unit.UTF8)} bytes of an "
                f"event, and {limit.maximum} are sure to fit",
                hint="shorten it, or write a thread",
            )

    def _counters(self, receipt: Receipt) -> Mapping[str, int | None] | None:
        event = self._room.event(receipt.id)
        if event is None or deleted(event):
            return None
        thread = receipt.more.get("thread", receipt.id)
        answers = self._room.related(thread, "m.thread", _MESSAGE)
        reactions = self._room.related(receipt.id, "m.annotation", "m.reaction")
        return {
            "reactions": len(reactions),
            "replies": answers_to(receipt.id, answers, our=self._room.user),
        }

    def _receipt(self, answer: Answer, via: str, more: Mapping[str, str]) -> Receipt:
        name = answer.fields().get("event_id")
        if not isinstance(name, str) or not name:
            raise OutcomeUnknown("the server answered without an event's id")
        url = event_address(self._room.id, name, via=via)
        return Receipt(name, url, answer.at or SystemClock().now(), more)

    def _read(self, event: Mapping[str, object]) -> Receipt:
        name = str(event.get("event_id"))
        url = event_address(self._room.id, name, via=self._via)
        relation = relation_of(event)
        more = {"thread": relation.event} if relation.kind == "m.thread" else {}
        uploaded = newest(event).get("url")
        if isinstance(uploaded, str):
            more["media"] = uploaded
        return Receipt(name, url, moment_of(event), more)


def _more(content: Part, uploaded: str) -> dict[str, str]:
    if not content.media:
        return {}
    return {"media": uploaded, "sha256": content.media[0].facts.sha256}


def _number(what: str, name: str) -> str:
    """Return a transaction id that is the same whenever this is done again."""
    return hashlib.sha256(f"{what}\0{name}".encode()).hexdigest()
