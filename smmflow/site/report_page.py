"""The report as a page: every number beside its name, and its definition below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from urllib.parse import urlsplit

from smmflow.model.metric import BESIDES, METRICS
from smmflow.model.post import Weekday
from smmflow.model.report import Dimension, Group, Report, Sentence, Standing
from smmflow.site.press import Page, Site, render
from smmflow.site.wording import UNKNOWN, Wording

__all__ = ["report_page"]

_MAX_ROWS = 200
_DIMENSIONS = {
    Dimension.CHANNEL: "Channel",
    Dimension.PILLAR: "Pillar",
    Dimension.CAMPAIGN: "Campaign",
    Dimension.FORMAT: "Format",
    Dimension.LANGUAGE: "Language",
    Dimension.WEEKDAY: "Weekday",
    Dimension.HOUR: "Hour",
}
_STANDINGS = {
    Standing.REACHED: "reached",
    Standing.ON_TRACK: "on track",
    Standing.BEHIND: "behind",
    Standing.MISSED: "missed",
    Standing.UNKNOWN: "unknown",
}


def report_page(site: Site, words: Wording, report: Report) -> tuple[Page, bytes]:
    """Return the page of a report; unknown numbers are dashes, never zeros."""

    def sentence(said: Sentence) -> str:
        values = {name: _written(each, words) for name, each in said.values.items()}
        return words.say(said.template, **values)

    def rate(percent: float | None) -> str:
        return words.percent(None if percent is None else percent / 100, 2)

    titles: dict[str, str] = defaultdict(lambda: UNKNOWN)
    titles.update({name: metric.title for name, metric in METRICS.items()})
    title = words.say("Report")
    page = Page("report/index.html", title, title, words, section="report")
    latest = report.rows[::-1]
    return page, render(
        "report.html",
        site=site,
        page=page,
        report=report,
        span=_span(report, words),
        titles=titles,
        besides=[name for name in BESIDES if name in _counters(report)],
        standings=_STANDINGS,
        breakdowns=[
            (
                dimension.value,
                _DIMENSIONS[dimension],
                [(_title(dimension, each, words), each) for each in groups],
            )
            for dimension, groups in report.breakdowns.items()
            if groups
        ],
        rows=[(each, _web_address(each.url)) for each in latest[:_MAX_ROWS]],
        left_out=len(latest[_MAX_ROWS:]),
        sentence=sentence,
        rate=rate,
        share=_share,
    )


def _counters(report: Report) -> Collection[str]:
    return report.rows[0].counters if report.rows else ()


def _written(value: object, words: Wording) -> str:
    if isinstance(value, int | float):
        return words.number(value)
    if isinstance(value, date):
        return words.day(value)
    names = str(value).split(", ")
    if METRICS.keys() >= set(names):
        return words.say(", ").join(words.say(METRICS[each].title) for each in names)
    return str(value)


def _span(report: Report, words: Wording) -> str:
    period = report.period
    last = words.day(period.end - timedelta(microseconds=1))
    if period.start is None:
        return words.say("Until {day}", day=last)
    return f"{words.day(period.start)} – {last}"


def _title(dimension: Dimension, group: Group, words: Wording) -> str:
    if dimension is Dimension.WEEKDAY and group.key in set(Weekday):
        return words.weekday(Weekday(group.key))
    if dimension is Dimension.HOUR:
        return words.digits(f"{group.key}:00")
    if dimension is Dimension.LANGUAGE and group.key:
        return words.language_name(group.key)
    if dimension is Dimension.FORMAT and group.key:
        return words.say(group.key.capitalize())
    return group.title or group.key or words.say("none")


def _share(share: float | None) -> int:
    """Return the length of a bar, in percent of its room."""
    return round(min(max(share or 0.0, 0.0), 1.0) * 100)


def _web_address(url: str) -> str:
    return url if urlsplit(url).scheme in {"http", "https"} else ""
