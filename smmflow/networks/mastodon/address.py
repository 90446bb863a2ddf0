"""Addresses of Mastodon statuses, as people copy them from a browser or an app."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

__all__ = ["status_id"]

_PATH = re.compile(
    r"(?:/web|/deck)?"
    r"(?:/@[^/\s]+(?:/statuses)?|/(?:ap/)?users/[^/\s]+/statuses)"
    r"/(?P<id>[A-Za-z0-9]+)/?"
)
"""Pages of accounts, and the names that servers tell each other:
https://github.com/mastodon/mastodon/blob/main/config/routes.rb"""


def status_id(url: str, hosts: frozenset[str]) -> str | None:
    """Return the id in a status's address; None if it is no such address.

    Args:
        url: As a person copied it.
        hosts: Of the instance, with a port where they have one. An instance may show
            its pages under another name than that of its API.
    """
    try:
        address = urlsplit(url.strip())
    except ValueError:
        return None
    if address.scheme not in {"http", "https"} or address.netloc.lower() not in hosts:
        return None
    found = _PATH.fullmatch(address.path)
    return found["id"] if found else None
