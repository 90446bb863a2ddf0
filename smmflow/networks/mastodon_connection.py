"""A signed-in Mastodon account: statuses, their media, and their counters."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Unpack
from urllib.parse import urlsplit

import httpx

from smmflow.credentials import Secret
from smmflow.errors import OutcomeUnknown, Rejected, Unreachable, UsageError
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.media import Attachment
from smmflow.model.publication import Pending, Receipt
from smmflow.networks.http import Answer, Http, Request
from smmflow.networks.interface import (
    Among,
    Connection,
    Identity,
    InstanceLimits,
    Thread,
)
from smmflow.networks.mastodon_address import status_id
from smmflow.networks.mastodon_instance import numbers
from smmflow.networks.mastodon_status import (
    count,
    counters_of,
    matches,
    matches_waiting,
    moment_of,
    not_our_post,
    objects,
    receipt_of,
    status_body,
    url_of,
    waiting_receipt,
)
from smmflow.networks.mastodon_text import shown
from smmflow.networks.media import read_media

if TYPE_CHECKING:
    from smmflow.networks.mastodon import Mastodon

__all__ = ["MastodonConnection"]

_VISIBILITY = {"public": "public", "unlisted": "unlisted", "followers": "private"}
_IDENTITY = ("id", "acct", "url")
"""https://docs.joinmastodon.org/entities/Account/"""
_PAGE = 40
_PAGES = 10
_CLOCKS_DIFFER = timedelta(minutes=1)
_NO_SUCH_METHOD = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}

Json = dict[str, object]


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
        self._http = Http(instance, network.title, transport=transport)
        self._token = token
        self._network = network
        self._root = root
        self._account: Json | None = None

    def whoami(self) -> Identity:
        """Return the account that the token belongs to."""
        account = self._me()
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
            name, ready = self._upload(attachment)
            media.append(name)
            if not ready:
                waiting.append(name)
        if media:
            body["media_ids"] = media
        digests = " ".join(each.facts.sha256 for each in content.media)
        token = {"key": key.hex, "body": json.dumps(body), "sha256": digests}
        if waiting:
            return Pending({**token, "waiting": " ".join(waiting)})
        return self._send(token)

    def resume(self, pending: Pending) -> Receipt | Pending:
        """Ask for the files still worked on, and send the status once all are ready.

        https://docs.joinmastodon.org/methods/media/#get
        """
        waiting = [
            name
            for name in pending.token["waiting"].split()
            if self._ask("GET", f"/api/v1/media/{name}").status
            == HTTPStatus.PARTIAL_CONTENT
        ]
        if waiting:
            token = {**pending.token, "waiting": " ".join(waiting)}
            return Pending(token, min(pending.wait * 2, 30.0))
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
        for status in self._own(among.since - _CLOCKS_DIFFER):
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
        pages = (self._http.base, str(self._me().get("url")))
        name = status_id(
            url, frozenset(urlsplit(page).netloc.lower() for page in pages)
        )
        if name is None:
            raise UsageError(
                f"{url} is no address of a post on {self._http.base}",
                hint="open the post on the account's own instance and copy its "
                f"address, as in {self._me().get('url')}/1234",
            )
        status = self._status(name)
        if status is None:
            raise UsageError(f"{url} is gone, or never was")
        if obstacle := not_our_post(status, self._me()):
            raise UsageError(f"{url} is {obstacle}")
        return receipt_of(status, "")

    def words(self, receipt: Receipt) -> str | None:
        """Return a status's words as they were written, or as they are shown.

        https://docs.joinmastodon.org/methods/statuses/#source
        """
        answer = self._http.exchange(
            "GET",
            f"/api/v1/statuses/{receipt.id}/source",
            repeatable=True,
            token=self._token,
        )
        written = answer.fields().get("text")
        if answer.ok and isinstance(written, str):
            return written
        status = self._status(receipt.id)
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
        for status in self._pages("/api/v1/scheduled_statuses"):
            if matches_waiting(status, content, at=at):
                return waiting_receipt(status, digests)
        return None

    def reschedule(self, receipt: Receipt, *, at: datetime) -> Receipt:
        """Give what waits another time: nothing else of it can be changed.

        https://docs.joinmastodon.org/methods/scheduled_statuses/#update
        """
        path = f"/api/v1/scheduled_statuses/{receipt.id}"
        body = {"scheduled_at": at.isoformat()}
        answer = self._ask("PUT", path, repeatable=False, body=body)
        return waiting_receipt(answer.fields(), receipt.more.get("sha256", ""))

    def cancel(self, receipt: Receipt) -> bool:
        """Take back what waits; False if it does not wait there any more.

        https://docs.joinmastodon.org/methods/scheduled_statuses/#cancel
        """
        path = f"/api/v1/scheduled_statuses/{receipt.id}"
        answer = self._http.exchange(
            "DELETE", path, repeatable=False, token=self._token
        )
        if answer.status == HTTPStatus.NOT_FOUND:
            return False
        self._http.accepted(answer, repeatable=False)
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
        answer = self._ask(
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
        answer = self._http.exchange(
            "DELETE", path, repeatable=False, token=self._token
        )
        if answer.status != HTTPStatus.NOT_FOUND:
            self._http.accepted(answer, repeatable=False)

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        """Read counters of at most 20 statuses: in one request since Mastodon 4.3."""
        answer = self._http.exchange(
            "GET",
            "/api/v1/statuses",
            repeatable=True,
            token=self._token,
            params={"id[]": [each.id for each in receipts]},
        )
        if answer.status in _NO_SUCH_METHOD:
            return {each.id: self._counters_of(each.id) for each in receipts}
        statuses = self._http.accepted(answer, repeatable=True).content()
        found = {str(each.get("id")): each for each in objects(statuses)}
        return {
            each.id: counters_of(found[each.id]) if each.id in found else None
            for each in receipts
        }

    def followers(self) -> int | None:
        """Read how many accounts follow this one, anew at each call."""
        self._account = None
        return count(self._me().get("followers_count"))

    def limits(self) -> InstanceLimits:
        """Read the instance's own limits, as old and new servers give them.

        https://docs.joinmastodon.org/methods/instance/#v2
        """
        answer = self._http.exchange("GET", "/api/v2/instance", repeatable=True)
        if answer.status in _NO_SUCH_METHOD:
            answer = self._http.exchange("GET", "/api/v1/instance", repeatable=True)
        raw = numbers(self._http.accepted(answer, repeatable=True).fields())
        return InstanceLimits(self._network.limits_for(raw), raw)

    def close(self) -> None:
        """Let go of sockets."""
        self._http.close()

    def _me(self) -> Json:
        if self._account is None:
            answer = self._ask("GET", "/api/v1/accounts/verify_credentials")
            account = dict(answer.fields())
            if not all(isinstance(account.get(key), str) for key in _IDENTITY):
                raise Unreachable(
                    f"{self._http.base} does not say whose account the token opens",
                    hint="check the address in channels.yaml: is that a Mastodon?",
                )
            self._account = account
        return self._account

    def _upload(self, attachment: Attachment) -> tuple[str, bool]:
        facts = attachment.facts
        content = read_media(self._root, facts)
        name = facts.path.rpartition("/")[2]
        answer = self._ask(
            "POST",
            "/api/v2/media",
            repeatable=True,
            files={"file": (name, content, facts.media_type)},
            form={"description": attachment.alt} if attachment.alt else {},
        )
        media = answer.fields().get("id")
        if not media:
            raise Unreachable(f"{self._http.base} gave no id for {facts.path}")
        return str(media), answer.status != HTTPStatus.ACCEPTED

    def _uploaded_at_once(self, attachment: Attachment) -> str:
        name, ready = self._upload(attachment)
        if not ready:
            raise Rejected(
                f"{attachment.facts.path} takes the server time to work on, so it "
                "can't be put into a post that is live",
                hint="withdraw the post and publish it anew",
            )
        return name

    def _send(self, token: Mapping[str, str]) -> Receipt:
        body = json.loads(token["body"])
        answer = self._ask(
            "POST",
            "/api/v1/statuses",
            repeatable=False,
            headers={"Idempotency-Key": token["key"]},
            body=body,
        )
        read = waiting_receipt if "scheduled_at" in body else receipt_of
        return read(answer.fields(), token["sha256"])

    def _own(self, since: datetime) -> Iterator[Json]:
        path = f"/api/v1/accounts/{self._me().get('id')}/statuses"
        for status in self._pages(path, exclude_reblogs="true"):
            if moment_of(status.get("created_at")) < since:
                return
            yield status

    def _pages(self, path: str, **params: str) -> Iterator[Json]:
        """Yield what a list has, the newest first.

        Raises:
            OutcomeUnknown: It has more than anybody should read.
        """
        asked = {"limit": str(_PAGE), **params}
        seen: set[str] = set()
        for _ in range(_PAGES):
            page = objects(self._ask("GET", path, params=asked).content())
            fresh = [each for each in page if str(each.get("id")) not in seen]
            if not fresh:  # a short page proves nothing: servers leave entries out
                return
            yield from fresh
            seen.update(str(each.get("id")) for each in fresh)
            asked["max_id"] = str(fresh[-1].get("id"))
        raise OutcomeUnknown(f"{path} has more than {_PAGES * _PAGE} entries")

    def _counters_of(self, name: str) -> Mapping[str, int | None] | None:
        status = self._status(name)
        return None if status is None else counters_of(status)

    def _status(self, name: str) -> Mapping[str, object] | None:
        """Return a status; None if it is gone."""
        answer = self._http.exchange(
            "GET", f"/api/v1/statuses/{name}", repeatable=True, token=self._token
        )
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        return self._http.accepted(answer, repeatable=True).fields()

    def _ask(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool = True,
        **request: Unpack[Request],
    ) -> Answer:
        signed: Request = {**request, "token": self._token}
        return self._http.carry_out(method, path, repeatable=repeatable, **signed)
