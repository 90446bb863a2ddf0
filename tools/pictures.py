"""Photograph drawings, the demo's site and a preview: `python -m tools.pictures`.

The same drawing gives the same bytes with the same Chromium and fonts. Chromium,
because it shapes Persian text as readers will see it.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page

from smmflow import proposals, workflow
from smmflow.site import write
from smmflow.store import Known
from tests.servers.browser import chromium, serve

__all__ = ["main"]

ROOT = Path(__file__).parent.parent
DRAWINGS = Path(__file__).parent / "drawings"
MEDIA = ROOT / "content" / "media"
SITE = ROOT / "public"
"""Where `make demo` builds its pages; photographed if they are there."""
PICTURES = ROOT / "docs" / "pictures"
PREVIEWED = "shab-e-yalda"
PREVIEWED_AT = datetime(2026, 12, 1, tzinfo=UTC)
_COLOURS = 256
"""Flat drawings need no more, and the files stay small enough for every network."""


def main() -> None:
    """Write a PNG for every drawing, one of the site, and one of a preview."""
    MEDIA.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 675})
        for drawing in sorted(DRAWINGS.glob("*.svg")):
            page.set_content(_page(drawing.read_text(encoding="utf-8")))
            shot = page.screenshot(type="png")
            (MEDIA / f"{drawing.stem}.png").write_bytes(_small(shot))
        if SITE.is_dir():
            with serve(SITE) as address:
                page.goto(address)
                shot = page.screenshot(type="png", full_page=True)
            (PICTURES / "site.png").write_bytes(_small(shot))
        with TemporaryDirectory() as folder:
            _preview(page, Path(folder))


def _preview(page: Page, folder: Path) -> None:
    """Photograph a Persian post of ours as its three channels will show it."""
    workspace = workflow.load(ROOT, remember=False)
    prepared = workflow.prepare(workspace, Known(), PREVIEWED_AT, remember=False)
    plan = workflow.make_plan(prepared, PREVIEWED_AT)
    write(proposals.make_preview(prepared, plan, only=PREVIEWED), folder)
    page.set_viewport_size({"width": 1280, "height": 700})
    page.goto((folder / "posts" / PREVIEWED / "index.html").as_uri())
    shot = page.locator(".showings").screenshot(type="png")
    (PICTURES / "preview.png").write_bytes(_small(shot))


def _page(drawing: str) -> str:
    return (
        '<!doctype html><meta charset="utf-8">'
        "<style>body{margin:0}svg{display:block;width:1200px}</style>" + drawing
    )


def _small(shot: bytes) -> bytes:
    with Image.open(io.BytesIO(shot)) as picture:
        flat = picture.convert("RGB").quantize(
            _COLOURS,
            # Rare colours stay: a small orange dot must not turn grey.
            method=Image.Quantize.MAXCOVERAGE,
            dither=Image.Dither.NONE,
        )
    made = io.BytesIO()
    flat.save(made, "PNG", optimize=True)
    return made.getvalue()


if __name__ == "__main__":
    main()
