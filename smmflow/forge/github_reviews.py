"""Pull requests and reviews as GitHub tells them, turned into ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from smmflow.errors import Unreachable
from smmflow.model.approval import PullRequest, Review, ReviewState

__all__ = ["login", "moment", "number_of", "pull_request", "text"]

Row = Mapping[str, object]

_STATES = {
    "APPROVED": ReviewState.APPROVED,
    "CHANGES_REQUESTED": ReviewState.CHANGES_REQUESTED,
    "DISMISSED": ReviewState.DISMISSED,
}
_ITSELF = "web-flow"
"""GitHub's own account: it commits what people do on its pages.

https://docs.github.com/en/authentication/managing-commit-signature-verification/about-commit-signature-verification
"""
_LONG_AGO = datetime.fromtimestamp(0, UTC)


def pull_request(
    row: Row, commits: Iterable[Row], reviews: Iterable[Row], last_push: Row | None
) -> PullRequest:
    """Return a pull request.

    Args:
        row: As the list of pull requests has it.
        commits: As the list of its commits has them.
        reviews: As the list of its reviews has them, oldest first.
        last_push: The entry of the activity that says who pushed last, if known.
    """
    head = row.get("head")
    writers = {
        login(commit.get(role))
        for commit in commits
        for role in ("author", "committer")
    }
    return PullRequest(
        number=number_of(row),
        url=text(row, "html_url"),
        author=login(row.get("user")),
        head=text(head, "sha") if isinstance(head, dict) else "",
        writers=frozenset(writers - {"", _ITSELF}),
        pusher=login(last_push.get("actor")) if last_push else "",
        reviews=tuple(map(_review, reviews)),
    )


def number_of(row: Row) -> int:
    """Return the number of a pull request."""
    number = row.get("number")
    if not isinstance(number, int):
        raise Unreachable("GitHub answered with a pull request without a number")
    return number


def login(user: object) -> str:
    """Return the name of an account, in small letters; empty if it was deleted.

    GitHub's names differ in more than case.
    """
    name = text(user, "login").lower() if isinstance(user, dict) else ""
    return "" if name == "ghost" else name


def text(row: Row, key: str) -> str:
    """Return a field that should be text; empty if it is not."""
    value = row.get(key)
    return value if isinstance(value, str) else ""


def moment(written: str) -> datetime | None:
    """Return a time in UTC; None if none is written."""
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def _review(row: Row) -> Review:
    user = row.get("user")
    name = login(user)
    kind = text(user, "type") if isinstance(user, dict) else ""
    return Review(
        by=name,
        state=_STATES.get(text(row, "state").upper(), ReviewState.COMMENTED),
        commit=text(row, "commit_id"),
        at=moment(text(row, "submitted_at")) or _LONG_AGO,
        url=text(row, "html_url"),
        is_bot=kind != "User" or name.endswith("[bot]"),
    )
