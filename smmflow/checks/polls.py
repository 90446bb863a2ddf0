"""Rules about polls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from smmflow.checks.folding import fingerprint
from smmflow.checks.places import at_key
from smmflow.checks.rule import Case, ChannelPostRule, PostRule
from smmflow.checks.subject import Subject
from smmflow.diagnostics import Finding, Severity
from smmflow.model.post import Post
from smmflow.model.text import RichText

__all__ = [
    "PollDuplicateOptions",
    "PollDuration",
    "PollMultiple",
    "PollOptionTooLong",
    "PollOptions",
    "PollUnsupported",
    "PollWithMedia",
]


class PollUnsupported(ChannelPostRule):
    """A network has no polls.

    What: The post has a `poll`, and one of its channels is on a network without polls.

    Why: The question goes out there without its answers.

    Fix: Put the choices into the text there, or take the channel out of `channels`.

    Bad:
        channels: [mastodon, bluesky]
        poll: {options: [Tea, Coffee]}

    Good:
        channels: [mastodon]
        poll: {options: [Tea, Coffee]}

    Source: https://docs.joinmastodon.org/entities/Poll/
    """

    name = "poll-unsupported"
    severity = Severity.WARNING

    def check(self, case: Case) -> Iterator[Finding]:
        """Return a finding if the network has no polls."""
        if case.post.poll is not None and case.capabilities.poll is None:
            yield self.finding(
                at_key(case.post.path, "poll"),
                f"{case.composed.network} has no polls",
                hint=f"put the choices into the text with `::: only "
                f"{case.channel.name}`, or take the channel out",
                channel=case.channel.name,
            )


class PollOptions(ChannelPostRule):
    """A poll has too few or too many options.

    What: The number of options is outside what the network allows.

    Why: The network refuses the post.

    Fix: Offer fewer choices, or ask in two polls.

    Bad:
        poll: {options: [Tea]}

    Good:
        poll: {options: [Tea, Coffee]}

    Source: https://docs.joinmastodon.org/entities/Instance/#max_options
    """

    name = "poll-options"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return a finding if the number of options is not allowed."""
        poll, limits = case.post.poll, case.capabilities.poll
        if poll is None or limits is None:
            return
        count = len(poll.options)
        if not limits.min_options <= count <= limits.max_options:
            few = count < limits.min_options
            yield self.finding(
                at_key(case.post.path, "poll", "options"),
                f"{case.composed.network} takes {limits.min_options} to "
                f"{limits.max_options} options in a poll, this one has {count}",
                hint="add one" if few else "leave some out",
                channel=case.channel.name,
            )


class PollOptionTooLong(ChannelPostRule):
    """An option of a poll is longer than its network takes.

    What: An option, counted as the network counts, is above its limit.

    Why: The network refuses the post.

    Fix: Shorten the option; explain it in the text.

    Bad:
        poll: {options: [Tea, "Coffee, for reasons that I shall now lay out at length"]}

    Good:
        poll: {options: [Tea, Coffee]}

    Source: https://docs.joinmastodon.org/entities/Instance/#max_characters_per_option
    """

    name = "poll-option-too-long"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the options that are over the limit."""
        poll, limits = case.post.poll, case.capabilities.poll
        if poll is None or limits is None:
            return
        limit = limits.option
        for index, option in enumerate(poll.options):
            length = case.network.length(RichText(option), limit.unit)
            if length > limit.maximum:
                yield self.finding(
                    at_key(case.post.path, "poll", "options", index),
                    f"{case.composed.network} allows {limit.maximum} {limit.unit} in "
                    f"an option, this one has {length}",
                    hint=f"shorten it by {length - limit.maximum}",
                    channel=case.channel.name,
                    severity=Severity.ERROR if limit.sure else Severity.WARNING,
                )


class PollDuration(ChannelPostRule):
    """A poll is open for too short or too long.

    What: `open_for` is outside what the network allows.

    Why: The network refuses the post.

    Fix: Choose a time within its bounds.

    Bad:
        poll: {options: [Tea, Coffee], open_for: 1m}

    Good:
        poll: {options: [Tea, Coffee], open_for: 3d}

    Source: https://docs.joinmastodon.org/entities/Instance/#min_expiration
    """

    name = "poll-duration"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return a finding if the poll's time is not allowed."""
        poll, limits = case.post.poll, case.capabilities.poll
        if poll is None or limits is None:
            return
        if limits.durations and poll.open_for not in limits.durations:
            spans = ", ".join(map(_span, limits.durations))
            yield self.finding(
                at_key(case.post.path, "poll", "open_for"),
                f"{case.composed.network} keeps polls open for {spans}, "
                f"not {_span(poll.open_for)}",
                hint="choose one of these",
                channel=case.channel.name,
            )
        elif not limits.shortest <= poll.open_for <= limits.longest:
            yield self.finding(
                at_key(case.post.path, "poll", "open_for"),
                f"{case.composed.network} keeps polls open from "
                f"{_span(limits.shortest)} to {_span(limits.longest)}, "
                f"not {_span(poll.open_for)}",
                hint="choose a time between the two, as in `open_for: 1d`",
                channel=case.channel.name,
            )


def _span(span: timedelta) -> str:
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if span >= timedelta(seconds=size):
            return f"{int(span.total_seconds() // size)}{unit}"
    return f"{int(span.total_seconds())}s"


class PollMultiple(ChannelPostRule):
    """A poll takes several answers of everybody where a network takes one.

    What: The poll says `multiple: true`, and polls of the channel's network take one
    answer of everybody.

    Why: It would be another poll than the one that was meant.

    Fix: Take `multiple` out, or publish the poll elsewhere.

    Bad:
        channels: [x]
        poll: {options: [Tea, Coffee], multiple: true}

    Good:
        channels: [x]
        poll: {options: [Tea, Coffee]}

    Source: https://docs.x.com/x-api/posts/create-post
    """

    name = "poll-multiple"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return a finding if the network takes one answer only."""
        poll, limits = case.post.poll, case.capabilities.poll
        if poll is None or limits is None or limits.multiple or not poll.multiple:
            return
        yield self.finding(
            at_key(case.post.path, "poll", "multiple"),
            f"a poll on {case.composed.network} takes one answer of everybody",
            hint="take `multiple` out, or publish the poll elsewhere",
            channel=case.channel.name,
        )


class PollDuplicateOptions(PostRule):
    """A poll offers the same answer twice.

    What: Two options are the same words; capital letters, spaces and Arabic forms of
    Persian letters make no difference.

    Why: The network refuses the poll, or nobody can tell which of the two was meant.

    Fix: Take one of them out, or say what differs.

    Bad:
        poll: {options: [Tea, Coffee, tea]}

    Good:
        poll: {options: [Tea, Coffee, Water]}

    Source: https://github.com/mastodon/mastodon/blob/main/app/validators/poll_options_validator.rb
    """

    name = "poll-duplicate-options"

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return the options that were there before."""
        del subject
        seen: dict[str, int] = {}
        for index, option in enumerate(post.poll.options if post.poll else ()):
            first = seen.setdefault(fingerprint(option), index)
            if first != index:
                yield self.finding(
                    at_key(post.path, "poll", "options", index),
                    f"“{option}” is offered twice: option {first + 1} says the same",
                    hint="take one of them out",
                )


class PollWithMedia(ChannelPostRule):
    """A part has both a poll and files.

    What: The part that carries the poll shows files too, on a network that takes one
    or the other.

    Why: The network refuses the part.

    Fix: Put the poll into another part with `part: 2` under `poll`, or the files.

    Bad:
        media: [{file: media/cups.jpg, alt: Two cups}]
        poll: {options: [Tea, Coffee]}

    Good:
        media: [{file: media/cups.jpg, alt: Two cups}]
        poll: {options: [Tea, Coffee], part: 2}

    Source: https://docs.joinmastodon.org/methods/statuses/#create
    """

    name = "poll-with-media"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the parts that have both."""
        if case.capabilities.poll is None or case.capabilities.local:
            return
        for index, part in enumerate(case.composed.parts):
            if part.poll is not None and part.media:
                yield self.finding(
                    at_key(case.post.path, "poll"),
                    f"{case.composed.network} takes a poll or files, "
                    f"part {index + 1} has both",
                    hint="give one of them another part with `part:`",
                    channel=case.channel.name,
                )
