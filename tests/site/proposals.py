"""A proposal with everything that networks show differently, in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from smmflow import proposals, workflow
from smmflow.model.review import Review, ReviewChange, ReviewEntry
from smmflow.store import Known
from tests.site.examples import png

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)

CHANNELS = """\
title: {title}
description: Social media work kept as code.
language: {language}
channels:
  site: {{network: site, url: https://news.example}}
  bluesky: {{network: bluesky, handle: news.example}}
  mastodon: {{network: mastodon, instance: https://social.example, handle: news}}
"""
CALENDAR = """\
timezone: Asia/Tehran
calendar: {calendar}
week_start: sat
observances: [{{date: {yalda}, title: Yalda night}}]
blackouts: [{{from: {closed}, to: {closed} 23:59, reason: Moving house}}]
"""
THREAD = """\
---
title: How a post travels
publish_at: 2026-12-01 09:00
media:
  - {file: media/wide.png, alt: A long road}
  - {file: media/tall.png, alt: A tower}
  - {file: media/square.png, alt: A square, part: 2}
  - {file: media/tall.png, alt: A tower by night, part: 2}
  - {file: media/wide.png, alt: The same road by night, part: 2}
---
From a file to [all the networks](https://example.org/a-page) with #git, thanks to
@sara@social.example and https://www.example.org/a/very/long/address/that/goes/on?x=1
---
The second part, with three pictures.
---
And the third: that is all.
"""
CARD = """\
---
title: Version 1 is out
publish_at: 2026-12-02 09:00
channels: [bluesky, mastodon, site]
card:
  url: https://example.org/launch
  title: Version 1
  description: What is new
  image: media/wide.png
---
Version 1 is out: [what is new](https://example.org/launch) #opensource
"""
PERSIAN = """\
---
title: تقویم در گیت
publish_at: {persian}
language: fa
media: [{{file: media/tall.png, alt: یک برج بلند}}]
---
سلام! این‌جا از #نرم‌افزار_آزاد می‌نویسیم.

نشانی: https://example.org/fa با نسخهٔ ۱٫۲ از smmflow.
"""
WARNING = """\
---
title: A spider
publish_at: 2026-12-04 09:00
channels: [mastodon, site]
content_warning: A spider, close by
media: [{file: media/square.png, alt: A spider on a leaf}]
---
Eight legs and patience.
"""
POLL = """\
---
title: Where do plans live?
publish_at: 2026-12-05 09:00
channels: [mastodon]
poll: {options: [In a file, In a head, "<b>Nowhere</b>"], open_for: 3d, multiple: true}
---
Where do your plans live?
"""
POSTS = {
    "thread": THREAD,
    "card": CARD,
    "warning": WARNING,
    "poll": POLL,
    "long": "---\ntitle: A list\npublish_at: 2026-12-06 09:00\n---\n"
    + "\n".join(f"- line {number}" for number in range(40)),
    "draft": "---\ntitle: Not yet\ndraft: true\n---\nSoon.\n",
}


def write_workspace(
    folder: Path,
    posts: Mapping[str, str] | None = None,
    *,
    language: str = "en",
    calendar: str = "gregorian",
) -> Path:
    """Write a workspace with these posts, by default with some of every kind."""
    jalali = calendar == "jalali"
    dates = {
        "calendar": calendar,
        "yalda": "1405-09-30" if jalali else "2026-12-21",
        "closed": "1405-09-17" if jalali else "2026-12-08",
    }
    title = "smmflow" if language == "en" else "اسمم‌فلو"
    persian = "1405-09-12 09:00" if jalali else "2026-12-03 09:00"
    every = {"salam": PERSIAN.format(persian=persian), **({} if jalali else POSTS)}
    files = {
        "channels.yaml": CHANNELS.format(title=title, language=language),
        "calendar.yaml": CALENDAR.format(**dates),
        **{
            f"content/posts/{name}.md": text
            for name, text in (every if posts is None else posts).items()
        },
    }
    pictures = {"wide": png(1200, 630), "tall": png(400, 900), "square": png(500, 500)}
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "content/media").mkdir(parents=True, exist_ok=True)
    for name, content in pictures.items():
        (folder / "content/media" / f"{name}.png").write_bytes(content)
    return folder


def previewed(
    folder: Path,
    changes: Mapping[tuple[str, str], str] | None = None,
    *,
    only: str = "",
    live: str = "",
) -> dict[str, bytes]:
    """Return the preview of a workspace on disk, marked as a review says."""
    workspace = workflow.load(folder, remember=False)
    prepared = workflow.prepare(workspace, Known(), NOW, remember=False)
    plan = workflow.make_plan(prepared, NOW)
    review = None if changes is None else _review(changes)
    return dict(proposals.make_preview(prepared, plan, review, only=only, live=live))


def _review(changes: Mapping[tuple[str, str], str]) -> Review:
    entries = tuple(
        ReviewEntry(
            post, f"content/posts/{post}.md", post, channel, ReviewChange(change)
        )
        for (post, channel), change in changes.items()
    )
    return Review("main", "", "Asia/Tehran", "", entries)
