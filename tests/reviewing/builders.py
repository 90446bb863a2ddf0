"""Two states of a workspace, from files to a review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from smmflow import reviewing, workflow
from smmflow.model.publication import Publication
from smmflow.model.review import Review, ReviewEntry
from smmflow.store import Known

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
FILES: Mapping[str, str | bytes] = {
    "channels.yaml": """\
title: Example
language: en
channels:
  site: {network: site, url: https://example.org}
  sky:
    network: bluesky
    handle: example.bsky.social
    secrets: {password: SKY_PASSWORD}
  toot:
    network: mastodon
    instance: https://mastodon.social
    secrets: {token: TOOT_TOKEN}
""",
    "calendar.yaml": "timezone: Asia/Tehran\n",
}


def post(body: str, **front: str) -> str:
    """A post's file; `front` is laid over a title, a time and the channel `sky`."""
    keys = {
        "title": "Launch",
        "publish_at": "2026-12-24 09:00",
        "channels": "[sky]",
        **front,
    }
    lines = "\n".join(f"{key}: {value}" for key, value in keys.items())
    return f"---\n{lines}\n---\n{body}\n"


def side(
    root: Path, files: Mapping[str, str | bytes], known: Known, now: datetime = NOON
) -> reviewing.Side:
    for path, content in {**FILES, **files}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    workspace = workflow.load(root, remember=False)
    prepared = workflow.prepare(workspace, known, now, remember=False)
    return reviewing.Side(
        workspace,
        prepared.composed,
        prepared.occurrences,
        workflow.located(prepared),
        workflow.make_plan(prepared, now),
        prepared.networks,
        prepared.capabilities,
    )


def compared(
    folder: Path,
    before: Mapping[str, str | bytes],
    after: Mapping[str, str | bytes],
    *,
    ledger: Iterable[Publication] = (),
    now: datetime = NOON,
) -> Review:
    known = Known({(each.occurrence, each.channel): each for each in ledger})
    base, head = folder / "base", folder / "head"
    return reviewing.review(
        side(base, before, known, now),
        side(head, after, known, now),
        known.publications.values(),
        base_name="main",
        head_name="c0ffee",
    )


def only(review: Review) -> ReviewEntry:
    (entry,) = review.entries
    return entry
