"""What a LinkedIn post shows below its words: files, a poll, or a link's card."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from smmflow.errors import NetworkError, Rejected, SmmflowError
from smmflow.model.channel_post import ChannelPost, Part
from smmflow.model.media import Attachment, MediaKind
from smmflow.model.post import Card
from smmflow.networks.linkedin.share import Wording, poll_of
from smmflow.networks.linkedin.uploads import Uploads
from smmflow.networks.media import read_media
from smmflow.networks.opengraph import PageCard, read_card
from smmflow.networks.safe_fetch import SafeFetch

__all__ = ["Attached", "Shown"]

_LARGEST_PAGE = 2 * 1024 * 1024
_LARGEST_THUMBNAIL = 10 * 1024 * 1024
_THUMBNAILS = frozenset({"image/jpeg", "image/png", "image/gif"})
_LONGEST_TITLE = 400
_LONGEST_DESCRIPTION = 4086

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a post shows.

    Attributes:
        content: As the API takes it; None for words alone.
        waiting: Name of a file that LinkedIn has yet to work on; empty for none.
    """

    content: Json | None
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """Makes what posts show, one kind for each post.

    Args:
        uploads: Sends files.
        pages: Reads pages that cards are about.
        root: The workspace.
    """

    uploads: Uploads
    pages: SafeFetch
    root: Path

    def of(self, post: ChannelPost, part: Part, wording: Wording) -> Shown:
        """Send a part's files; return what it shows. Files win over a card.

        Raises:
            Rejected: LinkedIn shows one kind of thing only.
            SmmflowError: A file can't be used, or the network does not take it.
        """
        if part.poll and part.media:
            raise Rejected("a post on LinkedIn shows either files or a poll")
        if part.poll:
            return Shown({"poll": poll_of(part.poll, wording.question)})
        if len(part.media) > 1:
            return Shown({"multiImage": {"images": self._images(part.media)}})
        if part.media:
            return self._single(part.media[0], post.title)
        if part.card:
            return Shown({"article": self._article(part.card, part.card_image)})
        return Shown(None)

    def _images(self, media: tuple[Attachment, ...]) -> list[Json]:
        pictures = {MediaKind.IMAGE, MediaKind.GIF}
        if any(each.facts.kind not in pictures for each in media):
            raise Rejected(
                "a post on LinkedIn shows up to 20 pictures, or one video, or one "
                "document"
            )
        return [self._image(each) for each in media]

    def _image(self, attachment: Attachment) -> Json:
        image: Json = {"id": self.uploads.image(attachment)}
        return {**image, "altText": attachment.alt} if attachment.alt else image

    def _single(self, attachment: Attachment, title: str) -> Shown:
        facts = attachment.facts
        match facts.kind:
            case MediaKind.IMAGE | MediaKind.GIF:
                return Shown({"media": self._image(attachment)})
            case MediaKind.VIDEO:
                urn = self.uploads.video(attachment)
            case MediaKind.OTHER:
                urn = self.uploads.document(attachment)
            case MediaKind.AUDIO:
                raise Rejected(f"LinkedIn takes no sound: {facts.path}")
            case _:
                assert_never(facts.kind)
        name = title or facts.path.rpartition("/")[2]
        return Shown({"media": {"title": name[:_LONGEST_TITLE], "id": urn}}, urn)

    def _article(self, card: Card, image: Attachment | None) -> Json:
        page = PageCard()
        if not (card.title and card.description and image):
            page = self._page(card.url)
        title = card.title or page.title or card.url
        article: Json = {"source": card.url, "title": title[:_LONGEST_TITLE]}
        description = card.description or page.description
        if description:
            article["description"] = description[:_LONGEST_DESCRIPTION]
        if image is not None:
            article["thumbnail"] = self.uploads.picture(
                read_media(self.root, image.facts)
            )
            if image.alt:
                article["thumbnailAltText"] = image.alt
        elif page.image:
            thumbnail = self._thumbnail(page.image)
            if thumbnail:
                article["thumbnail"] = thumbnail
        return article

    def _page(self, url: str) -> PageCard:
        # A page that can't be read makes a poorer card, never a post that fails.
        try:
            fetched = self.pages.get(url, largest=_LARGEST_PAGE)
        except NetworkError:
            return PageCard()
        if fetched.media_type not in {"text/html", "application/xhtml+xml"}:
            return PageCard()
        return read_card(fetched.content, fetched.url)

    def _thumbnail(self, url: str) -> str:
        try:
            fetched = self.pages.get(url, largest=_LARGEST_THUMBNAIL)
            if fetched.media_type not in _THUMBNAILS:
                return ""
            return self.uploads.picture(fetched.content)
        except SmmflowError:
            return ""
