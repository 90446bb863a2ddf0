"""What a Bluesky post shows below its text: pictures, or a link's card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from smmflow.errors import NetworkError, SmmflowError
from smmflow.model.channel_post import Part
from smmflow.model.media import Attachment
from smmflow.model.post import Card
from smmflow.networks.bluesky.record import LARGEST_IMAGE, LARGEST_THUMB
from smmflow.networks.images import Picture, as_it_is, shrunk
from smmflow.networks.media import read_media
from smmflow.networks.opengraph import PageCard, read_card
from smmflow.networks.safe_fetch import SafeFetch

__all__ = ["Embeds"]

_LARGEST_PAGE = 2 * 1024 * 1024
_LARGEST_PAGE_IMAGE = 10 * 1024 * 1024
_IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Embeds:
    """Makes embeds.

    Args:
        upload: Sends a picture and returns the blob that records name.
        pages: Reads pages that cards are about.
        root: The workspace.
    """

    upload: Callable[[Picture], object]
    pages: SafeFetch
    root: Path

    def of(self, part: Part) -> Json | None:
        """Return a part's embed; None if it is only text. Pictures win over a card.

        Raises:
            SmmflowError: A file can't be used, or the network does not take it.
        """
        if part.media:
            pictures = [self._image(each) for each in part.media]
            return {"$type": "app.bsky.embed.images", "images": pictures}
        if part.card:
            return self._external(part.card, part.card_image)
        return None

    def _image(self, attachment: Attachment) -> Json:
        picture = self._fitting(attachment, LARGEST_IMAGE)
        image: Json = {"alt": attachment.alt, "image": self.upload(picture)}
        if picture.width and picture.height:
            image["aspectRatio"] = {"width": picture.width, "height": picture.height}
        return image

    def _fitting(self, attachment: Attachment, maximum: int) -> Picture:
        facts = attachment.facts
        content = read_media(self.root, facts)
        if len(content) <= maximum:
            return as_it_is(content, facts)
        return shrunk(content, maximum, name=facts.path)

    def _external(self, card: Card, image: Attachment | None) -> Json:
        page = PageCard()
        if not (card.title and card.description and image):
            page = self._page(card.url)
        external: Json = {
            "uri": card.url,
            "title": card.title or page.title or card.url,
            "description": card.description or page.description,
        }
        if image is not None:
            external["thumb"] = self.upload(self._fitting(image, LARGEST_THUMB))
        elif page.image:
            thumb = self._thumb(page.image)
            if thumb is not None:
                external["thumb"] = self.upload(thumb)
        return {"$type": "app.bsky.embed.external", "external": external}

    def _page(self, url: str) -> PageCard:
        # A page that can't be read makes a poorer card, never a post that fails.
        try:
            fetched = self.pages.get(url, largest=_LARGEST_PAGE)
        except NetworkError:
            return PageCard()
        if fetched.media_type not in {"text/html", "application/xhtml+xml"}:
            return PageCard()
        return read_card(fetched.content, fetched.url)

    def _thumb(self, url: str) -> Picture | None:
        try:
            fetched = self.pages.get(url, largest=_LARGEST_PAGE_IMAGE)
            if fetched.media_type not in _IMAGES:
                return None
            if len(fetched.content) <= LARGEST_THUMB:
                return Picture(fetched.content, fetched.media_type, None, None)
            return shrunk(fetched.content, LARGEST_THUMB, name=url)
        except SmmflowError:
            return None
