"""How a report is spoken: words, numbers and days of one locale, safe in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from smmflow.language.dates import WEEKDAYS, format_date, format_datetime
from smmflow.language.markdown import escape
from smmflow.language.messages import translator
from smmflow.language.numbers import format_number, format_percent
from smmflow.model.metric import METRICS
from smmflow.model.post import Weekday
from smmflow.model.report import Sentence, Tally

__all__ = ["UNKNOWN", "Voice", "voice_of"]

UNKNOWN = "—"
"""Stands where a number is unknown."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How one locale writes words, numbers and days."""

    locale: str
    say: Callable[[str], str]

    @property
    def calendar(self) -> str:
        """The calendar its readers live by."""
        return "jalali" if self.locale.partition("-")[0] == "fa" else "gregorian"

    def number(self, value: float | None) -> str:
        """Write a number; with one decimal if it is not whole."""
        if value is None:
            return UNKNOWN
        return format_number(value, self.locale, decimals=int(value % 1 != 0))

    def tally(self, tally: Tally) -> str:
        """Write a sum, with `+` if it is partial."""
        return self.number(tally.value) + ("+" if tally.partial else "")

    def percent(self, percent: float | None, decimals: int = 2) -> str:
        """Write a rate given in percent."""
        if percent is None:
            return UNKNOWN
        return format_percent(percent / 100, self.locale, decimals=decimals)

    def share(self, share: float | None) -> str:
        """Write a share of one."""
        return self.percent(None if share is None else share * 100, 0)

    def day(self, day: date) -> str:
        """Write a day."""
        return format_date(day, self.locale, self.calendar)

    def moment(self, moment: datetime) -> str:
        """Write a moment."""
        return format_datetime(moment, self.locale, self.calendar)

    def weekday(self, day: Weekday) -> str:
        """Write the name of a day of the week."""
        names = WEEKDAYS["fa" if self.calendar == "jalali" else "en"]
        return names[list(Weekday).index(day)]

    def sentence(self, sentence: Sentence) -> str:
        """Write a sentence, translated where there is a translation."""
        values = {
            name: self._metrics(str(each)) if name == "metrics" else self._value(each)
            for name, each in sentence.values.items()
        }
        return self.say(sentence.template).format(**values)

    def _metrics(self, names: str) -> str:
        titles = (METRICS[each].title for each in names.split(", "))
        return self.say(", ").join(self.say(each) for each in titles)

    def _value(self, value: str | float | date) -> str:
        if isinstance(value, str):
            return escape(value)
        return self.day(value) if isinstance(value, date) else self.number(value)

    def table(
        self, heads: Iterable[str], rows: Iterable[Iterable[str]]
    ) -> Iterator[str]:
        """Write a table, its heads translated."""
        titles = [self.say(each) for each in heads]
        yield f"| {' | '.join(titles)} |"
        yield f"|{' --- |' * len(titles)}"
        for row in rows:
            yield f"| {' | '.join(row)} |"


def voice_of(locale: str) -> Voice:
    """Return the voice of a locale; one without a catalogue speaks English."""
    return Voice(locale, translator(locale).gettext)
