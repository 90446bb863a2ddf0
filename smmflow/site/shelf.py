"""Files that pages show: each copied once, under a name that its bytes decide."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from smmflow.model.address import media_name
from smmflow.model.media import MediaFacts, MediaFault

__all__ = ["Picture", "ReadMedia", "Shelf"]

ReadMedia = Callable[[str], bytes | None]
"""Gives the bytes of a file by its path in the workspace; None if there is none."""

# A browser may only ever be handed what it shows without running it.
_TYPES = {
    "png": ("image", "image/png"),
    "jpg": ("image", "image/jpeg"),
    "jpeg": ("image", "image/jpeg"),
    "gif": ("image", "image/gif"),
    "webp": ("image", "image/webp"),
    "avif": ("image", "image/avif"),
    "mp4": ("video", "video/mp4"),
    "webm": ("video", "video/webm"),
    "mp3": ("audio", "audio/mpeg"),
    "m4a": ("audio", "audio/mp4"),
    "ogg": ("audio", "audio/ogg"),
    "wav": ("audio", "audio/wav"),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A file beside a part's words.

    Attributes:
        path: Of the copy, relative to the site's root; empty if the file is gone or is
            not what went live any more, so that only its description can be shown.
        shown: `image`, `video`, `audio`, or `text` if only its description is.
        media_type: As in `image/png`.
        size: In bytes.
        width: In pixels; None if not known. So for height.
    """

    path: str
    alt: str
    shown: str
    media_type: str = ""
    size: int = 0
    width: int | None = None
    height: int | None = None


@dataclass(slots=True)
class Shelf:
    """Collects the copies while pages are made.

    Attributes:
        read: Where bytes come from.
        media: What the workspace knows of its files: their width and height.
        files: The copies, by path relative to the site's root.
    """

    read: ReadMedia
    media: Mapping[str, MediaFacts | MediaFault]
    files: dict[str, bytes] = field(default_factory=dict)
    _facts: dict[str, MediaFacts] = field(default_factory=dict)
    _kept: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        facts = (each for each in self.media.values() if isinstance(each, MediaFacts))
        self._facts.update({each.sha256: each for each in facts})

    def take(self, path: str, sha256: str, alt: str) -> Picture:
        """Return how to show a file of the ledger, and keep a copy of it."""
        ending = posixpath.basename(path).lower().rpartition(".")[2]
        shown, media_type = _TYPES.get(ending, ("text", ""))
        if (path, sha256) not in self._kept:
            name = media_name(path, sha256)
            keep = shown != "text" and self._copy(path, sha256, name)
            self._kept[path, sha256] = name if keep else ""
        kept = self._kept[path, sha256]
        if not kept:
            return Picture("", alt, "text")
        facts = self._facts.get(sha256)
        return Picture(
            kept,
            alt,
            shown,
            media_type,
            len(self.files[kept]),
            facts.width if facts else None,
            facts.height if facts else None,
        )

    def _copy(self, path: str, sha256: str, name: str) -> bool:
        content = self.read(path)
        if content is None or hashlib.sha256(content).hexdigest() != sha256:
            return False
        self.files[name] = content
        return True
