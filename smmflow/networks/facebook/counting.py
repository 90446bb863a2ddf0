"""Numbers of posts, of comments, and of the Page itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smmflow.errors import Rejected, SignInFailed
from smmflow.networks.facebook.page import Page
from smmflow.networks.facebook.post import BELOW, COUNTED, INSIGHTS, counters_of

__all__ = ["Counting"]

Counters = Mapping[str, int | None]


class Counting:
    """Reads counters.

    Args:
        page: Whose.
    """

    def __init__(self, page: Page) -> None:
        self._page = page

    def of(self, names: Sequence[str]) -> Mapping[str, Counters | None]:
        """Return counters of posts and of comments by their ids; None for the gone.

        One that is gone spoils the request for all; then each is asked on its own.
        https://developers.facebook.com/docs/graph-api/overview
        """
        own = f"{self._page.name}_"
        posts = [each for each in names if each.startswith(own)]
        comments = [each for each in names if not each.startswith(own)]
        return {**self._of_posts(posts), **self._read(comments, BELOW)}

    def followers(self) -> int | None:
        """Return how many accounts follow the Page."""
        found = self._page.read(self._page.name, "followers_count") or {}
        count = found.get("followers_count")
        return count if isinstance(count, int) else None

    def _of_posts(self, names: Sequence[str]) -> Mapping[str, Counters | None]:
        try:
            return self._read(names, f"{COUNTED},{INSIGHTS}")
        except (Rejected, SignInFailed):
            # Insights want a permission of their own, and their names come and go.
            return self._read(names, COUNTED)

    def _read(self, names: Sequence[str], fields: str) -> Mapping[str, Counters | None]:
        if not names:
            return {}
        graph = self._page.graph
        asked = {"ids": ",".join(names), "fields": fields}
        answer = graph.exchange("GET", "/", repeatable=True, params=asked)
        if graph.is_gone(answer):
            return {name: self._of_one(name, fields) for name in names}
        found = graph.accepted(answer, repeatable=True)
        counted = {name: found.get(name) for name in names}
        return {
            name: counters_of(each) if isinstance(each, dict) else None
            for name, each in counted.items()
        }

    def _of_one(self, name: str, fields: str) -> Counters | None:
        found = self._page.read(name, fields)
        return None if found is None else counters_of(found)
