"""Addresses of Bluesky posts, as people copy them from an app or a tool."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["PROFILES", "PostAddress", "post_address", "profile"]

PROFILES = "https://bsky.app/profile"

# https://atproto.com/specs/at-uri-scheme, https://atproto.com/specs/record-key
_KEY = r"(?P<key>[A-Za-z0-9._~:-]{1,512})/?(?:[?#]\S*)?"
_PAGE = re.compile(rf"https?://[^/\s]+/profile/(?P<account>[^/\s]+)/post/{_KEY}")
_URI = re.compile(rf"at://(?P<account>[^/\s]+)/app\.bsky\.feed\.post/{_KEY}")


@dataclass(frozen=True, slots=True)
class PostAddress:
    """What an address says.

    Attributes:
        account: A handle or a DID.
        key: Of the record.
    """

    account: str
    key: str


def profile(account: str) -> str:
    """Return the address of an account's page in the network's own app."""
    return f"{PROFILES}/{account}"


def post_address(url: str) -> PostAddress | None:
    """Return what the address of a post says; None if it is no such address.

    Args:
        url: A page of the network's own app or of another with the same paths, or an
            AT URI.
    """
    found = _PAGE.fullmatch(url.strip()) or _URI.fullmatch(url.strip())
    if found is None:
        return None
    return PostAddress(found["account"].removeprefix("@"), found["key"])
