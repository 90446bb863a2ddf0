"""The rows of a report as CSV, for spreadsheets."""

from __future__ import annotations

import io
from csv import writer

from smmflow.model.metric import COUNTED
from smmflow.model.report import Report, Row

__all__ = ["csv"]

_LABELS = (
    "occurrence",
    "channel",
    "network",
    "title",
    "url",
    "published",
    "outcome",
    "language",
    "pillar",
    "campaign",
    "goal",
    "audience",
    "format",
)
_NUMBERS = ("engagements", "engagement_rate_by_followers", "followers", "read")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv(report: Report) -> str:
    """Return the rows as CSV with a heading; what is unknown is an empty cell.

    Cells that a spreadsheet would run as a formula get an apostrophe before them:
    https://owasp.org/www-community/attacks/CSV_Injection
    """
    text = io.StringIO()
    lines = writer(text, lineterminator="\n")
    lines.writerow((*_LABELS, *COUNTED, *_NUMBERS))
    lines.writerows(_cells(row) for row in report.rows)
    return text.getvalue()


def _cells(row: Row) -> tuple[str | int | float | None, ...]:
    words = (
        row.occurrence,
        row.channel,
        row.network,
        row.title,
        row.url,
        row.published.isoformat(),
        row.outcome.value,
        row.language,
        row.pillar,
        row.campaign,
        row.goal,
        row.audience,
        row.format,
    )
    return (
        *(_harmless(each) for each in words),
        *(row.counters[n].value if n in row.counters else None for n in COUNTED),
        row.engagements.value,
        None if row.rate is None else round(row.rate.percent, 4),
        None if row.rate is None else row.rate.base,
        None if row.read is None else row.read.isoformat(),
    )


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
