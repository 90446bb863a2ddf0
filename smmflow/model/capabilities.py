"""What a network can do, as data: rules, plans, docs and previews all read this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from smmflow.model.channel_post import Part
from smmflow.model.media import MediaKind
from smmflow.model.text import SpanKind

__all__ = [
    "FIXABLE",
    "Capabilities",
    "Limit",
    "LinkStyle",
    "Markup",
    "MediaLimits",
    "MentionStyle",
    "Most",
    "PollLimits",
    "Price",
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
    """What kind of text a network takes; `SPANS` shows emphasis of plain text."""

    PLAIN = "plain"
    SPANS = "spans"
    HTML = "html"
    MARKDOWN = "markdown"


class LinkStyle(StrEnum):
    """What becomes of `[words](url)`: a link over the words, or the URL written out."""

    SPAN = "span"
    WRITTEN_OUT = "written-out"


class MentionStyle(StrEnum):
    """How an account is written.

    Not at all, `@sara`, `@sara.example`, `@sara@example.org`; or by a name that only
    the network knows, as a link: `[Sara](urn:li:person:1)`.
    """

    NONE = "none"
    HANDLE = "handle"
    LINK = "link"
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
        most: Files of this kind in one part; None for `Capabilities.max_media`.
        min_side: Of width and height, in pixels.
        max_side: Of width and height, in pixels.
        min_ratio: Least width divided by height.
        max_ratio: Greatest width divided by height.
        shortest: Least seconds, of video and sound.
        longest: Most seconds, of video and sound.
        sure: False warns only.
    """

    kind: MediaKind
    types: frozenset[str]
    max_bytes: int | None = None
    max_pixels: int | None = None
    recode: bool = False
    most: int | None = None
    min_side: int | None = None
    max_side: int | None = None
    min_ratio: float | None = None
    max_ratio: float | None = None
    shortest: float | None = None
    longest: float | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Most:
    """How many of one thing the text of a part may have.

    Attributes:
        kind: Hashtags, mentions or links; the same link counts once.
        maximum: The most that is taken.
        sure: False warns only.
    """

    kind: SpanKind
    maximum: int
    sure: bool = True


@dataclass(frozen=True, slots=True)
class PollLimits:
    """Bounds of polls.

    Attributes:
        min_options: Fewest answers.
        max_options: Most answers.
        option: Bound of one answer.
        shortest: Least time that it is open.
        longest: Most time that it is open.
        question: Bound besides of the text of a part that asks, where that text is
            the question; None where it is an ordinary text above the answers.
        multiple: Whether a poll may take several answers of everybody.
        durations: The only times that are taken; empty for any between the two.
    """

    min_options: int
    max_options: int
    option: Limit
    shortest: timedelta
    longest: timedelta
    question: Limit | None = None
    multiple: bool = True
    durations: tuple[timedelta, ...] = ()


@dataclass(frozen=True, slots=True)
class ScheduleLimits:
    """Bounds of what a network keeps until its time.

    Attributes:
        earliest: How far ahead the time must be at least.
        per_day: How many at most for one day, as UTC has days; None if unbounded.
        latest: How far ahead the time may be at most; None if unbounded.
    """

    earliest: timedelta
    per_day: int | None = None
    latest: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What a network charges for one request that publishes a part.

    Attributes:
        post: For a part without a link.
        link: For a part with one.
        currency: ISO 4217.
        since: The day the network's own page gave these prices.
        source: That page.
    """

    post: Decimal
    link: Decimal
    currency: str
    since: date
    source: str


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a network takes and can do; the contract suite proves every line.

    Attributes:
        text: The first bound of a part's text, in the network's own counting.
        also: Further bounds on the same text, such as bytes.
        caption: Bounds besides of the text of a part that shows files.
        most: Bounds of how many hashtags, mentions and links it has.
        markup: Plain text, with or without emphasis; HTML; or Markdown as written.
        links: What becomes of a link over words.
        media: Bounds by kind; a kind that is not listed is not taken.
        max_media: Files in one part.
        mixed_media: Images and video in one part.
        media_required: A part without a file is refused.
        public_media: Files are fetched by the network from an address everybody can
            read; see `smmflow.networks.public_media`.
        alt_text: Bound of a description; None if descriptions are not taken.
        poll: Bounds of polls; None if it has none.
        card: The client makes the link preview.
        threads: Parts that follow each other.
        comment: Bound of a first comment of our own below the post; None if there are
            none. Networks with threads take it as the last part.
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
        idempotent: Posting the same key twice posts once; says nothing of handing
            over.
        measure: Counters of posts, and how many posts one request can ask for.
        followers: The account's audience size.
        metrics: Names of counters it gives, from `smmflow.model.metric`.
        messages: What others say to us: comments, replies, mentions.
        reply: Answering that.
        repeats: The same words may be posted again soon under another key.
        permalinks: A receipt says where people see the post.
        price: What publishing costs; None if nothing.
        hashtag_zwnj: A zero-width non-joiner may stand inside a hashtag.
        hashtag_marks: Combining marks may stand inside a hashtag.
        hashtag_max: Longest hashtag in graphemes without `#`; None if unbounded.
        mentions: How a mention is written.
        languages: Most languages one post can declare; 0 if it declares none.
        local: Needs no account and sends no request.
    """

    text: Limit
    also: tuple[Limit, ...] = ()
    caption: tuple[Limit, ...] = ()
    most: tuple[Most, ...] = ()
    markup: Markup = Markup.PLAIN
    links: LinkStyle = LinkStyle.WRITTEN_OUT
    media: tuple[MediaLimits, ...] = ()
    max_media: int = 0
    mixed_media: bool = False
    media_required: bool = False
    public_media: bool = False
    alt_text: Limit | None = None
    poll: PollLimits | None = None
    card: Support = Support.UNSUPPORTED
    threads: Support = Support.UNSUPPORTED
    comment: Limit | None = None
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
    messages: Support = Support.UNSUPPORTED
    reply: Support = Support.UNSUPPORTED
    repeats: bool = True
    permalinks: bool = True
    price: Price | None = None
    hashtag_zwnj: bool = True
    hashtag_marks: bool = True
    hashtag_max: int | None = None
    mentions: MentionStyle = MentionStyle.NONE
    languages: int = 0
    local: bool = False

    def limits_of(self, part: Part) -> tuple[Limit, ...]:
        """Return every bound of a part's text, the first one first."""
        if part.comment and self.comment is not None:
            return (self.comment,)
        asked = part.poll is not None and self.poll is not None and self.poll.question
        return (
            self.text,
            *self.also,
            *(self.caption if part.media else ()),
            *((asked,) if asked else ()),
        )

    def media_limits(self, kind: MediaKind) -> MediaLimits | None:
        """Return the bounds for files of that kind; None if it takes none."""
        return next((limits for limits in self.media if limits.kind is kind), None)
