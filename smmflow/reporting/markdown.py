"""A report as Markdown, in English or Persian, each number's meaning at its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from smmflow.language.digits import localise
from smmflow.language.markdown import escape
from smmflow.model.metric import BESIDES, METRICS, Metric
from smmflow.model.post import Weekday
from smmflow.model.report import (
    Dimension,
    GoalProgress,
    Group,
    Period,
    Report,
    Row,
    Sentence,
)
from smmflow.reporting.voice import UNKNOWN, Voice, voice_of

__all__ = ["markdown"]

_SECTIONS = {
    Dimension.CHANNEL: "By channel",
    Dimension.PILLAR: "By pillar",
    Dimension.CAMPAIGN: "By campaign",
    Dimension.FORMAT: "By format",
    Dimension.LANGUAGE: "By language",
    Dimension.WEEKDAY: "By weekday",
    Dimension.HOUR: "By hour",
}

_DERIVED = (
    "Medians are of those posts of a group whose number is known.",
    (
        "A published share is of all occurrences that went out; one on several "
        "channels counts once."
    ),
    "Reached is the share of the way from baseline to target.",
    "Behind each rate stands the number of followers it was divided by.",
)


def markdown(report: Report, locale: str = "en") -> str:
    """Return a report as Markdown.

    Args:
        report: What to tell.
        locale: `en`, or `fa` with Persian digits and Jalali dates; a sentence that has
            no translation stays English.
    """
    voice = voice_of(locale)
    blocks = (
        _heading(report, voice),
        _went_out(report, voice),
        *(
            _groups(dimension, report.breakdowns.get(dimension, ()), voice)
            for dimension in _SECTIONS
        ),
        _pillars(report, voice),
        _goals(report.goals, voice),
        _followers(report, voice),
        _without_goal(report, voice),
        _caveats(report.caveats, voice),
        _definitions(report.metrics, voice),
    )
    return (
        "\n\n".join("\n".join(lines) for block in blocks if (lines := [*block])) + "\n"
    )


def _heading(report: Report, voice: Voice) -> Iterator[str]:
    words = voice.say("Report") + (f": {escape(report.title)}" if report.title else "")
    yield f"# {words}"
    yield ""
    made = voice.say("as of {moment}").format(moment=voice.moment(report.moment))
    yield f"{_span(report.period, voice)} · {made}"


def _span(period: Period, voice: Voice) -> str:
    last = voice.day((period.end - timedelta(days=1)).date())
    if period.start is None:
        return voice.say("until {last}").format(last=last)
    first = voice.day(period.start.date())
    return first if first == last else f"{first} – {last}"


def _went_out(report: Report, voice: Voice) -> Iterator[str]:
    yield f"## {voice.say('What went out')}"
    yield ""
    if not report.rows:
        yield voice.say("Nothing went out in this period.")
        return
    heads = (
        "Published",
        "Post",
        "Channel",
        *(METRICS[name].title for name in report.rows[0].counters),
        "Engagements",
        "Rate by followers",
    )
    yield from voice.table(heads, (_row(row, voice) for row in report.rows))
    total = voice.tally(report.totals.engagements)
    words = "{posts} posts, {engagements} engagements."
    posts = voice.number(report.totals.posts)
    yield ""
    yield voice.say(words).format(posts=posts, engagements=total)


def _row(row: Row, voice: Voice) -> Iterator[str]:
    title = escape(row.title or row.occurrence)
    yield voice.moment(row.published)
    is_web = row.url.startswith(("https://", "http://"))
    yield f"[{title}](<{_address(row.url)}>)" if is_web else title
    yield escape(row.channel)
    for tally in row.counters.values():
        yield voice.tally(tally)
    yield voice.tally(row.engagements)
    if row.rate is None:
        yield UNKNOWN
    else:
        rate = voice.percent(row.rate.percent)
        yield f"{rate} ({voice.number(row.rate.base)})"


def _address(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")


def _groups(
    dimension: Dimension, groups: Iterable[Group], voice: Voice
) -> Iterator[str]:
    every = tuple(groups)
    if not every or not any(each.key for each in every):
        return
    yield f"## {voice.say(_SECTIONS[dimension])}"
    yield ""
    besides = [
        name
        for name in BESIDES
        if dimension is Dimension.CHANNEL
        and any(name in each.counters for each in every)
    ]
    heads = (
        "Group",
        "Posts",
        "Engagements",
        "Median engagements",
        "Median rate by followers",
        *(METRICS[name].title for name in besides),
    )
    rows = (_group(dimension, each, besides, voice) for each in every)
    yield from voice.table(heads, rows)


def _group(
    dimension: Dimension, group: Group, besides: Iterable[str], voice: Voice
) -> Iterator[str]:
    yield _named(dimension, group, voice)
    yield voice.number(group.posts)
    yield voice.tally(group.engagements)
    yield voice.number(group.median_engagements)
    yield voice.percent(group.median_rate)
    for name in besides:
        tally = group.counters.get(name)
        yield voice.tally(tally) if tally else UNKNOWN


def _named(dimension: Dimension, group: Group, voice: Voice) -> str:
    if not group.key:
        return voice.say("none")
    if dimension is Dimension.WEEKDAY:
        return voice.weekday(Weekday(group.key))
    if dimension is Dimension.HOUR:
        return localise(f"{group.key}:00", voice.locale)
    if dimension is Dimension.FORMAT:
        return voice.say(group.key.capitalize())
    return escape(group.title)


def _pillars(report: Report, voice: Voice) -> Iterator[str]:
    if not report.pillars:
        return
    yield f"## {voice.say('Pillars: planned and published')}"
    yield ""
    heads = ("Pillar", "Occurrences", "Planned share", "Published share")
    rows = (
        (
            escape(each.title) or voice.say("none"),
            voice.number(each.occurrences),
            voice.share(each.planned),
            voice.share(each.actual),
        )
        for each in report.pillars
    )
    yield from voice.table(heads, rows)


def _goals(goals: Iterable[GoalProgress], voice: Voice) -> Iterator[str]:
    every = tuple(goals)
    if not every:
        return
    yield f"## {voice.say('Goals')}"
    yield ""
    heads = (
        "Goal",
        "Metric",
        "Baseline",
        "Now",
        "Target",
        "Deadline",
        "Reached",
        "Standing",
    )
    yield from voice.table(heads, (_goal(each, voice) for each in every))


def _goal(goal: GoalProgress, voice: Voice) -> Iterator[str]:
    where = f" ({escape(goal.channel)})" if goal.channel else ""
    yield escape(goal.title or goal.goal)
    metric = METRICS.get(goal.metric)
    yield (voice.say(metric.title) if metric else escape(goal.metric)) + where
    yield voice.number(goal.baseline)
    yield voice.number(goal.current) + ("+" if goal.partial else "")
    yield voice.number(goal.target)
    yield voice.day(goal.deadline)
    yield voice.share(goal.reached)
    standing = voice.say(goal.standing.value.replace("-", " "))
    yield f"{standing}: {voice.sentence(goal.why)}"


def _followers(report: Report, voice: Voice) -> Iterator[str]:
    known = [each for each in report.followers if each.points]
    if not known:
        return
    yield f"## {voice.say('Followers')}"
    yield ""
    rows = (
        (
            escape(each.channel),
            voice.number(each.points[0].followers),
            voice.number(each.latest),
            voice.number(each.change),
        )
        for each in known
    )
    yield from voice.table(("Channel", "First reading", "Last reading", "Change"), rows)


def _without_goal(report: Report, voice: Voice) -> Iterator[str]:
    if not report.without_goal:
        return
    yield f"## {voice.say('Serving no goal')}"
    yield ""
    for occurrence in report.without_goal:
        yield f"- {escape(occurrence)}"


def _caveats(caveats: Iterable[Sentence], voice: Voice) -> Iterator[str]:
    every = tuple(caveats)
    if not every:
        return
    yield f"## {voice.say('What the numbers do not say')}"
    yield ""
    for sentence in every:
        yield f"- {voice.sentence(sentence)}"


def _definitions(metrics: Iterable[Metric], voice: Voice) -> Iterator[str]:
    yield f"## {voice.say('What the numbers mean')}"
    yield ""
    for metric in metrics:
        version = localise(str(metric.version), voice.locale)
        words = f"**{voice.say(metric.title)}** (v{version}): "
        changed = (
            f" {localise(voice.say(metric.changed), voice.locale)}"
            if metric.changed
            else ""
        )
        yield f"- {words}{voice.say(metric.definition)}{changed}"
    for sentence in _DERIVED:
        yield f"- {voice.say(sentence)}"
    unknown = voice.say("{sign} means unknown, which is not 0.").format(sign=UNKNOWN)
    yield f"- {unknown}"
