"""GitHub: its REST API, of one repository.

https://docs.github.com/en/rest, version 2022-11-28.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

import httpx

from smmflow.credentials import Secret
from smmflow.errors import SignInFailed, Unreachable
from smmflow.forge.client import Client
from smmflow.forge.github_issues import GitHubIssues
from smmflow.forge.github_reviews import number_of, pull_request, text
from smmflow.forge.github_schedules import schedules
from smmflow.model.approval import PullRequest
from smmflow.model.schedule import Schedule

__all__ = ["API", "GitHub"]

API = "https://api.github.com"
_HEADERS = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
}
_OBJECT = {"Accept": "application/vnd.github.object+json"}
"""Names a file's bytes up to 100 MB; without it, up to 1 MB.

https://docs.github.com/en/rest/repos/contents#get-repository-content
"""
_COMMITS_LISTED = 250
"""Of a pull request; GitHub leaves out the rest.

https://docs.github.com/en/rest/pulls/pulls#list-commits-on-a-pull-request
"""
_PUSHES = {"push", "force_push", "branch_creation"}

Row = Mapping[str, object]


class GitHub:
    """A repository on GitHub, or on an own server of it; it is a `Forge`.

    Args:
        repository: Owner and name, as in `acme/social`.
        token: A job's `GITHUB_TOKEN` is enough; it has to read contents and pulls.
        api: The address of the API.
        transport: What carries requests; None for the real network.
    """

    def __init__(
        self,
        repository: str,
        token: Secret | None,
        *,
        api: str = API,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._path = f"/repos/{quote(repository)}"
        self.client = Client(
            api.rstrip("/"),
            "GitHub",
            token=token,
            headers=_HEADERS,
            transport=transport,
        )
        self.issues = GitHubIssues(self.client, self._path)

    def schedules(self) -> tuple[Schedule, ...]:
        """Return our workflows that run by themselves; none if it may not be told.

        Raises:
            NetworkError: Nothing is known.
        """
        return schedules(self.client, self._path)

    def merged_with(self, commit: str) -> tuple[PullRequest, ...]:
        """Return the pull requests, merged into the main branch, that a commit is from.

        https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit

        Raises:
            NetworkError: Nothing is known.
        """
        path = f"{self._path}/commits/{commit}/pulls"
        rows = tuple(self.client.pages(path))
        return tuple(self._pull_request(row) for row in rows if _is_merged(row))

    def blob(self, path: str, commit: str) -> str:
        """Return git's name for a file's bytes in any commit; empty if it had no file.

        Raises:
            NetworkError: Nothing is known.
        """
        where = f"{self._path}/contents/{quote(path)}"
        answer = self.client.get(where, params={"ref": commit}, headers=_OBJECT)
        if answer.status == HTTPStatus.NOT_FOUND:
            return ""
        return text(answer.fields, "sha") if answer.fields.get("type") == "file" else ""

    def close(self) -> None:
        """Let go of sockets."""
        self.client.close()

    def _pull_request(self, row: Row) -> PullRequest:
        path = f"{self._path}/pulls/{number_of(row)}"
        commits = tuple(self.client.pages(f"{path}/commits"))
        if len(commits) >= _COMMITS_LISTED:
            raise Unreachable(
                f"GitHub does not tell who wrote all commits of #{number_of(row)}: it "
                f"lists only {_COMMITS_LISTED}",
                hint="propose it in smaller pull requests",
            )
        reviews = tuple(self.client.pages(f"{path}/reviews"))
        return pull_request(row, commits, reviews, self._last_push(row))

    def _last_push(self, row: Row) -> Row | None:
        """Return the push that left the pull request as it was merged, if known.

        GitHub keeps it with the repository it was pushed to, which may be a fork that
        is gone or closed to us: then the committers of the commits have to do.
        https://docs.github.com/en/rest/repos/repos#list-repository-activities
        """
        head = row.get("head")
        home = head.get("repo") if isinstance(head, dict) else None
        if not isinstance(head, dict) or not isinstance(home, dict):
            return None
        path = f"/repos/{quote(text(home, 'full_name'))}"
        branch = f"refs/heads/{text(head, 'ref')}"
        params = {"ref": branch, "per_page": "100"}
        try:
            answer = self.client.get(f"{path}/activity", params=params)
        except SignInFailed:
            if path == self._path:  # ours is open to us, or the token is wrong
                raise
            return None
        pushes = (
            push
            for push in answer.rows
            if push.get("after") == head.get("sha")
            and push.get("activity_type") in _PUSHES
        )
        return next(pushes, None)


def _is_merged(row: Row) -> bool:
    """Tell whether a pull request was merged, and into the default branch."""
    base = row.get("base")
    home = base.get("repo") if isinstance(base, dict) else None
    if not isinstance(base, dict) or not isinstance(home, dict):
        return False
    return bool(row.get("merged_at")) and base.get("ref") == home.get("default_branch")
