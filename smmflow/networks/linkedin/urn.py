"""LinkedIn's names of posts and comments, and the addresses people see them at."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

__all__ = [
    "comment_of",
    "encoded",
    "is_comment",
    "is_post",
    "listed",
    "number_in",
    "page",
    "post_of",
]

_POST = re.compile(r"urn:li:(?:share|ugcPost):\d+")
_COMMENT = re.compile(r"urn:li:comment:\((?P<post>[^(),]+),(?P<id>\d+)\)")
_PATH = re.compile(r"(?:/embed)?/feed/update/(?P<urn>[^/]+)/?")
_HOSTS = frozenset({"www.linkedin.com", "linkedin.com"})


def encoded(urn: str) -> str:
    """Return a name as paths and lists hold it.

    https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/urns
    """
    return quote(urn, safe="")


def listed(urns: list[str]) -> str:
    """Return names as a Rest.li list, of which only the members are encoded."""
    return f"List({','.join(map(encoded, urns))})"


def page(urn: str) -> str:
    """Return where people see a post, or a comment below it."""
    comment = _COMMENT.fullmatch(urn)
    if comment:
        return f"{page(comment['post'])}?commentUrn={encoded(urn)}"
    return f"https://www.linkedin.com/feed/update/{urn}/"


def post_of(url: str) -> str | None:
    """Return the name in a post's address; None if it is no such address.

    Addresses with an activity's number are none: no method of the API tells which post
    that is.
    """
    try:
        address = urlsplit(url.strip())
    except ValueError:
        return None
    found = _PATH.fullmatch(address.path)
    if address.scheme != "https" or address.netloc not in _HOSTS or not found:
        return None
    urn = unquote(found["urn"])
    return urn if is_post(urn) else None


def is_post(urn: str) -> bool:
    """Tell whether a name is that of a post."""
    return bool(_POST.fullmatch(urn))


def is_comment(urn: str) -> bool:
    """Tell whether a name is that of a comment."""
    return bool(_COMMENT.fullmatch(urn))


def number_in(post: str) -> int:
    """Return a post's number: later posts have greater ones."""
    return int(post.rpartition(":")[2])


def comment_of(urn: str) -> tuple[str, str]:
    """Return what a comment stands below, and its number there.

    Raises:
        ValueError: It is no comment's name.
    """
    found = _COMMENT.fullmatch(urn)
    if not found:
        raise ValueError(urn)
    return found["post"], found["id"]
