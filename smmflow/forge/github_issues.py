"""The issues that smmflow itself wrote on GitHub.

https://docs.github.com/en/rest/issues
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from http import HTTPStatus

from smmflow.errors import Rejected, SignInFailed
from smmflow.forge.client import Client
from smmflow.forge.github_reviews import login, text
from smmflow.model.issue import Issue

__all__ = ["GitHubIssues"]

_ROBOT = "github-actions[bot]"
"""Who a job's token acts as.

https://docs.github.com/en/actions/concepts/security/github_token
"""
_LABEL = "smmflow"

Row = Mapping[str, object]


class GitHubIssues:
    """The issues of a repository that the token's own account has written.

    Args:
        client: What asks.
        path: Of the repository, as in `/repos/acme/social`.
    """

    def __init__(self, client: Client, path: str) -> None:
        self._client = client
        self._path = f"{path}/issues"

    def written(self, mark: str, *, is_open: bool) -> tuple[Issue, ...]:
        """Return our issues that begin with a mark, by number.

        Somebody else's that carry the same mark are none of ours. Of the closed ones
        only the last hundred of this account are looked at.

        https://docs.github.com/en/rest/issues/issues#list-repository-issues

        Raises:
            NetworkError: Nothing is known.
        """
        wanted = {"creator": self._me, "state": "open" if is_open else "closed"}
        with _explained():
            if is_open:
                rows = tuple(self._client.pages(self._path, params=wanted))
            else:
                latest = {"sort": "updated", "direction": "desc", "per_page": "100"}
                rows = self._client.get(self._path, params={**wanted, **latest}).rows
        ours = (
            _issue(row)
            for row in rows
            if "pull_request" not in row
            and login(row.get("user")) == self._me
            and text(row, "body").startswith(mark)
        )
        return tuple(sorted(ours, key=lambda each: each.number))

    def create(self, title: str, body: str) -> Issue:
        """Open an issue.

        https://docs.github.com/en/rest/issues/issues#create-an-issue

        Raises:
            OutcomeUnknown: It may be there.
            NetworkError: It is not.
        """
        wanted = {"title": title, "body": body, "labels": [_LABEL]}
        return _issue(self._write("POST", self._path, wanted))

    def change(self, issue: Issue) -> None:
        """Make an issue on GitHub what this one is: its words, open or closed.

        https://docs.github.com/en/rest/issues/issues#update-an-issue

        Raises:
            OutcomeUnknown: It may have been done.
            NetworkError: It was not.
        """
        wanted = {
            "title": issue.title,
            "body": issue.body,
            "state": "open" if issue.is_open else "closed",
        }
        self._write("PATCH", f"{self._path}/{issue.number}", wanted)

    def comment(self, issue: Issue, words: str) -> None:
        """Add a comment.

        https://docs.github.com/en/rest/issues/comments#create-an-issue-comment

        Raises:
            OutcomeUnknown: It may be there.
            NetworkError: It is not.
        """
        self._write("POST", f"{self._path}/{issue.number}/comments", {"body": words})

    @cached_property
    def _me(self) -> str:
        """Who the token acts as: a job's may not even ask."""
        try:
            return login(self._client.get("/user").fields) or _ROBOT
        except SignInFailed:
            return _ROBOT

    def _write(self, method: str, path: str, body: object) -> Row:
        with _explained():
            answer = self._client.write(method, path, body)
        if answer.status == HTTPStatus.NOT_FOUND:
            raise Rejected(
                "GitHub shows this token no issues of the repository", hint=_MAY_WRITE
            )
        return answer.fields


_MAY_WRITE = "the token needs `issues: write`"


@contextmanager
def _explained() -> Iterator[None]:
    """Say of a refusal what may be done about it where issues are concerned."""
    try:
        yield
    except SignInFailed as refusal:
        raise SignInFailed(refusal.message, hint=_MAY_WRITE) from None
    except Rejected as refusal:
        on = "see that Issues are switched on under Settings, General"
        raise Rejected(refusal.message, hint=on) from None


def _issue(row: Row) -> Issue:
    number = row.get("number")
    if not isinstance(number, int):
        raise Rejected("GitHub answered with an issue without a number")
    return Issue(
        number,
        text(row, "html_url"),
        text(row, "title"),
        text(row, "body").replace("\r\n", "\n"),
        text(row, "state") == "open",
    )
