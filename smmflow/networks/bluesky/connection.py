"""A signed-in Bluesky account: records of its repository, counters of its posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from smmflow.clock import SystemClock
from smmflow.errors import OutcomeUnknown, Rejected, Unreachable, UsageError
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.message import Message, Messages
from smmflow.model.publication import Receipt
from smmflow.model.text import RichText
from smmflow.networks.bluesky.address import post_address, profile
from smmflow.networks.bluesky.embed import Embeds
from smmflow.networks.bluesky.record import (
    created_at,
    facets,
    moment_of,
    record_key,
    reply,
)
from smmflow.networks.bluesky.session import Session
from smmflow.networks.bluesky.talk import reference, talk
from smmflow.networks.http import Answer, Http
from smmflow.networks.images import Picture
from smmflow.networks.interface import Among, Connection, Identity, Thread
from smmflow.networks.safe_fetch import SafeFetch

__all__ = ["BlueskyConnection"]

_POST = "app.bsky.feed.post"
_COUNTERS = {
    "likes": "likeCount",
    "reposts": "repostCount",
    "replies": "replyCount",
    "quotes": "quoteCount",
}
_MOST_LANGUAGES = 3

Json = dict[str, object]


class BlueskyConnection(Connection):
    """Publishes exactly once by choosing each record's key and time itself.

    A record is written only where none is (`swapRecord: null`); if one is there under
    the part's own key, an earlier try put it there, and it is adopted.
    https://docs.bsky.app/docs/api/com-atproto-repo-put-record
    """

    def __init__(
        self,
        http: Http,
        session: Session,
        *,
        root: Path,
        pages: SafeFetch | None = None,
    ) -> None:
        self._http = http
        self._session = session
        self._embeds = Embeds(self._upload, pages or SafeFetch(), root)

    def whoami(self) -> Identity:
        """Return the account that the app password signs in."""
        handle = self._session.handle
        return Identity(self._session.did, f"@{handle}", profile(handle))

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt:
        """Send one part, or adopt the record that an earlier try left.

        Raises:
            NetworkError: Of the kind that fits.
            ConfigurationError: A picture can't be used.
        """
        if post.visibility == "followers":
            raise Rejected("everything on Bluesky is public, and this is for followers")
        record = self._record(post, part, created_at(key))
        if after is not None:
            record["reply"] = reply(after)
        return self._written(record, key)

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Return the receipt of the record under the part's key; None without one."""
        del post, part, among
        rkey = record_key(key)
        found = self._get(rkey)
        if found is None:
            return None
        return self._receipt(rkey, found, _time(found, key.due))

    def adopt(self, url: str) -> Receipt:
        """Return the receipt of a post by its page in an app, or by its AT URI."""
        own = self._session.handle
        address = post_address(url)
        if address is None:
            raise UsageError(
                f"{url} is no address of a post on Bluesky",
                hint="open the post and copy its address, as in "
                f"{profile(own)}/post/3k...",
            )
        if not self._is_ours(address.account):
            raise UsageError(
                f"{url} is a post of {address.account}, and this channel is {own}"
            )
        found = self._get(address.key)
        if found is None:
            raise UsageError(f"{url} is gone, or never was")
        at = _time(found, found.at or SystemClock().now())
        return self._receipt(address.key, found, at)

    def words(self, receipt: Receipt) -> str | None:
        """Return the text of a record; None if it is gone."""
        found = self._get(_rkey(receipt.id))
        return None if found is None else str(_value(found).get("text", ""))

    def edit(self, receipt: Receipt, post: ChannelPost, part: int) -> Receipt:
        """Replace a live record, unless somebody else has changed it.

        The network keeps likes and replies; its app does not show that a post was
        changed.
        """
        rkey = _rkey(receipt.id)
        found = self._get(rkey)
        if found is None:
            raise Rejected(f"{receipt.id} is gone, so it can't be changed")
        live = _value(found)
        record = self._record(post, part, str(live.get("createdAt", "")))
        if "reply" in live:
            record["reply"] = live["reply"]
        answer = self._put(rkey, record, swap=receipt.more.get("cid"))
        if answer.fields().get("error") == "InvalidSwap" and _same(live, record):
            return self._receipt(rkey, found, receipt.at)
        answer = self._session.accepted(answer, repeatable=False)
        return self._receipt(rkey, answer, receipt.at)

    def withdraw(self, receipt: Receipt) -> None:
        """Delete a record; deleting it again is no error."""
        self._session.carry_out(
            "POST",
            "/xrpc/com.atproto.repo.deleteRecord",
            repeatable=False,
            body={
                "repo": self._session.did,
                "collection": _POST,
                "rkey": _rkey(receipt.id),
            },
        )

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        """Read counters of at most 25 posts.

        The server that counts leaves out posts it does not know, new ones too; only
        the repository can say that a post is gone.
        """
        answer = self._session.carry_out(
            "GET",
            "/xrpc/app.bsky.feed.getPosts",
            repeatable=True,
            params={"uris": [each.id for each in receipts]},
        )
        posts = answer.fields().get("posts")
        known = {
            str(post.get("uri")): post
            for post in (posts if isinstance(posts, list) else [])
            if isinstance(post, dict)
        }
        return {each.id: self._counters(each, known.get(each.id)) for each in receipts}

    def followers(self) -> int | None:
        """Read how many accounts follow this one."""
        answer = self._session.carry_out(
            "GET",
            "/xrpc/app.bsky.actor.getProfile",
            repeatable=True,
            params={"actor": self._session.did},
        )
        return _count(answer.fields().get("followersCount"))

    def messages(self, receipts: Sequence[Receipt], *, after: str) -> Messages:
        """Read replies to the account and mentions of it, wherever they stand."""
        del receipts
        return talk(self._session, after=after)

    def reply(self, message: Message, text: RichText, *, key: str) -> Receipt:
        """Answer a message once: the record's key and time follow from both."""
        own = PartKey(f"{message.id} {key}", "", 0, message.at)
        record: Json = {
            "$type": _POST,
            "text": text.text,
            "createdAt": created_at(own),
            "reply": reference(message),
        }
        if marks := facets(text, self._did_of):
            record["facets"] = marks
        return self._written(record, own)

    def close(self) -> None:
        """Let go of sockets."""
        self._http.close()

    def _counters(
        self, receipt: Receipt, post: Json | None
    ) -> Mapping[str, int | None] | None:
        if post is not None:
            return {name: _count(post.get(key)) for name, key in _COUNTERS.items()}
        if self._get(_rkey(receipt.id)) is None:
            return None
        return dict.fromkeys(_COUNTERS)

    def _record(self, post: ChannelPost, part: int, created: str) -> Json:
        content = post.parts[part]
        record: Json = {
            "$type": _POST,
            "text": content.text.text,
            "createdAt": created,
        }
        marks = facets(content.text, self._did_of)
        if marks:
            record["facets"] = marks
        if post.language:
            record["langs"] = [post.language][:_MOST_LANGUAGES]
        embed = self._embeds.of(content)
        if embed:
            record["embed"] = embed
        return record

    def _is_ours(self, account: str) -> bool:
        names = {self._session.did, self._session.handle.lower()}
        if account.lower() in names:
            return True
        # An account may have had another handle, or have moved to another server.
        return not account.startswith("did:") and self._did_of(account) in names

    def _did_of(self, handle: str) -> str | None:
        answer = self._session.ask(
            "GET",
            "/xrpc/com.atproto.identity.resolveHandle",
            repeatable=True,
            params={"handle": handle.lower()},
        )
        if answer.status == HTTPStatus.BAD_REQUEST:
            return None
        did = self._session.accepted(answer, repeatable=True).fields().get("did")
        return str(did) if did else None

    def _upload(self, picture: Picture) -> object:
        answer = self._session.carry_out(
            "POST",
            "/xrpc/com.atproto.repo.uploadBlob",
            repeatable=True,
            content=picture.content,
            headers={"Content-Type": picture.media_type},
        )
        blob = answer.fields().get("blob")
        if not blob:
            raise Unreachable(f"{self._http.base} took a picture and gave no blob")
        return blob

    def _written(self, record: Json, key: PartKey) -> Receipt:
        """Write a record where none is, or adopt the one that an earlier try left."""
        rkey = record_key(key)
        answer = self._put(rkey, record, swap=None)
        if answer.fields().get("error") == "InvalidSwap":
            return self._adopted(record, key)
        answer = self._session.accepted(answer, repeatable=False)
        return self._receipt(rkey, answer, answer.at or key.due)

    def _put(self, rkey: str, record: Json, *, swap: str | None) -> Answer:
        return self._session.ask(
            "POST",
            "/xrpc/com.atproto.repo.putRecord",
            repeatable=False,
            body={
                "repo": self._session.did,
                "collection": _POST,
                "rkey": rkey,
                "record": record,
                "swapRecord": swap,
            },
        )

    def _get(self, rkey: str) -> Answer | None:
        answer = self._session.ask(
            "GET",
            "/xrpc/com.atproto.repo.getRecord",
            repeatable=True,
            params={"repo": self._session.did, "collection": _POST, "rkey": rkey},
        )
        if answer.fields().get("error") == "RecordNotFound":
            return None
        return self._session.accepted(answer, repeatable=True)

    def _adopted(self, record: Json, key: PartKey) -> Receipt:
        rkey = record_key(key)
        found = self._get(rkey)
        if found is None:
            raise OutcomeUnknown(
                f"the record {rkey} was there and then was not: somebody deleted it"
            )
        if not _same(_value(found), record):
            raise Rejected(
                f"an earlier try of this part is live with other words ({rkey})",
                hint="look at the post on Bluesky: keep it, or delete it and order "
                "it sent anew",
            )
        return self._receipt(rkey, found, _time(found, key.due))

    def _receipt(self, rkey: str, answer: Answer, at: datetime) -> Receipt:
        fields = answer.fields()
        uri, cid = fields.get("uri"), fields.get("cid")
        if not uri or not cid:
            raise OutcomeUnknown(f"{self._http.base} answered without a record's name")
        url = f"{profile(self._session.handle)}/post/{rkey}"
        return Receipt(str(uri), url, at, {"cid": str(cid)})


def _rkey(uri: str) -> str:
    return uri.rpartition("/")[2]


def _value(answer: Answer) -> Json:
    value = answer.fields().get("value")
    return value if isinstance(value, dict) else {}


def _time(answer: Answer, default: datetime) -> datetime:
    return moment_of(_value(answer).get("createdAt"), default)


def _same(live: Json, wanted: Json) -> bool:
    # Cards and mentions are looked up anew at each try, so they may differ.
    return all(
        live.get(key) == wanted.get(key) for key in ("text", "createdAt", "reply")
    )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) else None
