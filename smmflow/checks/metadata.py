"""Rules about what files tell beside what they show."""

from __future__ import annotations

from collections.abc import Iterator

from smmflow.checks.places import at_key
from smmflow.checks.rule import Case, ChannelPostRule
from smmflow.diagnostics import Finding, Place, Severity
from smmflow.model.media import MediaFacts

__all__ = ["LocationInPhoto"]


class LocationInPhoto(ChannelPostRule):
    """A photo tells where it was taken.

    What: The metadata of a JPEG, PNG or WebP hold the coordinates of a place, as phones
    write them, and smmflow sends the file as it is.

    Why: Some networks hand the file on byte for byte, so anybody can read off it where
    the office, a home or a meeting is. A public repository shows it already.

    Fix: Export the picture without metadata, or take the place out of it:
    `exiftool -gps:all= -xmp:geotag= photo.jpg`.

    Bad:
        media:
          - {file: media/team.jpg, alt: The team}     # straight from the phone

    Good:
        media:
          - {file: media/team.jpg, alt: The team}     # exported without metadata

    Source: https://www.cipa.jp/std/documents/e/DC-008-Translation-2019-E.pdf
    """

    name = "location-in-photo"
    severity = Severity.WARNING

    def check(self, case: Case) -> Iterator[Finding]:
        """Return the files that tell a place and go out as they are."""
        for index, _file, facts in case.files():
            place = at_key(case.post.path, "media", index, "file")
            yield from self._judge(case, facts, place)
        for part in case.composed.parts:
            if part.card_image is not None:
                place = at_key(case.post.path, "card", "image")
                yield from self._judge(case, part.card_image.facts, place)

    def _judge(self, case: Case, facts: MediaFacts, place: Place) -> Iterator[Finding]:
        if facts.placed and not _is_made_anew(case, facts):
            yield self.finding(
                place,
                f"{facts.path} tells where it was taken, for anybody to read",
                hint="export it without metadata, or run "
                f"`exiftool -gps:all= -xmp:geotag= {facts.path}`",
                channel=case.channel.name,
            )


def _is_made_anew(case: Case, facts: MediaFacts) -> bool:
    """Tell whether the file is too big, so that one without metadata goes out."""
    limits = case.capabilities.media_limits(facts.kind)
    return bool(
        limits
        and limits.recode
        and limits.max_bytes is not None
        and facts.size > limits.max_bytes
    )
