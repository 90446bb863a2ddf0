"""How each network shows a post: what a preview has to imitate, as data.

Only what changes how words and pictures are read is imitated: what is cut, shortened
or folded away. Colours and type are hints; names and signs of others are not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from smmflow.model.channel import Channel

__all__ = ["PLAIN", "CardMaker", "Look", "look_of"]


class CardMaker(StrEnum):
    """Who makes the card of a link."""

    NOBODY = "nobody"
    CLIENT = "client"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Look:
    """What a network does to a post on the way to its readers.

    Attributes:
        name: Of its rules in the stylesheet.
        fold_lines: Texts with more lines are folded in lists; None if none ever are.
            How many lines are left then stands in the stylesheet.
        line: Graphemes that fit on a line of its web pages, roughly.
        fold_words: On the button that unfolds, in English.
        link_length: Code points shown of a written-out address, without its scheme and
            `www.`; None if addresses are shown as they are.
        short_mentions: `@sara@example.org` is shown as `@sara`.
        card: Who makes the card of a link.
    """

    name: str
    fold_lines: int | None = None
    line: int = 72
    fold_words: str = "Show more"
    link_length: int | None = None
    short_mentions: bool = False
    card: CardMaker = CardMaker.NOBODY


PLAIN = Look("plain")
"""For networks that nobody has described yet: all words, nothing cut."""

_LOOKS: Mapping[str, Look] = {
    # Folding: `MAX_POST_LINES` in
    # https://github.com/bluesky-social/social-app/blob/main/src/lib/constants.ts
    # Pictures (in the stylesheet): two squares; one beside two; four of 3:2; one alone
    # is never higher than wide, nor narrower than 1:2.
    # https://github.com/bluesky-social/social-app/tree/main/src/components/images
    "bluesky": Look("bluesky", fold_lines=25, card=CardMaker.CLIENT),
    # Folding: `MAX_HEIGHT`, 32 lines of 22 pixels, in
    # https://github.com/mastodon/mastodon/blob/main/app/javascript/mastodon/components/status_content.jsx
    # What is left then, 15 lines, and direction line by line (in the stylesheet):
    # https://github.com/mastodon/mastodon/blob/main/app/javascript/styles/mastodon/components.scss
    # Addresses and mentions:
    # https://github.com/mastodon/mastodon/blob/main/app/lib/text_formatter.rb
    # Pictures: one as it is, several in a frame of 3:2.
    # https://github.com/mastodon/mastodon/blob/main/app/javascript/mastodon/components/media_gallery.jsx
    "mastodon": Look(
        "mastodon",
        fold_lines=32,
        fold_words="Read more",
        link_length=30,
        short_mentions=True,
        card=CardMaker.SERVER,
    ),
    "site": Look("site"),
}


def look_of(channel: Channel) -> Look:
    """Return how a channel's network shows posts; a plain look for those unknown."""
    return _LOOKS.get(channel.network, PLAIN)
