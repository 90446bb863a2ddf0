"""A post's HTML: what is sent, with its files, and the words of what comes back."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from smmflow.model.channel_post import Part, PartKey
from smmflow.model.media import Attachment, MediaKind

__all__ = ["comment_of", "figure", "page_of", "shown", "slug_of"]

_LONGEST_NAME = 60
_DIGEST = 10
_BREAKS = {"br", "p", "li", "ul", "ol", "blockquote", "div", "pre", "figure"}
_BREAKS |= {f"h{level}" for level in range(1, 7)}


def slug_of(key: PartKey) -> str:
    """Return the name that a post has in its address: readable, and the key's own.

    WordPress gives a second post of one name another: `-2` is put behind it. So what
    has exactly this name was sent first.
    https://developer.wordpress.org/reference/functions/wp_unique_post_slug/
    """
    letters = (
        each if each.isascii() and each.isalnum() else "-"
        for each in key.occurrence.lower()
    )
    words = [each for each in "".join(letters).split("-") if each]
    name = "-".join(words)[:_LONGEST_NAME].rstrip("-")
    return f"{name}-{key.hex[:_DIGEST]}" if name else key.hex[:_DIGEST]


def page_of(content: Part, figures: list[str]) -> str:
    """Return a part as HTML, its files below the text."""
    return "\n".join([content.html, *figures])


def comment_of(text: str) -> str:
    """Return a comment's words as HTML, which is what a site keeps and bounds."""
    return "<br />".join(escape(text, quote=False).split("\n"))


def figure(attachment: Attachment, name: str, url: str) -> str:
    """Return a file as HTML shows it, as the site's own editor writes it.

    Args:
        attachment: The file.
        name: Its id in the site's library.
        url: Where it is.
    """
    place = escape(url)
    match attachment.facts.kind:
        case MediaKind.VIDEO:
            kind, shown = "video", f'<video controls src="{place}"></video>'
        case MediaKind.AUDIO:
            kind, shown = "audio", f'<audio controls src="{place}"></audio>'
        case _:
            words = escape(attachment.alt)
            kind = "image"
            shown = f'<img src="{place}" alt="{words}" class="wp-image-{name}"/>'
    return f'<figure class="wp-block-{kind}">{shown}</figure>'


def shown(html: str) -> str:
    """Return the words of HTML."""
    words = _Words()
    words.feed(html)
    words.close()
    return "".join(words.pieces).strip()


class _Words(HTMLParser):
    """Collects text; a block or a line break is white space."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
