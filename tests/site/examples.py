"""A small newsroom: two languages, pictures, a thread, a poll and a report."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from smmflow.model.calendar import Calendar, Observance
from smmflow.model.campaign import Campaign
from smmflow.model.channel import Channel
from smmflow.model.media import MediaFacts, MediaKind
from smmflow.model.post import Weekday
from smmflow.model.publication import Outcome, PartRecord, Publication, Receipt
from smmflow.model.report import Report
from smmflow.model.snapshot import ChannelReading, PartReading, Snapshot
from smmflow.model.strategy import Goal, Pillar, Strategy
from smmflow.model.workspace import Workspace
from smmflow.reporting import parse_period, report
from smmflow.site import build

BASE = "https://news.example/team"
NOW = datetime(2026, 12, 21, 8, 0, tzinfo=UTC)


def png(width: int, height: int) -> bytes:
    """A picture in one colour."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + name
            + content
            + struct.pack(">I", zlib.crc32(name + content))
        )

    rows = (b"\0" + b"\x2f\x8f\x8a" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


PICTURE = png(1200, 630)
PICTURE_SHA = hashlib.sha256(PICTURE).hexdigest()
PICTURE_PATH = "content/media/graph.png"
MEDIA = {PICTURE_PATH: PICTURE}


def workspace(*, language: str = "en", jalali: bool = False) -> Workspace:
    return Workspace(
        root=Path("/nowhere"),
        title="smmflow" if language == "en" else "اسمم‌فلو",
        description="Social media work kept as code, reviewed like code.",
        language=language,
        calendar=Calendar(
            zone=ZoneInfo("Asia/Tehran"),
            week_start=Weekday.SAT,
            jalali=jalali,
            observances=(Observance(date(2026, 12, 21), "Yalda night"),),
        ),
        channels={
            name: Channel(name, name) for name in ("site", "bluesky", "mastodon")
        },
        strategy=Strategy(
            goals=(
                Goal("readers", "More readers", "followers", 500, date(2027, 3, 1), 40),
            ),
            pillars=(
                Pillar("craft", "How we work", 0.6),
                Pillar("news", "Releases", 0.4),
            ),
        ),
        campaigns={
            "launch": Campaign(
                "launch",
                "content/campaigns/launch.md",
                "Launch",
                start=date(2026, 12, 1),
                end=date(2026, 12, 31),
            )
        },
        media={
            "media/graph.png": MediaFacts(
                PICTURE_PATH,
                PICTURE_SHA,
                len(PICTURE),
                MediaKind.IMAGE,
                "image/png",
                1200,
                630,
            )
        },
    )


def publication(
    occurrence: str,
    *texts: str,
    html: str | None = None,
    channel: str = "site",
    at: datetime = NOW,
    url: str | None = None,
    outcome: Outcome = Outcome.PUBLISHED,
    media: tuple[tuple[str, str, str], ...] = (),
    poll: tuple[str, ...] = (),
    **labels: object,
) -> Publication:
    address = f"{BASE}/posts/{occurrence}/" if url is None else url
    parts = tuple(
        PartRecord(
            text,
            Receipt(f"{occurrence}/{index}", address, at),
            f"<p>{text}</p>" if html is None else html,
            media if index == 0 else (),
            poll if index == 0 else (),
        )
        for index, text in enumerate(texts or ("Words.",))
    )
    return Publication(
        occurrence=occurrence,
        post=occurrence,
        channel=channel,
        network=channel,
        outcome=outcome,
        digest="sha256:0",
        due=at,
        parts=parts,
        run="run",
        lease_until=at,
        updated=at,
        published=at,
        **labels,  # type: ignore[arg-type]  # labels are the publication's own fields
    )


def ledger(*records: Publication) -> dict[tuple[str, str], Publication]:
    return {(each.occurrence, each.channel): each for each in records}


def newsroom() -> dict[tuple[str, str], Publication]:
    picture = (PICTURE_PATH, PICTURE_SHA, "A calendar drawn as a git graph")
    return ledger(
        publication(
            "version-one",
            "Version 1 is out. Posts, calendar and strategy are files; a pull request "
            "is where a post is discussed, and a merge is what lets it go out.",
            title="Version 1 is out",
            language="en",
            campaign="launch",
            tags=("releases", "git"),
            media=(picture,),
            format="image",
        ),
        publication(
            "version-one",
            channel="bluesky",
            url="https://bsky.example/profile/smmflow/post/1",
        ),
        publication(
            "version-one", channel="mastodon", url="https://social.example/@smmflow/1"
        ),
        publication(
            "why-git",
            "A social media post has an author, a reviewer and a moment. Git has had "
            "words for all three since 2005.",
            "The author is the commit. The reviewer is the approval. The moment is one "
            "line of front matter.",
            "So we stopped copying text between tabs.",
            at=NOW - timedelta(days=2, hours=3),
            title="Why a calendar belongs in git",
            language="en",
            tags=("git",),
            format="thread",
        ),
        publication(
            "salam",
            "نسخهٔ ۱ منتشر شد. پست‌ها، تقویم و راهبرد همه پرونده‌های متنی‌اند؛ "
            "می‌توانید آن‌ها را مثل کد بازبینی کنید. #متن‌باز",
            at=NOW - timedelta(days=3),
            title="سلام، نسخهٔ یک آمد",
            language="fa",
            campaign="launch",
            tags=("نسخه‌ها",),
        ),
        publication(
            "which-day",
            "Which day do you plan your week?",
            at=NOW - timedelta(days=30),
            title="Which day do you plan?",
            language="en",
            format="poll",
            poll=("Friday", "دوشنبه"),
        ),
        publication(
            "spider",
            "A long story about a spider.",
            at=NOW - timedelta(days=31),
            title="The office spider",
            language="en",
            content_warning="Spiders",
        ),
    )


def built(
    publications: Mapping[tuple[str, str], Publication], **changes: object
) -> Mapping[str, bytes]:
    """The site of these publications."""
    arguments: dict[str, object] = {"base_url": BASE, "read_media": MEDIA.get}
    space = changes.pop("workspace", workspace())
    report = changes.pop("report", None)
    return build(space, publications, report, **(arguments | changes))  # type: ignore[arg-type]  # passed on as given


def newsroom_report(space: Workspace) -> Report:
    """A report with known, partly known and unknown numbers."""
    now = NOW + timedelta(hours=6)
    period = parse_period("last-30-days", space.calendar.zone, now)
    readings = (
        Snapshot(
            NOW + timedelta(hours=2),
            "run",
            parts=(
                PartReading(
                    "version-one",
                    "bluesky",
                    0,
                    "version-one/0",
                    {"likes": 1234, "reposts": 17, "replies": 3, "quotes": None},
                ),
            ),
            channels=(ChannelReading("bluesky", {"followers": 210}),),
        ),
    )
    return report(space, newsroom(), readings, period, now)
