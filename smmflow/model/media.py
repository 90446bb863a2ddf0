"""Pictures, video and sound: what a post names, and what the file turned out to be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Attachment", "MediaFacts", "MediaFault", "MediaFile", "MediaKind"]


class MediaKind(StrEnum):
    """What networks tell apart."""

    IMAGE = "image"
    GIF = "gif"
    VIDEO = "video"
    AUDIO = "audio"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file that a post shows.

    Attributes:
        file: The path as written, relative to `content/`.
        alt: What the picture shows, for people who can't see it; None if not given,
            empty if the author says it is decoration.
        part: 1-based part of the thread that shows it.
    """

    file: str
    alt: str | None
    part: int = 1


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a file is, read from its bytes, never from its name.

    Attributes:
        path: Relative to the workspace root, with forward slashes.
        sha256: Of the bytes, in hex.
        size: In bytes.
        kind: What networks tell apart.
        media_type: As in `image/png`.
        width: In pixels; None if it has none or can't be told.
        height: In pixels; None if it has none or can't be told.
        placed: Its metadata tell where it was taken.
        seconds: How long it plays; None if it doesn't, or if it can't be told.
    """

    path: str
    sha256: str
    size: int
    kind: MediaKind
    media_type: str
    width: int | None = None
    height: int | None = None
    placed: bool = False
    seconds: float | None = None


class MediaFault(StrEnum):
    """Why a file that a post names can't be used."""

    MISSING = "missing"
    OUTSIDE = "outside"
    NOT_A_FILE = "not-a-file"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A usable file on its way to a network, with its description."""

    facts: MediaFacts
    alt: str
