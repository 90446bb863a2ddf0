"""A signed-in Mastodon account: statuses, their media, and their counters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from smmflow.credentials import Secret
from smmflow.errors import Rejected, UsageError
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.media import Attachment
from smmflow.model.message import Message, Messages
from smmflow.model.publication import Pending, Receipt
from smmflow.model.text import RichText
from smmflow.networks.http import Http
from smmflow.networks.interface import (
    Among,
    Connection,
    Identity,
    InstanceLimits,
    Thread,
)
from smmflow.networks.mastodon.account import Account
from smmflow.networks.mastodon.address import status_id
from smmflow.networks.mastodon.instance import numbers
from smmflow.networks.mastodon.status import (
    count,
    counters_of,
    matches,
    matches_waiting,
    not_our_post,
    objects,
    receipt_of,
    status_body,
    url_of,
    waiting_receipt,
)
from smmflow.networks.mastodon.talk import answer_body, talk
from smmflow.networks.mastodon.text import shown

if TYPE_CHECKING:
    from smmflow.networks.mastodon.network import Mastodon

__all__ = ["MastodonConnection"]

_VISIBILITY = {"public": "public", "unlisted": "unlisted", "followers": "private"}
_CLOCKS_DIFFER = timedelta(minutes=1)
_NO_SUCH_METHOD = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}


class MastodonConnection(Connection):
    """Publishes with the part's key as `Idempotency-Key`, remembered for an hour.

    https://docs.joinmastodon.org/methods/statuses/#headers
    """

    def __init__(
        self,
        instance: str,
        token: Secret,
        network: Mastodon,
        *,
        transport: httpx.BaseTransport | None,
        root: Path,
    ) -> None:
        http = Http(instance, network.title, transport=transport)
        self._account = Account(http, token, root)
        self._network = network

    def whoami(self) -> Identity:
        """Return the account that the token belongs to."""
        account = self._account.me()
        return Identity(
            str(account.get("id")), f"@{account.get('acct')}", str(account.get("url"))
        )

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt | Pending:
        """Upload the files, then send the status unless a file is still worked on.

        Raises:
            NetworkError: Of the kind that fits.
            ConfigurationError: A file can't be used.
        """
        more = {} if after is None else {"in_reply_to_id": after.parent.id}
        return self._submit(post, part, key, more)

    def schedule(
        self, post: ChannelPost, part: int, *, at: datetime, key: PartKey
    ) -> Receipt | Pending:
        """Upload the files, then give the status to the server for its time.

        https://docs.joinmastodon.org/methods/statuses/#create
        """
        return self._submit(post, part, key, {"scheduled_at": at.isoformat()})

    def _submit(
        self, post: ChannelPost, part: int, key: PartKey, more: Mapping[str, object]
    ) -> Receipt | Pending:
        content = post.parts[part]
        body = {**status_body(post, content), **more}
        body["visibility"] = _VISIBILITY[post.visibility]
        waiting = []
        media = []
        for attachment in content.media:
            name, ready = self._account.upload(attachment)
            media.append(name)
            if not ready:
                waiting.append(name)
        if media:
            body["media_ids"] = media
        digests = " ".join(each.facts.sha256 for each in content.media)
        token = {"key": key.hex, "body": json.dumps(body), "sha256": digests}
        if waiting:
            return Pending({**token, "waiting": " ".join(waiting)}, unseen=True)
        return self._send(token)

    def resume(self, pending: Pending) -> Receipt | Pending:
        """Ask for the files still worked on, and send the status once all are ready.

        https://docs.joinmastodon.org/methods/media/#get
        """
        waiting = [
            name
            for name in pending.token["waiting"].split()
            if self._account.ask("GET", f"/api/v1/media/{name}").status
            == HTTPStatus.PARTIAL_CONTENT
        ]
        if waiting:
            token = {**pending.token, "waiting": " ".join(waiting)}
            return Pending(token, min(pending.wait * 2, 30.0), unseen=True)
        return self._send(pending.token)

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Look among the account's own statuses for one that says the same.

        Raises:
            OutcomeUnknown: So much was posted since that not all of it was read.
        """
        del key
        content = post.parts[part]
        found = None
        for status in self._account.own(among.since - _CLOCKS_DIFFER):
            other = str(status.get("id")) in among.others
            if not other and matches(status, content, answer=part > 0):
                found = status  # the oldest wins: they come newest first
        digests = " ".join(each.facts.sha256 for each in content.media)
        return None if found is None else receipt_of(found, digests)

    def adopt(self, url: str) -> Receipt:
        """Return the receipt of a status by its address on the account's instance.

        Its files are known by their ids, not by what we have of them: an edit that
        keeps them uploads them again.
        """
        pages = (self._account.http.base, str(self._account.me().get("url")))
        name = status_id(
            url, frozenset(urlsplit(page).netloc.lower() for page in pages)
        )
        if name is None:
            raise UsageError(
                f"{url} is no address of a post on {self._account.http.base}",
                hint="open the post on the account's own instance and copy its "
                f"address, as in {self._account.me().get('url')}/1234",
            )
        status = self._account.status(name)
        if status is None:
            raise UsageError(f"{url} is gone, or never was")
        if obstacle := not_our_post(status, self._account.me()):
            raise UsageError(f"{url} is {obstacle}")
        return receipt_of(status, "")

    def words(self, receipt: Receipt) -> str | None:
        """Return a status's words as they were written, or as they are shown.

        https://docs.joinmastodon.org/methods/statuses/#source
        """
        answer = self._account.exchange(
            "GET",
            f"/api/v1/statuses/{receipt.id}/source",
            repeatable=True,
        )
        written = answer.fields().get("text")
        if answer.ok and isinstance(written, str):
            return written
        status = self._account.status(receipt.id)
        return None if status is None else shown(str(status.get("content", "")))

    def scheduled(
        self, post: ChannelPost, part: int, *, at: datetime, key: PartKey
    ) -> Receipt | None:
        """Look among what waits on the server.

        https://docs.joinmastodon.org/methods/scheduled_statuses/#get

        Raises:
            OutcomeUnknown: So much waits there that not all of it was read.
        """
        del key
        content = post.parts[part]
        digests = " ".join(each.facts.sha256 for each in content.media)
        for status in self._account.pages("/api/v1/scheduled_statuses"):
            if matches_waiting(status, content, at=at):
                return waiting_receipt(status, digests)
        return None

    def reschedule(self, receipt: Receipt, *, at: datetime) -> Receipt:
        """Give what waits another time: nothing else of it can be changed.

        https://docs.joinmastodon.org/methods/scheduled_statuses/#update
        """
        path = f"/api/v1/scheduled_statuses/{receipt.id}"
        body = {"scheduled_at": at.isoformat()}
        answer = self._account.ask("PUT", path, repeatable=False, body=body)
        return waiting_receipt(answer.fields(), receipt.more.get("sha256", ""))

    def cancel(self, receipt: Receipt) -> bool:
        """Take back what waits; False if it does not wait there any more.

        https://docs.joinmastodon.org/methods/scheduled_statuses/#cancel
        """
        path = f"/api/v1/scheduled_statuses/{receipt.id}"
        answer = self._account.exchange("DELETE", path, repeatable=False)
        if answer.status == HTTPStatus.NOT_FOUND:
            return False
        self._account.http.accepted(answer, repeatable=False)
        return True

    def edit(self, receipt: Receipt, post: ChannelPost, part: int) -> Receipt:
        """Change a live status; files that stay the same are not uploaded again.

        https://docs.joinmastodon.org/methods/statuses/#edit
        """
        content = post.parts[part]
        body = status_body(post, content)
        kept = dict(
            zip(
                receipt.more.get("sha256", "").split(),
                receipt.more.get("media", "").split(),
                strict=False,
            )
        )
        media = [
            kept.get(each.facts.sha256) or self._uploaded_at_once(each)
            for each in content.media
        ]
        if content.poll is None:
            body["media_ids"] = media
        if media:
            body["media_attributes"] = [
                {"id": name, "description": each.alt}
                for name, each in zip(media, content.media, strict=True)
            ]
        answer = self._account.ask(
            "PUT", f"/api/v1/statuses/{receipt.id}", repeatable=False, body=body
        )
        more = {
            "media": " ".join(media),
            "sha256": " ".join(each.facts.sha256 for each in content.media),
        }
        return Receipt(receipt.id, url_of(answer.fields()), receipt.at, more)

    def withdraw(self, receipt: Receipt) -> None:
        """Delete a status; one that is gone already is no error."""
        path = f"/api/v1/statuses/{receipt.id}"
        answer = self._account.exchange("DELETE", path, repeatable=False)
        if answer.status != HTTPStatus.NOT_FOUND:
            self._account.http.accepted(answer, repeatable=False)

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        """Read counters of at most 20 statuses: in one request since Mastodon 4.3."""
        answer = self._account.exchange(
            "GET",
            "/api/v1/statuses",
            repeatable=True,
            params={"id[]": [each.id for each in receipts]},
        )
        if answer.status in _NO_SUCH_METHOD:
            return {each.id: self._counters_of(each.id) for each in receipts}
        statuses = self._account.http.accepted(answer, repeatable=True).content()
        found = {str(each.get("id")): each for each in objects(statuses)}
        return {
            each.id: counters_of(found[each.id]) if each.id in found else None
            for each in receipts
        }

    def followers(self) -> int | None:
        """Read how many accounts follow this one, anew at each call."""
        self._account.forget()
        return count(self._account.me().get("followers_count"))

    def messages(self, receipts: Sequence[Receipt], *, after: str) -> Messages:
        """Read what names the account: replies to it, and mentions elsewhere."""
        del receipts
        return talk(self._account, after=after)

    def reply(self, message: Message, text: RichText, *, key: str) -> Receipt:
        """Answer a message, naming its author, who is told of it by that."""
        answer = self._account.ask(
            "POST",
            "/api/v1/statuses",
            repeatable=False,
            headers={"Idempotency-Key": f"{message.id} {key}"},
            body=answer_body(message, text.text),
        )
        return receipt_of(answer.fields(), "")

    def limits(self) -> InstanceLimits:
        """Read the instance's own limits, as old and new servers give them.

        https://docs.joinmastodon.org/methods/instance/#v2
        """
        answer = self._account.http.exchange("GET", "/api/v2/instance", repeatable=True)
        if answer.status in _NO_SUCH_METHOD:
            answer = self._account.http.exchange(
                "GET", "/api/v1/instance", repeatable=True
            )
        raw = numbers(self._account.http.accepted(answer, repeatable=True).fields())
        return InstanceLimits(self._network.limits_for(raw), raw)

    def close(self) -> None:
        """Let go of sockets."""
        self._account.http.close()

    def _uploaded_at_once(self, attachment: Attachment) -> str:
        name, ready = self._account.upload(attachment)
        if not ready:
            raise Rejected(
                f"{attachment.facts.path} takes the server time to work on, so it "
                "can't be put into a post that is live",
                hint="withdraw the post and publish it anew",
            )
        return name

    def _send(self, token: Mapping[str, str]) -> Receipt:
        body = json.loads(token["body"])
        answer = self._account.ask(
            "POST",
            "/api/v1/statuses",
            repeatable=False,
            headers={"Idempotency-Key": token["key"]},
            body=body,
        )
        read = waiting_receipt if "scheduled_at" in body else receipt_of
        return read(answer.fields(), token["sha256"])

    def _counters_of(self, name: str) -> Mapping[str, int | None] | None:
        status = self._account.status(name)
        return None if status is None else counters_of(status)
