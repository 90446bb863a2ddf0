"""Building the site of many posts against rendering one bare page for each."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.floors import render
from benchmarks.generate import generate
from benchmarks.timing import Ratio, seconds
from smmflow.model.publication import Outcome, PartRecord, Publication, Receipt
from smmflow.model.workspace import Workspace
from smmflow.site import build, write

__all__ = ["site"]

_START = datetime(2030, 1, 1, tzinfo=UTC)
_BASE = "https://bench.example"


def site(posts: int) -> Iterator[str]:
    """Build and write the pages of a ledger, then the floor, in one process."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        ledger = _ledger(generate(root, posts))
        workspace = Workspace(root, title="Bench", description="Generated posts.")

        def work() -> None:
            files = build(
                workspace, ledger, None, base_url=_BASE, read_media=lambda _: None
            )
            write(files, root / "public")

        floor = seconds(lambda: render(root))
        taken = seconds(work)
        yield str(Ratio(f"site of {posts} posts", taken, "one bare page each", floor))


def _ledger(paths: tuple[Path, ...]) -> Mapping[tuple[str, str], Publication]:
    publications = (_publication(n, path) for n, path in enumerate(paths))
    return {(each.occurrence, each.channel): each for each in publications}


def _publication(number: int, path: Path) -> Publication:
    at = _START + timedelta(hours=12 * number)
    body = path.read_text(encoding="utf-8").split("---\n", 2)[2].strip()
    receipt = Receipt(path.stem, f"{_BASE}/posts/{path.stem}/", at)
    return Publication(
        occurrence=path.stem,
        post=path.stem,
        channel="site",
        network="site",
        outcome=Outcome.PUBLISHED,
        digest="",
        due=at,
        parts=(PartRecord(body, receipt, html=f"<p>{body}</p>"),),
        run="bench",
        lease_until=at,
        updated=at,
        title=f"Post {number}",
        language="fa" if number % 2 else "en",
        tags=(f"tag-{number % 20}",),
        published=at,
    )
