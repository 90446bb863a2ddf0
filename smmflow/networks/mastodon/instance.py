"""What a Mastodon instance says about its limits, as plain numbers for the state."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["numbers"]

# https://docs.joinmastodon.org/entities/Instance/#configuration
_PLACES = {
    "text": ("statuses", "max_characters"),
    "media": ("statuses", "max_media_attachments"),
    "alt_text": ("media_attachments", "description_limit"),
    "image_bytes": ("media_attachments", "image_size_limit"),
    "image_pixels": ("media_attachments", "image_matrix_limit"),
    "video_bytes": ("media_attachments", "video_size_limit"),
    "video_pixels": ("media_attachments", "video_matrix_limit"),
    "poll_options": ("polls", "max_options"),
    "poll_option": ("polls", "max_characters_per_option"),
    "poll_shortest": ("polls", "min_expiration"),
    "poll_longest": ("polls", "max_expiration"),
}


def numbers(instance: Mapping[str, object]) -> Mapping[str, int]:
    """Return the limits that an instance gives; whatever it leaves out is left out.

    Args:
        instance: The answer of `/api/v2/instance` or `/api/v1/instance`.
    """
    configuration = instance.get("configuration")
    found = {}
    for name, (group, key) in _PLACES.items():
        section = configuration.get(group) if isinstance(configuration, dict) else None
        value = section.get(key) if isinstance(section, dict) else None
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            found[name] = value
    # Pleroma and old forks: https://docs.joinmastodon.org/entities/V1_Instance/
    spoken = instance.get("max_toot_chars")
    if "text" not in found and isinstance(spoken, int) and spoken > 0:
        found["text"] = spoken
    return found
