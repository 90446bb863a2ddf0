"""What a page knows about one occurrence, read from the ledger alone."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from urllib.parse import quote, unquote, urlsplit

from smmflow.language.measures import truncate
from smmflow.model.address import is_slug, slug
from smmflow.model.publication import Outcome, Publication
from smmflow.model.workspace import Workspace
from smmflow.site.shelf import Picture, Shelf

__all__ = ["Elsewhere", "Entry", "EntryPart", "entries"]

NETWORK = "site"
_EXCERPT = 280
# Feeds are XML, which has no way to write these: https://www.w3.org/TR/xml/#charsets
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class EntryPart:
    """One part of a thread: its words as HTML of our own making, and its files.

    Attributes:
        answers: What a poll offers.
    """

    html: str
    text: str
    pictures: tuple[Picture, ...]
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same post on another network."""

    network: str
    channel: str
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One occurrence as the site shows it.

    Attributes:
        path: Of its page, relative to the site's root.
        folder: The same without the file, percent-encoded: what follows the base URL.
        title: Never empty: the post's own, else the beginning of its text.
        excerpt: One sentence or two: its summary, else the beginning of its text.
        language: BCP 47; never empty.
        published: When it went live, aware.
        updated: When the ledger last changed it, aware; never before `published`.
    """

    occurrence: str
    path: str
    folder: str
    title: str
    excerpt: str
    language: str
    published: datetime
    updated: datetime
    parts: tuple[EntryPart, ...]
    elsewhere: tuple[Elsewhere, ...]
    campaign: str
    tags: tuple[str, ...]
    content_warning: str
    format: str

    @property
    def picture(self) -> Picture | None:
        """The first picture, for lists and link previews."""
        pictures = (each for part in self.parts for each in part.pictures)
        return next((each for each in pictures if each.shown == "image"), None)


def entries(
    publications: Mapping[tuple[str, str], Publication],
    workspace: Workspace,
    shelf: Shelf,
) -> tuple[Entry, ...]:
    """Return everything that is live on the site, the latest first.

    Args:
        publications: What the ledger says, by occurrence and channel.
        workspace: For its language.
        shelf: Keeps the files that the entries show.
    """
    here: dict[str, Publication] = {}
    away: dict[str, list[Elsewhere]] = {}
    for _, record in sorted(publications.items()):
        if record.outcome is not Outcome.PUBLISHED:
            continue
        if record.network == NETWORK:
            here.setdefault(record.occurrence, record)
        else:
            away.setdefault(record.occurrence, []).extend(_elsewhere(record))
    taken: set[str] = set()
    found = [
        _entry(record, _address(record, taken), away.get(name, []), workspace, shelf)
        for name, record in here.items()
    ]
    found.sort(key=attrgetter("occurrence"))
    found.sort(key=attrgetter("published"), reverse=True)
    return tuple(found)


def _entry(
    record: Publication,
    address: str,
    elsewhere: list[Elsewhere],
    workspace: Workspace,
    shelf: Shelf,
) -> Entry:
    text = _clean(" ".join(" ".join(part.text for part in record.parts).split()))
    published = record.published or record.due
    return Entry(
        occurrence=record.occurrence,
        path=f"posts/{address}/index.html",
        folder=f"posts/{quote(address)}/",
        title=_clean(record.title).strip() or truncate(text, 60) or record.occurrence,
        excerpt=_clean(record.summary).strip() or truncate(text, _EXCERPT),
        language=record.language or workspace.language,
        published=published,
        updated=max(published, record.updated),
        parts=tuple(
            EntryPart(
                _clean(part.html),
                _clean(part.text),
                tuple(
                    shelf.take(path, sha256, _clean(alt))
                    for path, sha256, alt in part.media
                ),
                tuple(map(_clean, part.poll)),
            )
            for part in record.parts
        ),
        elsewhere=tuple(elsewhere),
        campaign=record.campaign,
        tags=tuple(filter(None, map(_clean, record.tags))),
        content_warning=_clean(record.content_warning),
        format=record.format,
    )


def _address(record: Publication, taken: set[str]) -> str:
    # The receipt's address wins: links to it are out in the world.
    word = slug(record.occurrence)
    for receipt in record.receipts[:1]:
        folder, _, name = urlsplit(receipt.url).path.rstrip("/").rpartition("/")
        name = unquote(name)
        if posixpath.basename(folder) == "posts" and is_slug(name):
            word = name
    if word.casefold() in taken:
        word = slug(record.occurrence)
    taken.add(word.casefold())
    return word


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)


def _elsewhere(record: Publication) -> Iterator[Elsewhere]:
    for receipt in record.receipts[:1]:
        if urlsplit(receipt.url).scheme in {"http", "https"}:
            yield Elsewhere(
                record.network.replace("-", " ").title(), record.channel, receipt.url
            )
