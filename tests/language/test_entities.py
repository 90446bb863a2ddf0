from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmflow.language.entities import entities


def found(text: str) -> list[str]:
    return [text[each.start : each.end] for each in entities(text)]


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("See https://example.org/a.", ["https://example.org/a"]),
        ("(https://example.org/a_(b))", ["https://example.org/a_(b)"]),
        ("«https://example.org/راه»، بعد", ["https://example.org/راه"]),
        ("https://example.org، https://a.b؟", ["https://example.org", "https://a.b"]),
        ("https://fa.wikipedia.org/wiki/نرم‌افزار", None),
        ("见https://example.org。谢谢", ["https://example.org"]),
        ("https://example.org/?a=1&b=2#c", None),
        ("HTTP://EXAMPLE.ORG", None),
        ("http://localhost:3000/x", None),
        ("https://x.org/@who/#frag", None),
        ("https://example.org\u200f", ["https://example.org"]),
        ("xhttps://example.org", []),
        ("https://... http:// example.org", []),
    ],
)
def test_urls_end_where_the_sentence_goes_on(text: str, urls: list[str] | None) -> None:
    assert found(text) == ([text] if urls is None else urls)


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@sara hi @omid.", ["@sara", "@omid"]),
        ("@sara@example.social!", ["@sara@example.social"]),
        ("(@sara.bsky.social)", ["@sara.bsky.social"]),
        ("سلام @sara، خوبی؟", ["@sara"]),
        ("@saraرا", ["@sara"]),
        ("@user_name_", ["@user_name_"]),
        ("sara@example.org", []),
        ("@types/node", []),
        ("@café caf@é @ @@x", []),
    ],
)
def test_mentions_are_told_from_emails_and_packages(
    text: str, handles: list[str]
) -> None:
    assert found(text) == handles


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#one ＃two", ["#one", "＃two"]),
        ("#نرم‌افزار، #می‌خواهم.", ["#نرم‌افزار", "#می‌خواهم"]),
        ("#نرم‌ x", ["#نرم"]),
        ("#خانهٔ_ما", ["#خانهٔ_ما"]),
        ("#سال۱۴۰۵ #۱۴۰۵ #2026", ["#سال۱۴۰۵"]),
        ("(#a) «#ب»", ["#a", "#ب"]),
        ("C#sharp a#b #️⃣ #", []),
        ("#one#two", ["#one"]),
        ("#日本語", ["#日本語"]),
    ],
)
def test_tags_keep_joiners_and_marks_inside(text: str, tags: list[str]) -> None:
    assert found(text) == tags


def test_targets_have_no_marks() -> None:
    assert [each.target for each in entities("#a @b https://c.d")] == [
        "a",
        "b",
        "https://c.d",
    ]


@given(st.text(alphabet="ab.@#/:_ht ps()‌م،\n", max_size=80))
def test_entities_are_in_order_and_never_overlap(text: str) -> None:
    end = 0
    for each in entities(text):
        assert end <= each.start < each.end <= len(text)
        end = each.end
