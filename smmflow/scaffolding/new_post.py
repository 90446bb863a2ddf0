"""A new post: where its file goes, and what stands in it."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from smmflow.errors import UsageError
from smmflow.model.workspace import Workspace
from smmflow.scaffolding.lines import one_line
from smmflow.scaffolding.moment import written
from smmflow.scaffolding.scalar import scalar, sequence

__all__ = ["new_post", "stem_of"]

_FOLDER = "content/posts"
_LONGEST_STEM = 100
"""Bytes of UTF-8: room for `-2`, `.md` and the time of a recurring post."""


def new_post(  # noqa: PLR0913  (all but the first two are the keys of the file)
    workspace: Workspace,
    title: str,
    *,
    channels: tuple[str, ...] = (),
    publish_at: datetime | None = None,
    slot: str = "",
    language: str = "",
    created: datetime | None = None,
) -> tuple[str, str]:
    """Return the path of a new post, relative to the workspace, and its text.

    The path is that of no post there is. Nothing is written.

    Args:
        workspace: Where the post will be.
        title: One line, in any language.
        channels: Where it goes; empty leaves that to the defaults of channels.yaml.
        publish_at: When it goes out, aware; or
        slot: the slot it waits for.
        language: BCP 47; empty means the workspace's.
        created: When it is written, aware; orders posts that wait for one slot.

    Raises:
        UsageError: The title is no line of text, or a name is not in the workspace.
    """
    line = one_line(title, of="a post")
    _check_names(workspace, channels, slot)
    if publish_at is not None and slot:
        message = "a post has a time or a slot, not both"
        raise UsageError(message, hint="leave out --at or --slot")
    keys = [f"title: {scalar(line)}"]
    if publish_at is not None:
        keys.append(f"publish_at: {written(publish_at, workspace.calendar)}")
    if slot:
        keys.append(f"slot: {scalar(slot)}")
    if channels:
        keys.append(f"channels: {sequence(channels)}")
    keys.append(f"language: {scalar(language or workspace.language)}")
    if created is not None:
        keys.append(f"created: {written(created, workspace.calendar)}")
    path = _free_path(workspace, stem_of(line))
    return path, "\n".join(("---", *keys, "---", "", ""))


def stem_of(title: str) -> str:
    """Return a title as the name of a file: its letters and digits, in any script."""
    text = unicodedata.normalize("NFC", title).lower()
    kept = "".join(
        each if unicodedata.category(each)[0] in "LNM" else "-" for each in text
    )
    stem = re.sub("-{2,}", "-", unicodedata.normalize("NFC", kept)).strip("-")
    whole = stem.encode()[:_LONGEST_STEM].decode(errors="ignore")
    if whole != stem and "-" in whole:
        whole = whole[: whole.rindex("-")]
    return whole.strip("-") or "post"


def _check_names(workspace: Workspace, channels: tuple[str, ...], slot: str) -> None:
    for channel in channels:
        if channel not in workspace.channels:
            known = ", ".join(workspace.channels) or "none"
            message = f"channels.yaml has no channel {channel}"
            raise UsageError(message, hint=f"known channels: {known}")
    slots = [each.name for each in workspace.calendar.slots]
    if slot and slot not in slots:
        message = f"calendar.yaml has no slot {slot}"
        raise UsageError(message, hint=f"known slots: {', '.join(slots) or 'none'}")


def _free_path(workspace: Workspace, stem: str) -> str:
    taken = {_folded(post.id) for post in workspace.posts.values()}
    paths = {post.path for post in workspace.posts.values()} | workspace.unreadable
    taken |= {_folded(path.rpartition("/")[2].removesuffix(".md")) for path in paths}
    name, number = stem, 1
    while _folded(name) in taken:
        number += 1
        name = f"{stem}-{number}"
    return f"{_FOLDER}/{name}.md"


def _folded(name: str) -> str:
    """Return a name as the least discerning file system sees it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
