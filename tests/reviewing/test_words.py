from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from smmflow.diagnostics import Severity
from smmflow.language.measures import utf16_length
from smmflow.model.review import (
    NeededApproval,
    Review,
    ReviewChange,
    ReviewCount,
    ReviewEntry,
    ReviewFinding,
    ReviewLink,
    ReviewMedia,
    ReviewPart,
)
from smmflow.reviewing import LONGEST, MARK, as_markdown

OURS = {
    *("b", "blockquote", "br", "code", "del", "details", "h3", "h4", "i", "ins"),
    *("li", "p", "span", "strong", "sub", "summary", "ul"),
}
HOSTILE = {
    "a mention": "ask @octocat and @acme/team",
    "references": "fixes #12, GH-3, acme/social#4",
    "the address of an issue": "https://github.com/acme/social/issues/1",
    "a script": "<script>alert(1)</script>",
    "an image": '<img src="https://evil.example/x.png" onerror="alert(1)">',
    "closing what we opened": "</code></blockquote></details></summary><h1>Approved",
    "a comment": "<!-- smmflow review -->",
    "an open comment": "<!--",
    "a declaration": "<![CDATA[ <?php <!DOCTYPE",
    "an entity": "&lt;b&gt; &#64;octocat",
    "an attribute": '"><a href="https://evil.example">x</a>',
    "backticks": "``` `` ` ```\n```js\nx\n```",
    "a link": "[Approved](https://evil.example) <https://evil.example>",
    "a picture": "![x](https://evil.example/x.png)",
    "a footnote and a task": "[^1]: x\n- [x] done",
    "headings and rules": "# Big\n\n===\n\n---\n\n***",
    "a table": "| a | b |\n|---|---|\n| c | d |",
    "an alert": "> [!WARNING]\n> Approved",
    "lists and indented code": "- a\n\n      code\n\n1. b",
    "mathematics": "$x$ $$y$$ $`z`$",
    "an emoji": ":tada: :octocat:",
    "an override of direction": "evil\u202egnp.exe",
    "isolates that stay open": "a \u2067 b \u2066 c",
    "isolates that close ours": "a \u2069\u2069\u2069 b",
    "separators of lines": "a\u2028</details>\u2029\x85\x0b\x0c\n\n\n@octocat",
    "control characters": "\x1b[2J\x07\x00",
    "half a pair": "\ud800 @octocat",
}


class Page(HTMLParser):
    """What a browser would make of a page: its tags, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.words = ""
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= set(attrs)
        if tag == "br":
            self.words += "\n"
        else:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def page_of(comment: str) -> Page:
    rendered = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(comment)
    page = Page()
    page.feed(rendered)
    page.close()
    assert page.opened == []
    return page


def full_of(words: str) -> Review:
    """A review with the same words everywhere that words can be."""
    part = ReviewPart(
        text=words,
        before=f"before {words}",
        counts=(ReviewCount(5, 300, words),),
        media=(ReviewMedia(words, words),),
        poll=(words, words),
        card=words,
        links=(ReviewLink(words, words),),
    )
    found = ReviewFinding(words, Severity.ERROR, words, words, 3, words)
    entry = ReviewEntry(
        post=words,
        path=words,
        title=words,
        channel=words,
        change=ReviewChange.EDITED,
        due=words,
        due_before=words,
        parts=(part, part),
        gone=(words,),
        beside=(words,),
        content_warning=words,
        visibility=words,
        live=words,
        findings=(found,),
        notes=(words,),
        approvals=(NeededApproval(words, (words,)),),
    )
    return Review(words, words, words, words, (entry,), (found,), 0)


def one(text: str, **more: object) -> ReviewEntry:
    fields = {
        "post": "launch",
        "path": "content/posts/launch.md",
        "title": "Launch",
        "channel": "sky",
        "change": ReviewChange.NEW,
        "due": "Fri 2026-12-25 10:30",
        "parts": (ReviewPart(text, counts=(ReviewCount(5, 300, "graphemes"),)),),
        **more,
    }
    return ReviewEntry(**fields)  # type: ignore[arg-type]  # fields by name


def told(*entries: ReviewEntry) -> str:
    return as_markdown(Review("main", "c0ffee", "Asia/Tehran", "0123", entries))


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_are_shown_and_nothing_else(words: str) -> None:
    comment = as_markdown(full_of(words))
    page = page_of(comment)
    assert page.tags <= OURS
    assert page.attributes <= {("dir", "auto")}
    assert [each.strip() for each in page.comments] == ["smmflow review"]
    assert comment.startswith(MARK)
    for name in ("octocat", "acme/team"):
        assert f"@{name}" not in page.words
    assert not re.search(r"#\d|GH-\d|github\.com/|:\w+:|[\u202d\u202e]", page.words)


@given(st.text("ab1 \n@#*_`[]()<>|~\\&;!:/$\"'=-+>سلام\u200c\u2067\u2069", max_size=60))
def test_any_words_can_be_read_as_they_are(words: str) -> None:
    page = page_of(told(one(words)))
    assert page.tags <= OURS
    shown = page.words.replace("\u200b", "")
    for line in words.split("\n"):
        assert line.strip() in shown


def test_the_comment_says_in_one_line_what_changes() -> None:
    comment = told(
        one("a"), one("b", channel="toot"), one("", change=ReviewChange.WITHDRAWN)
    )
    assert "### smmflow: 1 post (2 new, 1 withdrawn)\n" in comment
    assert "<b>new</b> on \u2068sky\u2069 · \u2068Fri 2026-12-25 10:30\u2069" in comment
    assert "5 / 300 \u2068graphemes\u2069" in comment
    assert comment.count("<h4") == 1


def test_persian_stands_in_a_block_that_reads_from_the_right() -> None:
    comment = told(one("نسخهٔ ۳ می‌آید\nفردا"))
    assert '<blockquote dir="auto">نسخهٔ ۳ می‌آید<br>فردا</blockquote>' in comment


def test_an_edit_shows_which_words_differ() -> None:
    part = ReviewPart("نسخهٔ ۳ می‌آید", "نسخهٔ ۲ می‌آید")
    comment = told(one("", change=ReviewChange.EDITED, parts=(part,)))
    assert "نسخهٔ <del>۲</del> <ins>۳</ins> می‌آید" in comment


def test_a_picture_without_alt_text_is_pointed_out() -> None:
    part = ReviewPart("", media=(ReviewMedia("content/media/x.png", ""),))
    assert "<b>no alt text</b>" in told(one("", parts=(part,)))


def test_what_is_too_long_is_said_before_anything_is_opened() -> None:
    part = ReviewPart("x", counts=(ReviewCount(301, 300, "graphemes"),))
    comment = told(one("", parts=(part,)))
    assert "<b>too long</b></summary>" in comment
    assert "<b>301 / 300 graphemes</b>" in comment


def test_a_fault_of_all_channels_is_told_once() -> None:
    found = ReviewFinding("r", Severity.ERROR, "bad words", "content/posts/launch.md")
    comment = told(
        one("a", findings=(found,)), one("a", channel="b", findings=(found,))
    )
    assert comment.count("bad words") == 1
    assert "<b>1 error to put right first.</b>" in comment


def test_missing_approvals_are_told_first_and_from_whom() -> None:
    needed = NeededApproval("1 approval by editor", ("sara", "omid"))
    comment = told(one("a", approvals=(needed,)), one("b", approvals=(needed,)))
    assert (
        comment.count("approve: \u20681 approval by editor (sara, omid)\u2069</p>") == 1
    )


def test_a_review_that_judges_itself_is_told_to_do_so() -> None:
    files = [".github/workflows/check.yml", ".github/</p>@octocat", "a", "b", "c"]
    for review in (Review("", "", "", ""), full_of("words")):
        page = page_of(as_markdown(review, doubtful=files))
        assert page.tags <= OURS
        assert "changes how it is checked" in page.words
        assert ".github/workflows/check.yml" in page.words
        assert "and 2 more" in page.words
        assert "@octocat" not in page.words


def test_nothing_changed_is_one_sentence() -> None:
    comment = told()
    assert comment.startswith(MARK)
    assert "Nothing that smmflow publishes is different." in comment
    assert len(comment) < 200


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([one("x" * 100_000)], "1 without their words"),
        ([one("ab " * 33_000)], "1 without their words"),
        ([one("سلام 😀 " * 100, post=f"p{n}") for n in range(200)], "without their"),
        ([one("x", post=f"p{n}") for n in range(5_000)], "not at all"),
        ([one("x", title="&" * 9_999, post=f"p{n}") for n in range(99)], "not at all"),
    ],
    ids=["one long post", "many words", "many posts", "thousands", "long titles"],
)
def test_what_has_no_room_is_left_out_from_the_end_and_it_says_so(
    entries: list[ReviewEntry], said: str
) -> None:
    comment = told(*entries)
    assert utf16_length(comment) <= LONGEST
    assert said in comment
    assert "<b>new</b> on" in comment
    page_of(comment)


@pytest.mark.parametrize("sign", ["x", "$", "&", "\n", "@a", "\u2067", "\u202e", "😀"])
def test_a_comment_fits_whatever_is_too_long(sign: str) -> None:
    comment = as_markdown(full_of(sign * 100_000))
    assert utf16_length(comment) <= LONGEST
    assert page_of(comment).tags <= OURS


def test_the_first_posts_keep_their_words() -> None:
    comment = told(*(one(f"words {n} " * 200, post=f"p{n}") for n in range(100)))
    assert "words 0 " in comment
    assert "words 99 " not in comment
    assert comment.count("<h4") == 100


def test_thousands_of_faults_do_not_fill_the_comment() -> None:
    found = [ReviewFinding("r", Severity.NOTE, f"m{n}", "p") for n in range(5_000)]
    review = Review("main", "", "UTC", "0", (), tuple(found))
    assert len(as_markdown(review)) < 5_000
    assert "4990 more" in as_markdown(review)
