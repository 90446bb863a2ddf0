"""Frames: a post as one channel's readers will see it, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from smmflow.language.controls import visible
from smmflow.language.measures import graphemes
from smmflow.model.capabilities import Capabilities, Limit, Markup
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.media import Attachment
from smmflow.model.text import SpanKind
from smmflow.networks.interface import Network
from smmflow.site.looks import CardMaker, Look, look_of
from smmflow.site.shelf import Picture, Shelf
from smmflow.site.words import Piece, folds, host, pieces, web_address

__all__ = ["Account", "Count", "Frame", "FrameCard", "FramePart", "account", "frame"]


@dataclass(frozen=True, slots=True)
class Account:
    """Whose name stands above a post.

    Attributes:
        handle: As the network writes it; may be empty.
        initial: One letter in the place of a picture.
        network: Counts its texts.
        capabilities: Its limits.
    """

    name: str
    handle: str
    initial: str
    look: Look
    network: Network
    capabilities: Capabilities


@dataclass(frozen=True, slots=True)
class Count:
    """A length beside its limit, in the network's own counting."""

    length: int
    limit: Limit

    @property
    def is_over(self) -> bool:
        """Whether it is more than the network takes."""
        return self.length > self.limit.maximum

    @property
    def share(self) -> int:
        """How full it is, in begun tenths, 10 at most."""
        return min(10, -(-self.length * 10 // max(1, self.limit.maximum)))

    @property
    def filling(self) -> float:
        """How full it is; more than 1 is too much."""
        return self.length / max(1, self.limit.maximum)


@dataclass(frozen=True, slots=True)
class FrameCard:
    """The card of a link.

    Attributes:
        title: Empty if the page itself will tell; so for the description.
    """

    url: str
    host: str
    title: str = ""
    description: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class FramePart:
    """One part.

    Attributes:
        pieces: Its words, if the network takes plain ones.
        html: Its words as HTML of composing's making, if the network takes that.
        is_folded: Lists fold its end away.
        leads: Words that lead somewhere they don't name, and where.
        answers: What a poll offers.
        poll_ends: When the poll closes, if the time of the post is known.
        counts: By each limit on the text, the one that is fullest first.
        is_comment: It is a comment of ours below the post.
    """

    pieces: tuple[Piece, ...]
    html: str
    is_folded: bool
    pictures: tuple[Picture, ...]
    leads: tuple[tuple[str, str], ...]
    answers: tuple[str, ...] = ()
    many_answers: bool = False
    poll_length: timedelta = timedelta(0)
    poll_ends: datetime | None = None
    card: FrameCard | None = None
    counts: tuple[Count, ...] = ()
    is_comment: bool = False

    @property
    def shape(self) -> str:
        """The name of the arrangement that its pictures have in the stylesheet."""
        first = self.pictures[0]
        if len(self.pictures) > 1:
            return f"pictures-{min(len(self.pictures), 4)}"
        upright = (first.height or 0) > (first.width or 1)
        return "pictures-1 upright" if upright else "pictures-1"


@dataclass(frozen=True, slots=True)
class Frame:
    """A post on a channel."""

    account: Account
    language: str
    title: str
    parts: tuple[FramePart, ...]
    content_warning: str
    visibility: str


def account(
    channel: Channel, network: Network, capabilities: Capabilities, brand: str
) -> Account:
    """Return whose name stands above the posts of a channel."""
    name = visible(brand or channel.name)
    return Account(
        name,
        visible(_handle(channel)),
        graphemes(name)[0] if name else "",
        look_of(channel),
        network,
        capabilities,
    )


def _handle(channel: Channel) -> str:
    handle = str(channel.settings.get("handle") or "").lstrip("@")
    server = host(str(channel.settings.get("instance") or ""))
    if handle and server and "@" not in handle:
        handle = f"{handle}@{server}"
    if handle:
        return f"@{handle}"
    return server or host(str(channel.settings.get("url") or ""))


def frame(
    post: ChannelPost, shown_by: Account, shelf: Shelf, due: datetime | None
) -> Frame:
    """Return a post as a channel's readers will see it.

    Args:
        post: What the channel gets.
        shown_by: Whose name stands above it.
        shelf: Keeps the files it shows.
        due: When it goes out, if that is known: a poll ends so much later.
    """
    hidden = shown_by.network.overhead(post.content_warning)
    return Frame(
        shown_by,
        post.language,
        visible(post.title) if shown_by.capabilities.title else "",
        tuple(
            _part(each, shown_by, shelf, due, _counts(each, shown_by, hidden))
            for each in post.parts
        ),
        visible(post.content_warning),
        post.visibility,
    )


def _counts(part: Part, shown_by: Account, hidden: int) -> tuple[Count, ...]:
    able, network = shown_by.capabilities, shown_by.network
    first, *others = able.limits_of(part)
    counts = [Count(network.length(part.text, first.unit) + hidden, first)]
    counts += [Count(network.length(part.text, each.unit), each) for each in others]
    return tuple(sorted(counts, key=lambda each: -each.filling))


def _part(
    part: Part,
    shown_by: Account,
    shelf: Shelf,
    due: datetime | None,
    counts: tuple[Count, ...],
) -> FramePart:
    poll, look = part.poll, shown_by.look
    has_marks = shown_by.capabilities.markup is Markup.SPANS
    return FramePart(
        pieces(part.text, look, has_marks=has_marks),
        visible(part.html),
        folds(part.text.text, look),
        tuple(_picture(each, shelf) for each in part.media),
        tuple(dict(_leads(part)).items()),
        tuple(map(visible, poll.options)) if poll else (),
        poll.multiple if poll else False,
        poll.open_for if poll else timedelta(0),
        due + poll.open_for if poll and due else None,
        _card(part, look, shelf),
        counts,
        part.comment,
    )


def _leads(part: Part) -> Iterator[tuple[str, str]]:
    for span in part.text.spans:
        words = part.text.text[span.start : span.end]
        if span.kind is SpanKind.LINK and words != span.target:
            yield visible(words), visible(span.target)


def _picture(attachment: Attachment, shelf: Shelf) -> Picture:
    facts = attachment.facts
    return shelf.take(facts.path, facts.sha256, visible(attachment.alt))


def _card(part: Part, look: Look, shelf: Shelf) -> FrameCard | None:
    """Return the card that readers see; files and polls leave no room for one."""
    if part.media or part.poll or look.card is CardMaker.NOBODY:
        return None
    if look.card is CardMaker.SERVER:
        links = (each for each in part.text.spans if each.kind is SpanKind.LINK)
        first = next((each.target for each in links if web_address(each.target)), "")
        return FrameCard(first, host(first)) if first else None
    if part.card is None or not web_address(part.card.url):
        return None
    image = part.card_image
    return FrameCard(
        part.card.url,
        host(part.card.url),
        visible(part.card.title),
        visible(part.card.description),
        _picture(image, shelf) if image else None,
    )
