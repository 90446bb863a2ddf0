"""Small workspaces, posts and records for tests of planning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from smmflow.model.calendar import Calendar
from smmflow.model.capabilities import Capabilities
from smmflow.model.channel import Channel
from smmflow.model.channel_post import ChannelPost, Occurrence, Part, digest_of
from smmflow.model.post import At, Post, Schedule
from smmflow.model.publication import Outcome, PartRecord, Publication, Receipt
from smmflow.model.text import RichText
from smmflow.model.workspace import Workspace
from smmflow.planning import Wanted

TEHRAN = ZoneInfo("Asia/Tehran")
CALENDAR = Calendar(zone=TEHRAN)
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def post(
    name: str = "hello",
    schedule: Schedule | None = None,
    *,
    channels: tuple[str, ...] = ("mastodon",),
    body: str = "Hello",
    **more: object,
) -> Post:
    plain = Post(
        id=name,
        path=f"content/posts/{name}.md",
        title=name.title(),
        body=body,
        body_line=5,
        language="en",
        channels=channels,
        schedule=schedule or At(NOON),
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # fields by name, for brevity


def workspace(
    *posts: Post,
    calendar: Calendar | None = None,
    channels: Iterable[Channel] = (),
) -> Workspace:
    named = {each.name: each for each in channels} or {
        name: Channel(name, name) for name in ("bluesky", "mastodon", "site")
    }
    return Workspace(
        root=Path("/nowhere"),
        calendar=calendar or Calendar(),
        channels=named,
        posts={each.id: each for each in posts},
    )


def channel_post(of: Post, channel: str, *words: str) -> ChannelPost:
    parts = tuple(Part(RichText(each)) for each in words or (of.body,))
    made = ChannelPost(of.id, channel, channel, of.title, "", of.language, parts)
    return replace(made, digest=digest_of(made))


def wanted(
    space: Workspace,
    occurrences: Mapping[str, tuple[Occurrence, ...]],
    *,
    faults: Mapping[tuple[str, str], str] | None = None,
    words: Mapping[str, tuple[str, ...]] | None = None,
    able: Capabilities | None = None,
) -> Wanted:
    composed = {
        (each.id, channel): channel_post(each, channel, *(words or {}).get(each.id, ()))
        for each in space.posts.values()
        for channel in each.channels
    }
    capabilities = dict.fromkeys(space.channels, able) if able else {}
    return Wanted(space, composed, occurrences, faults or {}, capabilities=capabilities)


def record(
    of: ChannelPost,
    outcome: Outcome,
    *,
    live: int = 0,
    due: datetime = NOON,
    **more: object,
) -> Publication:
    parts = tuple(
        PartRecord(
            each.text.text,
            Receipt(f"id{number}", f"https://m.example/{number}", NOON)
            if number < live
            else None,
        )
        for number, each in enumerate(of.parts)
    )
    made = Publication(
        occurrence=of.post,
        post=of.post,
        channel=of.channel,
        network=of.network,
        outcome=outcome,
        digest=of.digest,
        due=due,
        parts=parts,
        run="r1",
        lease_until=due + timedelta(minutes=15),
        updated=due,
        title=of.title,
        language=of.language,
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name, for brevity
