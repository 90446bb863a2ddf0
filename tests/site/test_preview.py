"""Every post as its networks show it; hostile words stay words."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from importlib import resources
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow import proposals, workflow
from smmflow.diagnostics import Severity
from smmflow.language.controls import visible
from smmflow.language.messages import translator
from smmflow.model.capabilities import Unit
from smmflow.model.channel import Channel
from smmflow.model.review import ReviewChange
from smmflow.model.text import RichText, Span, SpanKind
from smmflow.site.looks import PLAIN, look_of
from smmflow.site.words import folds, pieces, web_address
from smmflow.store import Known
from tests.checks.workspaces import Files, picture, write_files
from tests.site.proposals import NOW, WARNING, previewed, write_workspace

BLUESKY = look_of(Channel("b", "bluesky"))
SAID = re.compile(r"""w\.say\(["'](.+?)["'][,)]""")
MASTODON = look_of(Channel("m", "mastodon"))


class Markup(HTMLParser):
    """Collects elements and their attributes."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def attributes(self, tag: str, name: str) -> list[str]:
        return [
            each[name] for found, each in self.tags if found == tag and name in each
        ]


def page(files: dict[str, bytes], post: str) -> str:
    return files[f"posts/{post}/index.html"].decode()


def frame(text: str, look: str) -> str:
    """The part of a page that shows one network."""
    start = text.index(f'class="frame frame-{look}"')
    return text[start : text.index("</section>", start)]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return previewed(write_workspace(tmp_path_factory.mktemp("preview")))


def test_every_post_has_a_page_and_every_link_leads_to_a_file(
    files: dict[str, bytes],
) -> None:
    assert len([each for each in files if each.startswith("posts/")]) == 7
    for path, content in files.items():
        if not path.endswith(".html"):
            continue
        found = Markup(content)
        for target in (
            *found.attributes("a", "href"),
            *found.attributes("link", "href"),
            *found.attributes("img", "src"),
        ):
            if not target.startswith(("http", "#")):
                assert unquote(urljoin(f"/{path}", target)).lstrip("/") in files


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    folder = write_workspace(tmp_path)
    assert previewed(folder) == previewed(folder)


def test_bluesky_shows_links_over_words_and_says_where_they_lead(
    files: dict[str, bytes],
) -> None:
    shown = frame(page(files, "thread"), "bluesky")
    assert ">all the networks</a>" in shown
    assert 'href="https://example.org/a-page"' in shown
    assert re.search(
        r"<details class=\"leads\">.*https://example.org/a-page", shown, re.DOTALL
    )


def test_mastodon_shortens_addresses_and_mentions_as_it_will(
    files: dict[str, bytes],
) -> None:
    shown = frame(page(files, "thread"), "mastodon")
    assert ">example.org/a/very/long/addres…</a>" in shown
    assert ">@sara</span>" in shown
    assert "@sara@social.example" not in shown


def test_each_part_of_a_thread_is_counted_beside_its_limit(
    files: dict[str, bytes],
) -> None:
    shown = frame(page(files, "thread"), "bluesky")
    assert shown.count('<li class="gauge">') == 3
    assert "<b>27</b> / 300 <span>graphemes</span>" in shown


def test_a_text_over_the_limit_says_so_where_it_is_shown(
    files: dict[str, bytes],
) -> None:
    text = page(files, "long")
    assert "gauge-over" in frame(text, "bluesky")
    assert "gauge-over" not in frame(text, "mastodon")
    assert "text-too-long" in text


def test_a_long_text_is_folded_where_the_network_folds_it(
    files: dict[str, bytes],
) -> None:
    text = page(files, "long")
    assert ">Show more<" in frame(text, "bluesky")
    assert ">Read more<" in frame(text, "mastodon")
    assert 'class="fold"' not in frame(text, "site")


def test_pictures_stand_as_the_network_arranges_them_with_alt_text_on_demand(
    files: dict[str, bytes],
) -> None:
    shown = frame(page(files, "thread"), "bluesky")
    assert 'class="gallery pictures-2"' in shown
    assert 'class="gallery pictures-3"' in shown
    assert '<summary>ALT</summary><p dir="auto">A long road</p>' in shown
    assert 'class="gallery pictures-1 upright"' in page(files, "salam")


def test_a_picture_without_words_says_so(tmp_path: Path) -> None:
    post = (
        "---\ntitle: A\nmedia: [{file: media/wide.png, alt: ''}]\n"
        "channels: [bluesky]\n---\nA\n"
    )
    folder = write_workspace(tmp_path, {"a": post})
    assert "no description" in page(previewed(folder), "a")


def test_a_card_is_the_authors_on_bluesky_and_the_pages_on_mastodon(
    files: dict[str, bytes],
) -> None:
    text = page(files, "card")
    assert '<b dir="auto">Version 1</b>' in frame(text, "bluesky")
    assert "media/" in frame(text, "bluesky")
    assert '<b dir="auto">Version 1</b>' not in frame(text, "mastodon")
    assert "The linked page gives the rest" in frame(text, "mastodon")
    assert 'class="card"' not in frame(text, "site")


def test_a_content_warning_folds_away_words_and_pictures(
    files: dict[str, bytes],
) -> None:
    shown = frame(page(files, "warning"), "mastodon")
    start = shown.index('<details class="warning">')
    assert shown.index("A spider, close by") < shown.index("Eight legs")
    assert start < shown.index("<img") < shown.index("</details>\n</div>", start)


def test_a_poll_shows_its_answers_and_when_it_closes(files: dict[str, bytes]) -> None:
    shown = frame(page(files, "poll"), "mastodon")
    assert shown.count('<li dir="auto">') == 3
    assert "Open until 8 December 2026, 09:00" in shown
    assert "Several may be chosen." in shown


def test_persian_posts_run_right_to_left_in_their_own_language(
    files: dict[str, bytes],
) -> None:
    shown = page(files, "salam")
    assert 'class="frame frame-bluesky" lang="fa" dir="rtl"' in shown
    assert ">#نرم‌افزار_آزاد</span>" in shown


def test_a_persian_workspace_is_previewed_in_persian_with_jalali_days(
    tmp_path: Path,
) -> None:
    folder = write_workspace(tmp_path, language="fa", calendar="jalali")
    files = previewed(folder)
    index = files["index.html"].decode()
    assert '<html lang="fa" dir="rtl">' in index
    assert "<b>۱۲ آذر ۱۴۰۵</b>" in index
    assert "<b>۹</b>" in index
    ours = re.sub(r"<(bdi|title)\b[^>]*>.*?</\1>|<[^>]*>", " ", index)
    assert re.findall(r"[A-Za-z]{2,}", ours) == []


def test_every_word_of_ours_has_a_persian_one() -> None:
    folder = resources.files("smmflow.site")
    sources = [
        each.read_text(encoding="utf-8")
        for each in (folder / "templates").iterdir()
        if each.name.startswith(("preview_", "_frame", "_sheet"))
    ]
    fates = (folder / "fates.py").read_text(encoding="utf-8")
    ours = {
        *(said for text in sources for said in SAID.findall(text)),
        *re.findall(r'Fate\("\w+", "(.+?)"', fates),
        *(look.fold_words for look in (BLUESKY, MASTODON)),
        *map(str, (*ReviewChange, *Severity, *Unit)),
        *("Draft", "Withdrawn", "unlisted", "followers"),
    }
    assert len(ours) > 60
    persian = translator("fa").gettext
    assert {each for each in ours if persian(each) == each} == set()


def test_the_calendar_shows_weeks_from_this_one_with_days_worth_knowing(
    files: dict[str, bytes],
) -> None:
    index = files["index.html"].decode()
    assert index.count('<li class="agenda-day') == 21
    assert 'datetime="2026-11-28"' in index
    assert re.search(
        r'aria-current="date">\s*<p class="agenda-date"><time datetime="2026-11-30"',
        index,
    )
    assert '<p class="feast"><bdi>Moving house</bdi></p>' in index


def test_what_changed_is_marked_only_when_compared(tmp_path: Path) -> None:
    folder = write_workspace(tmp_path)
    assert "What changes" not in previewed(folder)["index.html"].decode()
    marked = previewed(folder, {("card", "bluesky"): "edited"})
    index = marked["index.html"].decode()
    changes = index[index.index("What changes") : index.index("What is next")]
    assert "Version 1 is out" in changes
    assert "badge-edited" in changes
    assert "A spider" not in changes
    gone = previewed(folder, {("deleted", "site"): "removed"})["index.html"].decode()
    assert "<b><bdi>deleted</bdi></b>" in gone
    assert "badge-removed" in gone
    assert "No post here changes." not in gone
    assert "No post here changes." in previewed(folder, {})["index.html"].decode()


def test_one_post_can_be_shown_alone(tmp_path: Path) -> None:
    files = previewed(write_workspace(tmp_path), only="poll")
    assert [each for each in files if each.startswith("posts/")] == [
        "posts/poll/index.html"
    ]
    assert not [each for each in files if each.startswith("media/")]


def test_findings_stand_on_one_page_with_links_to_their_posts(
    files: dict[str, bytes],
) -> None:
    listed = files["findings/index.html"].decode()
    assert "text-too-long" in listed
    assert 'href="../posts/long/index.html"' in listed


def test_no_page_runs_a_script_or_loads_from_elsewhere(files: dict[str, bytes]) -> None:
    for path, content in files.items():
        if path.endswith(".html"):
            found = Markup(content)
            assert "script" not in {tag for tag, _ in found.tags}
            policy = found.attributes("meta", "content")[1]
            assert policy.startswith("default-src 'none'; img-src 'self' file:;")
            assert "style" not in {name for _, each in found.tags for name in each}
    assert not [each for each in files if each.endswith(".js")]


HOSTILE = """\
---
title: "</title><script>alert(1)</script>"
publish_at: 2026-12-01 09:00
content_warning: "<img src=https://evil.example/w onerror=alert(1)>"
summary: "</p><iframe src=https://evil.example>"
tags: ["<b>"]
card: {url: "javascript:alert(1)", title: "<script>alert(2)</script>"}
media:
  - {file: media/wide.png, alt: "\\"><script>alert(3)</script>"}
  - {file: ../../../../etc/passwd, alt: secret}
  - {file: ../.git/config, alt: secret}
---
<script>alert(4)</script> <img src=https://evil.example/x onerror=alert(5)>
[words](javascript:alert(6)) [file](file:///etc/passwd) [a](https://a.example/"><svg/onload=alert(7)>)
![picture](https://evil.example/tracker.png) &lt;script&gt; \u202egnp.exe
<style>body{display:none}</style> {{ ''.__class__ }}
"""


def test_hostile_words_become_neither_markup_nor_requests_nor_paths(
    tmp_path: Path,
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text("a secret token")
    folder = write_workspace(
        tmp_path,
        {
            "hostile": HOSTILE,
            "plain": HOSTILE.replace("{{ ''.__class__ }}", "").replace(
                'card: {url: "javascript:alert(1)", title: '
                '"<script>alert(2)</script>"}\n',
                "",
            ),
            "../../../escaped": "---\nid: ../../../../tmp/x\n---\nHello\n",
        },
    )
    files = previewed(folder)
    allowed = {"article", "header", "section", "figure", "details", "summary", "svg"}
    for path, content in files.items():
        assert not path.startswith("/")
        assert ".." not in path.split("/")
        assert b"a secret token" not in content
        assert b"root:" not in content
        if path.endswith(".html"):
            found = Markup(content)
            tags = {tag for tag, _ in found.tags}
            assert not tags & {"script", "iframe", "style", "object", "embed", "form"}
            assert tags & allowed
            for tag, attributes in found.tags:
                assert not [name for name in attributes if name.startswith("on")]
                for name in ("src", "href"):
                    scheme = urlsplit(attributes.get(name, "")).scheme
                    loads = {"", "http", "https"} if tag == "a" else {""}
                    assert scheme in loads
    shown = page(files, "plain")
    assert "&lt;script&gt;alert(4)" in shown
    assert "\u202e" not in shown


def test_a_file_that_changed_meanwhile_is_only_described(tmp_path: Path) -> None:
    folder = write_workspace(tmp_path)
    workspace = workflow.load(folder, remember=False)
    prepared = workflow.prepare(workspace, Known(), NOW, remember=False)
    (folder / "content/media/square.png").write_bytes(b"other bytes")
    files = proposals.make_preview(prepared, workflow.make_plan(prepared, NOW))
    assert b"other bytes" not in b"".join(files.values())
    shown = page(dict(files), "warning")
    assert "can&#39;t be shown here" in shown
    assert "A spider on a leaf" in shown


def test_a_file_too_large_for_an_artifact_is_only_described(tmp_path: Path) -> None:
    folder = write_workspace(tmp_path, {"warning": WARNING})
    os.truncate(folder / "content/media/square.png", 40 * 1024 * 1024)
    files = previewed(folder)
    assert sum(map(len, files.values())) < 1024 * 1024
    assert "can&#39;t be shown here" in page(files, "warning")
    assert "A spider on a leaf" in page(files, "warning")


def test_two_hundred_posts_are_previewed_in_moments(tmp_path: Path) -> None:
    posts = {
        f"post-{number}": "---\n"
        f"title: Post {number}\npublish_at: 2026-12-{number % 28 + 1:02} 09:00\n"
        f"---\nWords number {number} with https://example.org/{number} and #tag\n"
        for number in range(200)
    }
    folder = write_workspace(tmp_path, posts)
    assert len(previewed(folder)) == 200 + 2 + 3


def test_a_network_nobody_described_loses_no_word() -> None:
    assert look_of(Channel("x", "yet-unknown")) is PLAIN
    text = "\n".join("words" for _ in range(200))
    assert not folds(text, PLAIN)
    assert "".join(each.text for each in pieces(RichText(text), PLAIN)) == text


def test_emphasis_is_shown_where_the_network_shows_it_links_in_it_too() -> None:
    text = RichText(
        "as bold both at end",
        (
            Span(3, 15, SpanKind.STRONG),
            Span(8, 12, SpanKind.EMPHASIS),
            Span(13, 15, SpanKind.LINK, "https://example.org"),
        ),
    )
    shown = pieces(text, PLAIN, has_marks=True)
    assert [(each.text, each.marks) for each in shown] == [
        ("as ", ()),
        ("bold ", ("strong",)),
        ("both", ("slanted", "strong")),
        (" ", ("strong",)),
        ("at", ("strong",)),
        (" end", ()),
    ]
    assert shown[4].href == "https://example.org"
    assert not any(each.marks for each in pieces(text, PLAIN))


def test_a_first_comment_says_what_it_is_and_captions_have_bounds_of_their_own(
    tmp_path: Path,
) -> None:
    files: Files = {
        "channels.yaml": "title: Example\nchannels:\n"
        "  tg: {network: telegram, chat: '@example', secrets: {token: T}}\n"
        "  wp: {network: wordpress, url: 'https://blog.example.org', user: sara,"
        " secrets: {password: W}}\n",
        "content/media/a.png": picture(),
        "content/posts/p.md": "---\ntitle: T\npublish_at: 2026-12-01 09:00\n"
        "channels: [tg, wp]\nfirst_comment: What do you think?\n"
        "media: [{file: media/a.png, alt: A}]\n---\nSome **bold** words\n",
    }
    write_files(tmp_path, files)
    text = page(previewed(tmp_path), "p")
    assert '<span class="as-strong">bold</span>' in text
    assert "<b>15</b> / 1,024 <span>UTF-16 units</span>" in text
    assert text.count("First comment</p>") == 2


@given(st.text(max_size=80), st.lists(st.integers(0, 80), min_size=2, max_size=6))
def test_pieces_keep_every_word_whatever_the_spans(text: str, cuts: list[int]) -> None:
    ends = sorted(min(each, len(text)) for each in cuts)
    spans = tuple(
        Span(start, end, SpanKind.TAG)
        for start, end in zip(ends[::2], ends[1::2], strict=False)
        if start < end
    )
    shown = pieces(RichText(text, spans), BLUESKY)
    edges = {each for span in spans for each in (span.start, span.end)}
    stretches = pairwise(sorted({0, len(text), *edges}))
    assert "".join(each.text for each in shown) == "".join(
        visible(text[start:end]) for start, end in stretches
    )


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "http://[",
        "file:///x",
    ],
)
def test_only_web_addresses_are_linked(target: str) -> None:
    rich = RichText("words", (Span(0, 5, SpanKind.LINK, target),))
    assert web_address(target) == ""
    assert [each.href for each in pieces(rich, MASTODON)] == [""]
