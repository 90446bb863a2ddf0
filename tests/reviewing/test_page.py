"""The comment in a browser, as a phone shows it."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser

from smmflow.reviewing import as_markdown
from tests.reviewing.test_words import full_of, one, told


@pytest.mark.servers
def test_persian_reads_from_the_right_and_english_from_the_left(
    browser: Browser,
) -> None:
    comment = told(one("نسخهٔ ۳ می‌آید: https://example.org"), one("Version 3 is out"))
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(MarkdownIt("commonmark").render(comment))
        found = page.evaluate(
            "[...document.querySelectorAll('blockquote')]"
            ".map(each => getComputedStyle(each).direction)"
        )
    assert found == ["rtl", "ltr"]


@pytest.mark.servers
def test_no_words_make_a_phone_scroll_sideways_but_those_without_a_space(
    browser: Browser,
) -> None:
    comment = told(one("word " * 100), one("واژه " * 100, title="عنوان " * 30))
    size = {"width": 360, "height": 640}
    with browser.new_context(viewport=size) as context:  # type: ignore[arg-type]  # a TypedDict
        page = context.new_page()
        page.set_content(MarkdownIt("commonmark").render(comment))
        page.evaluate(
            "document.querySelectorAll('details').forEach(e => e.open = true)"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.servers
def test_hostile_words_do_nothing_in_a_browser(browser: Browser) -> None:
    hostile = "</details><script>document.title = 'ran'</script><img src=x onerror=a()>"
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(MarkdownIt("commonmark").render(as_markdown(full_of(hostile))))
        assert page.title() == ""
        assert page.locator("script, img, a").count() == 0
