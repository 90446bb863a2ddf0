"""The preview in a real browser: accessible, never too wide, folded where it should."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from smmflow.site import write
from tests.servers.browser import axe
from tests.site.proposals import previewed, write_workspace

PAGES = {
    "en": (
        "index.html",
        "findings/index.html",
        "posts/thread/index.html",
        "posts/card/index.html",
        "posts/warning/index.html",
        "posts/poll/index.html",
        "posts/long/index.html",
        "posts/salam/index.html",
    ),
    "fa": ("index.html", "findings/index.html", "posts/salam/index.html"),
}
EVERY = [(language, path) for language, paths in PAGES.items() for path in paths]


@pytest.fixture(scope="module")
def previews(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("previews")
    english = write_workspace(root / "english")
    changes = {("thread", "site"): "new", ("thread", "bluesky"): "edited"}
    write(previewed(english, changes), root / "en")
    persian = write_workspace(root / "persian", language="fa", calendar="jalali")
    write(previewed(persian), root / "fa")
    return root


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_page() as opened:
        yield opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "path"), EVERY)
def test_axe_finds_nothing_wrong_and_no_page_is_wider_than_the_screen(
    page: Page, previews: Path, language: str, path: str, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto((previews / language / path).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [str(each) for each in axe(page)] == []


def test_every_picture_and_style_of_a_downloaded_preview_is_loaded_from_its_folder(
    page: Page, previews: Path
) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.set_viewport_size({"width": 1280, "height": 4000})
    page.goto((previews / "en/posts/thread/index.html").as_uri())
    assert page.evaluate("document.images.length") == 15
    page.wait_for_function("[...document.images].every(each => each.naturalWidth)")
    root = (previews / "en").as_uri()
    assert len(requests) > 3
    assert [each for each in requests if not each.startswith(root)] == []


def test_pictures_are_cut_as_bluesky_cuts_them(page: Page, previews: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 4000})
    page.goto((previews / "en/posts/thread/index.html").as_uri())
    boxes = [
        each.bounding_box() for each in page.locator(".frame-bluesky .shot img").all()
    ]
    shapes = [round(box["width"] / box["height"], 1) for box in boxes if box]
    assert shapes == [1.0, 1.0, 1.0, 2.0, 2.0]


def test_an_upright_picture_on_bluesky_is_never_higher_than_the_post_is_wide(
    page: Page, previews: Path
) -> None:
    page.goto((previews / "en/posts/salam/index.html").as_uri())
    picture = page.locator(".frame-bluesky .shot img").bounding_box()
    words = page.locator(".frame-bluesky .gallery").bounding_box()
    assert picture is not None
    assert words is not None
    assert abs(picture["height"] - words["width"]) < 1
    assert picture["width"] / picture["height"] >= 0.49


def test_a_fold_opens_without_any_script(page: Page, previews: Path) -> None:
    page.goto((previews / "en/posts/long/index.html").as_uri())
    words = page.locator(".frame-mastodon .words")

    def height() -> float:
        box = words.bounding_box()
        assert box is not None
        return box["height"]

    folded = height()
    assert abs(folded - 15 * 22) < 2
    page.locator(".frame-mastodon .fold summary").click()
    assert height() > folded + 100


def test_alt_text_and_warned_words_appear_on_demand(page: Page, previews: Path) -> None:
    page.goto((previews / "en/posts/warning/index.html").as_uri())
    frame = page.locator(".frame-mastodon")
    assert not frame.get_by_text("Eight legs and patience.").is_visible()
    frame.get_by_text("A spider, close by").click()
    assert frame.get_by_text("Eight legs and patience.").is_visible()
    frame.get_by_text("ALT").click()
    assert frame.get_by_text("A spider on a leaf").is_visible()


def test_names_and_times_never_lie_on_each_other(page: Page, previews: Path) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    for path in ("en/posts/salam/index.html", "fa/posts/salam/index.html"):
        page.goto((previews / path).as_uri())
        for look in ("bluesky", "mastodon"):
            name = page.locator(f".frame-{look} .names b").bounding_box()
            moment = page.locator(f".frame-{look} .byline time").bounding_box()
            assert name is not None
            assert moment is not None
            before, after = sorted((name, moment), key=lambda box: box["x"])
            assert before["x"] + before["width"] <= after["x"]
