"""Turning templates and values into pages: what all pages share, and what differs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from smmflow.language.direction import language_direction
from smmflow.site.shelf import Picture
from smmflow.site.wording import Wording

__all__ = ["CampaignLink", "Page", "Site", "asset", "render"]

_LOCALES = {"en": "en_US", "fa": "fa_IR"}
"""Open Graph wants a territory: https://ogp.me/#optional."""


@dataclass(frozen=True, slots=True)
class CampaignLink:
    """A campaign that has a page."""

    title: str
    path: str


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages share.

    Attributes:
        base: The address of the root, with a slash at its end.
        style: Path of the stylesheet; so for the icon.
        sections: The menu: name, path and English label.
        languages: Those that have feeds of their own.
        campaigns: Those that have pages, by id.
        tags: Paths of their pages, by tag.
    """

    title: str
    description: str
    base: str
    style: str
    icon: str
    sections: tuple[tuple[str, str, str], ...]
    languages: tuple[str, ...]
    campaigns: Mapping[str, CampaignLink] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """What differs from page to page.

    Attributes:
        path: Of the file, relative to the root; it ends in `index.html`.
        section: The entry of the menu it belongs to.
        kind: Open Graph's: `website` or `article`.
        root: How links begin; by default enough `../` to reach the root, so that pages
            work from a disk and below any address.
        listed: Search engines may show it.
    """

    path: str
    title: str
    description: str
    words: Wording
    section: str = ""
    kind: str = "website"
    picture: Picture | None = None
    root: str | None = None
    listed: bool = True

    def to(self, path: str) -> str:
        """Return a link from this page to a file of the site."""
        root = "../" * self.path.count("/") if self.root is None else self.root
        return root + quote(path)

    @property
    def canonical(self) -> str | None:
        """Its address behind the base; None if it has none to remember."""
        return quote(self.path.removesuffix("index.html")) if self.listed else None

    @property
    def locale(self) -> str:
        """Its language as Open Graph writes it."""
        return _LOCALES[self.words.language]


def render(template: str, **values: object) -> bytes:
    """Return a page's bytes."""
    text = _environment().get_template(template).render(values)
    # The ledger is JSON, which can hold halves of characters; UTF-8 can't.
    return text.encode("utf-8", "replace")


def asset(name: str) -> tuple[str, bytes]:
    """Return an asset's path, which changes when its bytes do, and its bytes."""
    content = (resources.files("smmflow.site") / "assets" / name).read_bytes()
    stem, _, ending = name.rpartition(".")
    digest = hashlib.sha256(content).hexdigest()[:10]
    return f"assets/{stem}.{digest}.{ending}", content


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("smmflow.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.filters["direction"] = language_direction
    environment.filters["rfc3339"] = _rfc3339
    return environment
