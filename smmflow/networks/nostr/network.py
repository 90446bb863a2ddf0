"""Nostr's offline half: settings and abilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from smmflow.credentials import Credentials
from smmflow.errors import ConfigurationError
from smmflow.model.capabilities import (
    Capabilities,
    Limit,
    Markup,
    MediaLimits,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.media import MediaKind
from smmflow.networks.interface import Network, Settings

if TYPE_CHECKING:
    # Checking and planning load no HTTP client.
    import httpx

    from smmflow.networks.nostr.connection import NostrConnection

__all__ = ["Nostr", "NostrArticles", "NostrSettings"]

_IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
_MEDIA = (
    MediaLimits(MediaKind.IMAGE, _IMAGES),
    MediaLimits(MediaKind.GIF, frozenset({"image/gif"})),
    MediaLimits(MediaKind.VIDEO, frozenset({"video/mp4", "video/webm"})),
    MediaLimits(MediaKind.AUDIO, frozenset({"audio/mpeg", "audio/mp4", "audio/ogg"})),
)
_NOTE_WITH_MEDIA = 4


class NostrSettings(Settings):
    """What `channels.yaml` says about a Nostr account."""

    relays: tuple[str, ...] = Field(
        min_length=1,
        strict=False,
        description="Where events go, as in wss://relay.example.org",
    )
    media_host: str = Field(
        default="",
        pattern=r"^$|^https?://[^\s]+$",
        description="A Blossom server that keeps files; without one, none are shown",
    )
    format: Literal["note", "article"] = Field(
        default="note", description="Short notes, or long articles in Markdown"
    )
    npub: str = Field(
        default="", pattern=r"^$|^npub1", description="The account's public name"
    )
    viewer: str = Field(
        default="https://njump.me",
        pattern=r"^https?://[^\s]+$",
        description="A page that shows events to people: what receipts link to",
    )


class Nostr(Network):
    """Notes: plain text, signed, sent to every relay of the channel.

    An event's name is the digest of what it says and when: the same part gives the same
    event, which relays keep once however often it is sent. Limits are each relay's own:
    https://github.com/nostr-protocol/nips/blob/master/11.md
    """

    name = "nostr"
    title = "Nostr (notes)"
    documentation = "https://github.com/nostr-protocol/nips"
    extras = frozenset({"nostr"})
    settings = NostrSettings
    secrets: ClassVar[Mapping[str, str]] = {
        "key": "the account's private key, which begins with nsec1: whoever has it is "
        "the account, and it can't be changed"
    }
    capabilities = Capabilities(
        # The example of NIP-11; what a relay really takes, `smmflow channels` reads.
        text=Limit(8196, Unit.CODE_POINTS, sure=False),
        media=_MEDIA,
        max_media=_NOTE_WITH_MEDIA,
        mixed_media=True,
        alt_text=Limit(8196, Unit.CODE_POINTS, sure=False),  # NIP-92 gives no bound
        threads=Support.YES,
        # https://github.com/nostr-protocol/nips/blob/master/36.md
        content_warning=Support.YES,
        # NIP-09: a request, which relays may ignore; those that did are named.
        withdraw=Support.YES,
        find=Support.YES,
        idempotent=True,
        measure=Support.YES,
        measure_batch=50,
        metrics=("likes", "reposts", "replies"),
        messages=Support.YES,
        reply=Support.YES,
    )

    def on(self, channel: Channel) -> Network:
        """Return articles if the channel is for them, and no files without a host."""
        articles = channel.settings.get("format") == "article"
        able: Network = NostrArticles() if articles else self
        return able if channel.settings.get("media_host") else _without_files(able)

    def variants(self) -> tuple[Network, ...]:
        """Return notes and articles."""
        return (self, NostrArticles())

    def limits_for(self, raw: Mapping[str, int]) -> Capabilities:
        """Return the capabilities with the least that the channel's relays take.

        A message is the text and all that is told with it, so that its bound is one of
        the text, too.

        Args:
            raw: As `NostrConnection.limits` gave it.
        """
        able = self.capabilities
        if "text" in raw:
            able = replace(able, text=Limit(raw["text"], Unit.CODE_POINTS))
        if "message" in raw:
            able = replace(able, also=(Limit(raw["message"], Unit.UTF8),))
        return able

    def profile(self, channel: Channel) -> str:
        """Return the account's page, if `npub` is set."""
        npub = str(channel.settings.get("npub", ""))
        viewer = str(channel.settings.get("viewer", "https://njump.me"))
        return f"{viewer.rstrip('/')}/{npub}" if npub else ""

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> NostrConnection:
        """Return a connection; sends nothing yet.

        Raises:
            ConfigurationError: The channel names no relay or no key.
            MissingSecret: The key is not set.
        """
        from smmflow.networks.nostr.connection import (  # noqa: PLC0415 - loads HTTP
            NostrConnection,
        )

        settings = channel.settings
        relays = settings.get("relays")
        if (
            not isinstance(relays, list | tuple)
            or not relays
            or "key" not in channel.secrets
        ):
            raise ConfigurationError(
                f"channel {channel.name} needs relays and a secret named key",
                hint="channels.yaml: relays: [wss://relay.example.org], "
                "secrets: {key: NOSTR_KEY}",
            )
        secret = credentials.secret(channel.secrets["key"], channel=channel.name)
        return NostrConnection(
            NostrSettings.model_validate(dict(settings)),
            secret,
            self,
            transport=transport,
            root=root or Path(),
        )


class NostrArticles(Nostr):
    """Articles: Markdown with a title, which a later event of the same name replaces.

    https://github.com/nostr-protocol/nips/blob/master/23.md
    """

    title = "Nostr (articles)"
    capabilities = replace(
        Nostr.capabilities,
        text=Limit(65_536, Unit.CODE_POINTS, sure=False),
        markup=Markup.MARKDOWN,
        max_media=1,
        mixed_media=False,
        threads=Support.UNSUPPORTED,
        title=True,
        edit=Support.YES,
    )

    def on(self, channel: Channel) -> Network:
        """Return itself: it was chosen already."""
        del channel
        return self


def _without_files(able: Network) -> Network:
    """Return the same without files, as where nobody would keep them."""
    bare = type(able)()
    bare.capabilities = replace(  # type: ignore[misc]  # of this one object, not its class
        able.capabilities, media=(), max_media=0, alt_text=None
    )
    return bare
