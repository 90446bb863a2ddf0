"""Addresses of posts on Instagram, as people copy them."""

from __future__ import annotations

import re

__all__ = ["is_story", "named_by"]

_POST = re.compile(
    r"https?://(?:www\.)?instagram\.com/(?:[\w.]+/)?(?:p|reels?|tv)/([\w-]+)/?(?:[?#].*)?"
)
_STORY = re.compile(
    r"https?://(?:www\.)?instagram\.com/stories/[\w.]+/(\d+)/?(?:[?#].*)?"
)


def named_by(url: str) -> tuple[str, bool] | None:
    """Return the word that names a post in its address, and whether it is a story.

    None if the address is no post's.
    """
    if match := _POST.fullmatch(url):
        return match[1], False
    if match := _STORY.fullmatch(url):
        return match[1], True
    return None


def is_story(url: str) -> bool:
    """Tell whether an address is that of a story."""
    return _STORY.fullmatch(url) is not None
