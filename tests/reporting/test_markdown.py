import re
from datetime import date

import pytest

from smmflow.language.messages import translator
from smmflow.model.report import Report
from smmflow.model.strategy import Goal, Pillar
from smmflow.reporting import csv, markdown
from smmflow.reporting.voice import voice_of
from tests.reporting.samples import followers, part, publication, snapshot
from tests.reporting.test_report import DAY, made, workspace

GOAL = Goal("readers", "Readers", "followers", 2000, date(2026, 12, 31), 1000)


def sample(title: str = "Version 1") -> Report:
    return made(
        publication("launch", labels={"title": title, "pillar": "releases"}),
        snapshots=[
            snapshot(
                n * DAY,
                part("launch/0", likes=12, quotes=None),
                followers("mastodon", 1200 + n),
            )
            for n in range(9)
        ],
        of=workspace(GOAL, pillars=(Pillar("releases", "Releases", 0.4),)),
    )


def test_every_number_shown_is_defined_at_the_end() -> None:
    text = markdown(sample())

    _, _, meanings = text.partition("## What the numbers mean")
    for metric in sample().metrics:
        assert (
            f"**{metric.title}** (v{metric.version}): {metric.definition}" in meanings
        )


def test_english_shows_the_post_its_counters_and_its_rate_with_its_denominator() -> (
    None
):
    text = markdown(sample())

    assert (
        "| 10 November 2026, 12:00 | [Version 1](<https://social.example/launch>) "
        "| mastodon | 12 | — | 12 | 1.00% (1,200) |" in text
    )
    assert "| Releases | 1 | 40% | 100% |" in text


def of_four_networks() -> Report:
    """Mastodon counts no looking, Instagram and X each their own, Telegram nothing."""
    read = snapshot(
        DAY,
        part("toot/0", likes=40, reposts=12, replies=3, quotes=1),
        part(
            "picture/0",
            "instagram",
            likes=210,
            comments=14,
            shares=9,
            saves=31,
            views=4200,
            reach=3100,
        ),
        part("tweet/0", "x", likes=18, replies=2, saves=5, impressions=2600),
        followers("mastodon", 900),
        followers("instagram", 5400),
    )
    posts = [
        publication("toot"),
        publication("picture", "instagram"),
        publication("tweet", "x"),
        publication("note", "telegram"),
    ]
    return made(
        *posts,
        snapshots=[read],
        of=workspace(channels=("mastodon", "instagram", "x", "telegram")),
    )


def test_views_stand_beside_each_channel_that_counts_them_and_reach_beside_posts() -> (
    None
):
    told = markdown(of_four_networks())

    posts, _, channels = told.partition("## By channel")
    assert "| Saves | Views | Impressions | Reach | Engagements |" in posts
    assert "| 31 | 4,200 | — | 3,100 | 264 | 4.89% (5,400) |" in posts
    by_channel, _, others = channels.partition("## ")
    assert "| Median rate by followers | Views | Impressions |" in by_channel
    assert "| instagram | 1 | 264 | 264 | 4.89% | 4,200 | — |" in by_channel
    assert "| x | 1 | 25 | 25 | — | — | 2,600 |" in by_channel
    assert "| Views |" not in others
    assert "Reach has no total" in told


def test_a_definition_that_changed_says_what_that_means_for_older_reports() -> None:
    assert "**Engagements** (v2): " in markdown(sample())
    assert "Version 1 left reactions, comments, shares and saves out" in markdown(
        sample()
    )
    assert "نسخهٔ ۱ واکنش‌ها" in markdown(sample(), "fa")


def test_persian_names_the_counters_that_a_channel_lacks_in_persian() -> None:
    assert "در هیچ خوانشی از mastodon این شمارنده‌ها نیست: نقل‌قول‌ها." in markdown(
        sample(), "fa"
    )


def test_persian_has_persian_digits_and_jalali_dates() -> None:
    text = markdown(sample("نسخهٔ ۱ آماده است"), "fa")

    assert "۱۹ آبان ۱۴۰۵، ۱۲:۰۰" in text
    assert "۱٫۰۰٪ (۱٬۲۰۰)" in text
    assert "نسخهٔ ۱ آماده است" in text
    shown = re.sub(r"\(<[^>]*>\)|\(v\d\)", "", text)
    assert not re.search("[0-9]", shown)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("a | b", r"a \| b"),
        ("ask @octocat", "ask @\u200boctocat"),
        ("<script>", r"&lt;script\>"),
        ("[x](http://evil.example)", r"\[x\](http://evil.example)"),
        ("two\nlines", "two lines"),
    ],
)
def test_a_title_can_break_no_table_and_mention_nobody(title: str, shown: str) -> None:
    assert f"[{shown}](<https" in markdown(sample(title))


def test_an_empty_period_says_so() -> None:
    assert "Nothing went out in this period." in markdown(made())


def test_every_sentence_of_the_report_has_a_persian_translation() -> None:
    english = set(re.findall(r"^## (.*)$", markdown(sample()), re.MULTILINE))
    english |= {each.template for each in of_four_networks().caveats}
    said = {voice_of("en").sentence(each) for each in sample().caveats}
    english |= (
        set(re.findall(r"^- ([A-Z].*)$", markdown(sample()), re.MULTILINE)) - said
    )
    english |= {each.template for each in sample().caveats}
    english |= {each.why.template for each in sample().goals}
    english |= {each.definition for each in sample().metrics}
    english |= {each.changed for each in sample().metrics} - {""}
    say = translator("fa").gettext

    assert [each for each in sorted(english) if say(each) == each] == []


def test_csv_leaves_unknown_cells_empty_and_starts_no_formula() -> None:
    heading, line = csv(sample("=SUM(A1)")).splitlines()

    cells = dict(zip(heading.split(","), line.split(","), strict=True))
    assert cells["likes"] == "12"
    assert cells["quotes"] == ""
    assert cells["title"] == "'=SUM(A1)"
    assert cells["published"] == "2026-11-10T12:00:00+00:00"
