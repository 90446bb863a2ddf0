"""The pages in a real browser: accessible, never too wide, and without scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from smmflow.site import write
from tests.servers.browser import axe
from tests.site.examples import (
    NOW,
    built,
    ledger,
    newsroom,
    newsroom_report,
    publication,
    workspace,
)

PAGES = {
    "en": (
        "index.html",
        "posts/version-one/index.html",
        "posts/why-git/index.html",
        "posts/spider/index.html",
        "posts/salam/index.html",
        "campaigns/launch/index.html",
        "calendar/index.html",
        "calendar/2026-12/index.html",
        "report/index.html",
    ),
    "fa": (
        "index.html",
        "posts/salam/index.html",
        "calendar/index.html",
        "calendar/1405-09/index.html",
        "report/index.html",
    ),
}
EVERY = [(language, path) for language, paths in PAGES.items() for path in paths]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sites")
    for language in PAGES:
        space = workspace(language=language)
        report = newsroom_report(space)
        files = built(newsroom(), workspace=space, report=report, now=NOW)
        write(files, root / language)
    return root


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_page() as opened:
        yield opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "path"), EVERY)
def test_axe_finds_nothing_wrong_in_light_and_dark(
    page: Page, sites: Path, language: str, path: str, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto((sites / language / path).as_uri())
        assert [str(each) for each in axe(page)] == []


@pytest.mark.parametrize(("language", "path"), EVERY)
def test_no_page_is_wider_than_the_screen(
    page: Page, sites: Path, language: str, path: str
) -> None:
    page.goto((sites / language / path).as_uri())
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 390, 768])
@pytest.mark.parametrize("language", ["en", "fa"])
def test_titles_have_room_on_narrow_screens(
    page: Page, sites: Path, language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((sites / language / "index.html").as_uri())
    titles = page.locator(".slip h3").all()
    boxes = [each.bounding_box() for each in titles]
    assert all(box and box["width"] > width / 2 for box in boxes)


def test_the_first_tab_stop_leads_past_the_menu(page: Page, sites: Path) -> None:
    page.goto((sites / "en" / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Version 1 is out"


def test_pages_work_from_a_disk_without_javascript(
    browser: Browser, sites: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto((sites / "en" / "index.html").as_uri())
    page.get_by_role("link", name="Version 1 is out").click()
    assert page.get_by_role("heading", level=1).text_content() == "Version 1 is out"
    page.get_by_role("link", name="Why a calendar belongs in git").click()
    assert page.get_by_role("listitem").filter(has_text="So we stopped").count() == 1
    context.close()
    assert failed == []


def test_a_script_that_got_into_the_ledger_does_not_run(
    browser: Browser, tmp_path: Path
) -> None:
    attack = (
        "<script>document.title='owned'</script>"
        "<img src=x alt='' onerror=\"document.title='owned'\">"
    )
    write(built(ledger(publication("post", html=attack, title="Safe"))), tmp_path / "p")
    page = browser.new_page()
    page.goto((tmp_path / "p" / "posts/post/index.html").as_uri())
    assert page.title() == "Safe · smmflow"
    page.close()
