"""What programs read: Atom, JSON Feed, the sitemap and robots.txt.

- https://www.rfc-editor.org/rfc/rfc4287 (Atom)
- https://www.jsonfeed.org/version/1.1/
- https://www.sitemaps.org/protocol.html
- https://www.rfc-editor.org/rfc/rfc9309 (robots.txt)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from smmflow.site.entry import Entry
from smmflow.site.press import Site, render

__all__ = ["feeds", "robots", "sitemaps"]

_NEWEST = 50
"""How many entries a feed holds: readers fetch it often."""
_MAX_ADDRESSES = 50_000
"""Of one sitemap, by its protocol."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def feeds(
    site: Site, entries: Sequence[Entry], *, folder: str, language: str
) -> Mapping[str, bytes]:
    """Return an Atom feed and a JSON feed of the newest entries.

    Args:
        site: What all pages share.
        entries: The latest first.
        folder: Where the feeds go: empty, or as in `fa/`.
        language: Of the feed's own words.
    """
    newest = [(each, _content(site, each)) for each in entries[:_NEWEST]]
    # A feed has to say when it changed, also while it is empty; no clock is asked.
    updated = max((each.updated for each, _ in newest), default=_NEVER)
    path = f"{folder}feed.xml"
    atom = render(
        "feed.xml",
        site=site,
        entries=newest,
        path=path,
        updated=updated,
        language=language,
    )
    return {
        path: atom,
        f"{folder}feed.json": _json_feed(site, newest, f"{folder}feed.json", language),
    }


def sitemaps(
    base: str, addresses: Sequence[tuple[str, datetime | None]]
) -> Mapping[str, bytes]:
    """Return the sitemap, cut and with an index where it would be too long for one.

    Args:
        base: The address of the root, with a slash at its end.
        addresses: What follows it, percent-encoded, and when that page changed.
    """
    if len(addresses) <= _MAX_ADDRESSES:
        return {"sitemap.xml": render("sitemap.xml", base=base, addresses=addresses)}
    starts = range(0, len(addresses), _MAX_ADDRESSES)
    pieces = [addresses[start : start + _MAX_ADDRESSES] for start in starts]
    found = {
        f"sitemap-{number}.xml": render("sitemap.xml", base=base, addresses=piece)
        for number, piece in enumerate(pieces, start=1)
    }
    index = render("sitemap_index.xml", base=base, addresses=tuple(found))
    return {"sitemap.xml": index, **found}


def robots(base: str) -> bytes:
    """Return a robots.txt that lets everybody in and names the sitemap."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {base}sitemap.xml\n".encode()


def _content(site: Site, entry: Entry) -> str:
    return render("feed_content.html", site=site, entry=entry).decode().strip()


def _json_feed(
    site: Site, entries: Iterable[tuple[Entry, str]], path: str, language: str
) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.title,
        "description": site.description,
        "home_page_url": site.base,
        "feed_url": site.base + path,
        "language": language,
        "authors": [{"name": site.title, "url": site.base}],
        "items": [_json_entry(site, *each) for each in entries],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode() + b"\n"


def _json_entry(site: Site, entry: Entry, content: str) -> dict[str, object]:
    found: dict[str, object] = {
        "id": site.base + entry.folder,
        "url": site.base + entry.folder,
        "title": entry.title,
        "content_html": content,
        "summary": entry.content_warning or entry.excerpt,
        "date_published": entry.published.astimezone(UTC).isoformat("T", "seconds"),
        "date_modified": entry.updated.astimezone(UTC).isoformat("T", "seconds"),
        "language": entry.language,
        "tags": list(entry.tags),
        "attachments": [
            {
                "url": site.base + each.path,
                "mime_type": each.media_type,
                "size_in_bytes": each.size,
                "title": each.alt,
            }
            for part in entry.parts
            for each in part.pictures
            if each.path
        ],
    }
    if entry.picture:
        found["image"] = site.base + entry.picture.path
    return found
