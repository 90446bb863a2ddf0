"""Rules about links."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import SplitResult, parse_qsl, urlsplit

import regex

from smmflow.checks.places import at_key, at_text
from smmflow.checks.rule import Case, ChannelPostRule
from smmflow.diagnostics import Finding, Place, Severity
from smmflow.model.campaign import Campaign
from smmflow.model.text import SpanKind

__all__ = ["LinkBrokenSyntax", "LinkInsecure", "LinkUntagged"]

_BROKEN = regex.compile(
    r"\][ \t]*\((?:https?://|www\.)[^\s)]*\)?"  # `[text] (url)`, `[text](url`
    r"|\)\[(?:https?://|www\.)[^\s\]]*\]"  # `(text)[url]`
    r"|(?<!\w)https?(?::/(?=\w)|//|;//|:\\\\)[^\s)]+"  # `https:/host`, `http//host`
    r"|(?<!\w)(?:htps?|ttps?|hhttps?|htttps?|httpss)://[^\s)]+"  # `htps://host`
)
_NEEDED = ("utm_source", "utm_campaign")
_CODE = frozenset({SpanKind.CODE, SpanKind.CODE_BLOCK, SpanKind.LINK})


def _targets(case: Case) -> Iterator[tuple[str, int, bool]]:
    """Return each link with its part, and whether it is the card's."""
    for index, part in enumerate(case.composed.parts):
        for span in part.text.spans:
            if span.kind is SpanKind.LINK:
                yield span.target, index, False
        if part.card is not None:
            yield part.card.url, index, True


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _place(case: Case, url: str, part: int, *, card: bool) -> Place:
    if card and case.post.card is not None:
        return at_key(case.post.path, "card", "url")
    written = url.partition("?")[0]
    needle = url if url in case.post.body else written
    return at_text(case.post, needle, case.composed, part)


class LinkInsecure(ChannelPostRule):
    """A link goes over plain HTTP.

    What: A link or a card's address begins with `http://`.

    Why: Anybody on the way can read and change what readers get; browsers warn of such
    pages.

    Fix: Write `https://`. If the page can't be had so, think twice about linking it.

    Bad:
        Read more: http://example.org/launch

    Good:
        Read more: https://example.org/launch

    Source: https://developer.mozilla.org/en-US/docs/Glossary/HTTPS
    """

    name = "link-insecure"
    severity = Severity.WARNING

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the links over plain HTTP."""
        for url, part, card in _targets(case):
            if url[:7].lower() == "http://":
                yield self.finding(
                    _place(case, url, part, card=card),
                    f"{url} is not encrypted",
                    hint="write `https://`",
                    channel=case.channel.name,
                )


class LinkBrokenSyntax(ChannelPostRule):
    """A link is written wrongly and stays plain text.

    What: What remains of a Markdown link stands in the finished text: a space before
    the bracket, a bracket that never closes, the brackets swapped. Or a link has no
    host, or its `https://` is misspelt.

    Why: Readers see brackets, and nothing to click on.

    Fix: Write `[words](https://address)`, without a space between the two pairs.

    Bad:
        [Release notes] (https://example.org/notes)

    Good:
        [Release notes](https://example.org/notes)

    Source: https://spec.commonmark.org/0.31.2/#links
    """

    name = "link-broken-syntax"
    severity = Severity.WARNING

    def check(self, case: Case) -> Iterator[Finding]:
        """Return what was meant to be a link and is none."""
        for index, part in enumerate(case.composed.parts):
            text = part.text.text
            if "//" in text or ":/" in text or ":\\" in text or "](" in text:
                yield from self._remains(case, index, text)
        for url, index, card in _targets(case):
            split = _split(url)
            web = split is None or split.scheme in {"", "http", "https"}
            if web and (split is None or not split.netloc):
                yield self.finding(
                    _place(case, url, index, card=card),
                    f"{url or 'a link without an address'} leads nowhere",
                    hint="write the whole address, beginning with `https://`",
                    channel=case.channel.name,
                )

    def _remains(self, case: Case, index: int, text: str) -> Iterator[Finding]:
        spans = case.composed.parts[index].text.spans
        hidden = [(each.start, each.end) for each in spans if each.kind in _CODE]
        for match in _BROKEN.finditer(text):
            if any(start <= match.start() < end for start, end in hidden):
                continue
            yield self.finding(
                at_text(case.post, match.group(), case.composed, index),
                f"“{match.group()}” was meant to be a link, but is none",
                hint="write `[words](https://address)`, without a space in between",
                channel=case.channel.name,
            )


class LinkUntagged(ChannelPostRule):
    """A campaign's link can't be told apart in statistics.

    What: The campaign says `links: {tag: true}`, and a link to one of its hosts carries
    no `utm_source` and `utm_campaign`, or carries `utm_*` in capital letters.

    Why: Visits through it are counted for nobody; statistics count `Launch` and
    `launch` as two campaigns.

    Fix: Leave the parameters to smmflow, or write them all, in lower case.

    Bad:
        https://example.org/?utm_campaign=Launch

    Good:
        https://example.org/

    Source: https://support.google.com/analytics/answer/10917952
    """

    name = "link-untagged"
    severity = Severity.WARNING

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the links whose tags are missing or in capitals."""
        if not case.post.campaign:
            return
        campaign = case.subject.workspace.campaigns.get(case.post.campaign)
        if campaign is None or not campaign.tag_links:
            return
        for url, part, card in _targets(case):
            fault = _untagged(url, campaign)
            if fault:
                yield self.finding(
                    _place(case, url, part, card=card),
                    f"{url} {fault}, but campaign {campaign.id} tags its links",
                    hint="leave the `utm_` parameters out, smmflow adds them; "
                    "or write all of them in lower case",
                    channel=case.channel.name,
                )


def _untagged(url: str, campaign: Campaign) -> str:
    split = _split(url)
    if split is None or split.scheme not in {"http", "https"}:
        return ""
    host = (split.hostname or "").lower()
    if campaign.link_hosts and not _among(host, campaign.link_hosts):
        return ""
    carried = [
        (name, value)
        for name, value in parse_qsl(split.query, keep_blank_values=True)
        if name.lower().startswith("utm_")
    ]
    if any(name != name.lower() or value != value.lower() for name, value in carried):
        return "has capital letters in its tags"
    names = {name for name, _ in carried}
    missing = [each for each in _NEEDED if each not in names]
    return f"carries no {' and no '.join(missing)}" if missing else ""


def _among(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == each or host.endswith(f".{each}") for each in hosts)
