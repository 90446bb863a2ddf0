"""A post for one channel: its wording, parts, links, files and settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from smmflow.composing.html import html
from smmflow.composing.links import LinkTags, link_tags
from smmflow.composing.markup import Style, rich_text
from smmflow.composing.parts import split_parts
from smmflow.composing.rules import fault
from smmflow.composing.templates import (
    Rendered,
    TemplateFault,
    Templates,
    has_template,
)
from smmflow.composing.threads import number, split
from smmflow.composing.unusable import unusable
from smmflow.composing.variants import select
from smmflow.diagnostics import Finding, Place
from smmflow.model.campaign import Campaign
from smmflow.model.capabilities import Capabilities, LinkStyle, Markup, Support
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, Part, digest_of
from smmflow.model.media import Attachment, MediaFacts
from smmflow.model.post import Card, Post, ThreadMode
from smmflow.model.text import RichText, SpanKind
from smmflow.model.workspace import Workspace
from smmflow.networks.interface import Network

__all__ = ["Composed", "Composer"]


@dataclass(frozen=True, slots=True)
class Composed:
    """What composing came to.

    Attributes:
        post: None if something makes it impossible; the findings say what.
        findings: What is wrong.
    """

    post: ChannelPost | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wording:
    """The Markdown one channel gets, and the files it was made of."""

    markdown: str
    sources: frozenset[str]


class Composer:
    """Composes the posts of one workspace; pure: no network, no clock, no files.

    Args:
        workspace: Whose posts, campaigns, templates and media.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._templates = Templates(
            {name: each.body for name, each in workspace.templates.items()}
        )

    def compose(
        self, post: Post, channel: Channel, network: Network, capabilities: Capabilities
    ) -> Composed:
        """Return what a channel gets of a post, and what is wrong with it.

        Args:
            post: One of the workspace's.
            channel: Where it goes.
            network: The channel's, for its way of counting.
            capabilities: The network's, with the limits of the instance.
        """
        known = self._workspace.channels.keys() | self._workspace.declared
        variant = select(post.body, channel.name, known, post.path)
        findings = list(variant.findings)
        try:
            wording = self._wording(post, channel, variant.text)
            comment = self._wording(post, channel, post.first_comment)
        except TemplateFault as problem:
            place = Place(post.path, offset=_offset(post.body, problem.line))
            found = fault(problem.rule, problem.message, place, channel=channel.name)
            return Composed(None, (*findings, found))
        texts = split_parts(wording.markdown)
        findings += unusable(post, texts)
        parts = self._parts(post, channel, network, capabilities, texts)
        if parts and comment.markdown and _takes_comments(capabilities):
            style = self._style(post, channel, capabilities)
            parts = (*parts, Part(rich_text(comment.markdown, style), comment=True))
        if not parts:
            where = Place(post.path, offset=0)
            message = f"there is nothing to publish on {channel.name}"
            hint = "write a text, show a file, or leave this channel out"
            findings.append(
                fault("text-empty", message, where, hint=hint, channel=channel.name)
            )
            return Composed(None, tuple(findings))
        sources = self._sources(wording.sources | comment.sources, parts)
        digest = digest_of(_channel_post(post, channel, parts, sources))
        composed = _channel_post(post, channel, parts, sources, digest)
        return Composed(composed, tuple(findings))

    def _wording(self, post: Post, channel: Channel, text: str) -> _Wording:
        campaign = self._workspace.campaigns.get(post.campaign)
        sources = {post.path}
        if campaign and campaign.tag_links:
            sources.add(campaign.path)
        if not has_template(text):
            return _Wording(text, frozenset(sources))
        variables = self._variables(post, channel, campaign)
        rendered: Rendered = self._templates.render(text, variables)
        pieces = [self._workspace.templates[name] for name in rendered.included]
        sources.update(each.path for each in pieces)
        used = "".join((text, *(each.body for each in pieces)))
        if campaign and "campaign" in used:
            sources.add(campaign.path)
        if "workspace" in used:
            sources.add("channels.yaml")
        return _Wording(rendered.text, frozenset(sources))

    def _variables(
        self, post: Post, channel: Channel, campaign: Campaign | None
    ) -> Mapping[str, object]:
        known: dict[str, object] = {
            "workspace": {
                "title": self._workspace.title,
                "description": self._workspace.description,
                "language": self._workspace.language,
            },
            "post": {
                "title": post.title,
                "id": post.id,
                "campaign": post.campaign,
                "language": post.language,
                "summary": post.summary,
                "tags": post.tags,
            },
            "channel": {"name": channel.name, "network": channel.network},
        }
        if campaign:
            own = {"title": campaign.title, "id": campaign.id}
            known["campaign"] = {**campaign.variables, **own}
        return {**post.variables, **known}

    def _parts(
        self,
        post: Post,
        channel: Channel,
        network: Network,
        capabilities: Capabilities,
        sources: Sequence[str],
    ) -> tuple[Part, ...]:
        style = self._style(post, channel, capabilities)
        pages = capabilities.markup is Markup.HTML
        written = capabilities.markup is Markup.MARKDOWN
        texts = [rich_text(each, style) for each in sources]
        if pages or written:
            pairs = zip(texts, sources, strict=True)
            parts = [
                [Part(text, html(source)) if pages else Part(text, markdown=source)]
                for text, source in pairs
            ]
        else:
            groups = _threaded(texts, post, network, capabilities)
            parts = [[Part(text) for text in group] for group in groups]
        self._attach(post, parts)
        shown = [each for group in parts for each in group if _shows(each)]
        return tuple(
            self._with_card(part, post, capabilities, style.tags, first=index == 0)
            for index, part in enumerate(shown)
        )

    def _style(self, post: Post, channel: Channel, capabilities: Capabilities) -> Style:
        marked_up = capabilities.markup is not Markup.PLAIN
        links = LinkStyle.SPAN if marked_up else capabilities.links
        tags = self._link_tags(post, channel, capabilities)
        return Style(links, post.language, tags, capabilities.mentions)

    def _link_tags(
        self, post: Post, channel: Channel, capabilities: Capabilities
    ) -> LinkTags | None:
        # Links on our own pages stay clean: their visits are not a network's doing.
        campaign = self._workspace.campaigns.get(post.campaign)
        if campaign is None or capabilities.local:
            return None
        return link_tags(campaign, channel.network, post.id)

    def _attach(self, post: Post, parts: list[list[Part]]) -> None:
        """Put files and poll into the first part of what the author counts as one."""
        for each in post.media:
            attachment = self._attachment(each.file, each.alt or "")
            if attachment:
                group = parts[min(max(each.part, 1), len(parts)) - 1]
                group[0] = replace(group[0], media=(*group[0].media, attachment))
        if post.poll:
            group = parts[min(max(post.poll_part, 1), len(parts)) - 1]
            group[0] = replace(group[0], poll=post.poll)

    def _attachment(self, file: str, alt: str) -> Attachment | None:
        facts = self._workspace.media.get(file)
        return Attachment(facts, alt) if isinstance(facts, MediaFacts) else None

    def _with_card(
        self,
        part: Part,
        post: Post,
        capabilities: Capabilities,
        tags: LinkTags | None,
        *,
        first: bool,
    ) -> Part:
        if capabilities.card is not Support.YES:
            return part
        if post.card and first:
            url = tags.tag(post.card.url) if tags else post.card.url
            image = self._attachment(post.card.image, "") if post.card.image else None
            return replace(part, card=replace(post.card, url=url), card_image=image)
        if part.media or part.poll:
            return part
        link = next(
            (
                each.target
                for each in part.text.spans
                if each.kind is SpanKind.LINK and each.target.startswith("http")
            ),
            "",
        )
        return Part(part.text, part.html, card=Card(link)) if link else part

    def _sources(
        self, wording: frozenset[str], parts: Sequence[Part]
    ) -> tuple[str, ...]:
        files = {each.facts.path for part in parts for each in part.media}
        files |= {part.card_image.facts.path for part in parts if part.card_image}
        return tuple(sorted(wording | files))


def _takes_comments(capabilities: Capabilities) -> bool:
    threads = capabilities.threads is Support.YES and not capabilities.local
    return threads or capabilities.comment is not None


def _shows(part: Part) -> bool:
    return bool(part.text.text or part.media or part.poll)


def _threaded(
    texts: Sequence[RichText], post: Post, network: Network, capabilities: Capabilities
) -> Sequence[Sequence[RichText]]:
    bare = (capabilities.text, *capabilities.also)
    # Where files narrow the text, the whole thread goes by that: which piece shows them
    # is decided only when the pieces are known.
    limits = (*bare, *capabilities.caption) if post.media else bare

    def fits(rich: RichText) -> bool:
        return network.fits(rich, limits)

    if capabilities.threads is not Support.YES:
        return [(each,) for each in texts]
    match post.thread:
        case ThreadMode.MANUAL:
            return [(each,) for each in texts]
        case ThreadMode.AUTO:
            return [split(each, fits) for each in texts]
        case ThreadMode.NUMBERED:
            return number(texts, fits, post.language)


def _channel_post(
    post: Post,
    channel: Channel,
    parts: tuple[Part, ...],
    sources: tuple[str, ...],
    digest: str = "",
) -> ChannelPost:
    return ChannelPost(
        post=post.id,
        channel=channel.name,
        network=channel.network,
        title=post.title,
        summary=post.summary,
        language=post.language,
        parts=parts,
        content_warning=post.content_warning,
        visibility=post.visibility,
        settings=dict(post.overrides.get(channel.name, {})),
        campaign=post.campaign,
        pillar=post.pillar,
        goal=post.goal,
        audience=post.audience,
        tags=post.tags,
        sources=sources,
        digest=digest,
    )


def _offset(body: str, line: int) -> int:
    """Return where a 1-based line begins; variants and templates keep lines alike."""
    offset = 0
    for _ in range(line - 1):
        offset = body.find("\n", offset) + 1
        if offset == 0:
            return 0
    return offset
