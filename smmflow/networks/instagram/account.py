"""An account on Instagram as its API serves it: its posts, its limit, its lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smmflow.errors import OutcomeUnknown, RateLimited
from smmflow.networks.graph import Graph, next_cursor
from smmflow.networks.http import Answer
from smmflow.networks.instagram.post import MEDIA_FIELDS, Json, objects

__all__ = ["Account", "is_gone"]

_PAGE = 50
_PAGES = 20
_GONE = (100, 33)
"""https://developers.facebook.com/docs/graph-api/guides/error-handling"""


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
        return None if is_gone(answer) else self._accepted(answer)

    def media(self) -> Iterator[Json]:
        """Yield its posts, the newest first.

        https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
        """
        return self.every(f"/{self.number}/media", MEDIA_FIELDS)

    def stories(self) -> Iterator[Json]:
        """Yield its stories of the last 24 hours.

        https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/stories
        """
        return self.every(f"/{self.number}/stories", MEDIA_FIELDS)

    def every(self, path: str, fields: str) -> Iterator[Json]:
        """Yield what a list has.

        https://developers.facebook.com/docs/graph-api/results

        Raises:
            OutcomeUnknown: It has more than anybody should read.
        """
        asked = {"fields": fields, "limit": str(_PAGE)}
        for _ in range(_PAGES):
            answer = self.graph.ask("GET", path, repeatable=True, params=asked)
            yield from objects(answer.get("data"))
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


def is_gone(answer: Answer) -> bool:
    """Tell whether an answer says that what was asked for does not exist."""
    error = answer.fields().get("error")
    if not isinstance(error, dict):
        return False
    return (error.get("code"), error.get("error_subcode")) == _GONE
