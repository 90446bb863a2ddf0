"""A bot in a Slack channel: messages that carry the part's key, so that it is found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from smmflow.credentials import Secret
from smmflow.errors import Rejected, UsageError
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.media import Attachment
from smmflow.model.message import Message, Messages
from smmflow.model.publication import Pending, Receipt
from smmflow.model.text import RichText
from smmflow.networks.interface import Among, Connection, Identity, Thread
from smmflow.networks.slack.account import Account, files_of
from smmflow.networks.slack.counters import counters_of
from smmflow.networks.slack.history import History
from smmflow.networks.slack.message import (
    address_of,
    is_part,
    message_body,
    metadata_of,
    previews,
    spoken,
    words_of,
)
from smmflow.networks.slack.pictures import Pictures
from smmflow.networks.slack.talk import answer_body, heard
from smmflow.networks.slack.waiting import WaitingRoom
from smmflow.networks.slack.web import Refused, Web

__all__ = ["SlackConnection"]

_CLOCKS_DIFFER = timedelta(minutes=1)

Json = Mapping[str, object]


class SlackConnection(Connection):
    """Publishes with the part's key in the message's metadata, which Slack gives back.

    Args:
        service: Address of the API.
        token: A bot's.
        channel: Id of the channel.
        transport: What carries requests; None for the real network.
        root: The workspace, which paths of media are relative to.
    """

    def __init__(
        self,
        service: str,
        token: Secret,
        channel: str,
        *,
        transport: httpx.BaseTransport | None,
        root: Path,
    ) -> None:
        self._web = Web(service, token, transport=transport)
        self._channel = channel
        self._history = History(self._web, channel)
        self._pictures = Pictures(self._web, root)
        self._waiting = WaitingRoom(self._web, channel)
        self._account = Account(self._web, channel)

    def whoami(self) -> Identity:
        """Return the bot, its workspace and its scopes, asked anew.

        https://docs.slack.dev/reference/methods/auth.test
        """
        return self._account.identity()

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt | Pending:
        """Upload the pictures, then post the message once Slack has looked at them.

        https://docs.slack.dev/reference/methods/chat.postMessage

        Raises:
            NetworkError: Of the kind that fits.
            ConfigurationError: A file can't be used.
        """
        more: dict[str, object] = {"metadata": metadata_of(key, "")}
        if after:
            more["metadata"] = metadata_of(key, after.parent.id)
            more["thread_ts"] = after.root.id
        return self._submit(post, part, more)

    def resume(self, pending: Pending) -> Receipt | Pending:
        """Ask for the pictures still worked on, and post once all are ready."""
        return self._send(pending.token, pending.wait)

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Look among the bot's own messages, or below those of the same post.

        Raises:
            OutcomeUnknown: Not all of it could be looked at.
        """
        since = among.since - _CLOCKS_DIFFER
        if part == 0:
            there = self._history.since(since)
        else:
            there = self._history.below_post(
                (key.occurrence, key.channel),
                begun=min(since, key.due - _CLOCKS_DIFFER),
                since=since,
            )
        for message in there:
            other = str(message.get("ts")) in among.others
            if other or not self._account.owns(message):
                continue
            if is_part(message, post.parts[part], key=key, answer=part > 0):
                digests = [each.facts.sha256 for each in post.parts[part].media]
                return self._account.receipt(message, digests)
        return None

    def adopt(self, url: str) -> Receipt:
        """Return the receipt of a message by its link."""
        workspace = self._account.workspace()
        address = address_of(url, workspace, self._channel)
        if address is None:
            raise UsageError(
                f"{url} is no link to a message of this channel on {workspace}",
                hint="open the message's menu and choose Copy link",
            )
        message = self._history.message(*address)
        if message is None:
            raise UsageError(f"{url} is gone, or never was")
        if not self._account.owns(message):
            raise UsageError(f"{url} is no message of this bot")
        return self._account.receipt(message, [])

    def words(self, receipt: Receipt) -> str | None:
        """Return what a message says."""
        message = self._history.message(receipt.id, receipt.more.get("thread", ""))
        return None if message is None else words_of(message)

    def schedule(
        self, post: ChannelPost, part: int, *, at: datetime, key: PartKey
    ) -> Receipt | Pending:
        """Upload the pictures, then give the message to Slack for its time.

        https://docs.slack.dev/reference/methods/chat.scheduleMessage
        """
        more = {"post_at": int(at.timestamp()), "metadata": metadata_of(key, "")}
        return self._submit(post, part, more)

    def scheduled(
        self, post: ChannelPost, part: int, *, at: datetime, key: PartKey
    ) -> Receipt | None:
        """Look among what waits in the channel."""
        del key
        return self._waiting.find(spoken(post.parts[part]), at=at)

    def reschedule(self, receipt: Receipt, *, at: datetime) -> Receipt:
        """Take what waits back, and give it anew for another time.

        Slack changes no time. If the second step fails nothing waits any more, and
        nothing was posted; what was to be posted is in the receipt.

        Raises:
            Rejected: It does not wait any more, or the receipt does not say what to
                give anew.
        """
        return self._waiting.move(receipt, at=at)

    def cancel(self, receipt: Receipt) -> bool:
        """Take back what waits; False if it does not wait there any more."""
        return self._waiting.take_back(receipt.id)

    def edit(self, receipt: Receipt, post: ChannelPost, part: int) -> Receipt:
        """Change a message; pictures that stay the same are not uploaded again.

        https://docs.slack.dev/reference/methods/chat.update

        Raises:
            Rejected: A new picture is not ready at once.
            NetworkError: Of the kind that fits.
        """
        content = post.parts[part]
        files = [self._still_or_newly(each, receipt) for each in content.media]
        body = message_body(post.settings, content, files)
        self._web.write(
            "chat.update", {"channel": self._channel, "ts": receipt.id, **body}
        )
        digests = [each.facts.sha256 for each in content.media]
        more = {key: it for key, it in receipt.more.items() if key == "thread"}
        return replace(receipt, more={**more, **files_of(files, digests)})

    def withdraw(self, receipt: Receipt) -> None:
        """Delete a message; one that is gone already is no error.

        https://docs.slack.dev/reference/methods/chat.delete
        """
        try:
            self._web.write("chat.delete", {"channel": self._channel, "ts": receipt.id})
        except Refused as refusal:
            if refusal.code != "message_not_found":
                raise

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        """Count reactions, and below the first message of a thread what others said."""
        return {
            each.id: counters_of(self._history, self._account, each)
            for each in receipts
        }

    def followers(self) -> int | None:
        """Read how many members the channel has.

        https://docs.slack.dev/reference/methods/conversations.info
        """
        asked = {"channel": self._channel, "include_num_members": "true"}
        channel = self._web.read("conversations.info", **asked).get("channel")
        count = channel.get("num_members") if isinstance(channel, dict) else None
        return count if isinstance(count, int) else None

    def messages(self, receipts: Sequence[Receipt], *, after: str) -> Messages:
        """Read what others said below the posts, a page of each."""
        return heard(
            self._history,
            receipts,
            after=after,
            ours=self._account.owns,
            page=self._account.page,
        )

    def reply(self, message: Message, text: RichText, *, key: str) -> Receipt:
        """Answer below the post that a message stands below: threads are flat."""
        self._account.me()
        body = answer_body(message, text, key=key)
        sent = self._web.write("chat.postMessage", {"channel": self._channel, **body})
        return self._account.receipt({**sent, "thread_ts": body["thread_ts"]}, [])

    def close(self) -> None:
        """Let go of sockets."""
        self._web.http.close()

    def _submit(
        self, post: ChannelPost, part: int, more: Mapping[str, object]
    ) -> Receipt | Pending:
        content = post.parts[part]
        self._account.me()
        files = [self._pictures.upload(each) for each in content.media]
        body = {
            "channel": self._channel,
            **message_body(post.settings, content, files),
            **previews(post.settings),
            **more,
        }
        digests = " ".join(each.facts.sha256 for each in content.media)
        token = {"body": json.dumps(body), "sha256": digests, "files": " ".join(files)}
        return self._send(token, 0.5)

    def _send(self, token: Mapping[str, str], wait: float) -> Receipt | Pending:
        files = token["files"].split()
        if not all(self._pictures.is_ready(each) for each in files):
            return Pending(token, min(wait * 2, 30.0), unseen=True)
        body = json.loads(token["body"])
        if "post_at" in body:
            return self._waiting.give(body)
        sent = self._web.write("chat.postMessage", body)
        where = {"ts": sent.get("ts"), "thread_ts": body.get("thread_ts")}
        return self._account.receipt({**body, **where}, token["sha256"].split())

    def _still_or_newly(self, picture: Attachment, receipt: Receipt) -> str:
        """Return the id of a picture that a message shows, or shall show at once."""
        known, there = (receipt.more.get(name, "") for name in ("sha256", "files"))
        kept = dict(zip(known.split(), there.split(), strict=False))
        if picture.facts.sha256 in kept:
            return kept[picture.facts.sha256]
        file = self._pictures.upload(picture)
        if not self._pictures.is_ready(file):
            raise Rejected(
                f"Slack is still at work on {picture.facts.path}, so it can't be put "
                "into a message that is live",
                hint="withdraw the post and publish it anew",
            )
        return file

    def _read(self, receipt: Receipt) -> Json | None:
        return self._history.message(receipt.id, receipt.more.get("thread", ""))
