"""Rules about files that posts name: are they there, and what they say they are?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from smmflow.checks.places import at_key
from smmflow.checks.rule import PostRule
from smmflow.checks.subject import Subject
from smmflow.diagnostics import Finding, Place, Severity
from smmflow.model.media import MediaFacts, MediaFault
from smmflow.model.post import Post

__all__ = [
    "MediaMissing",
    "MediaNameMismatch",
    "MediaOutsideWorkspace",
    "MediaUnreadable",
]

_SUFFIXES = {
    "image/avif": (".avif",),
    "image/gif": (".gif",),
    "image/heic": (".heic", ".heif"),
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png", ".apng"),
    "image/svg+xml": (".svg",),
    "image/webp": (".webp",),
    "video/mp4": (".mp4", ".m4v"),
    "video/quicktime": (".mov", ".qt"),
    "video/webm": (".webm",),
    "audio/mpeg": (".mp3",),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "audio/wav": (".wav",),
}
_KNOWN_SUFFIXES = frozenset(each for several in _SUFFIXES.values() for each in several)


def _faults(post: Post, subject: Subject) -> Iterator[tuple[Place, str, MediaFault]]:
    named = [
        (at_key(post.path, "media", index, "file"), file.file)
        for index, file in enumerate(post.media)
    ]
    if post.card and post.card.image:
        named.append((at_key(post.path, "card", "image"), post.card.image))
    for place, file in named:
        fault = subject.workspace.media.get(file)
        if isinstance(fault, MediaFault):
            yield place, file, fault


class MediaMissing(PostRule):
    """A post names a file that is not there.

    What: No file has the path under `media` or `card`, which begins at `content/`.

    Why: The post can't go out as it is meant.

    Fix: Put the file there and commit it, or correct the path. Upper and lower case
    count.

    Bad:
        media:
          - file: launch.png

    Good:
        media:
          - file: media/launch.png
    """

    name = "media-missing"

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return the files that are missing."""
        for place, file, fault in _faults(post, subject):
            if fault is MediaFault.MISSING:
                yield self.finding(
                    place,
                    f"there is no file content/{file}",
                    hint="paths begin at `content/`; upper and lower case count",
                )


class MediaOutsideWorkspace(PostRule):
    """A post names a file outside its workspace.

    What: A path under `media` or `card` leads out of `content/`, by `..`, by a slash at
    its beginning or by a symbolic link.

    Why: Whoever can write a post could publish any file of the machine that runs it.

    Fix: Copy the file below `content/media/` and name it from there.

    Bad:
        media:
          - file: ../../etc/passwd

    Good:
        media:
          - file: media/team.jpg

    Source: https://owasp.org/www-community/attacks/Path_Traversal
    """

    name = "media-outside-workspace"

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return the files that lie outside."""
        for place, file, fault in _faults(post, subject):
            if fault is MediaFault.OUTSIDE:
                yield self.finding(
                    place,
                    f"{file} lies outside the workspace",
                    hint="copy it below content/media/ and name it from there",
                )


class MediaUnreadable(PostRule):
    """A file can't be read, or is no file.

    What: The path is a folder or something else that is no file, or its bytes can't be
    read or understood.

    Why: No network could show it.

    Fix: Open it in a picture viewer; export it again if it is broken.

    Bad:
        media:
          - file: media

    Good:
        media:
          - file: media/launch.png
    """

    name = "media-unreadable"

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return the files that can't be read."""
        for place, file, fault in _faults(post, subject):
            if fault is MediaFault.NOT_A_FILE:
                yield self.finding(
                    place, f"content/{file} is not a file", hint="name a file in it"
                )
            elif fault is MediaFault.UNREADABLE:
                yield self.finding(
                    place,
                    f"content/{file} can't be read",
                    hint="look whether it opens elsewhere, and whether you may read it",
                )


class MediaNameMismatch(PostRule):
    """A file's name says another type than its bytes.

    What: The extension belongs to another type than the one the bytes show.

    Why: Tools and people that go by the name are misled, some networks too.

    Fix: Rename the file, or export it in the type its name says.

    Bad:
        media:
          - file: media/photo.png         # in fact a JPEG

    Good:
        media:
          - file: media/photo.jpg

    Source: https://www.iana.org/assignments/media-types/media-types.xhtml
    """

    name = "media-name-mismatch"
    severity = Severity.WARNING

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return the files with a misleading name."""
        for index, file in enumerate(post.media):
            facts = subject.workspace.media.get(file.file)
            if not isinstance(facts, MediaFacts):
                continue
            suffix = PurePosixPath(file.file).suffix.lower()
            right = _SUFFIXES.get(facts.media_type)
            if right and suffix in _KNOWN_SUFFIXES and suffix not in right:
                yield self.finding(
                    at_key(post.path, "media", index, "file"),
                    f"{file.file} is {facts.media_type}, whatever its name says",
                    hint=f"rename it to end in {right[0]}",
                )
