"""Rules about how much a post says."""

from __future__ import annotations

from collections.abc import Iterator

from smmflow.checks.places import at_part
from smmflow.checks.rule import Case, ChannelPostRule
from smmflow.diagnostics import Finding, Severity
from smmflow.model.capabilities import Limit, Support
from smmflow.model.channel_post import Part
from smmflow.model.post import ThreadMode

__all__ = ["TextEmpty", "TextTooLong"]


class TextTooLong(ChannelPostRule):
    """A part is longer than its network takes.

    What: The text of each part, counted as the network itself counts it (graphemes on
    Bluesky; on Mastodon links count 23 and the content warning counts too), is above
    the network's limit. Limits that differ between servers only warn.

    Why: The network refuses the part, and a thread breaks off in its middle.

    Fix: Shorten the part, begin a new one with `---`, or write `thread: auto` and let
    smmflow split the text at the ends of sentences.

    Bad:
        channels: [bluesky]
        ---
        Three hundred and twelve characters in one part ...

    Good:
        channels: [bluesky]
        thread: auto
        ---
        Three hundred and twelve characters, sent as two parts ...

    Source: https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json
    https://github.com/mastodon/mastodon/blob/main/app/validators/status_length_validator.rb
    """

    name = "text-too-long"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the parts that are over one of the limits."""
        for index, part in enumerate(case.composed.parts):
            for limit in case.capabilities.limits_of(part):
                length = case.network.length(part.text, limit.unit)
                if limit is case.capabilities.text and case.composed.content_warning:
                    length += case.network.overhead(case.composed.content_warning)
                if length > limit.maximum:
                    yield self._too_long(case, index, limit, length)
                    break

    def _too_long(self, case: Case, index: int, limit: Limit, length: int) -> Finding:
        hint = f"shorten it by {length - limit.maximum}"
        splits = case.capabilities.threads is Support.YES
        if splits and case.post.thread is ThreadMode.MANUAL:
            hint += ", or let smmflow make a thread with `thread: auto`"
        return self.finding(
            at_part(case.post, case.composed, index),
            f"{case.composed.network} allows {limit.maximum} {limit.unit}, "
            f"this part has {length}",
            hint=hint,
            channel=case.channel.name,
            severity=Severity.ERROR if limit.sure else Severity.WARNING,
        )


class TextEmpty(ChannelPostRule):
    """A post, or a part of it, has nothing to show on a channel.

    What: After variables, `::: only` and `::: not` were worked out, the whole post or
    one part of it has neither words nor a file nor a poll nor a card for this channel.

    Why: The network refuses it, or readers get an empty post.

    Fix: Write something for this channel, or take it out of `channels`.

    Bad:
        channels: [site, bluesky]
        ---
        ::: only site
        Hello.
        :::

    Good:
        channels: [site]
        ---
        Hello.
    """

    name = "text-empty"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the parts that show nothing."""
        for index, part in enumerate(case.composed.parts):
            if part.text.text.strip() or _shows_something(part):
                continue
            which = "the post" if len(case.composed.parts) == 1 else f"part {index + 1}"
            yield self.finding(
                at_part(case.post, case.composed, index),
                f"{which} is empty on {case.channel.name}",
                hint=f"write something for {case.channel.name}, "
                "or take it out of `channels`",
                channel=case.channel.name,
            )


def _shows_something(part: Part) -> bool:
    return bool(part.media) or part.poll is not None or part.card is not None
