"""The site as files: complete, reproducible, linked, and safe from what posts say."""

import json
import posixpath
import re
from collections.abc import Mapping
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.errors import ConfigurationError
from smmflow.model.publication import Outcome
from tests.reporting.test_markdown import of_four_networks
from tests.site.examples import (
    BASE,
    NOW,
    PICTURE,
    PICTURE_PATH,
    PICTURE_SHA,
    built,
    ledger,
    newsroom,
    newsroom_report,
    publication,
    workspace,
)

ATOM = "{http://www.w3.org/2005/Atom}"
VOID = {"meta", "link", "img", "hr", "br", "circle", "path"}
EVIL = "\"><script>alert(1)</script>' onload=x ]]> &amp; <marquee>"


class Outline(HTMLParser):
    """What a browser would see: the elements, and whether each is closed."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(content.decode())
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


def xml(content: bytes) -> ET.Element:
    return ET.fromstring(content)  # noqa: S314 - our own feeds, made a moment ago


def pages(files: Mapping[str, bytes]) -> dict[str, Outline]:
    return {
        path: Outline(content)
        for path, content in files.items()
        if path.endswith(".html")
    }


def everything() -> Mapping[str, bytes]:
    return built(newsroom(), report=newsroom_report(workspace()), now=NOW)


def test_a_site_has_its_pages_feeds_and_files() -> None:
    files = everything()
    assert {
        "index.html",
        "404.html",
        "posts/version-one/index.html",
        "campaigns/launch/index.html",
        "tags/git/index.html",
        "calendar/index.html",
        "calendar/2026-12/index.html",
        "report/index.html",
        "feed.xml",
        "feed.json",
        "fa/feed.xml",
        "fa/feed.json",
        "sitemap.xml",
        "robots.txt",
        f"media/{PICTURE_SHA[:12]}-graph.png",
    } <= set(files)


def test_the_same_input_gives_the_same_bytes_in_any_order() -> None:
    backwards = dict(reversed(newsroom().items()))
    assert list(built(newsroom()).items()) == list(built(backwards).items())


def test_an_empty_ledger_still_gives_a_site() -> None:
    files = built({})
    assert "Nothing has gone out yet." in Outline(files["index.html"]).text
    assert xml(files["feed.xml"]).find(f"{ATOM}updated") is not None


def test_only_what_is_live_on_the_site_has_a_page() -> None:
    files = built(
        ledger(
            publication("live"),
            publication("gone", outcome=Outcome.WITHDRAWN),
            publication("claimed", outcome=Outcome.CLAIMED),
            publication("away", channel="mastodon"),
        )
    )
    posts = [path for path in files if path.startswith("posts/")]
    assert posts == ["posts/live/index.html"]


def test_every_link_leads_to_a_file_of_the_site() -> None:
    files = everything()
    for path, page in pages(files).items():
        for link in page.named("a", "link", "img", "video", "audio"):
            target = link.get("href") or link.get("src") or ""
            if urlsplit(target).scheme or target.startswith("#"):
                continue
            if path == "404.html":
                target = posixpath.relpath(target, "/team")
            found = posixpath.join(posixpath.dirname(path), unquote(target))
            assert posixpath.normpath(found) in files, (path, target)


def test_every_page_is_sound_html_with_landmarks_and_ordered_headings() -> None:
    for path, page in pages(everything()).items():
        for landmark in ("main", "header", "footer", "nav"):
            assert page.named(landmark), path
        levels = [int(tag[1]) for tag, _ in page.elements if re.match("h[1-6]$", tag)]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        steps = pairwise(levels)
        assert all(after <= before + 1 for before, after in steps), path
        ids = [each["id"] for _, each in page.elements if "id" in each]
        assert len(ids) == len(set(ids)), path
        assert page.elements[0][1]["lang"] in {"en", "fa"}


def test_no_page_runs_a_script() -> None:
    for page in pages(everything()).values():
        assert not page.named("script")
        assert any("script-src 'none'" in str(each) for each in page.named("meta"))


def test_a_persian_post_speaks_persian_with_persian_digits_and_dates() -> None:
    page = Outline(built(newsroom())["posts/salam/index.html"])
    assert page.elements[0][1]["lang"] == "fa"
    assert page.elements[0][1]["dir"] == "rtl"
    assert "۲۷ آذر ۱۴۰۵، ۱۱:۳۰" in page.text
    assert "موضوع‌ها" in page.text


@pytest.mark.parametrize("template", ["index", "post", "calendar", "report"])
def test_persian_pages_have_no_english_words_of_ours(template: str) -> None:
    space = workspace(language="fa")
    files = built(newsroom(), workspace=space, report=newsroom_report(space))
    path = {
        "index": "index.html",
        "post": "posts/salam/index.html",
        "calendar": "calendar/1405-09/index.html",
        "report": "report/index.html",
    }[template]
    text = Outline(files[path]).text
    theirs = (
        r"smmflow|Launch|Version 1 is out\S*|Why a calendar belongs in git|CSV|JSON|"
        r"English|Yalda night|More readers|How we work|Releases|bluesky|mastodon|site|"
        r"version-one|Bluesky|Mastodon|The office spider|Spiders|Which day do you.*"
    )
    summaries = [
        "Social media work kept as code, reviewed like code.",
        *(
            " ".join(part.text for part in record.parts)
            for record in newsroom().values()
        ),
    ]
    for each in summaries:
        text = text.replace(each, "")
    assert re.findall("[A-Za-z]{2,}", re.sub(theirs, "", text)) == []


def test_a_thread_is_a_list_of_its_parts_in_order() -> None:
    page = Outline(built(newsroom())["posts/why-git/index.html"])
    assert "thread" in [each.get("class") for each in page.named("ol")]
    assert page.text.index("has an author") < page.text.index("So we stopped")


def test_a_poll_is_a_list_of_its_answers() -> None:
    page = Outline(built(newsroom())["posts/which-day/index.html"])
    assert page.text.index("your week?") < page.text.index("Friday")
    assert "poll" in [each.get("class") for each in page.named("ul")]
    assert "<li>دوشنبه</li>" in built(newsroom())["feed.xml"].decode().replace(
        "&lt;", "<"
    ).replace("&gt;", ">")


def test_pictures_have_words_size_and_patience() -> None:
    [picture] = Outline(built(newsroom())["posts/version-one/index.html"]).named("img")
    assert picture == {
        "src": f"../../media/{PICTURE_SHA[:12]}-graph.png",
        "alt": "A calendar drawn as a git graph",
        "loading": "lazy",
        "decoding": "async",
        "width": "1200",
        "height": "630",
    }


@pytest.mark.parametrize("now_there", [None, b"other bytes"])
def test_a_picture_that_is_not_what_went_live_is_only_described(
    now_there: bytes | None,
) -> None:
    files = built(newsroom(), read_media=lambda _: now_there)
    assert not any(path.startswith("media/") for path in files)
    page = Outline(files["posts/version-one/index.html"])
    assert "A calendar drawn as a git graph" in page.text
    assert not page.named("img")


def test_a_file_that_could_run_is_never_handed_to_browsers() -> None:
    sha = PICTURE_SHA
    for name in ("page.html", "drawing.svg", "noending", "../../etc/passwd"):
        record = publication("post", media=((f"content/media/{name}", sha, "words"),))
        files = built(ledger(record), read_media=lambda _: PICTURE)
        assert not any(path.startswith("media/") for path in files)


def test_the_same_post_elsewhere_is_linked_by_its_receipt() -> None:
    page = Outline(built(newsroom())["posts/version-one/index.html"])
    links = [each["href"] for each in page.named("a")]
    assert "https://bsky.example/profile/smmflow/post/1" in links
    assert "https://social.example/@smmflow/1" in links


def test_an_address_elsewhere_that_is_no_web_address_is_not_linked() -> None:
    evil = publication("post", channel="mastodon", url="javascript:alert(1)")
    files = built(ledger(publication("post"), evil))
    assert b"javascript:" not in files["posts/post/index.html"]


def test_a_content_warning_stands_before_everything_it_warns_of() -> None:
    files = built(newsroom())
    page = Outline(files["posts/spider/index.html"])
    assert page.named("details")
    assert "A long story" not in Outline(files["index.html"]).text
    descriptions = [each["content"] for each in page.named("meta") if "content" in each]
    assert "A long story about a spider." not in descriptions


def test_a_long_log_is_cut_into_pages_that_link_to_each_other() -> None:
    many = [
        publication(f"post-{number}", at=NOW - timedelta(hours=number), tags=("t",))
        for number in range(41)
    ]
    files = built(ledger(*many))
    assert "page/3/index.html" in files
    assert "page/4/index.html" not in files
    assert "tags/t/page/3/index.html" in files
    second = Outline(files["page/2/index.html"])
    assert "Page 2 of 3" in second.text
    assert [each["href"] for each in second.named("a") if each.get("rel")] == [
        "../../index.html",
        "../../page/3/index.html",
    ]


def test_what_posts_say_never_becomes_markup() -> None:
    record = publication(
        "post",
        EVIL,
        html="<p>made by composing</p>",
        title=EVIL,
        summary=EVIL,
        campaign=EVIL,
        tags=(EVIL,),
        content_warning=EVIL,
        language='fa" onload="x',
        media=((PICTURE_PATH, PICTURE_SHA, EVIL),),
    )
    files = built(ledger(record))
    for page in pages(files).values():
        assert not page.named("script", "marquee")
        assert not [each for _, each in page.elements if "onload" in each]
    entry = xml(files["feed.xml"]).find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == EVIL
    [item] = json.loads(files["feed.json"])["items"]
    assert item["title"] == EVIL
    xml(files["sitemap.xml"])


@pytest.mark.parametrize(
    "occurrence",
    [
        "../../etc/passwd",
        "/",
        "..",
        "con",
        "a/b",
        "A",
        "نسخه‌ها",
        "x" * 5000,
        "a\0b",
        ".",
    ],
)
def test_a_hostile_id_stays_inside_the_folder_of_posts(occurrence: str) -> None:
    record = publication(occurrence, url=f"{BASE}/posts/{occurrence}/")
    [path] = [each for each in built(ledger(record)) if each.startswith("posts/")]
    folder = path.split("/")
    assert len(folder) == 3
    assert folder[1] not in {"", ".", "..", "con"}
    assert len(folder[1].encode()) < 200


def test_two_posts_that_claim_one_address_get_two_pages() -> None:
    address = f"{BASE}/posts/same/"
    files = built(ledger(publication("a", url=address), publication("b", url=address)))
    posts = [path for path in files if path.startswith("posts/")]
    assert posts == ["posts/b/index.html", "posts/same/index.html"]


@given(st.text(max_size=40), st.text(max_size=40))
def test_feeds_stay_well_formed_whatever_the_ledger_holds(
    title: str, text: str
) -> None:
    odd = "\x00\x0b\ud800\uffff"
    record = publication("post", text + odd, html=text, title=title + odd, tags=(odd,))
    files = built(ledger(record))
    xml(files["feed.xml"])
    json.loads(files["feed.json"])


def test_the_atom_feed_has_what_its_standard_demands() -> None:
    feed = xml(built(newsroom())["feed.xml"])
    for name in ("id", "title", "updated", "author"):
        assert feed.find(f"{ATOM}{name}") is not None
    assert feed.findtext(f"{ATOM}updated") == "2026-12-21T08:00:00Z"
    entries = feed.findall(f"{ATOM}entry")
    assert entries[0].findtext(f"{ATOM}id") == f"{BASE}/posts/version-one/"
    for entry in entries:
        for name in ("id", "title", "updated", "content"):
            assert entry.find(f"{ATOM}{name}") is not None
    content = entries[0].findtext(f"{ATOM}content") or ""
    assert f'src="{BASE}/media/' in content


def test_the_json_feed_says_what_the_atom_feed_says() -> None:
    files = built(newsroom())
    feed = json.loads(files["feed.json"])
    atom = xml(files["feed.xml"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{BASE}/feed.json"
    assert [each["id"] for each in feed["items"]] == [
        each.text for each in atom.iterfind(f"{ATOM}entry/{ATOM}id")
    ]


def test_a_language_has_a_feed_of_its_own() -> None:
    feed = json.loads(built(newsroom())["fa/feed.json"])
    assert [each["title"] for each in feed["items"]] == ["سلام، نسخهٔ یک آمد"]
    assert feed["language"] == "fa"


def test_the_sitemap_names_every_page_that_may_be_found() -> None:
    files = everything()
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = xml(files["sitemap.xml"])
    listed = {unquote(each.text or "") for each in root.iter(f"{space}loc")}
    assert listed == {
        f"{BASE}/{path.removesuffix('index.html')}"
        for path in files
        if path.endswith("index.html")
    }
    assert f"Sitemap: {BASE}/sitemap.xml".encode() in files["robots.txt"]


def test_link_previews_are_absolute_and_say_what_the_page_is() -> None:
    page = Outline(built(newsroom())["posts/version-one/index.html"])
    meta = {
        str(each.get("property") or each.get("name")): each.get("content")
        for each in page.named("meta")
    }
    assert meta["og:url"] == f"{BASE}/posts/version-one/"
    assert meta["og:image"] == f"{BASE}/media/{PICTURE_SHA[:12]}-graph.png"
    assert meta["og:title"] == "Version 1 is out"
    assert meta["twitter:card"] == "summary_large_image"


def test_the_calendar_begins_its_weeks_where_the_workspace_does() -> None:
    page = Outline(built(newsroom())["calendar/2026-12/index.html"])
    first = page.text.index("Saturday")
    assert first < page.text.index("Sunday") < page.text.index("Friday")
    assert "Yalda night" in page.text
    # 1 December 2026 is a Tuesday: the fourth day of a week that starts on Saturday.
    [style, *_] = [each["style"] for each in page.named("li") if "style" in each]
    assert style == "--column:4"


def test_jalali_calendars_have_jalali_months() -> None:
    files = built(newsroom(), workspace=workspace(jalali=True))
    text = Outline(files["calendar/1405-09/index.html"]).text
    assert "Azar 1405" in text
    assert "calendar/2026-12/index.html" not in files


def test_today_is_marked_only_when_somebody_says_what_day_it_is() -> None:
    path = "calendar/2026-12/index.html"
    assert b'aria-current="date"' not in built(newsroom())[path]
    assert built(newsroom(), now=NOW)[path].count(b'aria-current="date"') == 1


def test_the_report_defines_its_numbers_and_never_shows_the_unknown_as_zero() -> None:
    page = Outline(everything()["report/index.html"])
    assert "1,254+" in page.text
    assert "Accounts that follow the channel at the time of the reading." in page.text
    quotes = page.text.split("Quotes")[1]
    assert quotes.split()[:2] == ["—", "unknown"]


def test_the_report_shows_reach_beside_posts_alone_and_views_by_channel() -> None:
    page = Outline(
        built(newsroom(), report=of_four_networks(), now=NOW)["report/index.html"]
    )
    assert "Engagement rate by followersViewsImpressionsReach" in page.text
    assert "4.89% of 5,4004,200—3,100" in page.text
    figures, _, compared = page.text.partition("Compared")
    assert "4,200" in figures
    assert "Reach" not in figures
    channels, _, others = compared.partition("PillarPosts")
    assert "ViewsImpressions" in channels
    assert "Reach" not in channels
    assert "ViewsImpressions" not in others.partition("PostChannel")[0]
    assert "Reach has no total" in page.text
    assert "Version 1 left reactions" in page.text


@pytest.mark.parametrize("address", ["", "news.example", "file:///tmp", "https://"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError, match="no web address"):
        built({}, base_url=address)
