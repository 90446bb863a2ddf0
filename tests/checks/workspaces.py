"""Small workspaces as files, worked out with the real reader, composer and networks."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from PIL import ExifTags, Image

from smmflow import workflow
from smmflow.diagnostics import Finding
from smmflow.store import Known

__all__ = ["Files", "findings_of", "photo", "picture", "post", "write_files"]

Files = Mapping[str, "str | bytes | Path"]
"""What stands in each file; a path stands for a symbolic link to it."""

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

_BASE: Files = {
    "channels.yaml": """\
title: Example
channels:
  site: {network: site, url: https://example.org}
  bluesky:
    network: bluesky
    handle: example.bsky.social
    secrets: {password: BLUESKY_APP_PASSWORD}
  mastodon:
    network: mastodon
    instance: https://mastodon.example
    handle: example
    secrets: {token: MASTODON_TOKEN}
""",
    "calendar.yaml": "timezone: Asia/Tehran\nmin_gap: 10m\n",
}


def post(
    front: str = "",
    body: str = "Hello, world.",
    *,
    name: str = "p",
    channels: str = "mastodon",
    at: str = "publish_at: 2026-12-01 09:00",
) -> dict[str, str | bytes | Path]:
    """Return the file of a post; its front matter has no more than what is given."""
    lines = ["title: A post", f"channels: [{channels}]", at, front]
    matter = "\n".join(line for line in lines if line)
    return {f"content/posts/{name}.md": f"---\n{matter}\n---\n{body}\n"}


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    """Return a black picture."""
    made = io.BytesIO()
    Image.new("1" if kind == "PNG" else "L", size).save(made, kind)
    return made.getvalue()


def photo(*, placed: bool) -> bytes:
    """Return a photo; its metadata tell where it was taken, or do not."""
    made = io.BytesIO()
    written = Image.Exif()
    if placed:
        written[ExifTags.IFD.GPSInfo] = {2: (35.0, 41.0, 21.0), 4: (51.0, 23.0, 20.0)}
    Image.new("L", (8, 8)).save(made, "JPEG", exif=written)
    return made.getvalue()


def write_files(root: Path, files: Files) -> None:
    """Write files below a folder, with the folders they need."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            path.symlink_to(content)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)


def findings_of(root: Path, files: Files) -> tuple[Finding, ...]:
    """Write a workspace and return every finding, with its line.

    Args:
        root: An empty folder.
        files: What the workspace has besides three channels and a calendar.
    """
    write_files(root, {**_BASE, **files})
    workspace = workflow.load(root, remember=False)
    return workflow.located(workflow.prepare(workspace, Known(), NOW, remember=False))
