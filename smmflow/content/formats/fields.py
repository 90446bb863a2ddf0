"""Fields of the file formats: how durations, times, days and names are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainValidator,
    Strict,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from smmflow.language import jalali
from smmflow.model.cost import Cost
from smmflow.model.post import Weekday

__all__ = [
    "Begin",
    "Clock",
    "Day",
    "Duration",
    "End",
    "Form",
    "Moment",
    "Money",
    "Name",
    "Names",
    "Reading",
    "Share",
    "Variables",
    "Weekdays",
    "Words",
    "Zone",
    "in_zone",
    "problem",
]


Rule = Literal[
    "bad-value",
    "date-invalid",
    "duplicate-id",
    "missing-key",
    "time-does-not-exist",
    "time-exists-twice",
    "wrong-type",
]
"""Rules that a field or a form finds broken by itself."""


class Form(BaseModel):
    """Base of all file formats: nothing is guessed, and no key is ignored."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


@dataclass(frozen=True, slots=True)
class Reading:
    """What dates in files depend on.

    Attributes:
        zone: For times without an offset of their own.
        jalali: Whether dates may be Jalali.
    """

    zone: ZoneInfo
    jalali: bool = False


def problem(
    rule: Rule, message: str, hint: str = "", *, key: str = ""
) -> PydanticCustomError:
    """Return the error that becomes a finding of that rule.

    Args:
        rule: One of `smmflow.content.rules.EMITTED`.
        message: What is wrong.
        hint: What to do about it.
        key: The key at fault, where a whole mapping is validated.
    """
    context = {"message": message, "hint": hint, "key": key}
    return PydanticCustomError(rule, "{message}", context)


_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_MOMENT = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?)"
    r" ?(Z|[+-]\d{2}:?\d{2})?)?"
)
_DURATION = re.compile(r"(\d+) ?([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LAST_GREGORIAN_LOOKALIKE = 1700
"""Years before this are Jalali where the calendar is: nobody plans in the year 1405."""
_LONGEST = timedelta(days=366 * 100)
_LAST_YEAR = 9000
"""Later days are refused: Python's dates end in 9999, and lengths are added to them."""


def _text(value: object, example: str) -> str:
    if not isinstance(value, str):
        message = f"`{value}` is not written as `{example}`"
        raise problem("wrong-type", message, f"write it as `{example}`")
    return value.strip()


def _reading(info: ValidationInfo) -> Reading:
    return (
        info.context if isinstance(info.context, Reading) else Reading(ZoneInfo("UTC"))
    )


def _day_of(text: str, reading: Reading) -> date:
    found = _DAY.fullmatch(text)
    if found is None:
        message = f"`{text}` is no date"
        raise problem("date-invalid", message, "write it as 2026-12-01")
    year, month, day = map(int, found.groups())
    if year > _LAST_YEAR:
        message = f"{text} is too far ahead"
        raise problem("date-invalid", message, "write the year as in 2026-12-01")
    try:
        if year >= _LAST_GREGORIAN_LOOKALIKE:
            return date(year, month, day)
        if reading.jalali:
            return jalali.to_gregorian(year, month, day)
    except ValueError:
        message = f"there is no day {text}"
        raise problem("date-invalid", message, "look at a calendar") from None
    message = f"{text} is long past"
    hint = "Jalali dates need `calendar: jalali` in calendar.yaml"
    raise problem("date-invalid", message, hint)


def _time_of(text: str) -> time:
    found = _TIME.fullmatch(text)
    try:
        if found is not None:
            hour, minute, second = (int(part or 0) for part in found.groups())
            return time(hour, minute, second)
    except ValueError:
        pass
    message = f"`{text}` is no time of day"
    raise problem("bad-value", message, "write it as 09:30, from 00:00 to 23:59")


def in_zone(wall: datetime, zone: ZoneInfo, text: str) -> datetime:
    """Return the moment at which clocks in a zone show a wall-clock time.

    Raises:
        PydanticCustomError: Clocks there never show it, or twice.
    """
    early = wall.replace(tzinfo=zone)
    late = early.replace(fold=1)
    if early.utcoffset() == late.utcoffset():
        return early
    if early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        after = early.astimezone(UTC).astimezone(zone)
        raise problem(
            "time-does-not-exist",
            f"clocks in {zone.key} never show {text}: they are put forward then",
            f"take {after:%H:%M}, or give an offset, as in {text} {_offset(early)}",
        )
    raise problem(
        "time-exists-twice",
        f"clocks in {zone.key} show {text} twice: they are put back then",
        f"say which: {text} {_offset(early)} is the first, "
        f"{text} {_offset(late)} the second",
    )


def _offset(moment: datetime) -> str:
    written = f"{moment:%z}"
    return f"{written[:3]}:{written[3:5]}"


def _moment(value: object, info: ValidationInfo) -> datetime:
    text = _text(value, "2026-12-01 09:00")
    found = _MOMENT.fullmatch(text)
    if found is None:
        message = f"`{text}` is no date and time"
        raise problem("date-invalid", message, "write it as 2026-12-01 09:00")
    reading = _reading(info)
    day, clock, offset = found.groups()
    hour = _time_of(clock) if clock else time()
    wall = datetime.combine(_day_of(day, reading), hour)
    if not offset:
        return in_zone(wall, reading.zone, text)
    try:
        return datetime.fromisoformat(
            f"{wall.isoformat()}{offset.replace('Z', '+00:00')}"
        )
    except ValueError:
        message = f"`{offset}` is no offset from UTC"
        raise problem("bad-value", message, "write it as +03:30") from None


def _precise(value: object, info: ValidationInfo) -> datetime:
    text = _text(value, "2026-12-01 09:00")
    if _DAY.fullmatch(text):
        message = f"`{text}` names a day but no time"
        raise problem("bad-value", message, f"write the time too: {text} 09:00")
    return _moment(value, info)


def _end(value: object, info: ValidationInfo) -> datetime:
    text = _text(value, "2026-12-01 09:00")
    if not _DAY.fullmatch(text):
        return _moment(value, info)
    reading = _reading(info)
    following = _day_of(text, reading) + timedelta(days=1)
    return in_zone(datetime.combine(following, time()), reading.zone, text)


def _day(value: object, info: ValidationInfo) -> date:
    return _day_of(_text(value, "2026-12-01"), _reading(info))


def _clock(value: object) -> time:
    return _time_of(_text(value, "09:30"))


def _money(value: object) -> Cost:
    try:
        return Cost.parse(value if isinstance(value, str) else "")
    except ValueError:
        raise problem(
            "bad-value",
            f"`{value}` is no amount of money",
            "write an amount and a currency, as in `20 USD`",
        ) from None


def _duration(value: object) -> timedelta:
    text = _text(value, "30m")
    found = _DURATION.fullmatch(text)
    if found is None:
        message = f"`{text}` is no length of time"
        raise problem("bad-value", message, "write it as 10m, 2h, 30d or 1w")
    try:
        length = timedelta(**{_UNITS[found[2]]: int(found[1])})
    except OverflowError:
        length = timedelta.max
    if length > _LONGEST:
        raise problem("bad-value", f"{text} is longer than a hundred years")
    return length


def _share(value: object) -> float:
    share: float | None = None
    if isinstance(value, str) and re.fullmatch(r"\d{1,3}(\.\d+)?%", value.strip()):
        share = float(value.strip()[:-1]) / 100
    elif isinstance(value, int | float) and not isinstance(value, bool):
        share = float(value)
    if share is None or not 0 <= share <= 1:
        message = f"`{value}` is no share from 0% to 100%"
        raise problem("bad-value", message, "write it as 40%")
    return share


def _zone(value: object) -> ZoneInfo:
    name = _text(value, "Asia/Tehran")
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        pass
    message = f"no time zone is called {name}"
    hint = "take a name such as Asia/Tehran or Europe/Berlin"
    raise problem("bad-value", message, hint)


def _weekday(value: object) -> object:
    return value[:3].lower() if isinstance(value, str) and value.isalpha() else value


def _written(pattern: str, example: str, description: str) -> WithJsonSchema:
    return WithJsonSchema(
        {
            "type": "string",
            "pattern": pattern,
            "examples": [example],
            "description": description,
        }
    )


Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""A word that names something: a channel, a campaign, a goal."""
Names = Annotated[tuple[Name, ...], Strict(strict=False)]
Words = Annotated[tuple[str, ...], Strict(strict=False)]
Variables = dict[str, Any]
"""An author's own values, of any type."""
Weekdays = Annotated[
    tuple[Annotated[Weekday, Strict(strict=False), BeforeValidator(_weekday)], ...],
    Strict(strict=False),
]
Moment = Annotated[
    datetime,
    PlainValidator(_precise),
    _written(
        r"^\d{4}-\d{1,2}-\d{1,2}[ T]\d{1,2}:\d{2}",
        "2026-12-01 09:00",
        "A date and time in the workspace's zone, or with an offset: "
        "2026-12-01 09:00 +03:30",
    ),
]
Begin = Annotated[
    datetime,
    PlainValidator(_moment),
    _written(
        r"^\d{4}-\d{1,2}-\d{1,2}",
        "2027-03-20",
        "A day, meaning its first moment, or a date and time",
    ),
]
End = Annotated[
    datetime,
    PlainValidator(_end),
    _written(
        r"^\d{4}-\d{1,2}-\d{1,2}",
        "2027-03-21",
        "A day, which is included, or a date and time",
    ),
]
Day = Annotated[
    date,
    PlainValidator(_day),
    _written(r"^\d{4}-\d{1,2}-\d{1,2}$", "2026-12-01", "A day"),
]
Clock = Annotated[
    time,
    PlainValidator(_clock),
    _written(r"^\d{1,2}:\d{2}(:\d{2})?$", "09:30", "A time of day"),
]
Duration = Annotated[
    timedelta,
    PlainValidator(_duration),
    _written(r"^\d+ ?[smhdw]$", "30m", "A length of time: 10m, 2h, 30d or 1w"),
]
Money = Annotated[
    Cost,
    PlainValidator(_money),
    _written(r"^\d+(\.\d+)? [A-Z]{3}$", "20 USD", "An amount and its currency"),
]
Share = Annotated[
    float,
    PlainValidator(_share),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^\d{1,3}(\.\d+)?%$"},
                {"type": "number", "minimum": 0, "maximum": 1},
            ],
            "examples": ["40%"],
            "description": "A share of all posts",
        }
    ),
]
Zone = Annotated[
    ZoneInfo,
    PlainValidator(_zone),
    WithJsonSchema(
        {
            "type": "string",
            "examples": ["Asia/Tehran", "Europe/Berlin"],
            "description": "A time zone of the IANA database",
        }
    ),
]
