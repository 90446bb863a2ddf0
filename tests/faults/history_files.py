"""The files of a workspace whose history is made up, and what they promise readers."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

__all__ = ["CHANNELS", "LATENESS", "SLOT_HOURS", "Daily", "File", "Folder", "Slot"]

CHANNELS = ("first", "second")
LATENESS = timedelta(hours=2)
SLOT_HOURS = (0, 6, 12, 18)
_SETTINGS = {
    "channels.yaml": """\
title: Example
language: en
channels:
  first: {network: mastodon, instance: https://first.example, handle: example,
    secrets: {token: TOKEN}}
  second: {network: mastodon, instance: https://second.example, handle: example,
    secrets: {token: TOKEN}}
""",
    "calendar.yaml": """\
timezone: UTC
min_gap: 1m
max_lateness: 2h
slots: {quarters: {at: ["00:00", "06:00", "12:00", "18:00"]}}
""",
}
_POSTS = "content/posts"


@dataclass(frozen=True)
class Slot:
    """In the next free place of the slot."""


@dataclass(frozen=True)
class Daily:
    """Every day at one time."""

    at: time


@dataclass
class File:
    """One post's file.

    Attributes:
        path: Below `content/posts`, without `.md`.
        words: Of each part; different at any two moments and in any two files.
        id: Written into the file, if any.
        earlier: Words it had before, of as many parts.
        deleted: It is not there at present.
    """

    path: str
    words: tuple[str, ...]
    channels: tuple[str, ...]
    when: datetime | Slot | Daily | None
    id: str = ""
    draft: bool = False
    withdrawn: bool = False
    deleted: bool = False
    earlier: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What the ledger knows it by."""
        return self.id or self.path.rpartition("/")[2]

    @property
    def may_go_out(self) -> bool:
        """Whether anything of it may be sent."""
        return not (self.draft or self.withdrawn or self.deleted)

    def text(self) -> str:
        """Return what stands in the file."""
        return "\n".join(("---", *self._front(), "---", *self._body(), ""))

    def dues(self, occurrence: str, now: datetime) -> Iterator[datetime]:
        """Yield the moments around now that the file gives an occurrence."""
        match self.when:
            case datetime():
                yield self.when
            case Slot():
                midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
                yield from (midnight + timedelta(hours=hour) for hour in SLOT_HOURS)
            case Daily():
                local = datetime.fromisoformat(occurrence.partition("@")[2])
                yield local.replace(tzinfo=UTC)
            case None:
                return

    @staticmethod
    def is_timely(dues: Iterable[datetime], now: datetime, slack: timedelta) -> bool:
        """Tell whether something may go out now: not too early, not too late."""
        return any(due <= now <= due + LATENESS + slack for due in dues)

    def _front(self) -> Iterator[str]:
        yield f"title: {self.path.rpartition('/')[2]}"
        yield f"channels: [{', '.join(self.channels)}]"
        match self.when:
            case datetime():
                yield f"publish_at: {self.when:%Y-%m-%d %H:%M}"
            case Slot():
                yield "slot: quarters"
            case Daily(at):
                yield f'repeat: {{every: day, at: "{at:%H:%M}", from: 2026-12-01}}'
            case None:
                pass
        if self.id:
            yield f"id: {self.id}"
        for key in ("draft", "withdrawn"):
            if getattr(self, key):
                yield f"{key}: true"

    def _body(self) -> Iterator[str]:
        for number, words in enumerate(self.words):
            if number:
                yield from ("", "---", "")
            yield words


@dataclass
class Folder:
    """All files, as the branch that people work on has them."""

    files: list[File] = field(default_factory=list)

    @property
    def names(self) -> dict[str, File]:
        """The files that are there, by the post's name."""
        return {each.name: each for each in self.files if not each.deleted}

    def check_out(self, root: Path) -> None:
        """Make a machine's files what they are now."""
        shutil.rmtree(root / "content", ignore_errors=True)
        (root / _POSTS).mkdir(parents=True)
        for name, text in _SETTINGS.items():
            (root / name).write_text(text, encoding="utf-8")
        for each in self.files:
            if not each.deleted:
                path = root / _POSTS / f"{each.path}.md"
                path.parent.mkdir(exist_ok=True)
                path.write_text(each.text(), encoding="utf-8")
