"""Addresses of posts on X, as people copy them from a browser or an app."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

__all__ = ["moment_of", "page_of", "post_id"]

_HOSTS = frozenset(
    prefix + host
    for host in ("x.com", "twitter.com")
    for prefix in ("", "www.", "mobile.")
)
_PATH = re.compile(r"/(?:i/web|i|\w{1,20})/status(?:es)?/(\d{1,19})(?:/.*)?", re.ASCII)
_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
_CLOCK = 22


def post_id(url: str) -> str | None:
    """Return the id in a post's address; None if it is no such address."""
    try:
        address = urlsplit(url.strip())
    except ValueError:
        return None
    if address.scheme not in {"http", "https"} or address.netloc.lower() not in _HOSTS:
        return None
    found = _PATH.fullmatch(address.path)
    return found[1] if found else None


def page_of(post: str) -> str:
    """Return where people see a post; it needs no name of an account."""
    return f"https://x.com/i/web/status/{post}"


def moment_of(post: str) -> datetime:
    """Return when a post was made, which its id tells in all but its last 22 bits.

    https://docs.x.com/fundamentals/x-ids, and for the first moment that ids count from
    https://github.com/twitter-archive/snowflake/tree/snowflake-2010
    """
    return _EPOCH + timedelta(milliseconds=int(post) >> _CLOCK)
