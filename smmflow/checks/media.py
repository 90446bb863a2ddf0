"""Rules about files that a network takes or refuses."""

from __future__ import annotations

from collections.abc import Iterator

from smmflow.checks.places import at_key, plural
from smmflow.checks.rule import Case, ChannelPostRule
from smmflow.checks.shape import severity_of
from smmflow.diagnostics import Finding
from smmflow.model.channel_post import Part
from smmflow.model.media import MediaKind

__all__ = [
    "MediaMixed",
    "MediaTooBig",
    "MediaTooMany",
    "MediaTooManyPixels",
    "MediaTypeUnsupported",
]

_MOVING = frozenset({MediaKind.VIDEO, MediaKind.AUDIO})


class MediaTooBig(ChannelPostRule):
    """A file has more bytes than its network takes.

    What: The file is above the network's limit, and smmflow can't make it smaller by
    itself.

    Why: The network refuses the file.

    Fix: Export it smaller: as JPEG or WebP, with fewer pixels or a shorter cut.

    Bad:
        media:
          - file: media/poster.png        # 21 MB

    Good:
        media:
          - file: media/poster.webp       # 400 KB

    Source: https://docs.joinmastodon.org/user/posting/#media
    """

    name = "media-too-big"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the files that have too many bytes."""
        for index, file, facts in case.files():
            limits = case.capabilities.media_limits(facts.kind)
            if limits is None or limits.max_bytes is None or limits.recode:
                continue
            if facts.size > limits.max_bytes:
                yield self.finding(
                    at_key(case.post.path, "media", index, "file"),
                    f"{case.composed.network} takes {limits.max_bytes:,} bytes for "
                    f"{facts.kind} files, {file.file} has {facts.size:,}",
                    hint="export it smaller",
                    channel=case.channel.name,
                    severity=severity_of(limits),
                )


class MediaTooManyPixels(ChannelPostRule):
    """A picture has more pixels than its network takes.

    What: Width times height is above the network's limit.

    Why: The network refuses the file, however few bytes it has.

    Fix: Scale it down; screens show no more than a few thousand pixels a side.

    Bad:
        media:
          - file: media/poster.png        # 20,000 by 20,000

    Good:
        media:
          - file: media/poster.png        # 2,000 by 2,000

    Source: https://github.com/mastodon/mastodon/blob/main/app/models/media_attachment.rb
    """

    name = "media-too-many-pixels"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the pictures that have too many pixels."""
        for index, file, facts in case.files():
            limits = case.capabilities.media_limits(facts.kind)
            if limits is None or limits.max_pixels is None:
                continue
            width, height = facts.width or 0, facts.height or 0
            if width * height > limits.max_pixels:
                yield self.finding(
                    at_key(case.post.path, "media", index, "file"),
                    f"{case.composed.network} takes {limits.max_pixels:,} pixels, "
                    f"{file.file} has {width:,} × {height:,}",
                    hint="scale it down",
                    channel=case.channel.name,
                    severity=severity_of(limits),
                )


class MediaTypeUnsupported(ChannelPostRule):
    """A network does not take files of this type.

    What: What the file is, told by its bytes and not by its name, is none of the types
    the network takes.

    Why: The network refuses the file.

    Fix: Convert it (pictures to PNG, JPEG or WebP, video to MP4), or take the channel
    out of `channels`.

    Bad:
        media:
          - file: media/diagram.svg

    Good:
        media:
          - file: media/diagram.png

    Source: https://github.com/mastodon/mastodon/blob/main/app/models/media_attachment.rb
    """

    name = "media-type-unsupported"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the files of a type that is not taken."""
        if case.capabilities.max_media == 0:
            return
        for index, file, facts in case.files():
            limits = case.capabilities.media_limits(facts.kind)
            if limits is not None and facts.media_type in limits.types:
                continue
            taken = sorted(
                {kind for each in case.capabilities.media for kind in each.types}
            )
            yield self.finding(
                at_key(case.post.path, "media", index, "file"),
                f"{case.composed.network} does not take {facts.media_type} "
                f"({file.file})",
                hint=f"convert it to one of: {', '.join(taken)}",
                channel=case.channel.name,
            )


class MediaTooMany(ChannelPostRule):
    """A part shows more files than its network takes.

    What: More files stand in one part than the network allows.

    Why: The network refuses the part.

    Fix: Give some of them to another part with `part: 2`, or leave some out.

    Bad:
        media:
          - {file: media/1.png, alt: One}
          - {file: media/2.png, alt: Two}
          - {file: media/3.png, alt: Three}
          - {file: media/4.png, alt: Four}
          - {file: media/5.png, alt: Five}

    Good:
        media:
          - {file: media/1.png, alt: One}
          - {file: media/2.png, alt: Two, part: 2}

    Source: https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/embed/images.json
    """

    name = "media-too-many"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the parts with too many files."""
        for index, part in enumerate(case.composed.parts):
            most = _most(case, part)
            if len(part.media) > most:
                takes = plural(most, "file") if most else "no files"
                yield self.finding(
                    at_key(case.post.path, "media"),
                    f"{case.composed.network} takes {takes} in a part, "
                    f"part {index + 1} has {len(part.media)}",
                    hint="give some of them to another part with `part:`",
                    channel=case.channel.name,
                )


def _most(case: Case, part: Part) -> int:
    """Return how many files of the kinds it has a part may show."""
    kinds = {each.facts.kind for each in part.media}
    limits = [case.capabilities.media_limits(kind) for kind in kinds]
    own = [each.most for each in limits if each is not None and each.most is not None]
    return min([case.capabilities.max_media, *own])


class MediaMixed(ChannelPostRule):
    """A part mixes video or sound with other files.

    What: Beside a video or sound another file stands in the same part, on a network
    that takes either pictures or one video.

    Why: The network refuses the part.

    Fix: Give the video a part of its own with `part: 2`.

    Bad:
        media:
          - {file: media/photo.jpg, alt: The team}
          - {file: media/talk.mp4, alt: The talk}

    Good:
        media:
          - {file: media/photo.jpg, alt: The team}
          - {file: media/talk.mp4, alt: The talk, part: 2}

    Source: https://github.com/mastodon/mastodon/blob/main/app/services/post_status_service.rb
    """

    name = "media-mixed"

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the parts that mix."""
        if case.capabilities.mixed_media:
            return
        for index, part in enumerate(case.composed.parts):
            kinds = [each.facts.kind for each in part.media]
            if len(kinds) > 1 and not _MOVING.isdisjoint(kinds):
                yield self.finding(
                    at_key(case.post.path, "media"),
                    f"{case.composed.network} takes one video or sound alone, "
                    f"part {index + 1} has {plural(len(kinds), 'file')}",
                    hint="give it a part of its own with `part:`",
                    channel=case.channel.name,
                )
