"""Addresses of Facebook posts, as people copy them from a browser or an app."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

__all__ = ["address_of", "is_ours", "post_id"]

_HOSTS = frozenset({"facebook.com", "www.facebook.com", "m.facebook.com"})
_WHOLE = re.compile(r"/(?P<page>\d+)_(?P<post>\d+)/?")
_BELOW_PAGE = re.compile(r"/[^/]+/posts/(?:[^/]+/)?(?P<post>\d+)/?")


def address_of(name: str) -> str:
    """Return where people see a post or a comment, by its id."""
    return f"https://www.facebook.com/{name}"


def is_ours(url: str) -> bool:
    """Tell whether an address leads to Facebook, and to more than its front page."""
    try:
        address = urlsplit(url.strip())
    except ValueError:
        return False
    return (
        address.scheme in {"http", "https"}
        and address.netloc.lower() in _HOSTS
        and address.path not in {"", "/"}
    )


def post_id(url: str, page: str) -> str | None:
    """Return the id in a post's address; None if it holds none that the API takes.

    Args:
        url: As a person copied it; `is_ours`.
        page: The Page's id.
    """
    address = urlsplit(url.strip())
    if whole := _WHOLE.fullmatch(address.path):
        return f"{whole['page']}_{whole['post']}"
    if below := _BELOW_PAGE.fullmatch(address.path):
        return f"{page}_{below['post']}"
    asked = parse_qs(address.query)
    story, owner = asked.get("story_fbid", [""])[0], asked.get("id", [""])[0]
    return f"{owner}_{story}" if story.isdecimal() and owner.isdecimal() else None
