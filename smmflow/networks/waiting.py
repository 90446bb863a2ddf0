"""How long a server asks to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

__all__ = ["http_date", "retry_after"]


def retry_after(headers: httpx.Headers) -> float | None:
    """Return the seconds until a server will listen again; None if it does not say.

    Moments are compared with the answer's own `Date`, so the clocks need not agree.
    `Retry-After`: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after;
    `ratelimit-reset` in epoch seconds: https://docs.bsky.app/docs/advanced-guides/rate-limits;
    `x-rate-limit-reset`, likewise: https://docs.x.com/x-api/fundamentals/rate-limits;
    `X-RateLimit-Reset` in ISO 8601: https://docs.joinmastodon.org/api/rate-limits/
    """
    asked = headers.get("retry-after", "").strip()
    if asked.isdecimal():
        return float(asked)
    now = http_date(headers.get("date", ""))
    if now is None:
        return None
    until = http_date(asked) or _epoch(headers.get("ratelimit-reset", ""))
    until = until or _epoch(headers.get("x-rate-limit-reset", ""))
    until = until or _iso(headers.get("x-ratelimit-reset", ""))
    return max(0.0, (until - now).total_seconds()) if until else None


def http_date(text: str) -> datetime | None:
    """Return a moment as headers write it, aware, UTC; None if it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _epoch(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
