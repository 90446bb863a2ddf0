"""Rules about the calendar: gaps, quiet hours, blackouts, days of campaigns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise

from smmflow.checks.places import at_key, local_time
from smmflow.checks.rule import TimedRule, WorkspaceRule
from smmflow.checks.subject import Appointment, Subject
from smmflow.diagnostics import Finding, Place, Severity
from smmflow.model.calendar import QuietHours
from smmflow.model.post import At, InSlot, Post, Repeating, Unscheduled, Weekday

__all__ = ["Blackout", "CampaignDates", "QuietTime", "TooClose", "time_place"]

_WEEKDAYS = tuple(Weekday)


def time_place(post: Post) -> Place:
    """Return the place that says when a post goes out."""
    keys: Mapping[type, str] = {At: "publish_at", InSlot: "slot", Repeating: "repeat"}
    if isinstance(post.schedule, Unscheduled):
        return at_key(post.path)
    key = keys[type(post.schedule)]
    return at_key(post.path, key, on_key=key == "repeat")


def _ahead(post: Post, subject: Subject) -> Iterator[tuple[str, datetime]]:
    """Return channel and local time of everything of the post that is to go out."""
    zone = subject.workspace.calendar.zone
    for occurrence in subject.occurrences.get(post.id, ()):
        if occurrence.due is None:
            continue
        due = occurrence.due.astimezone(zone)
        for channel in post.channels:
            if not subject.is_out(occurrence.id, channel):
                yield channel, due


class TooClose(WorkspaceRule):
    """Two posts go out too soon after each other.

    What: Between two posts on one channel there is less time than `min_gap` of
    `calendar.yaml`.

    Why: The second pushes the first away before anybody saw it, and followers leave.

    Fix: Move one of them, or let a slot find its place.

    Bad:
        publish_at: 2026-12-01 09:00      # and another post at 09:03

    Good:
        publish_at: 2026-12-01 09:00      # and another post at 18:00
    """

    name = "too-close"
    severity = Severity.WARNING

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Return the pairs that are too close, once for all their channels."""
        min_gap = subject.workspace.calendar.min_gap
        pairs: dict[tuple[str, str], tuple[Appointment, Appointment, list[str]]] = {}
        for channel, appointments in subject.appointments.items():
            for first, second in pairwise(appointments):
                if second.due - first.due >= min_gap or first.post is second.post:
                    continue
                if second.out or second.post is None:
                    # What is out can't be moved; perhaps the other one can.
                    first, second = second, first  # noqa: PLW2901 - the pair, turned
                if second.out or second.post is None:
                    continue
                key = (second.post.id, first.post.id if first.post else first.title)
                pairs.setdefault(key, (first, second, []))[2].append(channel)
        for first, second, channels in pairs.values():
            yield from self._pair(first, second, channels, min_gap)

    def _pair(
        self,
        first: Appointment,
        second: Appointment,
        channels: list[str],
        min_gap: timedelta,
    ) -> Iterator[Finding]:
        if second.post is None:
            return
        names = list(dict.fromkeys(channels))
        gap = abs(second.due - first.due)
        when = f"{_minutes(gap)} apart from" if gap else "at the same time as"
        yield self.finding(
            time_place(second.post),
            f"it goes out {when} “{first.title}” on {', '.join(names)}; "
            f"the calendar wants {_minutes(min_gap)} between two posts",
            hint="move one of them, or let a slot find its place",
            channel=names[0] if len(names) == 1 else "",
        )


def _minutes(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    shown = [(hours, "h"), (minutes, "min"), (left, "s")]
    return " ".join(f"{count} {unit}" for count, unit in shown if count) or "0 min"


class QuietTime(TimedRule):
    """A post goes out in quiet hours.

    What: The post's time lies in one of the `quiet_hours` of `calendar.yaml`.

    Why: The team said that nothing should go out then: hardly anybody reads it, or
    nobody is there to answer.

    Fix: Move the post, or leave the channel out of the quiet hours.

    Bad:
        publish_at: 2026-12-01 03:00      # quiet_hours: [{from: "23:00", to: "07:00"}]

    Good:
        publish_at: 2026-12-01 09:00
    """

    name = "quiet-hours"
    severity = Severity.WARNING

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return a finding for the first time that is quiet."""
        calendar = subject.workspace.calendar
        quiet = calendar.quiet_hours
        if not quiet:
            return
        for channel, due in _ahead(post, subject):
            for hours in quiet:
                concerned = not hours.channels or channel in hours.channels
                if concerned and _is_quiet(due, hours):
                    yield self.finding(
                        time_place(post),
                        f"{local_time(due, calendar)} is in the quiet hours from "
                        f"{hours.start:%H:%M} to {hours.end:%H:%M}",
                        hint="move it to a time when people are there",
                        channel=channel if hours.channels else "",
                    )
                    return


def _is_quiet(due: datetime, hours: QuietHours) -> bool:
    wall = due.timetz().replace(tzinfo=None)
    started = due.date()
    if hours.start <= hours.end:
        inside = hours.start <= wall < hours.end
    else:
        inside = wall >= hours.start or wall < hours.end
        if wall < hours.end:
            started -= timedelta(days=1)
    return inside and (not hours.days or _WEEKDAYS[started.weekday()] in hours.days)


class Blackout(TimedRule):
    """A post goes out in a blackout.

    What: The post's time lies in one of the `blackouts` of `calendar.yaml`.

    Why: The team said that nothing may go out then; the post would be held.

    Fix: Move the post, or end the blackout earlier.

    Bad:
        publish_at: 2027-03-20 09:00      # blackouts: [{from: 2027-03-20, ...}]

    Good:
        publish_at: 2027-03-25 09:00
    """

    name = "blackout"

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return a finding for each blackout the post falls into."""
        calendar = subject.workspace.calendar
        blackouts = calendar.blackouts
        if not blackouts:
            return
        seen = set()
        for channel, due in _ahead(post, subject):
            for index, each in enumerate(blackouts):
                concerned = not each.channels or channel in each.channels
                if not concerned or not each.start <= due < each.end:
                    continue
                key = (index, channel if each.channels else "")
                if key not in seen:
                    seen.add(key)
                    yield self.finding(
                        time_place(post),
                        f"{local_time(due, calendar)} is in a blackout: {each.reason}",
                        hint=f"move it to {local_time(each.end, calendar)} or later",
                        channel=key[1],
                    )


class CampaignDates(TimedRule):
    """A post goes out outside the days of its campaign.

    What: The post's day lies before the campaign's `from` or after its `to`.

    Why: Its words and its links belong to a campaign that has not begun or is over, and
    the campaign's report counts it wrongly.

    Fix: Move the post, move the campaign's days, or take the post out of it.

    Bad:
        campaign: launch                  # to: 2026-12-31
        publish_at: 2027-02-01 09:00

    Good:
        campaign: launch
        publish_at: 2026-12-15 09:00
    """

    name = "campaign-dates"
    severity = Severity.WARNING

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return a finding for the first day outside the campaign."""
        campaign = subject.workspace.campaigns.get(post.campaign)
        if campaign is None:
            return
        for _, due in _ahead(post, subject):
            side = _outside(due.date(), campaign.start, campaign.end)
            if side:
                yield self.finding(
                    time_place(post),
                    f"{due:%Y-%m-%d} is {side} of campaign {campaign.id}",
                    hint=f"move the post, or change the days in {campaign.path}",
                )
                return


def _outside(day: date, start: date | None, end: date | None) -> str:
    if start is not None and day < start:
        return f"before the first day ({start})"
    if end is not None and day > end:
        return f"after the last day ({end})"
    return ""
