from __future__ import annotations

from datetime import UTC, date, datetime
from string import Formatter

import pytest

from smmflow.language.dates import format_date, format_datetime, format_time
from smmflow.language.digits import localise, to_ascii, to_persian
from smmflow.language.direction import direction, language_direction
from smmflow.language.messages import parse_po, translator
from smmflow.language.numbers import format_number, format_percent


def test_digits_change_and_nothing_else_does() -> None:
    assert to_persian("v1.2 ٣") == "v۱.۲ ۳"
    assert to_ascii("۱۴۰۵-٠٩-10") == "1405-09-10"
    assert localise("3", "fa-IR") == "۳"
    assert localise("3", "en") == "3"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello سلام", "ltr"),
        ("سلام Hello", "rtl"),
        ("12 - סלם", "rtl"),
        ("\u2068Hello\u2069 سلام", "rtl"),
        ("\u2069x", "ltr"),
        ("۱۲ 👍", "auto"),
        ("", "auto"),
    ],
)
def test_the_first_strong_letter_gives_the_direction(text: str, expected: str) -> None:
    assert direction(text) == expected


def test_languages_have_directions() -> None:
    assert language_direction("fa-IR") == "rtl"
    assert language_direction("en") == "ltr"


def test_numbers_are_written_as_each_language_does() -> None:
    assert format_number(1234567, "en") == "1,234,567"
    assert format_number(-1234.5, "fa", decimals=1) == "−۱٬۲۳۴٫۵"
    assert format_percent(0.4, "en") == "40%"
    assert format_percent(0.405, "fa", decimals=1) == "۴۰٫۵٪"


def test_dates_are_written_in_either_calendar_and_language() -> None:
    moment = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    assert format_date(moment, "en") == "1 December 2026"
    assert format_date(moment, "fa") == "۱ دسامبر ۲۰۲۶"
    assert format_date(moment, "en", "jalali") == "10 Azar 1405"
    assert format_date(date(1600, 1, 2), "en", "jalali") == "2 January 1600"
    assert format_time(moment, "fa") == "۰۹:۳۰"
    assert format_datetime(moment, "fa", "jalali", weekday=True) == (
        "سه‌شنبه ۱۰ آذر ۱۴۰۵، ۰۹:۳۰"
    )
    assert format_datetime(moment, "en", weekday=True) == (
        "Tuesday 1 December 2026, 09:30"
    )


CATALOGUE = r"""
# A catalogue.
msgid ""
msgstr ""
"Plural-Forms: nplurals=1; plural=0;\n"

#: cli.py:1
msgid "A \"long\" "
"message\n"
msgstr "پیام «بلند»\n"

msgctxt "verb"
msgid "Post"
msgstr "بفرست"

msgid "Post"
msgstr "پست"

msgid "{n} post"
msgid_plural "{n} posts"
msgstr[0] "{n} پست"

#, fuzzy
msgid "Unsure"
msgstr "شاید"

msgid "Missing"
msgstr ""

#~ msgid "Old"
#~ msgstr "کهنه"
"""


def test_a_catalogue_is_read_as_translators_write_it() -> None:
    persian = parse_po(CATALOGUE)
    assert persian.gettext('A "long" message\n') == "پیام «بلند»\n"
    assert persian.gettext("Post") == "پست"
    assert persian.pgettext("verb", "Post") == "بفرست"
    assert persian.pgettext("noun", "Post") == "Post"
    assert persian.ngettext("{n} post", "{n} posts", 1) == "{n} پست"
    assert persian.ngettext("{n} post", "{n} posts", 3) == "{n} پست"
    assert persian.ngettext("{n} day", "{n} days", 3) == "{n} days"


@pytest.mark.parametrize("message", ["Unsure", "Missing", "Old", "Never seen"])
def test_a_message_without_a_sure_translation_stays_english(message: str) -> None:
    assert parse_po(CATALOGUE).gettext(message) == message


@pytest.mark.parametrize("line", ["nonsense", 'msgid "open', 'msgid "bad \\x escape"'])
def test_a_broken_catalogue_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="line 1"):
        parse_po(line)


def test_every_persian_message_keeps_the_fields_of_the_english() -> None:
    def fields(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text)} - {None}

    persian = translator("fa-IR")
    assert persian is translator("fa-IR")
    for english in ("{number} post", "Part {number} of {total}", "Home"):
        translated = persian.gettext(english)
        assert translated != english
        assert fields(translated) == fields(english)


def test_other_locales_speak_english() -> None:
    assert translator("de").gettext("Home") == "Home"
    assert translator("en").gettext("Home") == "Home"
