"""An account on Instagram as its API serves it: its posts, its limit, its lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from smmflow.errors import OutcomeUnknown, RateLimited
from smmflow.networks.graph import Graph, next_cursor
from smmflow.networks.http import Answer
from smmflow.networks.instagram.post import MEDIA_FIELDS, Json, moment_of, objects

__all__ = ["Account"]

_PAGE = 50
_PAGES = 20


class Account:
    """A professional account behind its token.

    Args:
        graph: Requests in its name.
        number: Its id.
    """

    def __init__(self, graph: Graph, number: str) -> None:
        self.graph = graph
        self.number = number
        self._name = ""

    @property
    def name(self) -> str:
        """The account's name, asked for once."""
        if not self._name:
            said = self.read(self.number, "id,username") or {}
            self._name = str(said.get("username") or "")
        return self._name

    def read(self, node: str, fields: str) -> Json | None:
        """Return an object's fields; None if it is gone."""
        answer = self.graph.exchange(
            "GET", f"/{node}", repeatable=True, params={"fields": fields}
        )
        return None if self.graph.is_gone(answer) else self._accepted(answer)

    def media(self, since: datetime | None = None) -> Iterator[Json]:
        """Yield its posts, the newest first, or those since a moment.

        What is out of its order, as a post that is pinned, ends no list.
        https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
        """
        for posts in self._pages(f"/{self.number}/media", MEDIA_FIELDS):
            recent = [
                each
                for each in posts
                if since is None or moment_of(each, otherwise=since) >= since
            ]
            yield from recent
            if posts and not recent:
                return

    def stories(self) -> Iterator[Json]:
        """Yield its stories of the last 24 hours.

        https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/stories
        """
        return self.every(f"/{self.number}/stories", MEDIA_FIELDS)

    def every(self, path: str, fields: str) -> Iterator[Json]:
        """Yield what a list has.

        Raises:
            OutcomeUnknown: It has more than anybody should read.
        """
        for page in self._pages(path, fields):
            yield from page

    def _pages(self, path: str, fields: str) -> Iterator[list[Json]]:
        asked = {"fields": fields, "limit": str(_PAGE)}
        for _ in range(_PAGES):
            answer = self.graph.ask("GET", path, repeatable=True, params=asked)
            yield objects(answer.get("data"))
            after = next_cursor(answer)
            if not after:
                return
            asked["after"] = after
        raise OutcomeUnknown(f"{path} has more than {_PAGES * _PAGE} entries")

    def must_have_room(self) -> None:
        """Ask how much may still be published today, before anything is sent.

        https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/content_publishing_limit

        Raises:
            RateLimited: Nothing may.
        """
        said = self.graph.ask(
            "GET",
            f"/{self.number}/content_publishing_limit",
            repeatable=True,
            params={"fields": "config,quota_usage"},
        )
        for each in objects(said.get("data")):
            config = each.get("config")
            total = config.get("quota_total") if isinstance(config, dict) else None
            used = each.get("quota_usage")
            if isinstance(total, int) and isinstance(used, int) and used >= total:
                raise RateLimited(
                    f"Instagram takes {total} posts in 24 hours from apps, "
                    f"and had {used}"
                )

    def _accepted(self, answer: Answer) -> Json:
        return dict(self.graph.accepted(answer, repeatable=True))
