"""Addresses of Discord messages, as people copy them: Copy Message Link."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Address", "address_of", "page_of"]

_LINK = re.compile(
    r"https?://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/channels"
    r"/(?P<server>@me|[0-9]{5,25})/(?P<channel>[0-9]{5,25})/(?P<id>[0-9]{5,25})/?"
)
"""https://support.discord.com/hc/en-us/articles/206346498"""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message stands.

    Attributes:
        server: Id of the server, `@me` for none.
        channel: Id of the channel or thread.
        id: Of the message.
    """

    server: str
    channel: str
    id: str


def address_of(url: str) -> Address | None:
    """Return what a message's link leads to; None if it is no such link."""
    found = _LINK.fullmatch(url.strip())
    return Address(found["server"], found["channel"], found["id"]) if found else None


def page_of(address: Address) -> str:
    """Return the link to a message."""
    return (
        f"https://discord.com/channels/{address.server}/{address.channel}/{address.id}"
    )
