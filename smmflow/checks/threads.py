"""Rules about posts of several parts."""

from __future__ import annotations

from collections.abc import Iterator

from smmflow.checks.places import at_key, at_part
from smmflow.checks.rule import Case, ChannelPostRule
from smmflow.diagnostics import Finding, Severity
from smmflow.model.capabilities import Support

__all__ = ["FirstCommentUnsupported", "ThreadUnsupported"]


class FirstCommentUnsupported(ChannelPostRule):
    """A channel has no place for a first comment.

    What: The post has a `first_comment`, and on the channel's network nothing can be
    said below a post of one's own, neither as a comment nor as the next part of a
    thread.

    Why: The comment goes out on the other channels only, with what it says.

    Fix: Say it in the post itself with `::: only`, or take the channel out.

    Bad:
        channels: [site, newsletter]
        first_comment: "The source: https://example.org/study"

    Good:
        channels: [site, instagram]
        first_comment: "The source: https://example.org/study"
    """

    name = "first-comment-unsupported"
    severity = Severity.WARNING

    def check(self, case: Case) -> Iterator[Finding]:
        """Return a finding if the comment goes nowhere."""
        if case.post.first_comment and not any(
            each.comment for each in case.composed.parts
        ):
            yield self.finding(
                at_key(case.post.path, "first_comment"),
                f"{case.composed.network} has no place for a first comment",
                hint="say it in the post itself with `::: only`",
                channel=case.channel.name,
            )


class ThreadUnsupported(ChannelPostRule):
    """A channel can't carry a thread.

    What: The post has several parts for a channel whose network has no threads, or for
    which smmflow can't make them yet.

    Why: Only the first part could go out.

    Fix: Say it in one part there with `::: only`, or take the channel out.

    Bad:
        channels: [noticeboard]
        ---
        First part.

        ---

        Second part.

    Good:
        channels: [noticeboard]
        ---
        All of it in one part.
    """

    name = "thread-unsupported"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return a finding if there are several parts where one is possible."""
        parts = sum(not each.comment for each in case.composed.parts)
        support = case.capabilities.threads
        if parts <= 1 or support is Support.YES:
            return
        why = "smmflow can't make threads there yet"
        if support is Support.UNSUPPORTED:
            why = "it has no threads"
        yield self.finding(
            at_part(case.post, case.composed, 1),
            f"the post has {parts} parts on {case.composed.network}, but {why}",
            hint="say it in one part there, or take the channel out of `channels`",
            channel=case.channel.name,
        )
