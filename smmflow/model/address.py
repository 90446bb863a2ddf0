"""Addresses: the words by which the site knows occurrences and files."""

from __future__ import annotations

import hashlib
import posixpath
import re
import unicodedata

__all__ = ["is_slug", "media_name", "slug"]

_MAX_BYTES = 120
"""Of a slug: file systems take 255 bytes, and a percent-encoded byte is three."""
_SLUG = re.compile(r"[^\W_](?:[\w-]|\.(?=[^\W_]))*")
_RECURRING = re.compile(r"(.+)@(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)")
_OTHER = re.compile(r"[^\w-]+|_+")
# Windows gives these names to devices, in any folder and with any ending:
# https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)")


_NO_NAME = re.compile(r"[^a-z0-9]+")
_MAX_STEM = 60


def media_name(path: str, sha256: str) -> str:
    """Return the path that a file has on the site, which its bytes decide.

    Args:
        path: In the workspace.
        sha256: Of its bytes, in hex.
    """
    stem, _, ending = posixpath.basename(path).lower().rpartition(".")
    word = _NO_NAME.sub("-", stem)[:_MAX_STEM].strip("-") or "file"
    return f"media/{sha256[:12]}-{word}.{ending}"


def slug(occurrence: str) -> str:
    """Return the folder name of an occurrence's page; no two occurrences share one.

    Letters and digits of every script stay. An id that had to change (capitals,
    spaces, dots, great length) gets part of its SHA-256 behind a dot, which a slug
    otherwise has only before the time of a recurring post: `tips.20261201t0930`.
    """
    post, time = occurrence, ""
    if match := _RECURRING.fullmatch(occurrence):
        post, *numbers = match.groups()
        time = ".{}{}{}t{}{}".format(*numbers)
    word = _OTHER.sub("-", unicodedata.normalize("NFC", post).lower()).strip("-")
    word = word.encode()[:_MAX_BYTES].decode(errors="ignore").strip("-")
    if word != post or not is_slug(word):
        name = hashlib.sha256(post.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        word = f"{word}.{name}" if is_slug(word) else f"post-{word}.{name}"
    return word + time


def is_slug(word: str) -> bool:
    """Tell whether a word may name a folder: no separator, no leading dot, not long."""
    return (
        _SLUG.fullmatch(word) is not None
        and _DEVICES.fullmatch(word.partition(".")[0]) is None
        and len(word.encode("utf-8", "surrogatepass")) <= _MAX_BYTES + 40
    )
