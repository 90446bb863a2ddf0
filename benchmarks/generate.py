"""Workspaces of any size, half Persian, the same for the same seed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

__all__ = ["generate"]

_ENGLISH = (
    "calendar",
    "branch",
    "review",
    "release",
    "thread",
    "reader",
    "picture",
    "answer",
    "team",
    "plan",
    "morning",
    "change",
    "history",
    "question",
    "merge",
    "draft",
    "summer",
    "network",
    "file",
    "story",
)
_PERSIAN = (
    "تقویم",
    "شاخه",
    "بازبینی",
    "انتشار",
    "رشته",
    "خواننده",
    "تصویر",
    "پاسخ",
    "گروه",
    "برنامه",
    "صبح",
    "تغییر",
    "تاریخچه",
    "پرسش",
    "ادغام",
    "پیش‌نویس",
    "تابستان",
    "شبکه",
    "پرونده",
    "می‌نویسیم",
)
_FIRST_DAY = date(2030, 1, 1)
_PILLARS = ("releases", "craft", "people")

_CHANNELS = """\
title: A workspace to measure with
description: Generated posts, half of them Persian.
language: en
channels:
  site: {network: site, url: https://bench.example, max_lateness: 3650d}
  bluesky:
    network: bluesky
    handle: bench.example
    secrets: {password: BENCH_BLUESKY_PASSWORD}
"""
_CALENDAR = "timezone: Asia/Tehran\nweek_start: sat\nmin_gap: 10m\n"
_STRATEGY = """\
---
goals:
  - id: readers
    title: More readers
    metric: followers
    baseline: 10
    target: 1000
    deadline: 2031-01-01
audiences:
  - {id: teams, title: Teams that write}
pillars:
  - {id: releases, title: Releases, share: 40%}
  - {id: craft, title: Craft, share: 40%}
  - {id: people, title: People, share: 20%}
---
Write plainly.
"""
_CAMPAIGN = """\
---
title: The launch
from: 2030-01-01
to: 2060-01-01
goal: readers
---
Tell everyone.
"""
_TEAM = "approvals: none\n"


def generate(root: Path, posts: int, seed: int = 20261122) -> tuple[Path, ...]:
    """Write a workspace with that many posts.

    Args:
        root: An empty folder, or none yet.
        posts: How many; every second one is Persian.
        seed: The same seed gives the same bytes.

    Returns:
        The files of the posts, in order.
    """
    dice = random.Random(seed)  # noqa: S311 - reproducible, nothing secret
    (root / "content" / "campaigns").mkdir(parents=True)
    for name, text in (
        ("channels.yaml", _CHANNELS),
        ("calendar.yaml", _CALENDAR),
        ("strategy.md", _STRATEGY),
        ("team.yaml", _TEAM),
        ("content/campaigns/launch.md", _CAMPAIGN),
    ):
        (root / name).write_text(text, encoding="utf-8")
    paths = []
    for number in range(posts):
        folder = root / "content" / "posts" / f"{number // 500:03}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"post-{number:05}.md"
        path.write_text(_post(number, dice), encoding="utf-8")
        paths.append(path)
    return tuple(paths)


def _post(number: int, dice: random.Random) -> str:
    """Return one post; its number keeps its words unlike all others."""
    persian = number % 2 == 1
    words = _PERSIAN if persian else _ENGLISH
    stop = "؟" if persian else "."

    def sentence(length: int) -> str:
        return " ".join(dice.choices(words, k=length)) + stop

    # Two posts a day, hours apart, so that no rule about gaps has anything to say.
    day = _FIRST_DAY + timedelta(days=number // 2)
    time = ("09:30", "17:00")[number % 2]
    front = [
        f'title: "{sentence(4)[:-1]} {number}"',
        f"publish_at: {day} {time}",
        "channels: [site, bluesky]",
        f"language: {'fa' if persian else 'en'}",
        f"pillar: {_PILLARS[number % 3]}",
        "goal: readers",
        f"tags: [{words[number % len(words)]}, {words[(number * 7) % len(words)]}]",
        f'summary: "{sentence(8)}"',
        *(["campaign: launch"] if number % 3 == 0 else []),
    ]
    body = [
        f"{number}: {sentence(8)} **{dice.choice(words)}** {sentence(4)}",
        f"[{sentence(2)[:-1]}](https://bench.example/{number}) #{dice.choice(words)}",
    ]
    if number % 10 == 0:
        body += ["---", f"{number}: {sentence(9)} _{dice.choice(words)}_"]
    if number % 7 == 0:
        body += [f"::: only site\n{sentence(30)}\n\n- {sentence(5)}\n:::"]
    blank = "\n\n"
    header = "\n".join(front)
    return f"---\n{header}\n---\n{blank.join(body)}\n"
