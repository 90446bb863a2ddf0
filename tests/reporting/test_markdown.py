import re
from datetime import date

import pytest

from smmflow.language.messages import translator
from smmflow.model.report import Report
from smmflow.model.strategy import Goal, Pillar
from smmflow.reporting import csv, markdown
from tests.reporting.samples import followers, part, publication, snapshot
from tests.reporting.test_report import DAY, made, workspace

GOAL = Goal("readers", "Readers", "followers", 2000, date(2026, 12, 31), 1000)


def sample(title: str = "Version 1") -> Report:
    return made(
        publication("launch", labels={"title": title, "pillar": "releases"}),
        snapshots=[
            snapshot(
                n * DAY, part("launch/0", likes=12), followers("mastodon", 1200 + n)
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
        "| mastodon | 12 | — | — | — | 12 | 1.00% (1,200) |" in text
    )
    assert "| Releases | 1 | 40% | 100% |" in text


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
    english |= set(re.findall(r"^- ([A-Z].*)$", markdown(sample()), re.MULTILINE)) - {
        str(each) for each in sample().caveats
    }
    english |= {each.template for each in sample().caveats}
    english |= {each.why.template for each in sample().goals}
    english |= {each.definition for each in sample().metrics}
    say = translator("fa").gettext

    assert [each for each in sorted(english) if say(each) == each] == []


def test_csv_leaves_unknown_cells_empty_and_starts_no_formula() -> None:
    heading, line = csv(sample("=SUM(A1)")).splitlines()

    cells = dict(zip(heading.split(","), line.split(","), strict=True))
    assert cells["likes"] == "12"
    assert cells["quotes"] == ""
    assert cells["title"] == "'=SUM(A1)"
    assert cells["published"] == "2026-11-10T12:00:00+00:00"
