"""The site: our own pages as a network that needs no account and sends no request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from smmflow.clock import SystemClock
from smmflow.credentials import Credentials
from smmflow.errors import ConfigurationError, Rejected, UsageError
from smmflow.model.address import slug
from smmflow.model.capabilities import (
    Capabilities,
    Limit,
    LinkStyle,
    Markup,
    MediaLimits,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, PartKey
from smmflow.model.media import MediaKind
from smmflow.model.publication import Receipt
from smmflow.networks.interface import (
    Among,
    Connection,
    Identity,
    Network,
    Settings,
    Thread,
)

if TYPE_CHECKING:
    import httpx  # only for types: checking and planning load no HTTP client

__all__ = ["Site", "SiteConnection", "SiteSettings", "permalink"]

_IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})
_VIDEO = frozenset({"video/mp4", "video/webm"})
_AUDIO = frozenset({"audio/mpeg", "audio/ogg", "audio/wav"})


def permalink(base: str, occurrence: str) -> str:
    """Return the address of an occurrence's page."""
    return f"{base.rstrip('/')}/posts/{slug(occurrence)}/"


class SiteSettings(Settings):
    """What `channels.yaml` says about the site."""

    url: str = Field(
        pattern=r"^https?://[^\s]+$",
        description="Where the pages will be, as in https://example.org/news",
    )


class Site(Network):
    """Pages and feeds that `smmflow site` builds from the ledger.

    Publishing records what is to be shown; the pages are built from the record. So
    everything works by construction: the same record gives the same page, an edit is
    another record, and a withdrawn post is in no page.
    """

    name = "site"
    title = "Site"
    documentation = "https://www.rfc-editor.org/rfc/rfc4287"
    settings = SiteSettings
    capabilities = Capabilities(
        text=Limit(1_000_000, Unit.CODE_POINTS),
        markup=Markup.HTML,
        links=LinkStyle.SPAN,
        media=(
            MediaLimits(MediaKind.IMAGE, _IMAGES),
            MediaLimits(MediaKind.GIF, frozenset({"image/gif"})),
            MediaLimits(MediaKind.VIDEO, _VIDEO),
            MediaLimits(MediaKind.AUDIO, _AUDIO),
        ),
        max_media=100,
        mixed_media=True,
        alt_text=Limit(10_000),
        threads=Support.YES,
        content_warning=Support.YES,
        title=True,
        edit=Support.YES,
        withdraw=Support.YES,
        find=Support.YES,
        idempotent=True,
        languages=1,
        local=True,
    )

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> SiteConnection:
        """Return a connection, which never sends anything.

        Raises:
            ConfigurationError: The channel has no address.
        """
        del credentials, transport, root
        return SiteConnection(_base(channel), channel.name)

    def profile(self, channel: Channel) -> str:
        """Return the address of the first page."""
        return f"{_base(channel)}/"

    def permalink(self, channel: Channel, occurrence: str) -> str:
        """Return the address of an occurrence's page."""
        return permalink(_base(channel), occurrence)


def _base(channel: Channel) -> str:
    base = str(channel.settings.get("url", "")).rstrip("/")
    if not base:
        raise ConfigurationError(
            f"channel {channel.name} needs the address of its pages",
            hint="channels.yaml: url: https://example.org",
        )
    return base


class SiteConnection(Connection):
    """Gives receipts; the pages follow from the ledger."""

    def __init__(self, base: str, name: str) -> None:
        self._base = base
        self._name = name

    def whoami(self) -> Identity:
        """Return the site itself."""
        return Identity(self._base, self._name, f"{self._base}/")

    def publish(
        self, post: ChannelPost, part: int, *, after: Thread | None, key: PartKey
    ) -> Receipt:
        """Return the receipt that a part of this key always has.

        Raises:
            Rejected: The post is not for everybody.
        """
        del after
        if post.visibility == "followers":
            raise Rejected("the site is public, and this is for followers")
        return self._receipt(part, key)

    def find(
        self, post: ChannelPost, part: int, *, key: PartKey, among: Among
    ) -> Receipt | None:
        """Return the receipt: what is in the ledger is live by construction."""
        del post, among
        return self._receipt(part, key)

    def adopt(self, url: str) -> Receipt:
        """Return the receipt of a page, or of a part of one."""
        if not url.startswith(f"{self._base}/posts/"):
            raise UsageError(
                f"{url} is no page of a post on {self._base}",
                hint=f"such addresses begin with {self._base}/posts/",
            )
        return Receipt(url, url, SystemClock().now())

    def edit(self, receipt: Receipt, post: ChannelPost, part: int) -> Receipt:
        """Return the same receipt; the page follows the ledger."""
        del post, part
        return receipt

    def withdraw(self, receipt: Receipt) -> None:
        """Do nothing: a withdrawn post is in no page."""
        del receipt

    def _receipt(self, part: int, key: PartKey) -> Receipt:
        page = permalink(self._base, key.occurrence)
        address = page if part == 0 else f"{page}#part-{part + 1}"
        return Receipt(address, address, key.due)
