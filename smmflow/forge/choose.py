"""Who is asked: the forge a workspace lives on, or git alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import assert_never

from smmflow.credentials import Credentials, setting
from smmflow.errors import ConfigurationError, MissingSecret
from smmflow.forge.github import API, GitHub
from smmflow.forge.github_comments import GitHubComments
from smmflow.forge.github_secrets import GitHubSecrets
from smmflow.forge.interface import Forge, Witness
from smmflow.forge.trailers import TrailerWitness
from smmflow.forge.witness import ForgeWitness
from smmflow.model.team import ApprovalSource, Team
from smmflow.repository import Repository

__all__ = ["choose", "open_comments", "open_secrets", "open_witness"]

_NAME = r"([\w.-]+/[\w.-]+?)(?:\.git)?/?"
_ON_GITHUB = re.compile(
    rf"(?:https?://(?:[^/@]*@)?|ssh://git@|git@)github\.com[:/]{_NAME}"
)
_REPOSITORY = re.compile(_NAME)


@contextmanager
def open_witness(
    team: Team, repository: Repository, remote: str, credentials: Credentials
) -> Iterator[Witness]:
    """Yield who can prove a team's approvals, and let go of it afterwards.

    Raises:
        ConfigurationError: Nobody can: there is nothing to prove, or no known forge.
    """
    match team.approvals:
        case ApprovalSource.NONE:
            raise ConfigurationError("`approvals: none` leaves nothing to prove")
        case ApprovalSource.TRAILERS:
            yield TrailerWitness(repository, team)
        case ApprovalSource.FORGE:
            with closing(choose(repository, remote, credentials)) as forge:
                yield ForgeWitness(repository, forge, team.since)
        case _:
            assert_never(team.approvals)


def choose(repository: Repository, remote: str, credentials: Credentials) -> Forge:
    """Return the repository's forge; nothing is sent yet.

    Jobs on GitHub set GITHUB_REPOSITORY and GITHUB_API_URL:
    https://docs.github.com/en/actions/reference/workflows-and-actions/variables

    Args:
        repository: The workspace's.
        remote: The remote whose address is looked at where no job says more.
        credentials: Where `GITHUB_TOKEN` is; public repositories answer without.

    Raises:
        ConfigurationError: It is on none that smmflow knows.
    """
    name = _name(repository, remote)
    if name is None:
        raise ConfigurationError(
            "nothing tells which repository on GitHub this is",
            hint="set GITHUB_REPOSITORY=owner/name, or do without a forge: "
            "`approvals: trailers`, and no `--issue`",
        )
    token = credentials.find("GITHUB_TOKEN")
    return GitHub(name, token, api=setting("GITHUB_API_URL") or API)


def _name(repository: Repository, remote: str) -> str | None:
    named = setting("GITHUB_REPOSITORY")
    found = _REPOSITORY.fullmatch(named) or _ON_GITHUB.fullmatch(
        repository.url_of(remote or "origin")
    )
    return found[1] if found else None


@contextmanager
def open_secrets(
    repository: Repository, remote: str, credentials: Credentials, environment: str
) -> Iterator[GitHubSecrets]:
    """Yield where jobs on GitHub find their secrets.

    Args:
        repository: The workspace's.
        remote: As of `choose`.
        credentials: Where `GH_TOKEN` or `GITHUB_TOKEN` is.
        environment: Of the repository; empty for secrets of the whole of it.

    Raises:
        ConfigurationError: It is not on GitHub.
        MissingSecret: There is no token.
    """
    name = _name(repository, remote)
    if name is None:
        raise ConfigurationError(
            "nothing tells which repository on GitHub this is",
            hint="set GITHUB_REPOSITORY=owner/name, or add the remote `origin`",
        )
    # In this order: https://cli.github.com/manual/gh_help_environment
    token = credentials.find("GH_TOKEN") or credentials.find("GITHUB_TOKEN")
    if token is None:
        raise MissingSecret(
            "GH_TOKEN is not set, and GitHub takes secrets from nobody else",
            hint="GH_TOKEN=$(gh auth token) smmflow auth CHANNEL --to github",
        )
    github = GitHub(name, token, api=setting("GITHUB_API_URL") or API)
    with closing(github):
        yield GitHubSecrets(github.client, name, environment)


@contextmanager
def open_comments(credentials: Credentials, account: str) -> Iterator[GitHubComments]:
    """Yield an account's comments on the pull requests of the job's repository.

    Needs no files of the repository: GITHUB_REPOSITORY says which it is.

    Args:
        credentials: Where `GITHUB_TOKEN` is.
        account: The account that the token acts for.

    Raises:
        ConfigurationError: No repository is named.
        MissingSecret: There is no token.
    """
    named = setting("GITHUB_REPOSITORY")
    token = credentials.find("GITHUB_TOKEN")
    if not _REPOSITORY.fullmatch(named):
        raise ConfigurationError(
            "nobody says which repository on GitHub the comment is for",
            hint="set GITHUB_REPOSITORY=owner/name; jobs on GitHub have it",
        )
    if token is None:
        raise MissingSecret(
            "GITHUB_TOKEN is not set, and GitHub lets no stranger comment",
            hint="give the step `env: {GITHUB_TOKEN: ${{ github.token }}}`",
        )
    github = GitHub(named, token, api=setting("GITHUB_API_URL") or API)
    with closing(GitHubComments(named, github.client, account)) as comments:
        yield comments
