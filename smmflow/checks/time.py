"""Rules about when a post goes out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from smmflow.checks.places import at_key, local_time
from smmflow.checks.rule import PostRule, TimedRule
from smmflow.checks.subject import Subject
from smmflow.diagnostics import Finding, Severity
from smmflow.model.post import At, InSlot, Post, Repeating, Unscheduled

__all__ = ["NoTime", "PastTime", "RepeatWithoutEnd", "SlotOverfull"]


class PastTime(TimedRule):
    """A post's time is over, and it did not go out.

    What: `publish_at` lies further back than `max_lateness` allows on a channel where
    the post was not published; or it lies before the time the post was `created`, which
    is an error.

    Why: What is that late is held, never sent: nobody wants last week's news today.

    Fix: Give it a new time, or withdraw it.

    Bad:
        created: 2026-11-20 10:00
        publish_at: 2025-12-01 09:00

    Good:
        created: 2026-11-20 10:00
        publish_at: 2026-12-01 09:00
    """

    name = "past-time"
    severity = Severity.WARNING

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return a finding if the time is over, or makes no sense."""
        if not isinstance(post.schedule, At):
            return
        moment = post.schedule.moment
        place = at_key(post.path, "publish_at")
        if post.created is not None and moment < post.created:
            yield self.finding(
                place,
                f"it would go out at {_local(moment, subject)}, "
                f"before it was created at {_local(post.created, subject)}",
                hint="look at the year and month",
                severity=Severity.ERROR,
            )
        elif moment < subject.now and not post.draft:
            missed = tuple(_missed(post, moment, subject))
            if missed:
                yield self.finding(
                    place,
                    f"{_local(moment, subject)} is over, and it did not go out on "
                    f"{', '.join(missed)}",
                    hint=f"give it a new time (`smmflow reschedule {post.id} TIME`), "
                    "or write `withdrawn: true`",
                    channel=missed[0] if len(missed) == 1 else "",
                )


def _missed(post: Post, moment: datetime, subject: Subject) -> Iterator[str]:
    for name in post.channels:
        channel = subject.workspace.channels.get(name)
        if channel is None or subject.is_out(post.id, name):
            continue
        lateness = channel.max_lateness
        if lateness is None:
            lateness = subject.workspace.calendar.max_lateness
        if subject.now - moment > lateness:
            yield name


def _local(moment: datetime, subject: Subject) -> str:
    return local_time(moment, subject.workspace.calendar)


class NoTime(PostRule):
    """A post has no time and is no draft.

    What: The front matter has neither `publish_at` nor `slot` nor `repeat`.

    Why: The post waits for ever.

    Fix: Give it one of the three, or write `draft: true`.

    Bad:
        title: Version 1 is out

    Good:
        title: Version 1 is out
        slot: mornings
    """

    name = "no-time"
    severity = Severity.NOTE

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return a finding if the post waits for nothing."""
        del subject
        if isinstance(post.schedule, Unscheduled) and not post.draft:
            yield self.finding(
                at_key(post.path),
                "the post has no time, so it will not go out",
                hint="give it `publish_at`, `slot` or `repeat`, or write `draft: true`",
            )


class RepeatWithoutEnd(PostRule):
    """A recurring post has no end.

    What: `repeat` has neither `until` nor `count`.

    Why: It goes out for years, long after anybody thinks of it.

    Fix: Give it an end; it is easily moved later.

    Bad:
        repeat: {every: week, at: "09:30", from: 2026-12-05}

    Good:
        repeat: {every: week, at: "09:30", from: 2026-12-05, until: 2027-03-20}
    """

    name = "repeat-without-end"
    severity = Severity.NOTE

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return a finding if nothing ends the repeating."""
        del subject
        rule = post.schedule
        if isinstance(rule, Repeating) and rule.until is None and rule.count is None:
            yield self.finding(
                at_key(post.path, "repeat", on_key=True),
                "the post repeats without an end",
                hint="add `until:` or `count:`",
            )


class SlotOverfull(TimedRule):
    """A slot has no place left for a post.

    What: The post waits for a slot of the calendar in which no place is free within a
    year: others took them, or they lie in blackouts.

    Why: The post waits for ever.

    Fix: Give the slot more days or times, or the post a time of its own.

    Bad:
        slots: {yearly: {at: ["09:30"], days: [mon]}}      # 60 posts wait for it

    Good:
        slots: {daily: {at: ["09:30", "18:00"]}}
    """

    name = "slot-overfull"
    severity = Severity.WARNING

    def check(self, post: Post, subject: Subject) -> Iterator[Finding]:
        """Return a finding if the post gets no place."""
        if not isinstance(post.schedule, InSlot) or post.draft:
            return
        name = post.schedule.slot
        if all(slot.name != name for slot in subject.workspace.calendar.slots):
            return
        if any(each.due is None for each in subject.occurrences.get(post.id, ())):
            yield self.finding(
                at_key(post.path, "slot"),
                f"the slot {name} has no free place within a year",
                hint="give the slot more days or times, or the post a `publish_at`",
            )
