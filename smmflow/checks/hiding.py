"""Rules about who sees a post, and what is hidden behind a warning."""

from __future__ import annotations

from collections.abc import Iterator

from smmflow.checks.places import at_key
from smmflow.checks.rule import Case, ChannelPostRule
from smmflow.diagnostics import Finding, Severity
from smmflow.model.capabilities import Support

__all__ = ["ContentWarningUnsupported", "VisibilityUnsupported"]


class VisibilityUnsupported(ChannelPostRule):
    """A network can't limit who sees a post.

    What: `visibility` is not `public`, and the channel's network knows no such
    visibility. It is an error where followers alone were meant to see the post.

    Why: What was meant for some would be seen by all.

    Fix: Take the channel out of `channels`, or publish for everybody.

    Bad:
        visibility: followers
        channels: [mastodon, bluesky]

    Good:
        visibility: followers
        channels: [mastodon]

    Source: https://docs.joinmastodon.org/entities/Status/#visibility
    """

    name = "visibility-unsupported"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return a finding if the network can't do what the post asks."""
        wanted = case.composed.visibility
        if wanted == "public" or wanted in case.capabilities.visibilities:
            return
        yield self.finding(
            at_key(case.post.path, "visibility"),
            f"{case.composed.network} has no visibility `{wanted}`: "
            "everybody would see it there",
            hint=f"take {case.channel.name} out of `channels`, or leave it public",
            channel=case.channel.name,
            severity=Severity.WARNING if wanted == "unlisted" else Severity.ERROR,
        )


class ContentWarningUnsupported(ChannelPostRule):
    """A network can't hide text behind a content warning.

    What: The post has a `content_warning`, and the channel's network has none.

    Why: Readers see at once what the warning was to prepare them for.

    Fix: Say it in the first line there, or take the channel out of `channels`.

    Bad:
        content_warning: Spoilers
        channels: [mastodon, bluesky]

    Good:
        content_warning: Spoilers
        channels: [mastodon]

    Source: https://docs.joinmastodon.org/entities/Status/#spoiler_text
    """

    name = "content-warning-unsupported"
    severity = Severity.WARNING

    def check(self, case: Case) -> Iterator[Finding]:
        """Return a finding if the network has no content warnings."""
        if not case.post.content_warning:
            return
        if case.capabilities.content_warning is Support.YES:
            return
        yield self.finding(
            at_key(case.post.path, "content_warning"),
            f"{case.composed.network} does not hide text behind a content warning",
            hint="say it in the first line there with `::: only "
            f"{case.channel.name}`, or take the channel out",
            channel=case.channel.name,
        )
