"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from datetime import UTC, datetime, timedelta

import click

from smmflow.errors import UsageError

__all__ = ["Moment", "Span", "now_option", "refuse_unknown"]


class Moment(click.ParamType[datetime]):
    """A moment, ISO 8601; without an offset it is UTC."""

    name = "moment"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the moment, aware."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-12-01T09:00Z", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Span(click.ParamType[timedelta]):
    """A length of time such as 15m, 2h or 90s."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return the length of time, at most a day."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"(\d{1,5})([smh])", str(value), re.ASCII)
        if found is None:
            self.fail(f"{value!r} is no length of time such as 15m", param, ctx)
        length = timedelta(seconds=int(found[1]) * _SECONDS[found[2]])
        if length > timedelta(days=1):
            self.fail(f"{value!r} is longer than a day", param, ctx)
        return length


_SECONDS = {"s": 1, "m": 60, "h": 3600}

now_option = click.option(
    "--now",
    "moment",
    type=Moment(),
    help="Pretend it is this moment, as in 2026-12-01T09:00+03:30: a rehearsal.",
)


def refuse_unknown(
    kind: str, names: Iterable[str], known: Container[str], *, hint: str = ""
) -> None:
    """Do nothing, unless an option names what the workspace does not have.

    Raises:
        UsageError: It does; `kind` says what was looked for.
    """
    for name in names:
        if name not in known:
            raise UsageError(f"no {kind} is called {name}", hint=hint)
