"""Parts as they will appear: words, lengths beside limits, pictures, answers, links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from smmflow.model.capabilities import Capabilities
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.review import ReviewCount, ReviewLink, ReviewMedia, ReviewPart
from smmflow.model.text import RichText, SpanKind
from smmflow.networks.interface import Network

__all__ = ["Shown", "describe"]


@dataclass(frozen=True, slots=True)
class Shown:
    """What will appear, and the words of parts that will be no more."""

    parts: tuple[ReviewPart, ...]
    gone: tuple[str, ...]


def describe(
    composed: ChannelPost | None,
    before: Sequence[str],
    network: Network | None,
    capabilities: Capabilities | None,
) -> Shown:
    """Return what will appear of a post on a channel.

    Args:
        composed: What the channel gets; None if it gets nothing.
        before: The words of each part as they are now.
        network: Of the channel; without it nothing is counted.
        capabilities: Of the channel, likewise.
    """
    if composed is None:
        return Shown((), tuple(before))
    parts = []
    for number, part in enumerate(composed.parts):
        old = before[number] if number < len(before) else "" if before else None
        text = part.text.text
        parts.append(
            ReviewPart(
                text=text,
                before=None if old == text else old,
                counts=tuple(_counts(part, composed, network, capabilities)),
                media=tuple(ReviewMedia(e.facts.path, e.alt) for e in part.media),
                poll=part.poll.options if part.poll else (),
                card=part.card.url if part.card else "",
                links=tuple(_links(part.text)),
            )
        )
    return Shown(tuple(parts), tuple(before[len(parts) :]))


def _counts(
    part: Part,
    composed: ChannelPost,
    network: Network | None,
    capabilities: Capabilities | None,
) -> Iterator[ReviewCount]:
    if network is None or capabilities is None:
        return
    extra = network.overhead(composed.content_warning)
    for limit in (capabilities.text, *capabilities.also):
        length = network.length(part.text, limit.unit) + extra
        yield ReviewCount(length, limit.maximum, limit.unit)
        extra = 0


def _links(text: RichText) -> Iterator[ReviewLink]:
    for span in text.spans:
        words = text.text[span.start : span.end]
        if span.kind is SpanKind.LINK and not _names(words, span.target):
            yield ReviewLink(words, span.target)


def _names(words: str, target: str) -> bool:
    """Tell whether words say where a link leads, as far as they are not shortened."""
    bare = target.removeprefix("https://").removeprefix("http://")
    said = words.removeprefix("https://").removeprefix("http://").rstrip("…")
    return bool(said) and bare.startswith(said) and len(said) >= len(bare.split("/")[0])
