"""What GitHub's answers become, where a repository of its own could not show it."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import pytest

from smmflow.errors import SignInFailed, Unreachable
from smmflow.forge.github import GitHub
from smmflow.forge.github_reviews import login

HEAD, MERGE = "a" * 40, "b" * 40
PULL = {
    "number": 7,
    "html_url": "https://github.com/acme/social/pull/7",
    "user": {"login": "Mina", "type": "User"},
    "merged_at": "2026-11-01T12:00:00Z",
    "head": {"sha": HEAD, "ref": "change", "repo": None},
    "base": {"ref": "main", "repo": {"default_branch": "main"}},
}


def github(answers: Mapping[str, object]) -> GitHub:
    def answer(request: httpx.Request) -> httpx.Response:
        content = answers.get(request.url.path)
        status = 403 if content is None else 200
        return httpx.Response(status, json=content)

    transport = httpx.MockTransport(answer)
    return GitHub("acme/social", None, transport=transport)


def answers(commits: int = 1, **pull: object) -> dict[str, object]:
    written = {"author": {"login": "Mina"}, "committer": {"login": "web-flow"}}
    home = "/repos/acme/social"
    return {
        f"{home}/commits/{MERGE}/pulls": [{**PULL, **pull}],
        f"{home}/pulls/7/commits": [written] * commits,
        f"{home}/pulls/7/reviews": [],
    }


def test_a_fork_that_is_gone_says_nothing_of_its_pushes() -> None:
    [pull] = github(answers()).merged_with(MERGE)
    assert (pull.author, pull.head, pull.pusher) == ("mina", HEAD, "")
    assert pull.writers == {"mina"}  # GitHub itself commits what people do on its pages


def test_a_fork_that_is_closed_to_us_says_nothing_either() -> None:
    theirs = {"sha": HEAD, "ref": "change", "repo": {"full_name": "mina/social"}}
    [pull] = github(answers(1, head=theirs)).merged_with(MERGE)
    assert (pull.head, pull.pusher) == (HEAD, "")


def test_a_token_that_may_not_read_our_own_pushes_is_told() -> None:
    ours = {"sha": HEAD, "ref": "change", "repo": {"full_name": "acme/social"}}
    with pytest.raises(SignInFailed):
        github(answers(1, head=ours)).merged_with(MERGE)


@pytest.mark.parametrize(
    "pull",
    [
        {"merged_at": None},
        {"base": {"ref": "next", "repo": {"default_branch": "main"}}},
        {"base": {"ref": "main", "repo": None}},
        {"base": None},
    ],
)
def test_only_what_was_merged_into_the_main_branch_counts(
    pull: dict[str, object],
) -> None:
    assert github(answers(1, **pull)).merged_with(MERGE) == ()


def test_a_pull_request_too_long_to_list_proves_nothing() -> None:
    with pytest.raises(Unreachable, match="who wrote all commits of #7"):
        github(answers(commits=250)).merged_with(MERGE)


@pytest.mark.parametrize("user", [None, {}, {"login": None}, {"login": "ghost"}, "x"])
def test_who_is_not_there_any_more_has_no_name(user: object) -> None:
    assert login(user) == ""
