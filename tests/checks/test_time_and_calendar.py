"""Rules about when posts go out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from smmflow.checks.subject import Subject
from smmflow.diagnostics import Severity
from smmflow.model.calendar import Blackout, Calendar, QuietHours, Slot
from smmflow.model.campaign import Campaign
from smmflow.model.channel import Channel
from smmflow.model.channel_post import Occurrence
from smmflow.model.document import Contest, Survey
from smmflow.model.post import (
    At,
    Frequency,
    InSlot,
    Post,
    Repeating,
    Schedule,
    Unscheduled,
    Weekday,
)
from smmflow.model.publication import Outcome, PartRecord, Publication, Receipt
from tests.checks.builders import NOW, TEHRAN, Bench, find, post


def at(day: str, clock: str = "09:00") -> At:
    return At(datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=TEHRAN))


def weekly(**changes: object) -> Repeating:
    plain = Repeating(Frequency.WEEKLY, time(9, 30), date(2026, 11, 1))
    return replace(plain, **changes)  # type: ignore[arg-type]  # a test's own keywords


def published(
    name: str, when: datetime, text: str = "Hello, world.", **changes: object
) -> Publication:
    receipt = Receipt("1", "https://example.org/1", when)
    plain = Publication(
        occurrence=name,
        post=name,
        channel="mastodon",
        network="mastodon",
        outcome=Outcome.PUBLISHED,
        digest="",
        due=when,
        parts=(PartRecord(text, receipt),),
        run="r",
        lease_until=when,
        updated=when,
        published=when,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # a test's own keywords


def ledger(*records: Publication) -> dict[tuple[str, str], Publication]:
    return {(each.occurrence, each.channel): each for each in records}


def test_a_post_whose_time_is_over_will_never_go_out() -> None:
    [found] = find("past-time", post(schedule=at("2026-11-20")))
    assert found.message.startswith("2026-11-20 09:00 is over")
    assert (found.severity, found.channel) == (Severity.WARNING, "mastodon")
    assert found.place.keys == ("publish_at",)


def test_a_time_just_over_is_still_due() -> None:
    just = At(NOW - timedelta(hours=1))
    assert not find("past-time", post(schedule=just))


def test_a_channel_may_be_more_patient_than_the_calendar() -> None:
    patient = {"mastodon": Channel("mastodon", "mastodon", {}, {}, "", timedelta(90))}
    one = post(schedule=at("2026-11-20"))
    assert not find("past-time", one, more={"channels": patient})


def test_what_went_out_is_not_late_and_drafts_never_are() -> None:
    one = post(schedule=at("2026-11-20"))
    records = ledger(published("p", NOW))
    assert not find("past-time", one, publications=records)
    assert not find("past-time", replace(one, draft=True))
    assert not find("past-time", post(channels=("nowhere",), schedule=at("2026-11-20")))


def test_what_was_refused_did_not_go_out() -> None:
    records = ledger(published("p", NOW, outcome=Outcome.REFUSED))
    one = post(schedule=at("2026-11-20"))
    assert find("past-time", one, publications=records)


def test_a_time_before_the_post_was_written_is_an_error() -> None:
    created = datetime(2026, 11, 20, tzinfo=UTC)
    [found] = find("past-time", post(schedule=at("2025-12-01"), created=created))
    assert found.severity is Severity.ERROR


def test_a_post_without_a_time_is_noted_unless_it_is_a_draft() -> None:
    waiting = post(schedule=Unscheduled())
    assert find("no-time", waiting)
    assert not find("no-time", replace(waiting, draft=True))
    assert not find("no-time", post())


@pytest.mark.parametrize(
    ("schedule", "count"),
    [
        (weekly(), 1),
        (weekly(until=date(2027, 1, 1)), 0),
        (weekly(count=3), 0),
        (at("2026-12-01"), 0),
    ],
)
def test_a_post_that_repeats_for_ever_is_noted(schedule: Schedule, count: int) -> None:
    assert len(find("repeat-without-end", post(schedule=schedule))) == count


SLOTTED = Calendar(zone=TEHRAN, slots=(Slot("mornings", (time(9),)),))


def test_a_slot_without_a_free_place() -> None:
    one = post(schedule=InSlot("mornings"))
    full = {"p": (Occurrence("p", "p", None),)}
    free = {"p": (Occurrence("p", "p", NOW),)}
    [found] = find("slot-overfull", one, calendar=SLOTTED, occurrences=full)
    assert found.place.keys == ("slot",)
    assert not find("slot-overfull", one, calendar=SLOTTED, occurrences=free)
    assert not find("slot-overfull", one, occurrences=full)
    assert not find("slot-overfull", post())


def test_two_posts_too_close_are_said_once_for_all_their_channels() -> None:
    both = ("mastodon", "bluesky")
    one = post(name="a", title="First", channels=both, schedule=at("2026-12-01"))
    two = post(name="b", channels=both, schedule=at("2026-12-01", "09:03"))
    [found] = find("too-close", one, two)
    assert found.message == (
        "it goes out 3 min apart from “First” on mastodon, bluesky; "
        "the calendar wants 10 min between two posts"
    )
    assert (found.place.path, found.channel) == (two.path, "")


def test_two_posts_at_the_same_time() -> None:
    [found] = find("too-close", post(name="a"), post(name="b"))
    assert "at the same time as “a” on mastodon" in found.message


def test_posts_far_apart_or_on_other_channels_are_fine() -> None:
    one = post(name="a", schedule=at("2026-12-01"))
    later = post(name="b", schedule=at("2026-12-01", "09:10"))
    elsewhere = post(name="c", schedule=at("2026-12-01"), channels=("bluesky",))
    assert not find("too-close", one, later, elsewhere)


def test_the_one_that_is_out_stays_and_the_other_is_to_move() -> None:
    early = post(name="a", schedule=at("2026-12-01"))
    out = post(name="b", schedule=at("2026-12-01", "09:03"))
    when = datetime(2026, 12, 1, 9, 3, tzinfo=TEHRAN)
    records = ledger(published("b", when))
    [found] = find("too-close", early, out, publications=records)
    assert found.place.path == early.path
    records = ledger(published("b", when), published("a", when))
    assert not find("too-close", early, out, publications=records)


def test_what_only_the_ledger_remembers_counts_too() -> None:
    when = datetime(2026, 12, 1, 8, 55, tzinfo=TEHRAN)
    records = ledger(published("gone", when, title="Gone"))
    [found] = find("too-close", post(), publications=records)
    assert "“Gone”" in found.message


def quiet(**changes: object) -> Calendar:
    night = QuietHours(time(23), time(7))
    night = replace(night, **changes)  # type: ignore[arg-type]  # a test's own keywords
    return Calendar(zone=TEHRAN, quiet_hours=(night,))


@pytest.mark.parametrize(
    ("clock", "count"),
    [("22:59", 0), ("23:00", 1), ("03:00", 1), ("06:59", 1), ("07:00", 0)],
)
def test_quiet_hours_pass_midnight_and_end_on_the_minute(
    clock: str, count: int
) -> None:
    one = post(schedule=at("2026-12-01", clock))
    assert len(find("quiet-hours", one, calendar=quiet())) == count


def test_quiet_days_are_those_on_which_the_hours_begin() -> None:
    # 2026-12-01 is a Tuesday.
    one = post(schedule=at("2026-12-01", "03:00"))
    assert find("quiet-hours", one, calendar=quiet(days=(Weekday.MON,)))
    assert not find("quiet-hours", one, calendar=quiet(days=(Weekday.TUE,)))


def test_quiet_hours_of_the_day_and_of_one_channel() -> None:
    noon = quiet(start=time(12), end=time(13), channels=("bluesky",))
    one = post(schedule=at("2026-12-01", "12:30"))
    assert not find("quiet-hours", one, calendar=noon)
    both = replace(one, channels=("mastodon", "bluesky"))
    [found] = find("quiet-hours", both, calendar=noon)
    assert found.channel == "bluesky"


def dark(**changes: object) -> Calendar:
    nowruz = Blackout(
        datetime(2027, 3, 20, tzinfo=TEHRAN),
        datetime(2027, 3, 21, 12, tzinfo=TEHRAN),
        "Nowruz",
    )
    nowruz = replace(nowruz, **changes)  # type: ignore[arg-type]  # likewise
    return Calendar(zone=TEHRAN, blackouts=(nowruz,))


def test_a_post_in_a_blackout_is_an_error_with_the_reason() -> None:
    one = post(schedule=at("2027-03-21", "11:59"), channels=("mastodon", "bluesky"))
    [found] = find("blackout", one, calendar=dark())
    assert found.message == "2027-03-21 11:59 is in a blackout: Nowruz"
    assert (found.severity, found.channel) == (Severity.ERROR, "")
    [found] = find("blackout", one, calendar=dark(channels=("bluesky",)))
    assert found.channel == "bluesky"


def test_a_post_after_a_blackout_is_fine() -> None:
    one = post(schedule=at("2027-03-21", "12:00"))
    assert not find("blackout", one, calendar=dark())


def test_what_went_out_in_a_blackout_is_history() -> None:
    one = post(schedule=at("2027-03-21"))
    records = ledger(published("p", NOW))
    assert not find("blackout", one, calendar=dark(), publications=records)


LAUNCH = Campaign(
    "launch", "launch.md", "Launch", date(2026, 12, 1), date(2026, 12, 31)
)


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        ("2026-11-30", "before the first day (2026-12-01)"),
        ("2027-01-01", "after the last day (2026-12-31)"),
    ],
)
def test_a_post_outside_its_campaigns_days(day: str, fault: str) -> None:
    one = post(schedule=at(day), campaign="launch")
    [found] = find("campaign-dates", one, more={"campaigns": {"launch": LAUNCH}})
    assert fault in found.message


def test_a_post_within_its_campaigns_days_is_fine() -> None:
    one = post(schedule=at("2026-12-31", "23:59"), campaign="launch")
    assert not find("campaign-dates", one, more={"campaigns": {"launch": LAUNCH}})
    assert not find("campaign-dates", post())


def test_the_same_words_on_one_channel_again_too_soon() -> None:
    one = post("سلام كتاب", name="a", schedule=at("2026-12-01"))
    two = post("سلام  کتاب", name="b", schedule=at("2026-12-20"))
    [found] = find("repeated-text", one, two)
    assert found.place.path == two.path
    assert "“a” on mastodon, within 30 days" in found.message


def test_the_same_words_later_elsewhere_or_other_words_are_fine() -> None:
    one = post(name="a", schedule=at("2026-12-01"))
    later = post(name="b", schedule=at("2026-12-31"))
    elsewhere = post(name="c", schedule=at("2026-12-02"), channels=("bluesky",))
    other = post("Other.", name="d", schedule=at("2026-12-02"))
    assert not find("repeated-text", one, later, elsewhere, other)


def test_words_that_the_ledger_says_went_out_count() -> None:
    records = ledger(published("old", NOW))
    [found] = find("repeated-text", post(), publications=records)
    assert "“old”" in found.message


def test_a_live_post_does_not_repeat_itself() -> None:
    assert not find("repeated-text", post(), publications=ledger(published("p", NOW)))


def test_a_post_that_repeats_by_its_schedule_is_meant_to() -> None:
    one = post(schedule=weekly(count=2))
    twice = {
        "p": (
            Occurrence("p@1", "p", NOW),
            Occurrence("p@2", "p", NOW + timedelta(days=7)),
        )
    }
    assert not find("repeated-text", one, occurrences=twice)
    assert not find("too-close", one, occurrences=twice)


def test_what_ends_before_it_begins() -> None:
    first, last = date(2026, 12, 1), date(2026, 12, 21)
    more = {
        "campaigns": {"c": Campaign("c", "c.md", "C", last, first)},
        "contests": {"k": Contest("k", "k.md", "K", last, first, "", "", "")},
        "surveys": {
            "s": Survey("s", "s.md", "S", (), last, first, ""),
            "open": Survey("open", "open.md", "S", (), None, first, ""),
        },
    }
    one = post(schedule=weekly(until=date(2026, 10, 1)))
    calendar = dark(end=datetime(2027, 3, 19, tzinfo=TEHRAN))
    found = find("dates-reversed", one, more=more, calendar=calendar)
    assert [(each.place.path, each.place.keys) for each in found] == [
        ("c.md", ("to",)),
        ("k.md", ("closes",)),
        ("s.md", ("closes",)),
        (one.path, ("repeat", "until")),
        ("calendar.yaml", ("blackouts", 0, "to")),
    ]


def test_what_begins_and_ends_on_one_day_is_fine() -> None:
    day = date(2026, 12, 1)
    more = {"contests": {"k": Contest("k", "k.md", "K", day, day, "", "", "")}}
    assert not find("dates-reversed", post(), more=more, calendar=dark())


def test_appointments_are_in_the_order_of_time_by_channel() -> None:
    posts: dict[str, Post] = {
        each.id: each
        for each in (
            post(name="a", schedule=at("2026-12-02")),
            post(name="b", schedule=at("2026-12-01")),
        )
    }
    subject: Subject = Bench().subject(*posts.values())
    assert [each.occurrence for each in subject.appointments["mastodon"]] == ["b", "a"]
