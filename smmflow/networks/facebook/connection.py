"""A Page that is signed in to: posts, what waits, comments, and counters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import httpx

from smmflow.credentials import Secret
from smmflow.errors import OutcomeUnknown, Rejected, SignInFailed, UsageError
from smmflow.model.channel_post import ChannelPost, Part, PartKey
from smmflow.model.message import Message, Messages
from smmflow.model.publication import Pending, Receipt
from smmflow.model.text import RichText
from smmflow.networks.facebook.address import address_of, is_ours, post_id
from smmflow.networks.facebook.counting import Counting
from smmflow.networks.facebook.page import Page
from smmflow.networks.facebook.post import (
    SHOWN,
    link_of,
    moment_of,
    receipt_of,
)
from smmflow.networks.facebook.search import (
    by_address,
    find_comment,
    find_post,
    find_waiting,
    has_video,
)
from smmflow.networks.facebook.talk import read_comments
from smmflow.networks.graph import Graph
from smmflow.networks.http import Answer, Http
from smmflow.networks.interface import Among, Connection, Identity, Thread

__all__ = ["FacebookConnection"]

_TITLE = "Facebook"
_LONGEST_WAIT = 60.0


class FacebookConnection(Connection):
    """Publishes in a Page's name; nothing that is sent twice is recognised.

    https://developers.facebook.com/docs/pages-api/posts
    """

    def __init__(
        self,
        service: str,
        page: str,
        token: Secret,
        *,
        transport: httpx.BaseTransport | None,
        root: Path,
    ) -> None:
        self._graph = Graph(
            Http(service, _TITLE, transport=transport), token, title=_TITLE
        )
        self._page = Page(self._graph, page, root)
        self._counting = Counting(self._page)

    def whoami(self) -> Identity:
        """Return the Page.

        What a Page token allows and when it ends is told only to the app's own token:
        https://developers.facebook.com/docs/graph-api/reference/debug_token/
        """
        found = self._graph.ask(
            "GET",
            f"/{self._page.name}",
            repeatable=True,
            params={"fields": "id,name,link"},
        )
        name = str(found.get("id") or self._page.name)
        url = str(found.get("link") or address_of(name))
        return Identity(name, str(found.get("name") or name), url)

    # --- Publishing -------------------------------------------------------------------

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt | Pending:
        """Upload the pictures, then send the post; or a comment; or a video.

        Raises:
            NetworkError: Of the kind that fits.
            ConfigurationError: A file can't be used.
        """
        del key
        content = post.parts[part]
        if after is None:
            return self._submit(content, at=None)
        return self._comment(after.parent.id, content.text.text)

    def schedule(
        self, post: ChannelPost, part: int, *, at: datetime, key: PartKey
    ) -> Receipt | Pending:
        """Give a post to Facebook for its time."""
        del key
        return self._submit(post.parts[part], at=at)

    def _submit(self, content: Part, *, at: datetime | None) -> Receipt | Pending:
        form: dict[str, str] = {}
        if at is not None:
            form["published"] = "false"
            form["scheduled_publish_time"] = str(int(at.timestamp()))
        if has_video(content):
            return self._send_video(content, form, at)
        if content.text.text:
            form["message"] = content.text.text
        if link := link_of(content):
            form["link"] = link
        media = [self._page.upload(e, waits=at is not None) for e in content.media]
        if media:
            form["attached_media"] = json.dumps([{"media_fbid": e} for e in media])
        answer = self._graph.exchange(
            "POST", f"/{self._page.name}/feed", repeatable=False, params=form
        )
        return self._receipt(answer, at)

    def _send_video(
        self, content: Part, form: Mapping[str, str], at: datetime | None
    ) -> Pending:
        """Send a video, which becomes a post once Facebook is done with it.

        https://developers.facebook.com/docs/graph-api/reference/page/videos/
        """
        answer = self._graph.ask(
            "POST",
            f"/{self._page.name}/videos",
            repeatable=False,
            params={**form, "description": content.text.text},
            files=self._page.file(content.media[0]),
        )
        if not isinstance(answer.get("id"), str):
            raise OutcomeUnknown("Facebook took a video and gave no id for it")
        moment = "" if at is None else at.isoformat()
        return Pending({"video": str(answer["id"]), "at": moment}, wait=5.0)

    def resume(self, pending: Pending) -> Receipt | Pending:
        """Ask whether Facebook is done with a video.

        It becomes a post whether or not anybody may ask, so no error but the video's
        own says that there is none.
        https://developers.facebook.com/docs/graph-api/reference/video-status/
        """
        try:
            video = self._page.read(
                pending.token["video"], "status,post_id,created_time"
            )
        except (Rejected, SignInFailed) as problem:
            raise OutcomeUnknown(problem.message, hint=problem.hint) from None
        status = (video or {}).get("status")
        state = status.get("video_status") if isinstance(status, dict) else None
        if state == "error":
            raise Rejected(
                "Facebook could not work with the video",
                hint="look at the Page's content in Meta Business Suite",
            )
        post = (video or {}).get("post_id")
        if video is None or state != "ready" or not post:
            return Pending(pending.token, min(pending.wait * 2, _LONGEST_WAIT))
        at = pending.token["at"]
        # Videos tell the second half of the name that their post has elsewhere.
        name = str(post) if "_" in str(post) else f"{self._page.name}_{post}"
        if at:
            return Receipt(name, "", datetime.fromisoformat(at))
        return Receipt(name, address_of(name), moment_of(video.get("created_time")))

    def _comment(self, below: str, words: str) -> Receipt:
        path = f"/{below}/comments"
        answer = self._graph.exchange(
            "POST", path, repeatable=False, params={"message": words}
        )
        return self._receipt(answer, None)

    def _receipt(self, answer: Answer, at: datetime | None) -> Receipt:
        made = dict(self._graph.accepted(answer, repeatable=False))
        if at is not None:
            return receipt_of(
                {**made, "scheduled_publish_time": at.isoformat()}, waiting=True
            )
        if answer.at is None:
            raise OutcomeUnknown("Facebook answered without a time")
        return receipt_of({**made, "created_time": answer.at.isoformat()})

    # --- Looking ----------------------------------------------------------------------

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Look among the Page's own posts, or below one, for what says the same.

        Raises:
            OutcomeUnknown: Not all of it could be read.
        """
        del key
        content = post.parts[part]
        if part > 0:  # the ledger does not keep that it was a comment
            return find_comment(self._page, post.parts[part - 1], content, among)
        return find_post(self._page, content, among)

    def adopt(self, url: str) -> Receipt:
        """Return the receipt of a post of this Page by its address.

        Addresses with `pfbid` hold no id, so that they are looked for among the Page's
        newest posts.
        """
        if not is_ours(url):
            raise UsageError(
                f"{url} is no address of a post on Facebook",
                hint="open the post, and copy the address behind its date",
            )
        name = post_id(url, self._page.name)
        found = (
            by_address(self._page, url)
            if name is None
            else self._page.read(name, SHOWN)
        )
        if found is None:
            raise UsageError(f"{url} is gone, or is no post of this Page")
        receipt = receipt_of(found)
        if not receipt.id.startswith(f"{self._page.name}_"):
            raise UsageError(f"{url} is no post of this Page")
        return receipt

    def words(self, receipt: Receipt) -> str | None:
        """Return what a post or a comment says; None if it is gone."""
        found = self._page.read(receipt.id, "message")
        return None if found is None else str(found.get("message", ""))

    # --- What waits -------------------------------------------------------------------

    def scheduled(
        self, post: ChannelPost, part: int, *, at: datetime, key: PartKey
    ) -> Receipt | None:
        """Look among what waits.

        Raises:
            OutcomeUnknown: Not all of it could be read.
        """
        del key
        return find_waiting(self._page, post.parts[part], at)

    def reschedule(self, receipt: Receipt, *, at: datetime) -> Receipt:
        """Give what waits another time."""
        self._done(
            self._graph.ask(
                "POST",
                f"/{receipt.id}",
                repeatable=False,
                params={"scheduled_publish_time": str(int(at.timestamp()))},
            )
        )
        return Receipt(receipt.id, "", at, receipt.more)

    def cancel(self, receipt: Receipt) -> bool:
        """Take back what waits; False if it went out, or is gone."""
        found = self._page.read(receipt.id, "is_published")
        if found is None or found.get("is_published") is not False:
            return False
        if self._delete(receipt.id):
            return True
        # Whoever is told that it does not wait sends it: this has to be certain.
        self._graph.must_be_gone(receipt.id)
        return False

    # --- Afterwards -------------------------------------------------------------------

    def edit(self, receipt: Receipt, post: ChannelPost, part: int) -> Receipt:
        """Change the words of a post or a comment that this app made."""
        message = {"message": post.parts[part].text.text}
        self._done(
            self._graph.ask("POST", f"/{receipt.id}", repeatable=False, params=message)
        )
        return receipt

    def withdraw(self, receipt: Receipt) -> None:
        """Delete a post or a comment; one that is gone already is no error.

        Raises:
            SignInFailed: It is there, and the token may not delete it.
            NetworkError: Of the kind that fits.
        """
        if not self._delete(receipt.id):
            self._graph.must_be_gone(receipt.id)

    def _delete(self, name: str) -> bool:
        answer = self._graph.exchange("DELETE", f"/{name}", repeatable=False)
        if self._graph.is_gone(answer):
            return False
        self._done(self._graph.accepted(answer, repeatable=False))
        return True

    def _done(self, answer: Mapping[str, object]) -> None:
        if answer.get("success") is not True:
            raise OutcomeUnknown("Facebook does not say that it did what it was asked")

    def measure(
        self, receipts: Sequence[Receipt]
    ) -> Mapping[str, Mapping[str, int | None] | None]:
        """Read counters of at most 50 posts and comments, one request for each kind."""
        return self._counting.of([each.id for each in receipts])

    def followers(self) -> int | None:
        """Read how many accounts follow the Page."""
        return self._counting.followers()

    def messages(self, receipts: Sequence[Receipt], *, after: str) -> Messages:
        """Read comments and replies below posts."""
        return read_comments(self._page, receipts, after)

    def reply(self, message: Message, text: RichText, *, key: str) -> Receipt:
        """Answer below a comment; Facebook takes no key, so twice is twice."""
        del key
        return self._comment(message.id, text.text)

    def close(self) -> None:
        """Let go of sockets."""
        self._graph.http.close()
