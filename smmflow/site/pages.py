"""The pages, kind by kind, as values on their way into templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from urllib.parse import urlsplit

from smmflow.model.campaign import Campaign
from smmflow.model.post import Weekday
from smmflow.model.workspace import Workspace
from smmflow.site.entry import Entry
from smmflow.site.months import Month
from smmflow.site.press import Page, Site, render
from smmflow.site.wording import Wording, wording

__all__ = [
    "Printed",
    "Voice",
    "calendar",
    "campaigns",
    "home",
    "missing",
    "posts",
    "tags",
]

Printed = tuple[Page, bytes]
_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Voice:
    """Which wording a page speaks in: the workspace's, or the post's own."""

    workspace: Workspace
    home: Wording = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "home", self.of(self.workspace.language))

    def of(self, language: str) -> Wording:
        """Return the wording for a language."""
        calendar = self.workspace.calendar
        return wording(language, calendar.zone, jalali_dates=calendar.jalali)


@dataclass(frozen=True, slots=True)
class Turn:
    """One page of a log that is too long for one.

    Attributes:
        path: Of the page; so for its neighbours, empty where there is none.
        number: Counted from 1.
        count: How many pages there are.
        months: What it shows: the month's name and its entries, the latest first.
    """

    path: str
    number: int
    count: int
    newer: str
    older: str
    months: Sequence[tuple[str, Sequence[Entry]]]

    def title(self, title: str, words: Wording) -> str:
        """Return a title that no other page of the log has."""
        if self.number == 1:
            return title
        number, count = words.number(self.number), words.number(self.count)
        which = words.say("Page {number} of {count}", number=number, count=count)
        return f"{title} · {which}"


def home(site: Site, voice: Voice, entries: Sequence[Entry]) -> Iterator[Printed]:
    """Make the home page and the older pages behind it."""
    words = voice.home
    for turn in _turns("", entries, words):
        title = turn.title(site.title, words)
        about = site.description or site.title
        page = Page(turn.path, title, about, words, section="home")
        yield page, render("home.html", site=site, page=page, turn=turn)


def posts(site: Site, voice: Voice, entries: Sequence[Entry]) -> Iterator[Printed]:
    """Make one page for each entry."""
    for index, entry in enumerate(entries):
        page = Page(
            entry.path,
            entry.title,
            entry.content_warning or entry.excerpt,
            voice.of(entry.language),
            section="post",
            kind="article",
            picture=None if entry.content_warning else entry.picture,
        )
        yield (
            page,
            render(
                "post.html",
                site=site,
                page=page,
                entry=entry,
                newer=entries[index - 1] if index else None,
                older=entries[index + 1] if index + 1 < len(entries) else None,
            ),
        )


def campaigns(
    site: Site,
    voice: Voice,
    every: Mapping[str, Campaign],
    entries: Iterable[Entry],
) -> Iterator[Printed]:
    """Make one page for each campaign that something went out for."""
    words = voice.home
    for name, shown in _grouped((entry.campaign, entry) for entry in entries).items():
        if name not in site.campaigns:
            continue
        campaign = every[name]
        ends = (words.day(each) for each in (campaign.start, campaign.end) if each)
        yield from _collection(
            site,
            words,
            shown,
            path=site.campaigns[name].path,
            title=campaign.title,
            about=words.say("Campaign: {title}", title=campaign.title),
            kicker=words.say("Campaign"),
            dates=" – ".join(ends),
        )


def tags(site: Site, voice: Voice, entries: Iterable[Entry]) -> Iterator[Printed]:
    """Make one page for each tag."""
    words = voice.home
    tagged = ((tag, entry) for entry in entries for tag in dict.fromkeys(entry.tags))
    for tag, shown in _grouped(tagged).items():
        yield from _collection(
            site,
            words,
            shown,
            path=site.tags[tag],
            title=tag,
            about=words.say("Posts about {topic}", topic=tag),
            kicker=words.say("Topic"),
            dates="",
        )


def calendar(
    site: Site,
    voice: Voice,
    months: Sequence[Month],
    week_start: Weekday,
    today: date | None,
) -> Iterator[Printed]:
    """Make the calendar's first page and one for each month; the latest comes first."""
    words = voice.home
    title, path = words.say("Calendar"), "calendar/index.html"
    page = Page(path, title, title, words, section="calendar")
    years = [
        (year, list(each)) for year, each in groupby(months, lambda month: month.year)
    ]
    yield page, render("calendar.html", site=site, page=page, years=years)
    first = tuple(Weekday).index(week_start)
    for index, month in enumerate(months):
        title = words.month(month.year, month.month)
        about = words.say("What went out in {month}", month=title)
        page = Page(month.path, title, about, words, section="month")
        yield (
            page,
            render(
                "month.html",
                site=site,
                page=page,
                month=month,
                today=today,
                weekdays=(*tuple(Weekday)[first:], *tuple(Weekday)[:first]),
                later=months[index - 1] if index else None,
                earlier=months[index + 1] if index + 1 < len(months) else None,
            ),
        )


def missing(site: Site, voice: Voice) -> Printed:
    """Make the page for addresses that are none; its links work at any depth."""
    title = voice.home.say("There is no such page")
    root = urlsplit(site.base).path
    page = Page("404.html", title, title, voice.home, root=root, listed=False)
    return page, render("missing.html", site=site, page=page)


def _collection(  # noqa: PLR0913 - what a campaign and a tag have in common
    site: Site,
    words: Wording,
    shown: Sequence[Entry],
    *,
    path: str,
    title: str,
    about: str,
    kicker: str,
    dates: str,
) -> Iterator[Printed]:
    for turn in _turns(path.removesuffix("index.html"), shown, words):
        page = Page(turn.path, turn.title(title, words), about, words)
        yield (
            page,
            render(
                "collection.html",
                site=site,
                page=page,
                turn=turn,
                title=title,
                kicker=kicker,
                dates=dates,
                size=len(shown),
            ),
        )


def _turns(folder: str, entries: Sequence[Entry], words: Wording) -> Iterator[Turn]:
    count = max(1, -(-len(entries) // _PER_PAGE))

    def path(number: int) -> str:
        return (
            f"{folder}page/{number}/index.html" if number > 1 else f"{folder}index.html"
        )

    for number in range(1, count + 1):
        shown = entries[(number - 1) * _PER_PAGE : number * _PER_PAGE]
        yield Turn(
            path(number),
            number,
            count,
            path(number - 1) if number > 1 else "",
            path(number + 1) if number < count else "",
            _by_month(shown, words),
        )


def _grouped(pairs: Iterable[tuple[str, Entry]]) -> Mapping[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for name, entry in pairs:
        found.setdefault(name, []).append(entry)
    return found


def _by_month(
    entries: Iterable[Entry], words: Wording
) -> list[tuple[str, list[Entry]]]:
    stretches = groupby(entries, lambda entry: words.month_of(entry.published))
    return [(month, list(each)) for month, each in stretches]
