"""Comments on pull requests at GitHub: one of ours on each, kept up to date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from http import HTTPStatus
from itertools import islice
from urllib.parse import quote

from smmflow.errors import Rejected, SignInFailed
from smmflow.forge.client import Client
from smmflow.forge.github_reviews import login, number_of, text

__all__ = ["GitHubComments", "Kept"]

_MOST_OPEN = 1_000
"""Open pull requests that are looked through, the last updated first."""

Row = Mapping[str, object]


class Kept(StrEnum):
    """What became of the comment."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    UNNEEDED = "unneeded"


class GitHubComments:
    """Comments of one account on the pull requests of one repository.

    A token that may comment may also change what others wrote, so whose comment it is
    counts as much as how it begins: anybody can begin one like ours.

    Args:
        repository: Owner and name, as in `acme/social`.
        client: Requests to GitHub's API; its token has to write pull requests.
        account: The account that the token acts for.
    """

    def __init__(self, repository: str, client: Client, account: str) -> None:
        self._repository = repository
        self._path = f"/repos/{quote(repository)}"
        self._client = client
        self._account = account.lower()

    def open_at(self, head: str) -> tuple[int, ...]:
        """Return the open pull requests whose last commit is that one.

        GitHub knows the pull requests of its own commits; for commits of forks, all
        open ones are looked through.
        https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit

        Args:
            head: The full name of a commit.

        Raises:
            NetworkError: GitHub can't be asked.
        """
        try:
            rows = list(self._client.pages(f"{self._path}/commits/{head}/pulls"))
        except Rejected:  # it has no such commit
            rows = []
        found = self._numbers(rows, head)
        if not found:
            order = {"state": "open", "sort": "updated", "direction": "desc"}
            every = self._client.pages(f"{self._path}/pulls", params=order)
            found = self._numbers(islice(every, _MOST_OPEN), head)
        return found

    def changed_workings(self, number: int) -> tuple[str, ...]:
        """Return the files of GitHub's own folder that a pull request changes.

        Its checks run as it has them there, so what they say is its own word.
        https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files

        Raises:
            NetworkError: GitHub can't be asked.
        """
        rows = self._client.pages(f"{self._path}/pulls/{number}/files")
        keys = ("filename", "previous_filename")
        paths = (text(row, key) for row in rows for key in keys)
        return tuple(path for path in paths if path.startswith(".github/"))

    def keep(self, number: int, mark: str, body: str, *, create: bool) -> Kept:
        """Make our comment on a pull request say something; there is only ever one.

        Args:
            number: Of the pull request.
            mark: What our comment begins with.
            body: What it shall say, the mark among it.
            create: Write one if there is none.

        Raises:
            SignInFailed: The token may not comment.
            NetworkError: It may or may not have been written; it is safe to repeat.
        """
        path = f"{self._path}/issues/{number}/comments"
        ours = next((each for each in self._ours(path, mark)), None)
        if ours is None and not create:
            return Kept.UNNEEDED
        if ours is not None and text(ours, "body").strip() == body.strip():
            return Kept.UNCHANGED
        with _told_what_is_missing():
            if ours is not None:
                one = f"{self._path}/issues/comments/{ours.get('id')}"
                answer = self._client.write("PATCH", one, {"body": body})
                if answer.status != HTTPStatus.NOT_FOUND:
                    return Kept.UPDATED
            answer = self._client.write("POST", path, {"body": body})
        if answer.status == HTTPStatus.NOT_FOUND:
            raise Rejected(f"GitHub has no pull request #{number} to comment on")
        return Kept.CREATED

    def close(self) -> None:
        """Let go of sockets."""
        self._client.close()

    def _numbers(self, rows: Iterator[Row] | list[Row], head: str) -> tuple[int, ...]:
        return tuple(
            number_of(row)
            for row in rows
            if row.get("state") == "open"
            and _within(row, "head", "sha") == head
            and self._is_here(row)
        )

    def _is_here(self, row: Row) -> bool:
        base = row.get("base")
        name = _within(base, "repo", "full_name") if isinstance(base, dict) else ""
        return name.lower() == self._repository.lower()

    def _ours(self, path: str, mark: str) -> Iterator[Row]:
        for row in self._client.pages(path):
            by = login(row.get("user"))
            if by == self._account and text(row, "body").startswith(mark):
                yield row


def _within(row: Row, key: str, inner: str) -> str:
    value = row.get(key)
    return text(value, inner) if isinstance(value, dict) else ""


@contextmanager
def _told_what_is_missing() -> Iterator[None]:
    try:
        yield
    except SignInFailed as problem:
        raise SignInFailed(
            problem.message,
            hint="a job may comment with `permissions: {pull-requests: write}`; a job "
            "of a pull request from a fork never may",
        ) from None
