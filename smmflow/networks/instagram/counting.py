"""Numbers of posts, stories, comments and the account on Instagram.

https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights
"""

from __future__ import annotations

from collections.abc import Mapping

from smmflow.model.publication import Receipt
from smmflow.networks.instagram.account import Account
from smmflow.networks.instagram.address import is_story
from smmflow.networks.instagram.network import Instagram
from smmflow.networks.instagram.post import objects

__all__ = ["Counting"]

_NAMES = {each: each for each in Instagram.capabilities.metrics} | {"saves": "saved"}
_OF_STORIES = ("views", "reach", "shares")


class Counting:
    """Reads counters.

    Args:
        account: Whose.
    """

    def __init__(self, account: Account) -> None:
        self._account = account

    def of(self, receipt: Receipt) -> Mapping[str, int | None] | None:
        """Return the counters of what is live; None if it is gone."""
        if "media" in receipt.more:
            return self._of_comment(receipt.id)
        asked = _OF_STORIES if is_story(receipt.url) else tuple(_NAMES)
        answer = self._account.graph.exchange(
            "GET",
            f"/{receipt.id}/insights",
            repeatable=True,
            params={"metric": ",".join(_NAMES[each] for each in asked)},
        )
        if self._account.graph.is_gone(answer):
            return None
        said = self._account.graph.accepted(answer, repeatable=True)
        counts = {each.get("name"): _value(each) for each in objects(said.get("data"))}
        return {ours: counts.get(theirs) for ours, theirs in _NAMES.items()}

    def _of_comment(self, name: str) -> Mapping[str, int | None] | None:
        comment = self._account.read(name, "like_count")
        if comment is None:
            return None
        likes = {"likes": _count(comment.get("like_count"))}
        return dict.fromkeys(_NAMES) | likes

    def followers(self) -> int | None:
        """Return how many accounts follow the account."""
        said = self._account.read(self._account.number, "followers_count") or {}
        return _count(said.get("followers_count"))


def _value(metric: Mapping[str, object]) -> int | None:
    total = metric.get("total_value")
    if isinstance(total, dict):
        return _count(total.get("value"))
    values = objects(metric.get("values"))
    return _count(values[0].get("value")) if values else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
