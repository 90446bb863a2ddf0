"""Rules about hashtags."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import regex

from smmflow.checks.places import at_text
from smmflow.checks.rule import Case, ChannelPostRule
from smmflow.diagnostics import Finding, Severity
from smmflow.language.measures import graphemes
from smmflow.model.capabilities import Capabilities
from smmflow.model.text import SpanKind

__all__ = ["HashtagCut", "HashtagOnlyDigits"]

_DIGITS = regex.compile(r"(?<!\S)[#＃]\p{Nd}{4,}(?![\w-])")
_GLUED = regex.compile(r"[-’'+.]\w")
_ZWNJ = "\u200c"


class HashtagCut(ChannelPostRule):
    """A network ends a hashtag before its word ends, or makes none of it.

    What: A hashtag has a zero-width non-joiner or a combining mark that the channel's
    network ends it at, or more letters than it takes in one; or it goes on after a
    hyphen, a dot or an apostrophe, which end a hashtag everywhere.

    Why: Readers see a link on half a word or none, and nobody who follows the tag
    finds the post.

    Fix: Write the tag with `_`, without the sign, or choose a shorter one.

    Bad:
        We love #open-source.

    Good:
        We love #OpenSource.

    Source: https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/richtext/facet.json
    https://github.com/mastodon/mastodon/blob/main/app/models/tag.rb
    """

    name = "hashtag-cut"
    severity = Severity.WARNING

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the hashtags that come out shorter."""
        if case.capabilities.local:
            return
        for index, part in enumerate(case.composed.parts):
            text = part.text.text
            for span in part.text.spans:
                if span.kind is not SpanKind.TAG:
                    continue
                most = case.capabilities.hashtag_max
                if most is not None and len(graphemes(span.target)) > most:
                    yield self._too_long(case, index, span.target, most)
                    continue
                end = _end(span.target, case.capabilities)
                glued = _GLUED.match(text, span.end)
                if end == len(span.target) and glued is None:
                    continue
                word = text[span.start : span.end]
                if glued:
                    word += text[span.end : _word_end(text, span.end)]
                seen = f"#{span.target[:end]}"
                yield self.finding(
                    at_text(case.post, word, case.composed, index),
                    f"{case.composed.network} cuts {word} to {seen}",
                    hint="join its words with `_`, or choose a shorter tag",
                    channel=case.channel.name,
                )

    def _too_long(self, case: Case, index: int, tag: str, most: int) -> Finding:
        return self.finding(
            at_text(case.post, f"#{tag}", case.composed, index),
            f"{case.composed.network} takes at most {most} letters in a hashtag, "
            f"#{tag} stays plain text",
            hint="choose a shorter tag",
            channel=case.channel.name,
        )


def _end(tag: str, capabilities: Capabilities) -> int:
    """Return how many code points of a tag the network keeps."""
    if tag.isascii():
        return len(tag)
    for at, each in enumerate(tag):
        if each == _ZWNJ and not capabilities.hashtag_zwnj:
            return at
        if not capabilities.hashtag_marks and unicodedata.category(each)[0] == "M":
            return at
    return len(tag)


def _word_end(text: str, start: int) -> int:
    found = regex.compile(r"\S+?(?=[\s.,;:!?)]*(?:\s|$))").match(text, start)
    return found.end() if found else start


class HashtagOnlyDigits(ChannelPostRule):
    """A hashtag of digits alone is none.

    What: A `#` is followed by digits only, Latin or Persian ones. Fewer than four, as
    in `#1`, are taken for a number.

    Why: Networks want at least one letter, so it stays plain text.

    Fix: Add a letter, or take the `#` away.

    Bad:
        See you in #1405.

    Good:
        See you in #Nowruz1405.

    Source: https://github.com/mastodon/mastodon/blob/main/app/models/tag.rb
    """

    name = "hashtag-only-digits"
    severity = Severity.NOTE

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the hashtags without a letter."""
        if case.capabilities.local:
            return
        for index, part in enumerate(case.composed.parts):
            text = part.text.text
            if "#" not in text and "＃" not in text:
                continue
            for match in _DIGITS.finditer(text):
                yield self.finding(
                    at_text(case.post, match.group(), case.composed, index),
                    f"{match.group()} is no hashtag: it has no letter",
                    hint="add a letter, or take the `#` away",
                    channel=case.channel.name,
                )
