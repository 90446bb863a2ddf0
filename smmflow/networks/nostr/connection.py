"""A Nostr account: its events on all of its relays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from smmflow.clock import SystemClock
from smmflow.credentials import Secret
from smmflow.errors import (
    Rejected,
    UsageError,
)
from smmflow.model.capabilities import Markup
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.message import Author, Message, MessageKind, Messages
from smmflow.model.publication import Receipt
from smmflow.model.text import RichText
from smmflow.networks.interface import (
    Among,
    Connection,
    Identity,
    InstanceLimits,
    Thread,
)
from smmflow.networks.nostr.blossom import placed
from smmflow.networks.nostr.composing import (
    KEY,
    Files,
    answer_tags,
    article_tags,
    content_of,
    key_of,
    note_tags,
    warning_tags,
)
from smmflow.networks.nostr.counting import counted
from smmflow.networks.nostr.event import Event, Kind, Tags, signed
from smmflow.networks.nostr.keys import Signer, decoded, encoded
from smmflow.networks.nostr.relays import Relays

if TYPE_CHECKING:
    from smmflow.networks.nostr.network import Nostr, NostrSettings

__all__ = ["NostrConnection"]

_MOST = 500


class NostrConnection(Connection):
    """Sends every event to every relay; one relay that keeps it makes it live."""

    def __init__(
        self,
        settings: NostrSettings,
        secret: Secret,
        network: Nostr,
        *,
        transport: httpx.BaseTransport | None,
        root: Path,
    ) -> None:
        self._settings = settings
        self._secret = secret
        self._network = network
        self._transport = transport
        self._root = root
        self._clock = SystemClock()
        self._signed_in: Signer | None = None
        self._relays = Relays(settings.relays, lambda: self._me, transport=transport)

    def whoami(self) -> Identity:
        """Return the account that the key is, by the name it gave itself."""
        profiles = self._relays.ask(
            {"kinds": [Kind.PROFILE], "authors": [self._me.public]}
        )
        npub = encoded("npub", self._me.public)
        newest = max(profiles, key=lambda each: each.at, default=None)
        name = content_of(newest).get("name") if newest else None
        return Identity(
            self._me.public,
            name if isinstance(name, str) and name else npub,
            f"{self._viewer}/{npub}",
        )

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt:
        """Upload the files, then send the event to every relay.

        Raises:
            NetworkError: No relay keeps it; `OutcomeUnknown` if any may.
        """
        return self._sent(self.event(post, part, after=after, key=key, at=key.due))

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Look for the event that carries the part's key.

        It bears the moment it was due, whenever it was sent.

        Raises:
            OutcomeUnknown: No relay that answered has it, and not all answered.
        """
        del post, part
        asked: dict[str, object] = {
            "kinds": [self._kind],
            "authors": [self._me.public],
            "limit": _MOST,
        }
        mark = KEY
        if self._kind == Kind.ARTICLE:
            mark = "d"
            asked["#d"] = [key_of(key)]
        else:
            second = int(key.due.timestamp())
            asked |= {"since": second - 1, "until": second + 1}
        found = self._relays.look(
            asked,
            lambda event: (
                event.tag(mark) == key_of(key) and event.id not in among.others
            ),
        )
        return None if found is None else self._receipt(found)

    def adopt(self, url: str) -> Receipt:
        """Return the receipt of an event by the address of a page that shows it."""
        name = url.rstrip("/").rpartition("/")[2].removeprefix("nostr:")
        digits = decoded(name, "note")
        if digits is None:
            raise UsageError(
                f"{url} is no address of a note",
                hint=f"it ends with a name that begins with note1, as in "
                f"{self._viewer}/note1...",
            )
        found = [
            each for each in self._relays.ask({"ids": [digits]}) if each.id == digits
        ]
        if not found:
            raise UsageError(f"{url} is gone, or none of the channel's relays has it")
        if found[0].author != self._me.public:
            raise UsageError(f"{url} is a note of another key")
        return self._receipt(found[0])

    def words(self, receipt: Receipt) -> str | None:
        """Return what a live event says."""
        found = self._relays.ask({"ids": [_newest(receipt)]})
        return found[0].content if found else None

    def edit(self, receipt: Receipt, post: ChannelPost, part: int) -> Receipt:
        """Send an article anew under its name: relays keep the newer one.

        https://github.com/nostr-protocol/nips/blob/master/23.md#editability
        """
        name = receipt.more.get("d", "")
        if self._kind != Kind.ARTICLE or not name:
            return super().edit(receipt, post, part)
        content = post.parts[part]
        files = self._files(post, part)
        tags = article_tags(post, name, files, first=receipt.at)
        tags += warning_tags(post)
        newer = receipt.at + timedelta(seconds=1)
        at = max(self._clock.now(), newer)
        event = signed(
            self._me, self._kind, files.below(content.markdown), tags=tags, at=at
        )
        self._sent(event)
        more = {**receipt.more, "event": event.id}
        return Receipt(receipt.id, receipt.url, receipt.at, more)

    def withdraw(self, receipt: Receipt) -> None:
        """Ask every relay to delete the event, and see whether they did.

        https://github.com/nostr-protocol/nips/blob/master/09.md

        Raises:
            Rejected: A relay keeps it although it was asked.
        """
        events = {receipt.id, _newest(receipt)}
        tags: Tags = tuple(("e", each) for each in sorted(events))
        if name := receipt.more.get("d"):
            tags += (("a", f"{self._kind}:{self._me.public}:{name}"),)
        tags += (("k", str(self._kind)),)
        self._sent(signed(self._me, Kind.DELETION, "", tags=tags, at=self._clock.now()))
        kept = self._relays.keeping({"ids": sorted(events)})
        if kept:
            raise Rejected(
                f"{', '.join(kept)} keeps it although it was asked to delete it"
            )

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        """Count what points at events: one question to each relay for all of them."""
        names = [_newest(each) for each in receipts]
        about = self._relays.ask(
            {"ids": names},
            {
                "kinds": [
                    Kind.REACTION,
                    Kind.REPOST,
                    Kind.GENERIC_REPOST,
                    Kind.NOTE,
                ],
                "#e": names,
            },
        )
        live = {each.id for each in about}
        return {
            each.id: counted(name, about) if name in live else None
            for each, name in zip(receipts, names, strict=True)
        }

    def messages(self, receipts: Sequence[Receipt], *, after: str) -> Messages:
        """Read notes of others that answer or name the account, since a second."""
        second, _, known = after.partition(" ")
        since = int(second) if second.isdecimal() else 0
        seen = set(known.split())
        ours = {each.id for each in receipts}
        found = [
            each
            for each in self._relays.ask(
                {
                    "kinds": [Kind.NOTE],
                    "#p": [self._me.public],
                    "since": since,
                    "limit": _MOST,
                }
            )
            if each.author != self._me.public and each.id not in seen
        ]
        found.sort(key=lambda each: (each.at, each.id))
        last = max((each.at for each in found), default=since)
        at_last = {each.id for each in found if each.at == last}
        if last == since:
            at_last |= seen
        cursor = " ".join((str(last), *sorted(at_last)))
        return Messages(tuple(self._message(each, ours) for each in found), cursor)

    def reply(self, message: Message, text: RichText, *, key: str) -> Receipt:
        """Answer a note; the same key gives the same event, which is kept once."""
        at = message.at + timedelta(seconds=1)
        tags = (
            *answer_tags(message.conversation or message.id, message.id),
            ("p", message.author.id),
            (KEY, key),
        )
        return self._sent(signed(self._me, Kind.NOTE, text.text, tags=tags, at=at))

    def limits(self) -> InstanceLimits | None:
        """Read what the relays say they take; the least of it counts.

        https://github.com/nostr-protocol/nips/blob/master/11.md
        """
        raw = self._relays.bounds()
        return InstanceLimits(self._network.limits_for(raw), raw) if raw else None

    def close(self) -> None:
        """Let go of all sockets."""
        self._relays.close()

    @property
    def _me(self) -> Signer:
        if self._signed_in is None:
            self._signed_in = Signer(self._secret)
        return self._signed_in

    @property
    def _viewer(self) -> str:
        return self._settings.viewer.rstrip("/")

    @property
    def _kind(self) -> int:
        long = self._network.capabilities.markup is Markup.MARKDOWN
        return Kind.ARTICLE if long else Kind.NOTE

    def event(
        self,
        post: ChannelPost,
        part: int,
        *,
        after: Thread | None,
        key: PartKey,
        at: datetime,
    ) -> Event:
        """Return the event of a part, with its files uploaded."""
        content = post.parts[part]
        files = self._files(post, part)
        if self._kind == Kind.ARTICLE:
            tags = article_tags(post, key_of(key), files, first=at)
            text = content.markdown or content.text.text
        else:
            tags = note_tags(content, files, after)
            text = content.text.text
        tags = (*tags, *warning_tags(post), (KEY, key_of(key)))
        return signed(self._me, self._kind, files.below(text), tags=tags, at=at)

    def _files(self, post: ChannelPost, part: int) -> Files:
        return placed(
            post.parts[part].media,
            self._settings.media_host,
            self._me,
            root=self._root,
            now=self._clock.now(),
            transport=self._transport,
        )

    def _sent(self, event: Event) -> Receipt:
        """Give an event to every relay.

        Raises:
            NetworkError: None of them keeps it; `OutcomeUnknown` if any may.
        """
        self._relays.give(event, now=self._clock.now())
        return self._receipt(event)

    def _receipt(self, event: Event) -> Receipt:
        more = {"d": event.tag("d")} if event.kind == Kind.ARTICLE else {}
        if event.kind == Kind.NOTE and event.root != event.id:
            more["root"] = event.root
        page = f"{self._viewer}/{encoded('note', event.id)}"
        return Receipt(event.id, page, event.moment, more)

    def _message(self, event: Event, ours: Iterable[str]) -> Message:
        npub = encoded("npub", event.author)
        below = event.parent if event.parent in ours else ""
        return Message(
            id=event.id,
            kind=MessageKind.REPLY if event.parent else MessageKind.MENTION,
            author=Author(event.author, npub, f"{self._viewer}/{npub}"),
            text=event.content,
            at=event.moment,
            url=f"{self._viewer}/{encoded('note', event.id)}",
            on=below,
            conversation=event.root,
        )


def _newest(receipt: Receipt) -> str:
    """Return the id of what a receipt stands for now: an edited article has another."""
    return receipt.more.get("event", receipt.id)
