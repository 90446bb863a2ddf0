"""Rules about accounts that posts speak of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from smmflow.checks.places import at_text
from smmflow.checks.rule import Case, ChannelPostRule
from smmflow.diagnostics import Finding, Severity
from smmflow.model.capabilities import MentionStyle
from smmflow.model.text import SpanKind

__all__ = ["MentionUnresolvable"]

_HINTS = {
    MentionStyle.HANDLE: "write it without a server, as in `@sara`",
    MentionStyle.LINK: "write a link to the network's own name for the account; "
    "`smmflow networks` says where to read how",
    MentionStyle.DOMAIN: "write it as a domain, as in `@sara.example`",
    MentionStyle.ADDRESS: "write it with its server, as in `@sara@example.social`",
}
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*", re.IGNORECASE)


class MentionUnresolvable(ChannelPostRule):
    """A mention can't lead to an account on this network.

    What: On Bluesky an account is a domain, `@sara.example`; on Mastodon it is
    `@sara@example.social`, or `@sara` on one's own server; on LinkedIn it is a link,
    `[Sara](urn:li:person:AbC)`. A mention is written in a way the channel's network
    does not know.

    Why: Nobody is told of the mention, and readers see plain text, or another person.

    Fix: Write the account as the network does, with `::: only` where they differ.

    Bad:
        Thanks to @sara@example.social      # on bluesky

    Good:
        ::: only mastodon
        Thanks to @sara@example.social
        :::
        ::: only bluesky
        Thanks to @sara.example
        :::

    Source: https://atproto.com/specs/handle
    https://docs.joinmastodon.org/user/posting/#mentions
    """

    name = "mention-unresolvable"
    severity = Severity.WARNING

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the mentions that lead nowhere."""
        style = case.capabilities.mentions
        for index, part in enumerate(case.composed.parts):
            for span in part.text.spans:
                if span.kind is not SpanKind.MENTION:
                    continue
                hint = _wrong(span.target, style)
                if hint:
                    yield self.finding(
                        at_text(case.post, f"@{span.target}", case.composed, index),
                        f"@{span.target} is no account on {case.composed.network}",
                        hint=hint,
                        channel=case.channel.name,
                    )


def _wrong(target: str, style: MentionStyle) -> str:
    """Return how the account should be written; empty if it is right."""
    return "" if _is_right(target, style) else _HINTS[style]


def _is_right(target: str, style: MentionStyle) -> bool:
    match style:
        case MentionStyle.NONE:
            return True
        case MentionStyle.HANDLE:
            return "@" not in target
        case MentionStyle.LINK:
            return target.startswith("urn:")
        case MentionStyle.DOMAIN:
            return bool(_DOMAIN.fullmatch(target))
        case MentionStyle.ADDRESS:
            return "@" in target or not _DOMAIN.fullmatch(target)
        case _:
            assert_never(style)
