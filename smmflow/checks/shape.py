"""Rules about how large, how long and of which shape files are."""

from __future__ import annotations

from collections.abc import Iterator

from smmflow.checks.places import at_key
from smmflow.checks.rule import Case, ChannelPostRule
from smmflow.diagnostics import Finding, Severity
from smmflow.model.capabilities import MediaLimits
from smmflow.model.media import MediaFacts

__all__ = [
    "MediaRequired",
    "MediaWrongLength",
    "MediaWrongRatio",
    "MediaWrongSize",
    "severity_of",
]

_SLACK = 0.005
"""Ratios are given rounded: 1.91 stands for 1.9099 as well."""


def severity_of(limits: MediaLimits) -> Severity:
    """Return how grave it is to be beyond limits: those we are unsure of only warn."""
    return Severity.ERROR if limits.sure else Severity.WARNING


class _ShapeRule(ChannelPostRule):
    """A rule that says of a file what is wrong with it by the limits of its kind."""

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the files that are beyond the limits."""
        for index, file, facts in case.files():
            limits = case.capabilities.media_limits(facts.kind)
            fault = self._fault(facts, limits) if limits else ""
            if limits and fault:
                yield self.finding(
                    at_key(case.post.path, "media", index, "file"),
                    f"{case.composed.network} takes {fault} ({file.file})",
                    hint="export it anew, or take the channel out of `channels`",
                    channel=case.channel.name,
                    severity=severity_of(limits),
                )

    def _fault(self, facts: MediaFacts, limits: MediaLimits) -> str:
        """Return what is taken and what the file has instead; empty if it is right."""
        raise NotImplementedError


class MediaWrongSize(_ShapeRule):
    """A picture or video is narrower or wider than its network takes.

    What: Its width or height is below the least or above the greatest that the network
    takes.

    Why: The network refuses the file, or shows it blurred.

    Fix: Export it with more or fewer pixels.

    Bad:
        channels: [instagram]
        media:
          - file: media/icon.jpg          # 100 by 100

    Good:
        channels: [instagram]
        media:
          - file: media/photo.jpg         # 1080 by 1080

    Source: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
    """

    name = "media-wrong-size"

    def _fault(self, facts: MediaFacts, limits: MediaLimits) -> str:
        if facts.width is None or facts.height is None:
            return ""
        has = f"this one has {facts.width:,} × {facts.height:,}"
        if limits.min_side and min(facts.width, facts.height) < limits.min_side:
            return f"sides of {limits.min_side:,} pixels at least, {has}"
        if limits.max_side and max(facts.width, facts.height) > limits.max_side:
            return f"sides of {limits.max_side:,} pixels at most, {has}"
        return ""


class MediaWrongRatio(_ShapeRule):
    """A picture or video is too tall or too wide for its network.

    What: Width divided by height is outside of what the network takes.

    Why: The network refuses the file, or cuts off what is beside the middle.

    Fix: Crop it.

    Bad:
        channels: [instagram]
        media:
          - file: media/panorama.jpg      # 3000 by 1000

    Good:
        channels: [instagram]
        media:
          - file: media/photo.jpg         # 1080 by 1350

    Source: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
    """

    name = "media-wrong-ratio"

    def _fault(self, facts: MediaFacts, limits: MediaLimits) -> str:
        if not facts.width or not facts.height:
            return ""
        ratio = facts.width / facts.height
        has = f"this one has {ratio:.3g}:1 ({facts.width:,} × {facts.height:,})"
        if limits.min_ratio and ratio < limits.min_ratio - _SLACK:
            return f"{limits.min_ratio:.3g}:1 as the tallest shape, {has}"
        if limits.max_ratio and ratio > limits.max_ratio + _SLACK:
            return f"{limits.max_ratio:.3g}:1 as the widest shape, {has}"
        return ""


class MediaWrongLength(_ShapeRule):
    """A video or sound is too short or too long for its network.

    What: It plays shorter or longer than the network takes. What can't be told from
    the file is not judged.

    Why: The network refuses the file, often only after minutes of work on it.

    Fix: Cut it.

    Bad:
        channels: [threads]
        media:
          - file: media/talk.mp4          # 12 minutes

    Good:
        channels: [threads]
        media:
          - file: media/talk-short.mp4    # 90 seconds

    Source: https://developers.facebook.com/docs/threads/posts
    """

    name = "media-wrong-length"

    def _fault(self, facts: MediaFacts, limits: MediaLimits) -> str:
        if facts.seconds is None:
            return ""
        has = f"this one plays {facts.seconds:,.4g} s"
        if limits.shortest and facts.seconds < limits.shortest:
            return f"{limits.shortest:,.4g} s at least, {has}"
        if limits.longest and facts.seconds > limits.longest:
            return f"{limits.longest:,.4g} s at most, {has}"
        return ""


class MediaRequired(ChannelPostRule):
    """A part shows no file on a network that takes none without one.

    What: The network is for pictures and video, and a part has only words.

    Why: The network refuses the part.

    Fix: Give the part a file, or take the channel out.

    Bad:
        channels: [instagram]
        ---
        Version 1 is out.

    Good:
        channels: [instagram]
        media:
          - {file: media/launch.jpg, alt: A calendar drawn as a git graph}
        ---
        Version 1 is out.

    Source: https://developers.facebook.com/docs/instagram-platform/content-publishing
    """

    name = "media-required"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the parts without a file."""
        if not case.capabilities.media_required:
            return
        for index, part in enumerate(case.composed.parts):
            if not part.media and not part.comment:
                which = "the post" if index == 0 else f"part {index + 1}"
                yield self.finding(
                    at_key(case.post.path, "channels"),
                    f"{case.composed.network} takes nothing without a picture or "
                    f"video, and {which} has none",
                    hint=f"add one under `media`, or take {case.channel.name} out of "
                    "`channels`",
                    channel=case.channel.name,
                )
