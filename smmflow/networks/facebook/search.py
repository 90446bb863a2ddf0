"""Looking for what went out, or waits, although no answer said so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from smmflow.errors import OutcomeUnknown
from smmflow.model.channel_post import Part
from smmflow.model.media import MediaKind
from smmflow.model.publication import Receipt
from smmflow.networks.facebook.page import Page
from smmflow.networks.facebook.post import (
    SHOWN,
    matches,
    moment_of,
    receipt_of,
    says,
    waits_at,
)
from smmflow.networks.facebook.talk import COMMENT
from smmflow.networks.interface import Among

__all__ = ["by_address", "find_comment", "find_post", "find_waiting", "has_video"]

_CLOCKS_DIFFER = timedelta(minutes=1)
_COMMENT_AFTER = timedelta(days=1)
"""How long after its post a first comment may have been begun."""
_UPLOADED = "id,description,created_time,status"


def has_video(content: Part) -> bool:
    """Tell whether a part shows a video."""
    return any(each.facts.kind is MediaKind.VIDEO for each in content.media)


def find_post(page: Page, content: Part, among: Among) -> Receipt | None:
    """Look among the Page's own posts for the oldest that says and shows the same.

    Raises:
        OutcomeUnknown: Not all could be read, or a video is still worked on.
    """
    since = among.since - _CLOCKS_DIFFER
    found = None
    for each in page.published(since):
        if str(each.get("id")) not in among.others and matches(each, content):
            found = each  # the oldest wins: they come newest first
    if found is not None:
        return receipt_of(found)
    _refuse_while_worked_on(page, content, since)
    return None


def find_waiting(page: Page, content: Part, at: datetime) -> Receipt | None:
    """Look among what waits for a post for that time.

    https://developers.facebook.com/docs/graph-api/reference/page/scheduled_posts/

    Raises:
        OutcomeUnknown: Not all could be read, or a video is still worked on.
    """
    path = f"/{page.name}/scheduled_posts"
    for each in page.every(path, {"fields": SHOWN}):
        if matches(each, content) and waits_at(each, at):
            return receipt_of(each, waiting=True)
    _refuse_while_worked_on(page, content, at - timedelta(days=30))
    return None


def _refuse_while_worked_on(page: Page, content: Part, since: datetime) -> None:
    """Raise if a video that says the same is there and its post can't be seen yet.

    https://developers.facebook.com/docs/graph-api/reference/page/videos/#read
    """
    # The ledger does not keep of what kind a file was.
    if not content.media:
        return
    asked = {"fields": _UPLOADED, "type": "uploaded"}
    for each in page.every(f"/{page.name}/videos", asked):
        if moment_of(each.get("created_time")) < since:
            return
        status = each.get("status")
        state = status.get("video_status") if isinstance(status, dict) else None
        same = says({"message": each.get("description", "")}, content)
        if same and state not in {"ready", "error"}:
            raise OutcomeUnknown("Facebook has the video and is still at work on it")


def find_comment(
    page: Page, above: Part, content: Part, among: Among
) -> Receipt | None:
    """Look below the post that a first comment belongs to.

    Raises:
        OutcomeUnknown: That post is not there, or not all could be read.
    """
    since = among.since - _CLOCKS_DIFFER
    parents = [
        str(each.get("id"))
        for each in page.published(since - _COMMENT_AFTER)
        if str(each.get("id")) in among.others and matches(each, above)
    ]
    if not parents:
        raise OutcomeUnknown("the post that the comment stands below is not there")
    asked = {"fields": COMMENT, "order": "chronological"}
    for parent in parents:
        for each in page.every(f"/{parent}/comments", asked):
            author = each.get("from")
            # Whose it is may be hidden from the token; to miss ours doubles it.
            ours = not isinstance(author, dict) or author.get("id") == page.name
            other = str(each.get("id")) in among.others
            late = moment_of(each.get("created_time")) >= since
            if ours and late and not other and says(each, content):
                return receipt_of(each)
    return None


def by_address(page: Page, url: str) -> Mapping[str, object] | None:
    """Look among the Page's newest posts for one that has this address."""
    path = urlsplit(url.strip()).path.rstrip("/")
    for each in page.every(f"/{page.name}/published_posts", {"fields": SHOWN}):
        known = urlsplit(str(each.get("permalink_url") or "")).path.rstrip("/")
        if path == known:
            return each
    return None
