"""A post: one text file, meant for one or more channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from smmflow.model.media import MediaFile

__all__ = [
    "At",
    "Card",
    "Frequency",
    "InSlot",
    "Poll",
    "Post",
    "Repeating",
    "Schedule",
    "ThreadMode",
    "Unscheduled",
    "Weekday",
]


class ThreadMode(StrEnum):
    """What to do with text that is too long for one part."""

    MANUAL = "manual"
    AUTO = "auto"
    NUMBERED = "numbered"


class Weekday(StrEnum):
    """Days as files write them; ordered as `datetime.weekday` counts them."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class Frequency(StrEnum):
    """How a recurring post repeats."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class At:
    """Goes out at one moment (aware; the workspace's zone unless the file gave one)."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class InSlot:
    """Goes out in the next free place of a named slot of the calendar."""

    slot: str


@dataclass(frozen=True, slots=True)
class Repeating:
    """Goes out again and again at one wall-clock time in the workspace's zone.

    Attributes:
        frequency: Daily, weekly or monthly.
        at: Wall-clock time.
        start: First day it may go out.
        days: Weekdays, for a weekly one; empty means the weekday of `start`.
        day: Day of the month, for a monthly one; months without it are left out.
        every: Every how many days, weeks or months.
        until: Last day it may go out; None means no end.
        count: How many times at most; None means no bound.
    """

    frequency: Frequency
    at: time
    start: date
    days: tuple[Weekday, ...] = ()
    day: int | None = None
    every: int = 1
    until: date | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Unscheduled:
    """Has no time yet; it waits until it gets one."""


Schedule = At | InSlot | Repeating | Unscheduled


@dataclass(frozen=True, slots=True)
class Poll:
    """A question's answers; the question is the text of the part that carries it."""

    options: tuple[str, ...]
    open_for: timedelta = timedelta(days=1)
    multiple: bool = False
    hide_totals: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """The preview of a link, where a network lets its client make it.

    Attributes:
        url: The page.
        title: Its name; empty to read it from the page when publishing.
        description: A sentence about it; empty as for `title`.
        image: A file relative to `content/`; empty as for `title`.
    """

    url: str
    title: str = ""
    description: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One text file under `content/posts/`.

    Attributes:
        id: The `id:` or the stem of the file; unique; what the ledger knows it by.
        path: Relative to the workspace, with forward slashes.
        title: For people and for networks that have titles.
        body: The Markdown after the front matter, line endings normalised.
        body_line: The 1-based line of the file on which `body` begins.
        language: BCP 47, as in `fa` or `en`.
        channels: Names of channels, in the order written.
        schedule: When it goes out.
        created: When it was written, if the file says so.
        priority: Slots fill from the highest; 0 unless given.
        draft: Never published.
        withdrawn: Taken down everywhere.
        campaign: Name of a campaign, or empty; so for pillar, goal and audience.
        risk: How much care it needs, as in `high`; rules of `team.yaml` go by it.
        tags: Topics, for the pages of the site; not hashtags.
        summary: One sentence for feeds, pages and cards.
        media: Files it shows.
        poll: Answers, if it asks something.
        poll_part: 1-based part that carries the poll.
        card: The link preview, if the author gives one.
        thread: What to do with text that is too long.
        first_comment: Markdown of a comment of our own right below the post.
        content_warning: Shown before the text where a network can.
        visibility: `public`, `unlisted` or `followers`.
        sponsored: Somebody paid for it, so a disclosure is due.
        variables: The author's own Jinja variables.
        overrides: Per channel, settings that differ: `on: {mastodon: {...}}`.
        ignore: Rules that don't apply to this post.
    """

    id: str
    path: str
    title: str
    body: str
    body_line: int
    language: str
    channels: tuple[str, ...]
    schedule: Schedule
    created: datetime | None = None
    priority: int = 0
    draft: bool = False
    withdrawn: bool = False
    campaign: str = ""
    pillar: str = ""
    goal: str = ""
    audience: str = ""
    risk: str = ""
    tags: tuple[str, ...] = ()
    summary: str = ""
    media: tuple[MediaFile, ...] = ()
    poll: Poll | None = None
    poll_part: int = 1
    card: Card | None = None
    thread: ThreadMode = ThreadMode.MANUAL
    first_comment: str = ""
    content_warning: str = ""
    visibility: str = "public"
    sponsored: bool = False
    variables: Mapping[str, object] = field(default_factory=dict)
    overrides: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    ignore: frozenset[str] = frozenset()
