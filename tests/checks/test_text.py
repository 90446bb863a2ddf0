"""Rules about how much a post says, and in which script."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smmflow.diagnostics import Severity
from smmflow.model.capabilities import Limit, Support
from smmflow.model.post import ThreadMode
from tests.checks.builders import BLUESKY, KINDS, MASTODON, find, post

LONG = "x" * 312


def test_text_over_the_limit_is_an_error_that_says_by_how_much() -> None:
    [found] = find("text-too-long", post(LONG, channels=("bluesky", "mastodon")))
    assert found.message == "bluesky allows 300 graphemes, this part has 312"
    assert found.hint == (
        "shorten it by 12, or let smmflow make a thread with `thread: auto`"
    )
    assert (found.severity, found.channel) == (Severity.ERROR, "bluesky")
    assert found.place.offset == 0


def test_text_at_the_limit_is_fine() -> None:
    assert not find("text-too-long", post("x" * 300, channels=("bluesky",)))


def test_persian_with_joiners_is_counted_as_readers_see_it() -> None:
    seven = "می‌خواهم"
    assert not find("text-too-long", post(seven * 42, channels=("bluesky",)))
    assert find("text-too-long", post(seven * 43, channels=("bluesky",)))


def test_bytes_count_too() -> None:
    family = "👩‍👩‍👧‍👦" * 130
    [found] = find("text-too-long", post(family, channels=("bluesky",)))
    assert "3000 UTF-8 bytes" in found.message


def test_only_the_part_that_is_too_long_is_named_at_its_first_line() -> None:
    body = f"First.\n---\n{LONG}"
    [found] = find("text-too-long", post(body, channels=("bluesky",)))
    assert found.place.offset == body.index("x")


def test_a_content_warning_counts_with_the_text() -> None:
    assert not find("text-too-long", post("x" * 495))
    assert find("text-too-long", post("x" * 495, content_warning="Spoilers"))


def test_a_limit_we_are_not_sure_of_only_warns() -> None:
    unsure = replace(MASTODON, text=Limit(10, sure=False))
    [found] = find("text-too-long", post(), capabilities={"mastodon": unsure})
    assert found.severity is Severity.WARNING


def test_a_thread_that_is_split_already_is_not_told_to_split() -> None:
    long = post(LONG, channels=("bluesky",), thread=ThreadMode.AUTO)
    [found] = find("text-too-long", long)
    assert found.hint == "shorten it by 12"


def test_a_part_without_words_or_files_is_empty() -> None:
    [found] = find("text-empty", post("One.\n---\n \n---\nThree."))
    assert found.message == "part 2 is empty on mastodon"


def test_a_part_with_words_is_not_empty() -> None:
    assert not find("text-empty", post("One."))


def test_several_parts_where_there_are_no_threads() -> None:
    board = {"board": replace(MASTODON, threads=Support.UNSUPPORTED)}
    body = "One.\n---\nTwo."
    [found] = find(
        "thread-unsupported", post(body, channels=("board",)), capabilities=board
    )
    assert found.message == "the post has 2 parts on board, but it has no threads"
    assert found.place.offset == body.index("Two")
    assert not find("thread-unsupported", post(body))


def test_threads_that_are_not_written_yet_are_our_fault_not_the_networks() -> None:
    board = {"mastodon": replace(MASTODON, threads=Support.NOT_WRITTEN)}
    [found] = find("thread-unsupported", post("1\n---\n2"), capabilities=board)
    assert "smmflow can't make threads there yet" in found.message


PERSIAN = "نسخهٔ تازه از امروز در دسترس همه است و خواندن آن آسان است."
ENGLISH = "The new version is here for everybody from today on."


@pytest.mark.parametrize(("text", "language"), [(PERSIAN, "en"), (ENGLISH, "fa")])
def test_a_language_of_another_script_is_a_slip(text: str, language: str) -> None:
    [found] = find("language-mismatch", post(text, language=language))
    assert f"`{language}`" in found.message


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (PERSIAN, "fa"),
        (ENGLISH, "en-GB"),
        ("سلام https://example.org/a-very-long-address-in-latin-letters", "fa"),
        ("OK", "fa"),
        (PERSIAN, "tlh"),
    ],
)
def test_a_language_that_fits_is_fine(text: str, language: str) -> None:
    assert not find("language-mismatch", post(text, language=language))


def test_persian_that_starts_with_a_latin_word_is_laid_out_wrongly() -> None:
    [found] = find("rtl-starts-ltr", post("smmflow امروز منتشر شد.", language="fa"))
    assert found.severity is Severity.NOTE


@pytest.mark.parametrize("text", ["امروز smmflow منتشر شد.", "۲۰ تا smmflow", "OK"])
def test_persian_that_starts_with_its_own_word_is_fine(text: str) -> None:
    assert not find("rtl-starts-ltr", post(text, language="fa"))


def test_english_may_start_with_what_it_likes() -> None:
    assert not find("rtl-starts-ltr", post("Hello سلام"))


def test_an_invisible_mark_before_a_hashtag_breaks_it() -> None:
    body = "سلام \u200f#نرم‌افزار"
    [found] = find("directional-marks", post(body, language="fa"))
    assert found.place.offset == 5
    assert "U+200F" in found.message


def test_an_invisible_mark_elsewhere_is_fine() -> None:
    assert not find("directional-marks", post("سلام\u200f #نرم‌افزار", language="fa"))


def test_our_own_pages_care_for_no_marks() -> None:
    pages = {"site": replace(MASTODON, local=True)}
    one = post("\u200f#سلام", channels=("site",))
    assert not find("directional-marks", one, capabilities=pages)


def test_a_visibility_the_network_has_not_is_an_error() -> None:
    channels = ("bluesky", "mastodon")
    [found] = find(
        "visibility-unsupported", post(visibility="followers", channels=channels)
    )
    assert (found.channel, found.severity) == ("bluesky", Severity.ERROR)
    assert found.place.keys == ("visibility",)


def test_unlisted_where_there_is_no_such_thing_only_warns() -> None:
    hushed = post(visibility="unlisted", channels=("bluesky",))
    [found] = find("visibility-unsupported", hushed)
    assert found.severity is Severity.WARNING


def test_a_content_warning_that_would_not_be_shown() -> None:
    both = post(content_warning="Spoilers", channels=("bluesky", "mastodon"))
    [found] = find("content-warning-unsupported", both, capabilities=KINDS)
    assert found.channel == "bluesky"
    assert BLUESKY.content_warning is Support.UNSUPPORTED
