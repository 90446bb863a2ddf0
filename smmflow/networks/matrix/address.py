"""Addresses of events, as `matrix.to` and clients write them.

https://spec.matrix.org/v1.15/appendices/#matrixto-navigation
"""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

__all__ = ["event_address", "event_in", "room_address", "user_address"]

_PAGES = "https://matrix.to/#/"


def event_address(room: str, event: str, *, via: str) -> str:
    """Return where people see an event.

    Args:
        room: Its id.
        event: Its id.
        via: A server that is in the room.
    """
    where = f"{quote(room, safe='')}/{quote(event, safe='')}"
    return f"{_PAGES}{where}?via={quote(via, safe='')}"


def room_address(room: str) -> str:
    """Return where people see a room; empty if it has no name."""
    return f"{_PAGES}{quote(room, safe='')}" if room else ""


def user_address(user: str) -> str:
    """Return where people see an account."""
    return f"{_PAGES}{quote(user, safe='')}"


def event_in(url: str, rooms: frozenset[str]) -> str:
    """Return the id of the event that an address leads to; empty if it leads to none.

    Args:
        url: As a person copied it, from matrix.to or a client in the browser.
        rooms: Names of the room it has to be in: its id, its alias.
    """
    try:
        address = urlsplit(url.strip())
    except ValueError:
        return ""
    if address.scheme not in {"http", "https"}:
        return ""
    steps = address.fragment.partition("?")[0].removeprefix("/").split("/")
    named = [unquote(each) for each in steps if each]
    if named[:1] == ["room"]:
        named = named[1:]
    match named:
        case [room, event] if room in rooms and event.startswith("$"):
            return event
        case _:
            return ""
