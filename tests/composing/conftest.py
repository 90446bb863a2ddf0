"""Small networks that count in different ways, and a workspace to compose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import httpx
import pytest

from smmflow.composing.compose import Composed, Composer
from smmflow.credentials import Credentials
from smmflow.errors import Unsupported
from smmflow.language.measures import grapheme_count, utf8_length
from smmflow.model.campaign import Campaign
from smmflow.model.capabilities import (
    Capabilities,
    Limit,
    LinkStyle,
    Markup,
    Support,
    Unit,
)
from smmflow.model.channel import Channel
from smmflow.model.document import Template
from smmflow.model.media import MediaFacts, MediaFault, MediaKind
from smmflow.model.post import Post, Unscheduled
from smmflow.model.text import RichText, SpanKind
from smmflow.model.workspace import Workspace
from smmflow.networks.interface import Connection, Network, Settings


class Offline(Network):
    """The offline half alone, which is all that composing needs."""

    documentation: ClassVar[str] = "https://example.org/"
    settings: ClassVar[type[Settings]] = Settings

    def length(self, text: RichText, unit: Unit) -> int:
        if unit is Unit.UTF8:
            return utf8_length(text.text)
        return grapheme_count(text.text)

    def connect(
        self,
        channel: Channel,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        root: Path | None = None,
    ) -> Connection:
        del credentials, transport, root
        raise Unsupported(f"{channel.name} is offline")


class Skies(Offline):
    """Links over words, cards made by the client, graphemes and bytes."""

    name: ClassVar[str] = "skies"
    title: ClassVar[str] = "Skies"
    capabilities: ClassVar[Capabilities] = Capabilities(
        text=Limit(300),
        also=(Limit(3000, Unit.UTF8),),
        links=LinkStyle.SPAN,
        card=Support.YES,
        threads=Support.YES,
        max_media=4,
    )


class Herds(Offline):
    """Links written out, each counted as 23 characters."""

    name: ClassVar[str] = "herds"
    title: ClassVar[str] = "Herds"
    capabilities: ClassVar[Capabilities] = Capabilities(
        text=Limit(500), threads=Support.YES, max_media=4
    )

    def length(self, text: RichText, unit: Unit) -> int:
        urls = [each for each in text.spans if each.kind is SpanKind.LINK]
        saved = sum(
            grapheme_count(text.text[each.start : each.end]) - 23 for each in urls
        )
        return super().length(text, unit) - saved


class Pages(Offline):
    """Our own pages: HTML, no limit to speak of."""

    name: ClassVar[str] = "pages"
    title: ClassVar[str] = "Pages"
    capabilities: ClassVar[Capabilities] = Capabilities(
        text=Limit(1_000_000),
        markup=Markup.HTML,
        links=LinkStyle.SPAN,
        threads=Support.YES,
        local=True,
    )


NETWORKS: Mapping[str, Network] = {
    each.name: each for each in (Skies(), Herds(), Pages())
}

PICTURE = MediaFacts(
    "content/media/a.png", "ab" * 32, 10, MediaKind.IMAGE, "image/png", 2, 2
)

WORKSPACE = Workspace(
    root=Path(),
    title="smmflow",
    channels={name: Channel(name, name) for name in NETWORKS},
    campaigns={
        "launch": Campaign(
            "launch",
            "content/campaigns/launch.md",
            "The Launch",
            tag_links=True,
            link_hosts=("example.org",),
            variables={"slogan": "Posts as code"},
        )
    },
    templates={
        "footer": Template(
            "footer", "content/templates/footer.md", "Footer", "— {{ workspace.title }}"
        )
    },
    media={"media/a.png": PICTURE, "media/gone.png": MediaFault.MISSING},
)

Compose = Callable[..., Composed]


@pytest.fixture(name="compose")
def compose_fixture() -> Compose:
    """Compose a text for one of the channels `skies`, `herds` and `pages`."""

    def compose(body: str, channel: str = "herds", **changes: object) -> Composed:
        post = Post(
            id="hello",
            path="content/posts/hello.md",
            title="Hello",
            body=body,
            body_line=4,
            language="en",
            channels=tuple(NETWORKS),
            schedule=Unscheduled(),
        )
        network = NETWORKS[channel]
        return Composer(WORKSPACE).compose(
            replace(post, **changes),  # type: ignore[arg-type]  # any field of a post
            WORKSPACE.channels[channel],
            network,
            network.capabilities,
        )

    return compose
