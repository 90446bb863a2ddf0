"""Links, mentions and hashtags that an author means by plain words.

These are intentions, not what some network will make of them: a tag here may hold a
zero-width non-joiner although one network cuts it there. Networks that take spans get
exactly these; for the others rules compare. Where the boundaries come from:

- hashtags: https://github.com/mastodon/mastodon/blob/main/app/models/tag.rb
- mentions: https://github.com/mastodon/mastodon/blob/main/app/models/account.rb and
  https://atproto.com/specs/handle
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

import regex

__all__ = ["Entity", "EntityKind", "entities", "links", "mentions", "tags"]


class EntityKind(StrEnum):
    """What an entity is."""

    LINK = "link"
    MENTION = "mention"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of text that is more than its letters.

    Attributes:
        start: First code point.
        end: One past the last code point.
        kind: What it is.
        target: The URL, the handle without `@`, or the tag without `#`.
    """

    start: int
    end: int
    kind: EntityKind
    target: str


# A URL glued to a Latin word is part of that word; after a Chinese or Persian letter,
# where spaces are not always written, it is a link.
_URL = regex.compile(
    r"(?<![A-Za-z0-9_@#$/.])[hH][tT][tT][pP][sS]?://"
    r"[^\s<>\"`{}\[\]|\\^«»‹›“”„「」『』【】《》（）。，、！？：；"
    r"\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+",
)
_HOST = regex.compile(r"\w+://[^/?#]*[\p{L}\p{Nd}]")
_TRAILING = frozenset(".,;:!?'’‘*_~…،؛؟۔\u200c\u200d")

_MENTION = regex.compile(
    r"(?<![\p{L}\p{M}\p{Nd}_/=.@+\-\u200c])@"
    r"([A-Za-z0-9_]++(?:[.-]++[A-Za-z0-9_]++)*+"
    r"(?:@[\p{L}\p{M}\p{Nd}]++(?:[.-]++[\p{L}\p{M}\p{Nd}]++)*+)?+)"
    # `@types/node` is a package, `@user@` and `@caf́e` are slips: none is a mention.
    r"(?![A-Za-z\u00c0-\u024f\p{M}@]|/[\p{L}\p{Nd}])"
)

# A letter, mark or digit; then the same, with joiners inside but never at an end. A
# keycap emoji is `#` followed by a mark, so the first may not be one.
_TAG = regex.compile(
    r"(?<![^\s(\[{«‹\"'“‘،؛\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])[#＃]"
    r"((?!\p{M})[\p{L}\p{M}\p{Nd}_]++(?:[\u200c·・]++[\p{L}\p{M}\p{Nd}_]++)*+)"
)
_LETTER = regex.compile(r"\p{L}")


def entities(text: str) -> tuple[Entity, ...]:
    """Return all links, mentions and tags, sorted by start; none overlaps another."""
    urls = links(text)
    starts = [each.start for each in urls]

    def inside_url(entity: Entity) -> bool:
        before = bisect_right(starts, entity.start)
        return before > 0 and urls[before - 1].end > entity.start

    words = (each for each in (*mentions(text), *tags(text)) if not inside_url(each))
    return tuple(sorted((*urls, *words), key=attrgetter("start")))


def links(text: str) -> tuple[Entity, ...]:
    """Return the URLs written out with `http://` or `https://`.

    Punctuation at the end belongs to the sentence, Persian and Chinese too; a closing
    bracket belongs to the URL if it closes one inside it.
    """
    if "://" not in text:
        return ()
    found = []
    for match in _URL.finditer(text):
        url = _without_trailing(match.group())
        if _HOST.match(url):
            end = match.start() + len(url)
            found.append(Entity(match.start(), end, EntityKind.LINK, url))
    return tuple(found)


def mentions(text: str) -> tuple[Entity, ...]:
    """Return `@user`, `@user@host` and `@handle.domain.tld`; never parts of e-mails."""
    if "@" not in text:
        return ()
    return tuple(
        Entity(match.start(), match.end(), EntityKind.MENTION, match[1])
        for match in _MENTION.finditer(text)
    )


def tags(text: str) -> tuple[Entity, ...]:
    """Return `#tag` and `＃tag`: at least one letter, and joiners only inside."""
    if "#" not in text and "＃" not in text:
        return ()
    return tuple(
        Entity(match.start(), match.end(), EntityKind.TAG, match[1])
        for match in _TAG.finditer(text)
        if _LETTER.search(match[1])
    )


def _without_trailing(url: str) -> str:
    unopened = url.count(")") - url.count("(")
    end = len(url)
    while end:
        last = url[end - 1]
        if last == ")" and unopened > 0:
            unopened -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return url[:end]
