"""Markdown as posts use it: CommonMark to tokens, links and tags left in one piece."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from smmflow.composing.plain import BARE, children, paragraph, paragraphs
from smmflow.language.entities import Entity, EntityKind, entities

__all__ = [
    "BARE",
    "is_account",
    "is_address",
    "parse",
    "parse_by_the_book",
    "web_address",
]


@lru_cache(maxsize=64)
def parse(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text; channels that share it share them, so only read."""
    plain = paragraphs(text)
    if plain is None:
        return tuple(_MARKDOWN.parse(text))
    return tuple(token for each in plain for token in paragraph(each, _inside(each)))


def parse_by_the_book(text: str) -> tuple[Token, ...]:
    """Return what `parse` must return, by the rules of CommonMark alone."""
    return tuple(_markdown().parse(text))


def web_address(url: str) -> str:
    """Return a URL in ASCII, as protocols want it."""
    return url if url.isascii() else _MARKDOWN.normalizeLink(url)


def is_address(url: str) -> bool:
    """Tell whether a link may lead there: the web, or a mailbox."""
    return url.lower().startswith(("http://", "https://", "mailto:"))


def is_account(url: str) -> bool:
    """Tell whether a link names an account as only its network does: a mention."""
    return url.lower().startswith("urn:")


def _harmless(url: str) -> bool:
    # A path is no link for readers elsewhere, but it is what images are written with.
    return is_address(url) or is_account(url) or ":" not in url


def _entity(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it calls it so
    """Take a URL, mention or tag as it stands: `_` and `*` in it are no emphasis."""
    mark = state.src[state.pos]
    if mark not in ":@#＃":
        return False
    start = state.pos
    if mark == ":":
        before = state.pending[-5:].lower()
        scheme = next((each for each in ("https", "http") if before.endswith(each)), "")
        if not silent and not scheme:
            return False
        start -= len(scheme)
    found = _entities(state).get(start)
    if found is None:
        return False
    if not silent:
        _take(state, found)
    state.pos = found.end
    return True


def _take(state: StateInline, found: Entity) -> None:
    if found.kind is not EntityKind.LINK or state.linkLevel > 0:
        state.pending += state.src[state.pos : found.end]
        return
    state.pending = state.pending[: len(state.pending) - (state.pos - found.start)]
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": found.target}
    opening.markup = BARE
    state.push("text", "", 0).content = found.target
    state.push("link_close", "a", -1).markup = BARE


def _entities(state: StateInline) -> dict[int, Entity]:
    # One inline run is looked through once, however many marks stand in it.
    known = cast("tuple[str, dict[int, Entity]] | None", state.env.get("entities"))
    if known is None or known[0] is not state.src:
        known = (state.src, {each.start: each for each in entities(state.src)})
        state.env["entities"] = known
    return known[1]


class _Markdown(MarkdownIt):
    """Links lead to addresses and accounts, and names of accounts stay as written.

    `urn:li:organization:1234` would be taken for a host with a port.
    """

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it calls it so
        return _harmless(url)

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - as above
        return url if is_account(url) else super().normalizeLink(url)

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - as above
        return link if is_account(link) else super().normalizeLinkText(link)


def _markdown() -> MarkdownIt:
    markdown = _Markdown("commonmark", {"html": False, "maxNesting": 30})
    markdown.enable("strikethrough")
    # In a post, spaces at the start of a line and dashes below one mean nothing.
    markdown.disable(["code", "lheading"])
    markdown.inline.ruler.before("escape", "entity", _entity)
    return markdown


def _inside(content: str) -> list[Token]:
    # A paragraph that is plain to see has no definitions of links for others.
    tokens = children(content)
    return tokens or _MARKDOWN.parseInline(content)[0].children or []


def _inline(state: StateCore) -> None:
    """Do as markdown-it's own rule of this name, plain words aside."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = children(token.content)
            if token.children is None:
                token.children = []
                state.md.inline.parse(
                    token.content, state.md, state.env, token.children
                )


def _fast() -> MarkdownIt:
    markdown = _markdown()
    markdown.core.ruler.at("inline", _inline)
    return markdown


_MARKDOWN = _fast()
