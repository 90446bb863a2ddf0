"""Rules about the voice of the workspace: words to avoid, disclosures to make."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import regex

from smmflow.checks.folding import find_words, fold, without_addresses, word_pattern
from smmflow.checks.places import at_key
from smmflow.checks.rule import Case, ChannelPostRule, PostRule
from smmflow.checks.subject import Subject
from smmflow.diagnostics import Finding, Place, Severity
from smmflow.model.post import Post

__all__ = ["AvoidedWord", "DisclosureMissing"]


class AvoidedWord(PostRule):
    """A word that the strategy's voice avoids.

    What: A word or phrase of `voice.avoid` in `strategy.md` stands in the post: in its
    words, title, summary, content warning, alt texts or poll. Whole words only; capital
    letters, Arabic forms of Persian letters, vowel signs and the zero-width non-joiner
    make no difference.

    Why: The voice is one voice only if everybody keeps to it.

    Fix: Write what the strategy offers instead, or another word.

    Bad:
        Our revolutionary release is here.

    Good:
        Version 2 is here: it reads a workspace in half the time.
    """

    name = "avoided-word"
    severity = Severity.WARNING

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return one finding for each avoided word of the post."""
        avoid = subject.workspace.strategy.voice.avoid
        every = _pattern(tuple(each.word for each in avoid))
        if every is None:
            return
        texts = _texts(post, subject)
        if every.search(fold("\n\n".join(texts))) is None:
            return
        for each in avoid:
            pattern = _pattern((each.word,))
            place = pattern and _first(post, texts, pattern)
            if place:
                yield self.finding(
                    place,
                    f"“{each.word}” is a word our voice avoids",
                    hint=f"write “{each.instead}”" if each.instead else "",
                )


@lru_cache(maxsize=1024)
def _pattern(words: tuple[str, ...]) -> regex.Pattern[str] | None:
    return word_pattern(words)


def _texts(post: Post, subject: Subject) -> dict[str, Place | None]:
    """Return every text of the post that people read, and its place if it has one."""
    texts: dict[str, Place | None] = {post.title: at_key(post.path, "title")}
    if post.summary:
        texts[post.summary] = at_key(post.path, "summary")
    if post.content_warning:
        texts[post.content_warning] = at_key(post.path, "content_warning")
    for index, file in enumerate(post.media):
        texts[file.alt or ""] = at_key(post.path, "media", index, "alt")
    if post.poll:
        for index, option in enumerate(post.poll.options):
            texts[option] = at_key(post.path, "poll", "options", index)
    for version in subject.versions(post):
        for part in version.parts:
            texts.setdefault(without_addresses(part.text), None)
    return texts


def _first(
    post: Post, texts: dict[str, Place | None], pattern: regex.Pattern[str]
) -> Place | None:
    for text, place in texts.items():
        if pattern.search(fold(text)) is None:
            continue
        if place is not None:
            return place
        found = find_words(post.body, pattern)
        return Place(post.path, offset=found[0][0] if found else 0)
    return None


class DisclosureMissing(ChannelPostRule):
    """A sponsored post does not say that it is one.

    What: The post says `sponsored: true`, but none of the strategy's
    `voice.disclosures` stands in what this channel gets.

    Why: Readers have a right to know, and in many countries the law says so.

    Fix: Put one of the disclosures into the text, near its beginning.

    Bad:
        sponsored: true
        ---
        We love these headphones.

    Good:
        sponsored: true
        ---
        #ad We love these headphones.

    Source: https://www.ftc.gov/business-guidance/resources/disclosures-101-social-media-influencers
    """

    name = "disclosure-missing"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return a finding if the channel gets no disclosure."""
        if not case.post.sponsored:
            return
        wanted = case.subject.workspace.strategy.voice.disclosures
        pattern = _pattern(wanted)
        text = "\n".join(part.text.text for part in case.composed.parts)
        if pattern and pattern.search(fold(text)):
            return
        hint = "name at least one under `voice: disclosures:` in strategy.md"
        if wanted:
            hint = f"add one of: {', '.join(wanted)}"
        yield self.finding(
            at_key(case.post.path, "sponsored"),
            "the post is sponsored, but it does not say so",
            hint=hint,
            channel=case.channel.name,
        )
