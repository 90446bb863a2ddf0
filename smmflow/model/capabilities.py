"""What a network can do, as data: rules, plans, docs and previews all read this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from smmflow.model.media import MediaKind

__all__ = [
    "FIXABLE",
    "Capabilities",
    "Limit",
    "LinkStyle",
    "Markup",
    "MediaLimits",
    "MentionStyle",
    "PollLimits",
    "ScheduleLimits",
    "Support",
    "Unit",
]


class Support(StrEnum):
    """Whether something can be done: a network's *no* is not our *not yet*."""

    YES = "yes"
    UNSUPPORTED = "unsupported"
    NOT_WRITTEN = "not-written"


class Unit(StrEnum):
    """What a length counts."""

    GRAPHEMES = "graphemes"
    CODE_POINTS = "code points"
    UTF16 = "UTF-16 units"
    UTF8 = "UTF-8 bytes"
    WEIGHTED = "weighted characters"


class Markup(StrEnum):
    """What kind of text a network takes."""

    PLAIN = "plain"
    HTML = "html"


class LinkStyle(StrEnum):
    """What becomes of `[words](url)`: a link over the words, or the URL written out."""

    SPAN = "span"
    WRITTEN_OUT = "written-out"


class MentionStyle(StrEnum):
    """How an account is written: not at all, `@sara.example`, `@sara@example.org`."""

    NONE = "none"
    DOMAIN = "domain"
    ADDRESS = "address"


FIXABLE = ("media", "poll", "visibility")
"""What `Capabilities.fixed` may name."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A length.

    Attributes:
        maximum: The most that is taken.
        unit: What is counted.
        sure: False warns only, where sources disagree or instances differ.
    """

    maximum: int
    unit: Unit = Unit.GRAPHEMES
    sure: bool = True


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """Bounds for one kind of file; None means no bound that we know of.

    Attributes:
        kind: Which files.
        types: Media types taken, as in `image/png`.
        max_bytes: Of one file.
        max_pixels: Width times height.
        recode: A file over `max_bytes` can be made smaller without asking.
    """

    kind: MediaKind
    types: frozenset[str]
    max_bytes: int | None = None
    max_pixels: int | None = None
    recode: bool = False


@dataclass(frozen=True, slots=True)
class PollLimits:
    """Bounds of polls."""

    min_options: int
    max_options: int
    option: Limit
    shortest: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class ScheduleLimits:
    """Bounds of what a network keeps until its time.

    Attributes:
        earliest: How far ahead the time must be at least.
        per_day: How many at most for one day, as UTC has days; None if unbounded.
    """

    earliest: timedelta
    per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a network takes and can do; the contract suite proves every line.

    Attributes:
        text: The first bound of a part's text, in the network's own counting.
        also: Further bounds on the same text, such as bytes.
        markup: Plain text with spans, or HTML.
        links: What becomes of a link over words.
        spans: Kinds of emphasis kept as spans are none for plain networks.
        media: Bounds by kind; a kind that is not listed is not taken.
        max_media: Files in one part.
        mixed_media: Images and video in one part.
        alt_text: Bound of a description; None if descriptions are not taken.
        poll: Bounds of polls; None if it has none.
        card: The client makes the link preview.
        threads: Parts that follow each other.
        content_warning: Text hidden behind a warning.
        visibilities: Besides `public`.
        title: Posts have titles here.
        edit: Changing a live post.
        fixed: What an edit can't change, or not without harm: names of `FIXABLE`.
        withdraw: Taking a live post down.
        schedule: Handing a post over before its time; single parts only, because a
            reply needs what it follows.
        schedule_limits: Bounds of that; None if it can't be done.
        find: Looking up whether a part went out although no answer said so.
        idempotent: Sending the same key twice posts once.
        measure: Counters of posts, and how many posts one request can ask for.
        followers: The account's audience size.
        metrics: Names of counters it gives, from `smmflow.model.metric`.
        hashtag_zwnj: A zero-width non-joiner may stand inside a hashtag.
        hashtag_marks: Combining marks may stand inside a hashtag.
        hashtag_max: Longest hashtag in graphemes without `#`; None if unbounded.
        mentions: How a mention is written.
        languages: Most languages one post can declare; 0 if it declares none.
        local: Needs no account and sends no request.
    """

    text: Limit
    also: tuple[Limit, ...] = ()
    markup: Markup = Markup.PLAIN
    links: LinkStyle = LinkStyle.WRITTEN_OUT
    media: tuple[MediaLimits, ...] = ()
    max_media: int = 0
    mixed_media: bool = False
    alt_text: Limit | None = None
    poll: PollLimits | None = None
    card: Support = Support.UNSUPPORTED
    threads: Support = Support.UNSUPPORTED
    content_warning: Support = Support.UNSUPPORTED
    visibilities: frozenset[str] = frozenset()
    title: bool = False
    edit: Support = Support.UNSUPPORTED
    fixed: frozenset[str] = frozenset()
    withdraw: Support = Support.UNSUPPORTED
    schedule: Support = Support.UNSUPPORTED
    schedule_limits: ScheduleLimits | None = None
    find: Support = Support.UNSUPPORTED
    idempotent: bool = False
    measure: Support = Support.UNSUPPORTED
    measure_batch: int = 1
    followers: Support = Support.UNSUPPORTED
    metrics: tuple[str, ...] = ()
    hashtag_zwnj: bool = True
    hashtag_marks: bool = True
    hashtag_max: int | None = None
    mentions: MentionStyle = MentionStyle.NONE
    languages: int = 0
    local: bool = False

    def media_limits(self, kind: MediaKind) -> MediaLimits | None:
        """Return the bounds for files of that kind; None if it takes none."""
        return next((limits for limits in self.media if limits.kind is kind), None)
