"""Words, digits and dates of the pages, in the language of each page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from smmflow.language import dates
from smmflow.language.digits import localise
from smmflow.language.direction import language_direction
from smmflow.language.messages import LOCALES, translator
from smmflow.language.numbers import format_number, format_percent
from smmflow.model.post import Weekday

__all__ = ["UNKNOWN", "Wording", "wording"]

UNKNOWN = "—"
_NAMES = {"en": "English", "fa": "فارسی"}


@dataclass(frozen=True, slots=True)
class Wording:
    """How a page in one language speaks.

    Attributes:
        language: One of the locales there are messages for.
        zone: Of the times it tells.
        gettext: From English to that language.
        calendar: `gregorian` or `jalali`.
    """

    language: str
    zone: ZoneInfo
    gettext: Callable[[str], str]
    calendar: str

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as the `dir` attribute takes it."""
        return language_direction(self.language)

    def say(self, message: str, **values: object) -> str:
        """Return a message in this language, its `{names}` filled in."""
        said = self.gettext(message)
        return said.format(**values) if values else said

    def number(self, value: float | None) -> str:
        """Return a number as readers of this language write it; a dash for None."""
        if value is None:
            return UNKNOWN
        return format_number(
            value, self.language, decimals=0 if value == int(value) else 1
        )

    def percent(self, share: float | None, decimals: int = 0) -> str:
        """Return a share of one as a percentage; a dash for None."""
        if share is None:
            return UNKNOWN
        return format_percent(share, self.language, decimals=decimals)

    def digits(self, text: str) -> str:
        """Return the text with this language's digits."""
        return localise(text, self.language)

    def day(self, moment: datetime | date) -> str:
        """Return a date in words, as in `1 December 2026` and `۱۰ آذر ۱۴۰۵`."""
        return dates.format_date(self._local(moment), self.language, self.calendar)

    def time(self, moment: datetime) -> str:
        """Return the time of day in the workspace's zone, as in `09:30`."""
        return dates.format_time(moment.astimezone(self.zone), self.language)

    def moment(self, moment: datetime) -> str:
        """Return date and time in words."""
        local = moment.astimezone(self.zone)
        return dates.format_datetime(local, self.language, self.calendar)

    def month(self, year: int, month: int) -> str:
        """Return a month in words, as in `December 2026`."""
        return self.digits(f"{self.month_name(month)} {year}")

    def month_of(self, moment: datetime) -> str:
        """Return the month of a moment in words."""
        return self.day(moment).partition(" ")[2]

    def month_name(self, month: int) -> str:
        """Return the name of a month, counted from 1."""
        return dates.month_name(month, self.language, self.calendar)

    def day_number(self, moment: datetime | date) -> str:
        """Return the day of the month."""
        return self.day(moment).partition(" ")[0]

    def weekday(self, day: Weekday) -> str:
        """Return the name of a weekday."""
        return dates.WEEKDAYS[self.language][tuple(Weekday).index(day)]

    def weekday_of(self, day: date) -> str:
        """Return the name of a date's weekday."""
        return dates.weekday_name(day, self.language)

    def language_name(self, language: str) -> str:
        """Return a language's own name; its code if the pages don't speak it."""
        return _NAMES.get(language.partition("-")[0], language)

    def _local(self, moment: datetime | date) -> date:
        if isinstance(moment, datetime):
            return moment.astimezone(self.zone).date()
        return moment


@cache
def wording(language: str, zone: ZoneInfo, *, jalali_dates: bool) -> Wording:
    """Return how pages speak to readers of a language; English for those we lack.

    Args:
        language: BCP 47.
        zone: The workspace's.
        jalali_dates: Iranian dates in every language; Persian pages always have them.
    """
    spoken = language.partition("-")[0].lower()
    if spoken not in LOCALES:
        spoken = "en"
    iranian = jalali_dates or spoken == "fa"
    calendar = "jalali" if iranian else "gregorian"
    return Wording(spoken, zone, translator(spoken).gettext, calendar)
