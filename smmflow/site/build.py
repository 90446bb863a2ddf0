"""The whole site as files: what the ledger says went out, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from urllib.parse import quote, urlsplit

from smmflow.errors import ConfigurationError
from smmflow.model.address import slug
from smmflow.model.media import Attachment
from smmflow.model.publication import Publication
from smmflow.model.report import Report
from smmflow.model.workspace import Workspace
from smmflow.site import pages
from smmflow.site.entry import Entry, entries
from smmflow.site.feeds import feeds, robots, sitemaps
from smmflow.site.months import months
from smmflow.site.press import CampaignLink, Site, asset
from smmflow.site.report_page import report_page
from smmflow.site.shelf import ReadMedia, Shelf

__all__ = ["build"]

STYLE = "style.css"
ICON = "icon.svg"


def build(  # noqa: PLR0913 - everything that the bytes of the pages depend on
    workspace: Workspace,
    publications: Mapping[tuple[str, str], Publication],
    report: Report | None,
    *,
    base_url: str,
    read_media: ReadMedia,
    now: datetime | None = None,
    ahead: Iterable[Attachment] = (),
) -> Mapping[str, bytes]:
    """Return every file of the site by its path; the same input gives the same bytes.

    The HTML of parts is shown as the ledger has it: composing made it and escaped all
    that authors wrote. Every page also forbids scripts, whatever the ledger may hold.

    Args:
        workspace: Title, languages, campaigns and calendar.
        publications: What the ledger says, by occurrence and channel.
        report: Shown as a page of its own, if given.
        base_url: The address the site will have, for feeds and link previews; links
            between pages don't use it.
        read_media: Gives a file of the workspace by its path, None if it is gone. One
            whose bytes are not those that went live is not shown, only described.
        now: Marks today in the calendar; None marks nothing.
        ahead: Files that networks will fetch from here before any page shows them.

    Raises:
        ConfigurationError: `base_url` is no web address.
    """
    shelf = Shelf(read_media, workspace.media)
    found = entries(publications, workspace, shelf)
    for each in ahead:
        shelf.take(each.facts.path, each.facts.sha256, each.alt)
    site = _site(workspace, found, base=_base(base_url), has_report=report is not None)
    files = dict(map(asset, (STYLE, ICON)))
    updated = {each.folder: each.updated for each in found}
    addresses = []
    for page, content in _pages(workspace, site, found, report, now):
        files[page.path] = content
        if page.canonical is not None:
            addresses.append((page.canonical, updated.get(page.canonical)))
    files |= sitemaps(site.base, sorted(addresses, key=itemgetter(0)))
    files["robots.txt"] = robots(site.base)
    files |= feeds(site, found, folder="", language=workspace.language)
    for language in site.languages:
        spoken = [each for each in found if each.language == language]
        files |= feeds(site, spoken, folder=f"{language}/", language=language)
    files |= shelf.files
    return dict(sorted(files.items()))


def _pages(
    workspace: Workspace,
    site: Site,
    found: Sequence[Entry],
    report: Report | None,
    now: datetime | None,
) -> Iterator[pages.Printed]:
    calendar = workspace.calendar
    voice = pages.Voice(workspace)
    yield from pages.home(site, voice, found)
    yield from pages.posts(site, voice, found)
    yield from pages.campaigns(site, voice, workspace.campaigns, found)
    yield from pages.tags(site, voice, found)
    every = months(found, calendar, jalali_months=voice.home.calendar == "jalali")
    today = now.astimezone(calendar.zone).date() if now else None
    yield from pages.calendar(site, voice, every, calendar.week_start, today)
    if report:
        yield report_page(site, voice.home, report)
    yield pages.missing(site, voice)


def _site(
    workspace: Workspace, found: Sequence[Entry], *, base: str, has_report: bool
) -> Site:
    sections = [
        ("home", "index.html", "Posts"),
        ("calendar", "calendar/index.html", "Calendar"),
    ]
    if has_report:
        sections.append(("report", "report/index.html", "Report"))
    shown = {each.campaign for each in found}
    return Site(
        title=workspace.title or "smmflow",
        description=workspace.description,
        base=base,
        style=asset(STYLE)[0],
        icon=asset(ICON)[0],
        sections=tuple(sections),
        languages=tuple(
            sorted({each.language for each in found if _is_tag(each.language)})
        ),
        campaigns={
            name: CampaignLink(campaign.title, f"campaigns/{slug(name)}/index.html")
            for name, campaign in workspace.campaigns.items()
            if name in shown
        },
        tags={
            tag: f"tags/{slug(tag)}/index.html"
            for tag in sorted({tag for each in found for tag in each.tags})
        },
    )


def _is_tag(language: str) -> bool:
    parts = language.split("-")
    return 2 <= len(parts[0]) <= 3 and all(  # noqa: PLR2004 - ISO 639
        each.isascii() and each.isalnum() for each in parts
    )


def _base(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ConfigurationError(
            f"{url!r} is no web address for the site",
            hint="write it in full, as in https://example.org/news",
        )
    path = quote(parts.path.rstrip("/"), safe="/%")
    return f"{parts.scheme}://{parts.netloc}{path}/"
