from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from smmflow.language.markdown import as_html, escape


@given(st.text("ab1 \n@#*_`[]()<>|~\\&;!:/\"'سلام\u200c", max_size=40))
def test_any_words_are_shown_as_they_are(words: str) -> None:
    page = MarkdownIt("gfm-like", {"linkify": False}).render(
        f"| a |\n|-|\n| x {escape(words)} |\n"
    )
    assert set(re.findall("<(/?[a-z0-9]+)", page)) <= {
        *("table", "thead", "tbody", "tr", "th", "td"),
        *("/table", "/thead", "/tbody", "/tr", "/th", "/td"),
    }
    assert page.count("<td>") == 1


@pytest.mark.parametrize(
    ("words", "broken"),
    [
        ("ask @octocat", "@octocat"),
        ("org/repo#12 and #7", "#7"),
        ("see GH-9", "GH-9"),
    ],
)
def test_nobody_is_mentioned_and_no_issue_referred_to(words: str, broken: str) -> None:
    shown = MarkdownIt("commonmark").render(escape(words))
    assert broken not in shown
    assert broken in shown.replace("\u200b", "")


def test_a_hashtag_stays_a_word() -> None:
    assert MarkdownIt("commonmark").render(escape("#نیم‌فاصله")) == "<p>#نیم‌فاصله</p>\n"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a <b> & 'c'", "a &lt;b&gt; &amp; &#x27;c&#x27;"),
        ("one\n\n  two\r\nthree", "one<br><br>two<br>three"),
        ("a\u2028b\u2029c", "a<br>b<br>c"),
        ("$5 and $6", "<span>$</span>5 and <span>$</span>6"),
        (":tada:", ":\u200btada:"),
        ("https://github.com/o/r/issues/1", "https://github.com\u200b/o/r/issues/1"),
        ("a\u202eb", "a\\u202eb"),
        ("می‌آید *now*", "می‌آید *now*"),
    ],
)
def test_words_in_a_block_of_html_are_shown_as_they_are(words: str, shown: str) -> None:
    assert as_html(words) == shown
