"""Counting what points at an event: each person once for each kind of thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smmflow.networks.nostr.event import Event, Kind

__all__ = ["counted"]

_DISLIKE = "-"


def counted(name: str, about: Iterable[Event]) -> Mapping[str, int | None]:
    """Return the counters of an event.

    Reactions are counted as https://github.com/nostr-protocol/nips/blob/master/25.md
    has them: everything but `-` is a like, and the last `e` is what it is about.

    Args:
        name: Its id.
        about: Events that point at it, and others.
    """
    likes, reposts, replies = set(), set(), set()
    for event in about:
        last = [each[1] for each in event.tags if each[:1] == ("e",) and len(each) > 1]
        match event.kind:
            case Kind.REACTION if last[-1:] == [name] and event.content != _DISLIKE:
                likes.add(event.author)
            case Kind.REPOST | Kind.GENERIC_REPOST if name in last:
                reposts.add(event.author)
            case Kind.NOTE if event.parent == name:
                replies.add(event.id)
            case _:
                pass
    return {"likes": len(likes), "reposts": len(reposts), "replies": len(replies)}
