"""What a page says about itself for link cards: https://ogp.me/."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

from smmflow.networks.http import first_line

__all__ = ["PageCard", "read_card"]

_ENOUGH = 512 * 1024


@dataclass(frozen=True, slots=True)
class PageCard:
    """Title, description and picture of a page; empty where it says nothing."""

    title: str = ""
    description: str = ""
    image: str = ""


def read_card(html: bytes, url: str) -> PageCard:
    """Return what a page's head says.

    Args:
        html: The page; only its first half megabyte is read.
        url: Its address, which a picture's may be relative to.
    """
    head = _Head()
    head.feed(html[:_ENOUGH].decode("utf-8", "replace"))
    head.close()
    found = head.found
    image = found.get("og:image") or found.get("twitter:image") or ""
    return PageCard(
        title=first_line(
            found.get("og:title") or found.get("twitter:title") or head.title
        ),
        description=first_line(
            found.get("og:description") or found.get("description") or ""
        ),
        image=_joined(url, image),
    )


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address.strip()) if address.strip() else ""
    except ValueError:
        return ""


class _Head(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            self._in_title = not self.title
        elif tag == "meta":
            given = dict(attrs)
            name = given.get("property") or given.get("name")
            if name and given.get("content"):
                self.found.setdefault(name.lower(), given["content"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
