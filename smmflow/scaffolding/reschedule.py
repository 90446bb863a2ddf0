"""A new time for a post: its file's text with nothing else changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from smmflow.errors import UsageError
from smmflow.model.matter import Entry, Matter
from smmflow.model.post import Post, Repeating
from smmflow.model.publication import Outcome, Publication

__all__ = ["refuse_unmovable", "reschedule"]

_OVER = frozenset({Outcome.PUBLISHED, Outcome.WITHDRAWN})
"""Nothing goes out any more, whatever the time."""

_KEY = "publish_at"
_REPLACED = (_KEY, "slot")
"""Keys that say when a post goes out, the one to be replaced first."""


def reschedule(text: str, matter: Matter, moment: str) -> str:
    """Return a post's text with `publish_at` set; every other character stays.

    The time takes the place of `publish_at` or `slot`, in the same quotes; where there
    is neither, it becomes the last key.

    Args:
        text: The whole file.
        matter: Where its keys stand.
        moment: The time, as files write it.

    Raises:
        UsageError: The time there is isn't written on one line, as plain words.
    """
    entry = next(filter(None, map(matter.find, _REPLACED)), None)
    if entry is None:
        return _inserted(text, matter, moment)
    if not entry.simple:
        raise UsageError(
            f"`{entry.key}` is not written as one plain value",
            hint=f"open the file and write it so yourself: `{_KEY}: {moment}`",
        )
    return _replaced(text, entry, moment)


def refuse_unmovable(
    post: Post,
    moment: datetime,
    publications: Mapping[tuple[str, str], Publication],
    now: datetime,
) -> None:
    """Do nothing, unless a new time would not make a post go out then.

    Args:
        post: Which.
        moment: Its new time, aware.
        publications: The ledger, by occurrence and channel.
        now: The present, aware.

    Raises:
        UsageError: It would not; the hint says what would help.
    """
    if isinstance(post.schedule, Repeating):
        raise UsageError(
            f"{post.id} is a recurring post, it has no single time",
            hint=f"change `at`, `days`, `from` or `until` of `repeat` in {post.path}; "
            "for one more time, write a post of its own",
        )
    for is_so, key in ((post.withdrawn, "withdrawn"), (post.draft, "draft")):
        if is_so:
            raise UsageError(
                f"{post.id} is {'a draft' if key == 'draft' else key}: it goes out at "
                "no time",
                hint=f"take `{key}: true` out of {post.path} first",
            )
    known = [publications.get((post.id, channel)) for channel in post.channels]
    if known and all(record and record.outcome in _OVER for record in known):
        raise UsageError(
            f"{post.id} has been published on every channel it names",
            hint="to publish it again, copy it to a file with another name",
        )
    if moment <= now:
        raise UsageError("that time is past", hint="name a time to come")


def _replaced(text: str, entry: Entry, moment: str) -> str:
    before, after = text[: entry.value_start], text[entry.value_end :]
    if entry.key != _KEY:
        between = text[entry.start : entry.value_start]
        renamed = between.replace(entry.key, _KEY, 1)
        before = text[: entry.start] + renamed
    space = " " if before.endswith(":") else ""
    return f"{before}{space}{entry.quote}{moment}{entry.quote}{after}"


def _inserted(text: str, matter: Matter, moment: str) -> str:
    before, after = text[: matter.insertion], text[matter.insertion :]
    written = f"{_KEY}: {moment}"
    if matter.flow:
        return f"{before}{written}, {after}"
    return f"{before}{' ' * matter.indent}{written}{matter.newline}{after}"
