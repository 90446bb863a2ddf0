from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from smmflow.model.publication import Outcome, PartRecord, Publication, Receipt
from smmflow.model.review import (
    ReviewChange,
    ReviewCount,
    ReviewLink,
    ReviewMedia,
    ReviewPart,
)
from tests.reviewing.builders import NOON, compared, only, post

LAUNCH = "content/posts/launch.md"


def live(words: str, channel: str = "sky", **more: object) -> Publication:
    receipt = Receipt("id1", "https://bsky.example/1", NOON)
    record = Publication(
        occurrence="launch",
        post="launch",
        channel=channel,
        network="bluesky",
        outcome=Outcome.PUBLISHED,
        digest="sha256:old",
        due=NOON,
        parts=(PartRecord(words, receipt),),
        run="r1",
        lease_until=NOON,
        updated=NOON,
        title="Launch",
        language="en",
    )
    return replace(record, **more)  # type: ignore[arg-type]  # fields by name


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG")
    return file.getvalue()


def test_what_is_the_same_is_not_told(tmp_path: Path) -> None:
    files = {LAUNCH: post("Hello")}
    assert compared(tmp_path, files, files).is_empty


def test_a_new_post_is_told_for_each_channel(tmp_path: Path) -> None:
    review = compared(tmp_path, {}, {LAUNCH: post("Hello", channels="[sky, toot]")})
    assert [(each.channel, each.change) for each in review.entries] == [
        ("sky", ReviewChange.NEW),
        ("toot", ReviewChange.NEW),
    ]
    assert review.counts == {ReviewChange.NEW: 2}
    sky, toot = review.entries
    assert sky.due == "Thu 2026-12-24 09:00"
    assert sky.parts[0].text == "Hello"
    assert sky.parts[0].before is None
    assert sky.parts[0].counts[0] == ReviewCount(5, 300, "graphemes")
    assert toot.parts[0].counts[0].maximum == 500


def test_dates_are_jalali_where_the_workspace_is(tmp_path: Path) -> None:
    calendar = "timezone: Asia/Tehran\ncalendar: jalali\n"
    written = post("سلام", publish_at="1405-10-03 09:00", language="fa")
    before = {"calendar.yaml": calendar}
    review = compared(tmp_path, before, {**before, LAUNCH: written})
    assert only(review).due == "Thu 1405-10-03 09:00"


def test_an_edit_has_the_words_that_would_have_gone_out(tmp_path: Path) -> None:
    review = compared(
        tmp_path, {LAUNCH: post("نسخهٔ ۲ می‌آید")}, {LAUNCH: post("نسخهٔ ۳ می‌آید")}
    )
    entry = only(review)
    assert entry.change is ReviewChange.EDITED
    assert entry.parts[0].before == "نسخهٔ ۲ می‌آید"
    assert entry.parts[0].text == "نسخهٔ ۳ می‌آید"


def test_an_edit_of_a_live_post_is_held_against_what_readers_see(
    tmp_path: Path,
) -> None:
    review = compared(
        tmp_path,
        {LAUNCH: post("In the file", channels="[toot]")},
        {LAUNCH: post("Corrected", channels="[toot]")},
        ledger=[live("On the page", "toot", network="mastodon")],
    )
    entry = only(review)
    assert entry.change is ReviewChange.EDITED
    assert entry.parts[0].before == "On the page"
    assert entry.live == "https://bsky.example/1"


def test_an_edit_that_the_network_refuses_is_told_to_be_held(tmp_path: Path) -> None:
    review = compared(
        tmp_path,
        {LAUNCH: post("One")},
        {LAUNCH: post("One\n\n---\n\nTwo")},
        ledger=[live("One")],
    )
    assert "held (changed)" in only(review).notes[0]


def test_another_time_is_told_with_the_time_before(tmp_path: Path) -> None:
    review = compared(
        tmp_path,
        {LAUNCH: post("Hello")},
        {LAUNCH: post("Hello", publish_at="2026-12-25 10:30")},
    )
    entry = only(review)
    assert entry.change is ReviewChange.RESCHEDULED
    assert entry.due == "Fri 2026-12-25 10:30"
    assert entry.due_before == "Thu 2026-12-24 09:00"


def test_a_post_that_takes_a_slot_moves_the_others(tmp_path: Path) -> None:
    slots = {"slots": "{m: {at: ['09:30']}}"}
    calendar = f"timezone: Asia/Tehran\nslots: {slots['slots']}\n"
    before = {
        "calendar.yaml": calendar,
        LAUNCH: post("Hello").replace("publish_at: 2026-12-24 09:00", "slot: m"),
    }
    first = post("Before", priority="9")
    first = first.replace("publish_at: 2026-12-24 09:00", "slot: m")
    review = compared(tmp_path, before, {**before, "content/posts/first.md": first})
    told = {each.post: each.change for each in review.entries}
    assert told == {"first": ReviewChange.NEW, "launch": ReviewChange.RESCHEDULED}


def test_a_recurring_post_is_told_by_its_rhythm(tmp_path: Path) -> None:
    weekly = "{every: week, at: '09:30', days: [mon, thu], from: 2026-11-01}"
    written = post("Again").replace("publish_at: 2026-12-24 09:00", f"repeat: {weekly}")
    assert only(compared(tmp_path, {}, {LAUNCH: written})).due == (
        "every week on mon, thu at 09:30, next Thu 2026-12-03 09:30"
    )


def test_a_draft_never_goes_out_and_is_shown_all_the_same(tmp_path: Path) -> None:
    entry = only(compared(tmp_path, {}, {LAUNCH: post("Hello", draft="true")}))
    assert entry.due == "a draft, never goes out"
    assert entry.parts[0].text == "Hello"


def test_a_withdrawn_live_post_shows_what_goes_away(tmp_path: Path) -> None:
    review = compared(
        tmp_path,
        {LAUNCH: post("Hello")},
        {LAUNCH: post("Hello", withdrawn="true")},
        ledger=[live("On the page")],
    )
    entry = only(review)
    assert entry.change is ReviewChange.WITHDRAWN
    assert entry.parts == ()
    assert entry.gone == ("On the page",)
    assert entry.live == "https://bsky.example/1"


def test_a_removed_live_post_stays_live_and_it_says_so(tmp_path: Path) -> None:
    before = {LAUNCH: post("Hello", channels="[sky, toot]")}
    after = {LAUNCH: post("Hello", channels="[toot]")}
    review = compared(tmp_path, before, after, ledger=[live("Hello")])
    (entry,) = (each for each in review.entries if each.channel == "sky")
    assert entry.change is ReviewChange.REMOVED
    assert entry.live == "https://bsky.example/1"
    assert "stays live" in entry.notes[0]


def test_parts_of_a_thread_have_their_own_counts_and_old_words(tmp_path: Path) -> None:
    review = compared(
        tmp_path,
        {LAUNCH: post("One\n\n---\n\nTwo\n\n---\n\nThree")},
        {LAUNCH: post("One\n\n---\n\n2")},
    )
    entry = only(review)
    assert [part.before for part in entry.parts] == [None, "Two"]
    assert [part.counts[0].length for part in entry.parts] == [3, 1]
    assert entry.gone == ("Three",)


def test_pictures_are_told_with_their_alt_text(tmp_path: Path) -> None:
    def shows(alt: str) -> dict[str, str | bytes]:
        media = f'[{{file: media/x.png, alt: "{alt}"}}]'
        return {
            LAUNCH: post("Look", media=media),
            "content/media/x.png": picture(),
        }

    review = compared(tmp_path, shows("A cat"), shows("یک گربه"))
    entry = only(review)
    assert entry.parts[0].media == (ReviewMedia("content/media/x.png", "یک گربه"),)
    assert entry.parts[0].before is None
    assert entry.beside == ("media",)


def test_a_poll_a_warning_and_a_hidden_link_are_told(tmp_path: Path) -> None:
    front = {
        "channels": "[toot]",
        "poll": "{options: [Yes, No], open_for: 1d}",
        "content_warning": "Food",
        "visibility": "unlisted",
    }
    entry = only(compared(tmp_path, {}, {LAUNCH: post("Well?", **front)}))
    assert entry.parts[0].poll == ("Yes", "No")
    assert (entry.content_warning, entry.visibility) == ("Food", "unlisted")
    assert entry.parts[0].counts[0].length == len("Well?") + len("Food")


def test_words_that_hide_where_a_link_leads_are_told(tmp_path: Path) -> None:
    body = "[our page](https://example.com/a) and https://example.org/b"
    part: ReviewPart = only(compared(tmp_path, {}, {LAUNCH: post(body)})).parts[0]
    assert part.links == (ReviewLink("our page", "https://example.com/a"),)


def test_words_that_name_another_page_are_told(tmp_path: Path) -> None:
    body = "[example.org](https://example.org.evil.example/a)"
    part = only(compared(tmp_path, {}, {LAUNCH: post(body)})).parts[0]
    assert part.links == (
        ReviewLink("example.org", "https://example.org.evil.example/a"),
    )


def test_findings_of_a_post_have_their_line(tmp_path: Path) -> None:
    entry = only(compared(tmp_path, {}, {LAUNCH: post("x" * 301)}))
    (found,) = (each for each in entry.findings if each.rule == "text-too-long")
    assert (found.path, found.line) == (LAUNCH, 6)
    assert entry.parts[0].counts[0].is_over


def test_a_post_that_another_file_breaks_is_affected(tmp_path: Path) -> None:
    launch = post("Hello {{ campaign.x }}", campaign="c")
    campaign = "---\ntitle: C\nvariables: {x: short}\n---\n"
    before = {LAUNCH: launch, "content/campaigns/c.md": campaign}
    broken = {**before, "content/campaigns/c.md": "---\ntitle: C\n---\n"}
    review = compared(tmp_path, before, broken)
    assert [each.post for each in review.entries] == ["launch"]
    assert review.errors


def test_faults_that_were_there_before_are_not_told_again(tmp_path: Path) -> None:
    old = {"content/posts/old.md": post("x" * 301, publish_at="2027-01-01 09:00")}
    review = compared(tmp_path, old, {**old, LAUNCH: post("Hello")})
    assert only(review).post == "launch"
    assert review.findings == ()


def test_new_faults_of_other_files_are_told_by_themselves(tmp_path: Path) -> None:
    calendar = "timezone: Asia/Tehran\nslotz: {}\n"
    review = compared(tmp_path, {}, {"calendar.yaml": calendar})
    assert review.entries == ()
    assert [each.path for each in review.findings] == ["calendar.yaml"]


def test_a_blackout_that_stops_a_post_affects_it(tmp_path: Path) -> None:
    now = NOON.replace(day=24)
    launch = {LAUNCH: post("Hello", publish_at="2026-12-24 15:00")}
    stop = (
        "timezone: Asia/Tehran\n"
        "blackouts: [{from: 2026-12-24, to: 2026-12-26, reason: Mourning}]\n"
    )
    review = compared(tmp_path, launch, {**launch, "calendar.yaml": stop}, now=now)
    entry = only(review)
    assert entry.change is ReviewChange.AFFECTED
    assert "Mourning" in entry.notes[0]


def test_a_post_whose_file_breaks_is_not_told_to_be_removed(tmp_path: Path) -> None:
    broken = post("Hello", publish_at="tomorrow")
    entry = only(compared(tmp_path, {LAUNCH: post("Hello")}, {LAUNCH: broken}))
    assert entry.change is ReviewChange.BROKEN
    assert "until its file can be read" in entry.notes[0]
    assert [each.rule for each in entry.findings] == ["date-invalid"]
    assert entry.gone == ()


def test_a_workspace_that_was_none_before_is_all_new(tmp_path: Path) -> None:
    review = compared(tmp_path, {"channels.yaml": ""}, {LAUNCH: post("Hello")})
    assert only(review).change is ReviewChange.NEW


@pytest.mark.parametrize("name", ["labels", "move"])
def test_what_readers_never_see_is_no_change(tmp_path: Path, name: str) -> None:
    before = {LAUNCH: post("Hello")}
    after = {
        "labels": {LAUNCH: post("Hello", pillar="''", created="2026-11-01 09:00")},
        "move": {"content/posts/2026/launch.md": post("Hello")},
    }[name]
    assert compared(tmp_path, before, after).entries == ()
