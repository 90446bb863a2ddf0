"""Rules about descriptions, for people who can't see a picture."""

from __future__ import annotations

from collections.abc import Iterator

from smmflow.checks.places import at_key
from smmflow.checks.rule import Case, ChannelPostRule, PostRule
from smmflow.checks.subject import Subject
from smmflow.diagnostics import Finding, Severity
from smmflow.model.post import Post
from smmflow.model.text import RichText

__all__ = ["AltTextMissing", "AltTextTooLong"]


class AltTextMissing(PostRule):
    """A file has no description for people who can't see it.

    What: A file under `media` has no `alt`.

    Why: People who listen to a post instead of seeing it get "image" and nothing more;
    some communities pass on no picture without a description.

    Fix: Say in one or two sentences what the picture shows. Write `alt: ""` for one
    that is mere decoration.

    Bad:
        media:
          - file: media/launch.png

    Good:
        media:
          - file: media/launch.png
            alt: A calendar drawn as a git graph

    Source: https://www.w3.org/WAI/tutorials/images/
    """

    name = "alt-text-missing"

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return the files without a description."""
        del subject
        for index, file in enumerate(post.media):
            if file.alt is None:
                yield self.finding(
                    at_key(post.path, "media", index),
                    f"{file.file} has no alt text",
                    hint="say what it shows in `alt:`, "
                    'or write `alt: ""` if it is mere decoration',
                )


class AltTextTooLong(ChannelPostRule):
    """A description is longer than its network takes.

    What: The `alt` of a file, counted as the network counts, is above its limit.

    Why: The network refuses the file or cuts its description.

    Fix: Keep to what matters in the picture; long text in it belongs into the post.

    Bad:
        media:
          - file: media/report.png
            alt: The whole annual report, word for word ...

    Good:
        media:
          - file: media/report.png
            alt: Bar chart, sales doubled between 2024 and 2026

    Source: https://docs.joinmastodon.org/entities/MediaAttachment/#description
    """

    name = "alt-text-too-long"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the descriptions that are over the limit."""
        limit = case.capabilities.alt_text
        if limit is None:
            return
        for index, file in enumerate(case.post.media):
            length = case.network.length(RichText(file.alt or ""), limit.unit)
            if length > limit.maximum:
                yield self.finding(
                    at_key(case.post.path, "media", index, "alt"),
                    f"{case.composed.network} allows {limit.maximum} {limit.unit} of "
                    f"alt text, this one has {length}",
                    hint=f"shorten it by {length - limit.maximum}",
                    channel=case.channel.name,
                    severity=Severity.ERROR if limit.sure else Severity.WARNING,
                )
