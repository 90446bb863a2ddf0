"""What a Slack channel holds: its messages, and the threads below them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from smmflow.errors import OutcomeUnknown, SignInFailed
from smmflow.networks.slack.message import objects, occurrence_in
from smmflow.networks.slack.web import Refused, Web

__all__ = ["History"]

_PAGE = "200"
_PAGES = 10

Json = Mapping[str, object]


class History:
    """A channel, read with the metadata of its messages.

    Args:
        web: Methods of the Web API.
        channel: Id of the channel.
    """

    def __init__(self, web: Web, channel: str) -> None:
        self._web = web
        self._channel = channel
        self._names: dict[str, str] = {}

    def since(self, moment: datetime) -> tuple[Json, ...]:
        """Return the channel's own messages since a moment, the oldest first.

        https://docs.slack.dev/reference/methods/conversations.history

        Raises:
            OutcomeUnknown: There are more than anybody should read.
        """
        oldest = f"{moment.timestamp():.6f}"
        pages = self._pages("conversations.history", oldest=oldest)
        return tuple(sorted(pages, key=_ts))

    def below(self, thread: str, *, since: datetime | None = None) -> tuple[Json, ...]:
        """Return what stands below a message, the oldest first; as `since`.

        https://docs.slack.dev/reference/methods/conversations.replies
        """
        more = {"oldest": f"{since.timestamp():.6f}"} if since else {}
        pages = self._pages("conversations.replies", ts=thread, **more)
        replies = (each for each in pages if each.get("ts") != thread)
        return tuple(sorted(replies, key=_ts))

    def below_post(
        self, occurrence: tuple[str, str], *, begun: datetime, since: datetime
    ) -> tuple[Json, ...]:
        """Return what stands below the first messages of a post, as `below`.

        Args:
            occurrence: The post's, and its channel's name.
            begun: No first message of it is older.
            since: No older replies.

        Raises:
            OutcomeUnknown: There is none, so nobody knows where to look.
        """
        ours = (e for e in self.since(begun) if occurrence_in(e) == occurrence)
        roots = [str(each["ts"]) for each in ours]
        if not roots:
            raise OutcomeUnknown("the post that it would stand below can't be seen")
        below = (self.below(root, since=since) for root in roots)
        return tuple(message for some in below for message in some)

    def some_below(self, thread: str, after: str) -> tuple[tuple[Json, ...], bool]:
        """Return a page of what stands below a message behind a name, and if more does.

        Nothing of a message that is gone.
        """
        try:
            page = self._web.read(
                "conversations.replies",
                channel=self._channel,
                ts=thread,
                oldest=after or "0",
                limit=_PAGE,
            )
        except Refused as refusal:
            if refusal.code == "thread_not_found":
                return (), False
            raise
        found = [
            each
            for each in objects(page.get("messages"))
            if each.get("ts") != thread and _ts(each) > float(after or 0)
        ]
        return tuple(sorted(found, key=_ts)), page.get("has_more") is True

    def message(self, ts: str, thread: str) -> Json | None:
        """Return one message; None if it is gone.

        Args:
            ts: Its name.
            thread: That of the message it stands below; empty if below none.
        """
        try:
            page = self._web.read(
                "conversations.replies",
                channel=self._channel,
                ts=thread or ts,
                oldest=ts,
                latest=ts,
                inclusive="true",
                include_all_metadata="true",
                limit=_PAGE,
            )
        except Refused as refusal:
            if refusal.code in {"thread_not_found", "message_not_found"}:
                return None
            raise
        found = objects(page.get("messages"))
        return next((each for each in found if each.get("ts") == ts), None)

    def name_of(self, user: str) -> str:
        """Return an account's name for people, or its id if that may not be asked."""
        if user not in self._names:
            try:
                fields = self._web.read("users.info", user=user).get("user")
            except (Refused, SignInFailed):
                fields = None  # the scope users:read is for names only
            account = fields if isinstance(fields, dict) else {}
            name = account.get("real_name") or account.get("name")
            self._names[user] = str(name or user)
        return self._names[user]

    def _pages(self, method: str, **params: str) -> Iterator[Json]:
        asked = {
            "channel": self._channel,
            "include_all_metadata": "true",
            "limit": _PAGE,
            **params,
        }
        for _ in range(_PAGES):
            page = self._web.read(method, **asked)
            if not isinstance(page.get("messages"), list):
                raise OutcomeUnknown(f"{method} answered without messages")
            yield from objects(page["messages"])
            further = page.get("response_metadata")
            cursor = further.get("next_cursor") if isinstance(further, dict) else ""
            if not cursor:
                if page.get("has_more") is True:
                    break
                return
            asked["cursor"] = str(cursor)
        raise OutcomeUnknown(f"{method} has more than {_PAGES} pages")


def _ts(message: Json) -> float:
    try:
        return float(str(message.get("ts")))
    except ValueError:
        return 0.0
