"""The installed Chromium, driven by Playwright: render, photograph, check with axe."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.servers.processes import LOOPBACK, NODE_MODULES, ServerUnavailable

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",  # which root, in containers, has no right to
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Without these it calls its maker at every start.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = NODE_MODULES / "axe-core" / "axe.min.js"
SCREEN_HEIGHT = 900


@dataclass(frozen=True)
class Violation:
    """A rule of accessibility that a page breaks, and the elements that break it."""

    rule: str
    impact: str
    help: str
    elements: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule} ({self.impact}): {self.help}: {', '.join(self.elements)}"


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium; open pages with `new_page()` and close them."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not program:
        raise ServerUnavailable("Chromium is not installed (make servers)")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=program, args=ARGUMENTS
            )
        except Error as error:
            raise ServerUnavailable(f"Chromium does not start: {error}") from error
        with browser:
            yield browser


def axe(page: Page) -> list[Violation]:
    """What axe-core finds wrong with the page as it is now."""
    if not AXE.exists():
        raise ServerUnavailable("axe-core is not installed (make servers)")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run()).violations")
    return [
        Violation(
            violation["id"],
            violation["impact"] or "",
            violation["help"],
            tuple(" ".join(map(str, node["target"])) for node in violation["nodes"]),
        )
        for violation in found
    ]


def screenshot(page: Page, path: Path, width: int, *, dark: bool = False) -> None:
    """The whole page as PNG, on a screen this wide, in light or dark colours."""
    page.set_viewport_size({"width": width, "height": SCREEN_HEIGHT})
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.screenshot(path=path, full_page=True)


@contextlib.contextmanager
def serve(directory: Path) -> Iterator[str]:
    """The files of a directory at a URL on loopback."""
    handler = partial(_QuietHandler, directory=str(directory))
    with ThreadingHTTPServer((LOOPBACK, 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Tests have enough output."""
